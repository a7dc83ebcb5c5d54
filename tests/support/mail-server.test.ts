import { once } from 'node:events';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { testCertificates } from './certificates.ts';
import { CAPABILITIES } from './mail-server/mail-server.ts';
import { client, PASSWORD, plainLine, serve, signedIn, USER } from './mail-server/test-clients.ts';

const certificates = await testCertificates();

describe('signing in', () => {
  it('works over TLS, STARTTLS and plain text', async () => {
    for (const [security, options] of [
      ['tls', { secure: true }],
      ['starttls', { doSTARTTLS: true }],
      ['none', {}],
    ] as const) {
      const server = await serve({ security });
      const flow = await signedIn(server, options);
      expect(flow.secureConnection, security).toBe(security !== 'none');
      expect(server.transcript.count('encrypted')).toBe(security === 'none' ? 0 : 1);
      expect(server.transcript.commands('AUTHENTICATE')).toEqual(['AUTHENTICATE PLAIN …']);
      await flow.logout();
    }
  });

  it('works by LOGIN, and without SASL-IR', async () => {
    const server = await serve({ capabilities: CAPABILITIES.filter((name) => name !== 'SASL-IR') });
    await signedIn(server);
    await signedIn(server, { auth: { user: USER, pass: PASSWORD, loginMethod: 'LOGIN' } });
    expect(server.transcript.commands('AUTHENTICATE')).toEqual(['AUTHENTICATE PLAIN …']);
    expect(server.transcript.commands('LOGIN')).toEqual(['LOGIN …']);
  });

  it('refuses a wrong password, and any before STARTTLS', async () => {
    const server = await serve({ security: 'starttls' });
    const wrong = client(server, { doSTARTTLS: true, auth: { user: USER, pass: 'wrong' } });
    await expect(wrong.connect()).rejects.toMatchObject({
      authenticationFailed: true,
      serverResponseCode: 'AUTHENTICATIONFAILED',
    });
    const early = await plainLine(server);
    early.send(`a1 LOGIN ${USER} "${PASSWORD}"\r\n`);
    await early.hears(/^a1 NO \[PRIVACYREQUIRED\]/m);
  });

  it('forgets commands that were sent ahead of TLS', async () => {
    const server = await serve({ security: 'starttls' });
    const line = await plainLine(server);
    line.send('a1 STARTTLS\r\na2 CREATE Injected\r\n');
    await line.hears(/^a1 OK/m);
    const secure = connectTls({ socket: line.socket, ca: certificates.ca, servername: 'localhost' });
    await once(secure, 'secureConnect');
    secure.write(`a3 LOGIN ${USER} "${PASSWORD}"\r\n`);
    const [heard] = (await once(secure, 'data')) as [Buffer];
    expect(heard.toString()).toMatch(/^a3 OK/);
    expect(server.transcript.commands('CREATE')).toEqual([]);
    secure.destroy();
  });

  it('shows certificates that a client refuses', async () => {
    for (const [name, code] of [
      ['expired', 'CERT_HAS_EXPIRED'],
      ['selfSigned', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
      ['wrongName', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ] as const) {
      const server = await serve({ security: 'tls', tls: certificates[name] });
      await expect(client(server, { secure: true }).connect(), name).rejects.toMatchObject({ code });
    }
  });
});

describe('the grammar', () => {
  it('takes literals that wait and literals that do not, in any pieces', async () => {
    const server = await serve();
    const line = await plainLine(server);
    line.send(`a1 LOGIN {${USER.length}}\r\n`);
    await line.hears(/^\+ .*\r\n$/m);
    for (const byte of `${USER} {${PASSWORD.length}+}\r\n${PASSWORD}\r\n`) {
      line.send(byte);
      await new Promise(setImmediate);
    }
    await line.hears(/^a1 OK .*\r\n/m);
    line.send('a2 APPEND INBOX (\\Seen) {3+}\r\n\r\n.\r\na3 STATUS "INBOX" (MESSAGES)\r\n');
    expect(await line.hears(/^a3 .*\r\n/m)).toContain('* STATUS "INBOX" (MESSAGES 1)\r\n');
    expect(server.transcript.commands('LOGIN')).toEqual(['LOGIN …']);
  });

  it('refuses what is no command and goes on', async () => {
    const server = await serve();
    const line = await plainLine(server);
    line.send('a1 FROB\r\na2 SELECT INBOX\r\na3 LOGIN (\r\na4 LOGIN "x\r\n\r\n(((\r\n');
    line.send(
      `a5 LOGIN ${USER} "${PASSWORD}"\r\na6 SELECT INBOX\r\na7 FETCH x FLAGS\r\na8 UID FETCH 1 BODY[NONSENSE]\r\n`,
    );
    line.send('a9 SEARCH UNKNOWN\r\nb1 NOOP\r\n');
    const heard = await line.hears(/^b1 .*\r\n/m);
    const statuses = [...heard.matchAll(/^([ab]\d) (OK|NO|BAD)/gm)].map((match) => `${match[1]} ${match[2]}`);
    expect(statuses).toEqual([
      'a1 BAD',
      'a2 BAD',
      'a3 BAD',
      'a4 BAD',
      'a5 OK',
      'a6 OK',
      'a7 BAD',
      'a8 BAD',
      'a9 BAD',
      'b1 OK',
    ]);
  });
});
