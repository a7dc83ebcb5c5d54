import { describe, expect, test } from 'vitest';
import { isRiskyFile } from '../../../src/bridge/message/risky-file.ts';
import { safeFileName } from '../../../src/bridge/message/safe-file-name.ts';
import { seededRandom } from '../../support/seeded-random.ts';

const BYTES = 'application/octet-stream';

test.each([
  ['a good name', 'Report 2026 (final).pdf', 'Report 2026 (final).pdf'],
  ['letters of the world', '報告書 ä é.docx', '報告書 ä é.docx'],
  ['a path', '../../etc/passwd.txt', 'passwd.txt'],
  ['a path of Windows', 'C:\\Windows\\system.ini', 'system.ini'],
  ['only a path', '../..', 'attachment'],
  ['a leading dot', '.bashrc', 'bashrc'],
  ['many leading dots', '...  .x.txt', 'x.txt'],
  ['a leading dash', '-rf.txt', '_rf.txt'],
  ['a trailing dot', 'a.exe. .', 'a.exe'],
  ['reserved names', 'CON', '_CON'],
  ['reserved names with an extension', 'com1.tar.gz', '_com1.tar.gz'],
  ['a name that only starts like one', 'console.log', 'console.log'],
  ['forbidden letters', 'a<b>c:d"e|f?g*h{i}.txt', 'a_b_c_d_e_f_g_h_i_.txt'],
  ['text turned round', '\u202egpj.exe', 'gpj.exe'],
  ['an extension moved out of sight', `invoice.pdf${' '.repeat(200)}.exe`, 'invoice.pdf.exe'],
  ['controls', 'a\0b\r\nc.txt', 'ab c.txt'],
  ['full-width dots stay letters', 'a．exe', 'a．exe'],
  ['nothing', '', 'attachment'],
  ['spaces', '   ', 'attachment'],
])('%s', (_, name, safe) => {
  expect(safeFileName(name, BYTES)).toBe(safe);
});

test('a name without an extension gets that of its type', () => {
  expect(safeFileName('', 'message/rfc822')).toBe('attachment.eml');
  expect(safeFileName('report', 'application/pdf')).toBe('report.pdf');
  expect(safeFileName('Mr. Smith', 'text/plain')).toBe('Mr.Smith');
  expect(safeFileName('report.doc', 'application/pdf')).toBe('report.doc');
});

test('a long name is cut before its extension, between letters', () => {
  const safe = safeFileName(`${'語'.repeat(200)}.pdf`, BYTES);
  expect(safe).toMatch(/^語+\.pdf$/);
  expect(Buffer.byteLength(safe)).toBeGreaterThan(110);
  expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(120);
});

test('any name', () => {
  const random = seededRandom(12);
  const pieces = [
    '.',
    '..',
    '/',
    '\\',
    ' ',
    '-',
    'con',
    'nul.',
    'a',
    'é',
    '語',
    '\u202e',
    '\0',
    ':',
    '😀',
    '\ud800',
    '.exe',
    '\u0301',
    '%00',
  ];
  for (let round = 0; round < 5000; round++) {
    const name = Array.from({ length: random() * 80 }, () => pieces[Math.floor(random() * pieces.length)]).join('');
    const safe = safeFileName(name, BYTES);
    expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(120);
    expect(safe).toMatch(/^(?![.\- ])[^\\/:*?"<>|{}\p{Cc}\p{Cs}\u202e]+(?<![. ])$/u);
    expect(safe).not.toMatch(/^(?:con|nul)(?:\.|$)/i);
    expect(safeFileName(safe, BYTES)).toBe(safe);
  }
});

describe('what is warned of', () => {
  test.each([
    'a.exe',
    'a.PDF.Js',
    'setup.MSI',
    'a.docm',
    'a.html',
    'a.svg',
    'a.xht',
    'a.lnk',
    'a.iso',
    'a.sh',
    'a.apk',
  ])('%s', (name) => {
    expect(isRiskyFile(name, BYTES)).toBe(true);
  });
  test.each([
    'text/html',
    'image/svg+xml',
    'application/xhtml+xml',
    'application/x-msdownload',
    'application/java-archive',
  ])('%s', (type) => {
    expect(isRiskyFile('a.pdf', type)).toBe(true);
  });
  test.each(['a.pdf', 'a.docx', 'a.png', 'exe', 'a.exe.txt', 'a.eml'])('not %s', (name) => {
    expect(isRiskyFile(name, name === 'exe' ? 'text/plain' : BYTES)).toBe(name === 'exe');
  });
});
