/** Certificates for tests, made in memory once a process. For 127.0.0.1 and localhost unless said otherwise. */
import { createHash, X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';

/** PEM. */
export interface TestCertificate {
  cert: string;
  key: string;
}

export interface TestCertificates {
  /** What clients are to trust, as `tls: {ca}`. Has signed all below but `selfSigned`. */
  ca: string;
  good: TestCertificate;
  /** Ended a day ago. */
  expired: TestCertificate;
  /** Good in all but its signer: itself. */
  selfSigned: TestCertificate;
  /** For elsewhere.example.test. */
  wrongName: TestCertificate;
  /** As `good`, but with a key of its own: the one after a renewal. */
  renewed: TestCertificate;
}

type Extensions = NonNullable<NonNullable<Parameters<typeof generate>[1]>['extensions']>;

const DAY = 86_400_000;
/** Elliptic, because an RSA key takes some hundred milliseconds to make. */
const KIND = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;

const HERE: Extensions[number] = {
  name: 'subjectAltName',
  altNames: [
    { type: 2, value: 'localhost' },
    { type: 7, ip: '127.0.0.1' },
  ],
};
const ELSEWHERE: Extensions[number] = {
  name: 'subjectAltName',
  altNames: [{ type: 2, value: 'elsewhere.example.test' }],
};

let made: Promise<TestCertificates> | null = null;

/** The same ones at every call. */
export function testCertificates(): Promise<TestCertificates> {
  made ??= make(Date.now());
  return made;
}

/** SHA-256 of the certificate, in lower-case hexadecimal. */
export function fingerprint({ cert }: TestCertificate): string {
  return createHash('sha256').update(new X509Certificate(cert).raw).digest('hex');
}

async function make(now: number): Promise<TestCertificates> {
  const valid = { notBeforeDate: new Date(now - DAY), notAfterDate: new Date(now + 30 * DAY) };
  const over = { notBeforeDate: new Date(now - 30 * DAY), notAfterDate: new Date(now - DAY) };
  const authority = await generate([{ name: 'commonName', value: 'Letterbox test authority' }], {
    ...KIND,
    notBeforeDate: new Date(now - 60 * DAY),
    notAfterDate: new Date(now + 60 * DAY),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const ca = { key: authority.private, cert: authority.cert };
  const [good, renewed, expired, wrongName, selfSigned] = await Promise.all([
    leaf('localhost', HERE, { ...valid, ca }),
    leaf('localhost', HERE, { ...valid, ca }),
    leaf('localhost', HERE, { ...over, ca }),
    leaf('elsewhere.example.test', ELSEWHERE, { ...valid, ca }),
    leaf('localhost', HERE, valid),
  ]);
  return { ca: ca.cert, good, renewed, expired, wrongName, selfSigned };
}

async function leaf(name: string, names: Extensions[number], options: LeafOptions): Promise<TestCertificate> {
  const extensions: Extensions = [
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    names,
  ];
  const result = await generate([{ name: 'commonName', value: name }], { ...KIND, ...options, extensions });
  return { cert: result.cert, key: result.private };
}

interface LeafOptions {
  notBeforeDate: Date;
  notAfterDate: Date;
  ca?: { key: string; cert: string };
}
