import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { findCharset } from '../../../src/bridge/message/charset-names.ts';
import { DEFAULT_FALLBACK } from '../../../src/bridge/message/charsets.ts';
import { decodeText } from '../../../src/bridge/message/encoded-words.ts';
import { NO_CHARSET, utf8 } from './raw-bytes.ts';

const decode = (bytes: string) => decodeText(bytes, NO_CHARSET);

function encodedWord(charset: string, encoding: 'B' | 'Q', bytes: Buffer): string {
  const q = [...bytes].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
  return `=?${charset}?${encoding}?${encoding === 'B' ? bytes.toString('base64') : q}?=`;
}

describe('languages', () => {
  test.each([
    ['windows-1252', 'Größe – naïve “œuvre”'],
    ['ISO-8859-2', 'Žluťoučký kůň'],
    ['iso-8859-9', 'İstanbul’da ığşç'.replace('’', "'")],
    ['iso-8859-16', 'Țară și șăîâ'],
    ['windows-1251', 'Съешь же ещё'],
    ['KOI8-R', 'Привет, мир'],
    ['koi8-u', 'Ґанок їжак'],
    ['cp866', 'Отчёт'],
    ['cp850', 'Übergrößenträger ½'],
    ['iso-8859-7', 'Καλημέρα κόσμε'],
    ['windows-1255', 'שלום עולם'],
    ['windows-1256', 'مرحبا بالعالم'],
    ['tis-620', 'สวัสดีชาวโลก'],
    ['viscii', 'Tiếng Việt'],
    ['GB2312', '你好，世界'],
    ['gbk', '朱镕基'],
    ['gb18030', '㐀𠀀'],
    ['Big5', '繁體中文'],
    ['cp932', '髙橋①'],
    ['Shift_JIS', 'こんにちは'],
    ['EUC-JP', '日本語'],
    ['ks_c_5601-1987', '안녕하세요'],
    ['cp949', '똠방각하'],
    ['utf-7', 'Grüße + 日本'],
    ['UTF-8', 'emoji 👩🏽‍💻 ok'],
  ])('%s', (charset, text) => {
    const encoder = charset === 'tis-620' ? 'windows-874' : charset === 'ks_c_5601-1987' ? 'euc-kr' : charset;
    const bytes = iconv.encode(text, encoder);
    expect(decode(encodedWord(charset, 'B', bytes))).toBe(text);
    expect(decode(encodedWord(charset, 'Q', bytes))).toBe(text);
  });

  test.each([
    ['=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=', '日本'],
    // What each word starts and ends with: ASCII, so that the next may follow.
    ['=?ISO-2022-JP?B?GyRCRnwbKEI=?=\r\n =?iso-2022-jp?B?GyRCS1wbKEI=?=', '日本'],
    ['\x1b$BF|K\\\x1b(B raw', '日本 raw'],
    ['=?ISO-2022-KR?B?GyQpQw5HUTFbDyBhYmM=?=', '한글 abc'],
    ['=?HZ-GB-2312?Q?~{VPND~}_~~?=', '中文 ~'],
    ['=?utf-16?B?/v8A5ABi?=', 'äb'],
    ['=?utf-16?B?//7kAGIA?=', 'äb'],
    ['=?utf-16?B?AOQAYg==?=', 'äb'],
    ['=?us-ascii?Q?plain?=', 'plain'],
  ])('%s', (bytes, text) => {
    expect(decode(bytes)).toBe(text);
  });
});

describe('how words stand together (RFC 2047 section 8)', () => {
  test.each([
    ['=?ISO-8859-1?Q?a?=', 'a'],
    ['=?ISO-8859-1?Q?a?= b', 'a b'],
    ['=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=', 'ab'],
    ['=?ISO-8859-1?Q?a?=  \t =?ISO-8859-1?Q?b?=', 'ab'],
    ['=?ISO-8859-1?Q?a_b?=', 'a b'],
    ['=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=', 'a b'],
    ['a =?utf-8?q?b?= c', 'a b c'],
    ['=?utf-8?q?a?==?utf-8?q?b?=', 'ab'],
    ['x=?utf-8?q?a?=y', 'xay'],
  ])('%s', (bytes, text) => {
    expect(decode(bytes)).toBe(text);
  });

  test.each([
    ['over two Q words', '=?utf-8?Q?Gr=C3?= =?utf-8?Q?=BC=C3=9Fe?='],
    ['over Q and B', '=?utf-8?Q?Gr=C3?= =?UTF-8?B?vMOfZQ==?='],
    ['over a fold', '=?utf-8?B?R3LD?=\r\n\t=?utf-8*de?B?vMOfZQ==?='],
  ])('a letter split %s', (_, bytes) => {
    expect(decode(bytes)).toBe('Grüße');
  });

  test('words of different charsets are not joined as bytes', () => {
    expect(decode('=?utf-8?Q?=C3=A4?= =?iso-8859-1?Q?=E4?= =?gb2312?B?xOO6ww==?=')).toBe('ää你好');
  });
});

describe('broken words', () => {
  test.each([
    ['raw Latin-1 inside', '=?iso-8859-1?Q?Fr\xf6sche?=', 'Frösche'],
    ['raw UTF-8 inside a Latin-1 word', `=?iso-8859-1?Q?Fr${utf8('ö')}sche_=E4?=`, 'Frösche ä'],
    ['raw half of an encoded letter', '=?utf-8?Q?=C3\xa4?=', 'ä'],
    ['raw Shift_JIS inside', '=?shift_jis?Q?\x93\xfa\x96\x7b?=', '日本'],
    ['spaces inside', '=?utf-8?Q?Hello World=21?=', 'Hello World!'],
    ['folded inside', '=?utf-8?B?R3LDvMOf\r\n ZQ==?=', 'Grüße'],
    ['language (RFC 2231)', '=?US-ASCII*EN?Q?Keith_Moore?=', 'Keith Moore'],
    ['no padding', '=?utf-8?B?R3LDvMOfZQ?=', 'Grüße'],
    ['padding in the middle', '=?utf-8?B?YQ==Yg==?=', 'ab'],
    ['URL alphabet', '=?utf-8?B?w7_Dvj8-?=', 'ÿþ?>'],
    ['foreign bytes in Base64', '=?utf-8?B?R3L*D!vMOfZQ==?=', 'Grüße'],
    ['a lone equals sign', '=?utf-8?Q?a=b=3?=', 'a=b=3'],
    ['lower-case digits', '=?utf-8?q?=c3=a4?=', 'ä'],
    ['a question mark inside', '=?utf-8?Q?what??=', 'what?'],
    ['an equals sign alone', '=?utf-8?Q?=?=', '='],
    ['empty', 'a =?utf-8?Q??= b', 'a  b'],
    ['cut in a letter stays UTF-8', '=?utf-8?B?R3LDvMOfZcM=?=', 'Grüße\ufffd'],
    ['says UTF-8 and is Latin-1', '=?utf-8?Q?Fr=F6sche?=', 'Frösche'],
    ['says ASCII and is UTF-8', '=?us-ascii?Q?=C3=A4?=', 'ä'],
    ['says ASCII and is Latin-1', '=?us-ascii?Q?=E4?=', 'ä'],
    ['unknown charset', '=?x-unknown?Q?=C3=A4?=', 'ä'],
    ['a charset that iconv-lite has for other ends', '=?base64?Q?YWJj?=', 'YWJj'],
    ['unknown encoding', '=?utf-8?X?abc?=', '=?utf-8?X?abc?='],
    ['no charset', '=??Q?abc?=', '=??Q?abc?='],
    ['no end', '=?utf-8?Q?abc', '=?utf-8?Q?abc'],
    ['no end, then a whole one', '=?utf-8?Q =?utf-8?Q?a?=', '=?utf-8?Q a'],
    ['only a start', '=?', '=?'],
  ])('%s', (_, bytes, text) => {
    expect(decode(bytes)).toBe(text);
  });
});

describe('raw 8-bit text', () => {
  const koi8 = iconv.encode('Привет', 'koi8-r').toString('latin1');

  test('is UTF-8 where it can be', () => {
    expect(decode(utf8('Grüße 日本'))).toBe('Grüße 日本');
  });

  test('is the charset of the message where that fits', () => {
    expect(decodeText(koi8, { message: findCharset('koi8-r'), fallback: DEFAULT_FALLBACK })).toBe('Привет');
  });

  test('is not the charset of the message where that cannot be', () => {
    expect(decodeText('Gr\xfc\xdfe', { message: findCharset('utf-8'), fallback: DEFAULT_FALLBACK })).toBe('Grüße');
    expect(decodeText('Gr\xfc\xdf', { message: findCharset('gb18030'), fallback: DEFAULT_FALLBACK })).not.toContain(
      '\ufffd',
    );
  });

  test('is the fallback at last', () => {
    expect(decode('Gr\xfc\xdfe \x80')).toBe('Grüße €');
    const fallback = findCharset('windows-1251');
    expect(fallback && decodeText('\xcf\xf0\xe8', { message: null, fallback })).toBe('При');
  });

  test('stands beside encoded words', () => {
    expect(decode(`${utf8('ä')} =?utf-8?Q?=C3=B6?= \xfc`)).toBe('ä ö ü');
  });
});

test.each(['utf8', 'UTF_8', '"utf-8"', 'Utf-8*en', 'utf8mb4'])('%s is UTF-8', (label) => {
  expect(findCharset(label)?.name).toBe('utf-8');
});

test.each(['', 'us-ascii', 'hex', '__proto__', 'constructor', '.'.repeat(1000)])('%s is no charset', (label) => {
  expect(findCharset(label)).toBeNull();
});
