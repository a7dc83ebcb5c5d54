/** The charset names met in mail. A table, so that a hostile name costs a look-up and reaches no decoder. */

/** Encodings that TextDecoder knows (WHATWG Encoding), each with the names that mean it; see `normalise`. */
const WEB_CHARSETS: Record<string, string> = {
  'utf-8': 'utf8 unicode11utf8 unicode20utf8 xunicode20utf8 utf8mb4 xutf8',
  'windows-1250': 'windows1250 cp1250 xcp1250 win1250 ms1250',
  'windows-1251': 'windows1251 cp1251 xcp1251 win1251 ms1251',
  'windows-1253': 'windows1253 cp1253 xcp1253 win1253',
  'windows-1254': 'windows1254 cp1254 xcp1254 win1254 iso88599 iso885991989 latin5 l5 isoir148',
  'windows-1255': 'windows1255 cp1255 xcp1255 win1255',
  'windows-1256': 'windows1256 cp1256 xcp1256 win1256',
  'windows-1257': 'windows1257 cp1257 xcp1257 win1257',
  'windows-1258': 'windows1258 cp1258 xcp1258 win1258',
  'windows-874': 'windows874 cp874 dos874 tis620 iso885911',
  'iso-8859-2': 'iso88592 iso885921987 latin2 l2 isoir101',
  'iso-8859-3': 'iso88593 iso885931988 latin3 l3 isoir109',
  'iso-8859-4': 'iso88594 iso885941988 latin4 l4 isoir110',
  'iso-8859-5': 'iso88595 iso885951988 cyrillic isoir144',
  'iso-8859-6': 'iso88596 iso885961987 iso88596e iso88596i arabic asmo708 ecma114 isoir127',
  'iso-8859-7': 'iso88597 iso885971987 greek greek8 ecma118 elot928 isoir126',
  'iso-8859-8': 'iso88598 iso885981988 iso88598e visual hebrew isoir138',
  'iso-8859-8-i': 'iso88598i logical csiso88598i',
  'iso-8859-10': 'iso885910 latin6 l6 isoir157',
  'iso-8859-13': 'iso885913 latin7',
  'iso-8859-14': 'iso885914 latin8',
  'iso-8859-15': 'iso885915 latin9 l9 csisolatin9',
  'koi8-r': 'koi8r koi koi8 cskoi8r',
  'koi8-u': 'koi8u koi8ru',
  ibm866: 'ibm866 cp866 866',
  macintosh: 'macintosh mac macroman xmacroman',
  'x-mac-cyrillic': 'xmaccyrillic maccyrillic xmacukrainian',
  gb18030: 'gb18030 gbk gb2312 gb231280 xgbk cp936 936 ms936 windows936 euccn eucn xeuccn chinese isoir58',
  big5: 'big5 big5hkscs big5eten cnbig5 xxbig5 xbig5 cp950 ms950',
  'euc-jp': 'eucjp xeucjp ujis',
  shift_jis: 'shiftjis sjis xsjis mskanji windows31j cp932 ms932 shiftjisms',
  'iso-2022-jp': 'iso2022jp iso2022jp1 iso2022jp2 iso2022jp3 iso2022jpms cp50220 cp50221 csiso2022jp jis',
  'utf-16le': 'utf16le',
  'utf-16be': 'utf16be',
};

/** Encodings that TextDecoder lacks or gets wrong, and iconv-lite has. */
const ICONV_CHARSETS: Record<string, string> = {
  // Node 20's TextDecoder takes the C1 range for controls, where this charset has its quotes, dashes and the euro.
  // Mail that says ISO-8859-1 uses the windows-1252 letters in the C1 range; so do browsers read it.
  'windows-1252':
    'windows1252 cp1252 xcp1252 win1252 ms1252 iso88591 iso885911987 88591 latin1 l1 cp819 ibm819 isoir100 ansi',
  // Node's TextDecoder has no more than the 2,350 syllables of KS X 1001 in EUC-KR; mail uses all 11,172.
  cp949: 'euckr ksc5601 ksc56011987 ksc56011989 ksx1001 korean cp949 ms949 uhc windows949 isoir149',
  'utf-7': 'utf7 unicode11utf7 xutf7 csunicode11utf7',
  'iso-8859-16': 'iso885916 iso8859162001 latin10 l10 isoir226',
  viscii: 'viscii viscii111',
  tcvn: 'tcvn tcvn5712 tcvn57121',
  cp437: 'cp437 ibm437 437',
  cp720: 'cp720 dos720',
  cp737: 'cp737 ibm737',
  cp775: 'cp775 ibm775',
  cp850: 'cp850 ibm850 850',
  cp852: 'cp852 ibm852 852',
  cp855: 'cp855 ibm855 855',
  cp857: 'cp857 ibm857 857',
  cp858: 'cp858 ibm858 ibm00858 858',
  cp860: 'cp860 ibm860',
  cp861: 'cp861 ibm861',
  cp862: 'cp862 ibm862 dos862',
  cp863: 'cp863 ibm863',
  cp864: 'cp864 ibm864',
  cp865: 'cp865 ibm865',
  cp869: 'cp869 ibm869',
  cp1125: 'cp1125 ibm1125',
  maccenteuro: 'maccenteuro macce xmacce macintoshce',
  macturkish: 'macturkish xmacturkish',
  macgreek: 'macgreek xmacgreek',
  armscii8: 'armscii8',
  pt154: 'pt154 ptcp154 cp154',
  rk1048: 'rk1048 kz1048 strk10482002',
  hproman8: 'hproman8 roman8 r8',
  'utf-32': 'utf32 utf32le utf32be',
};

/** Encodings that need a step of our own before TextDecoder; see charsets.ts. */
const OWN_CHARSETS: Record<string, string> = {
  'iso-2022-kr': 'iso2022kr csiso2022kr',
  'hz-gb-2312': 'hzgb2312 hz',
  'utf-16': 'utf16 ucs2 iso10646ucs2 unicode csunicode',
};

export type CharsetKind = 'web' | 'iconv' | 'own';

export interface Charset {
  kind: CharsetKind;
  /** What the decoder calls it. */
  name: string;
}

const CHARSETS = new Map<string, Charset>();
for (const [kind, table] of [
  ['web', WEB_CHARSETS],
  ['iconv', ICONV_CHARSETS],
  ['own', OWN_CHARSETS],
] as const)
  for (const [name, names] of Object.entries(table)) {
    const charset: Charset = { kind, name };
    for (const each of names.split(' ')) CHARSETS.set(each, charset);
  }

/**
 * The charset that a message names; null for one that is not known and for US-ASCII, which says nothing about bytes
 * above 0x7F. An RFC 2231 language (`utf-8*en`) is ignored.
 */
export function findCharset(label: string): Charset | null {
  return CHARSETS.get(normalise(label)) ?? null;
}

/** Mailers write the same name as `UTF-8`, `utf8`, `UTF_8`, `"utf-8"`. */
function normalise(label: string): string {
  return label
    .slice(0, 60)
    .replace(/\*.*$/s, '')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}
