/** A server's BODYSTRUCTURE and our own walk through the bytes tell the same tree; its sections hold the same bytes. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readBodyStructure } from '../../src/bridge/message/body-structure.ts';
import { readContent, readRawContent } from '../../src/bridge/message/message-content.ts';
import { bytesOf, type RawPart, walkMime } from '../../src/bridge/message/mime-walk.ts';
import type { Part } from '../../src/bridge/message/part.ts';
import { flatten, outline } from '../bridge/message/part-tree.ts';
import { testCertificates } from '../support/certificates.ts';
import { Dovecot } from '../support/dovecot.ts';
import { describeWith } from '../support/requirements.ts';

const crlf = (text: string) => text.replaceAll('\n', '\r\n');

const INNER =
  'Subject: inner\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary="in"\n\n--in\n' +
  'Content-Type: text/plain; charset=utf-8\n\nGrüße\n--in\nContent-Type: text/html; charset=utf-8\n\n<p>Grüße\n--in--\n';

const MESSAGES = [
  'Subject: plain\n\nhello\n',
  'Subject: page\nMIME-Version: 1.0\nContent-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n<p>Gr=FC=DFe</p>\n',
  `MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="out"\n\n--out\n\nintro\n--out\nContent-Type: message/rfc822\n\n${INNER}--out\n` +
    'Content-Type: message/rfc822\n\nSubject: single\n\nbody\n--out\nContent-Type: multipart/related; boundary="rel"\n\n--rel\n' +
    'Content-Type: text/html\n\n<img src="cid:a@b">\n--rel\nContent-Type: image/png; name="=?utf-8?q?=C3=A4.png?="\nContent-ID: <a@b>\n' +
    'Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--rel--\n--out\nContent-Type: application/pdf\n' +
    'Content-Disposition: attachment; filename*0*=utf-8\'\'%E2%82%AC%20; filename*1="rates.pdf"\nContent-Transfer-Encoding: base64\n\nJVBERi0=\n--out--\n',
  `MIME-Version: 1.0\nContent-Type: message/rfc822\n\n${INNER}`,
  'MIME-Version: 1.0\nContent-Type: multipart/digest; boundary="d"\n\n--d\n\nSubject: one\n\n1\n--d\n\nSubject: two\n\n2\n--d--\n',
].map(crlf);

describeWith('dovecot', 'parts of messages', () => {
  let dovecot: Dovecot;

  beforeAll(async () => {
    const { good } = await testCertificates();
    dovecot = await Dovecot.start({ tls: good, users: { anna: 'pw-a' } });
  });

  afterAll(async () => {
    await dovecot.close();
  });

  it('are the same from the server and from the bytes', async () => {
    for (const message of MESSAGES) dovecot.deliver('anna', message);
    const client = await dovecot.asClient('anna');
    await client.mailboxOpen('INBOX');
    const all = await client.fetchAll('1:*', { bodyStructure: true, source: true }, { uid: true });
    expect(all).toHaveLength(MESSAGES.length);
    for (const { uid, bodyStructure, source } of all) {
      const raw = new Uint8Array(source ?? []);
      const ours = walkMime(raw);
      const theirs = readBodyStructure(bodyStructure)!;
      expect(outline(theirs)).toBe(outline(ours));
      const leaves = flatten<Part>(theirs).filter(({ children }) => children.length === 0);
      const fetched = await client.fetchOne(
        String(uid),
        { bodyParts: leaves.map(({ section }) => section) },
        { uid: true },
      );
      const parts = (fetched ? fetched.bodyParts : undefined) ?? new Map<string, Buffer>();
      for (const part of flatten<RawPart>(ours).filter(({ children }) => children.length === 0)) {
        expect(parts.get(part.section)?.toString('latin1')).toBe(Buffer.from(bytesOf(raw, part)).toString('latin1'));
        const same = leaves.find(({ section }) => section === part.section);
        const { start: _start, end: _end, children: _children, ...described } = part;
        expect(same).toMatchObject({ ...described, charset: same?.charset ?? part.charset });
      }
      const content = readContent(theirs, parts);
      const expected = readRawContent(raw);
      expect({ ...content, attachments: content.attachments.map(withoutSize) }).toMatchObject({
        ...{ text: expected.text, html: expected.html, links: expected.links },
        attachments: expected.attachments.map(withoutSize),
      });
    }
    await client.logout();
  });
});

/** A server tells the encoded size alone. */
function withoutSize<Sized extends { size: number }>({ size: _size, ...rest }: Sized): Omit<Sized, 'size'> {
  return rest;
}
