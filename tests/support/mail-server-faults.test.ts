import { describe, expect, it } from 'vitest';
import { client, closing, letter, plainLine, serve, signedIn, USER } from './mail-server/test-clients.ts';
import { turns } from './turns.ts';

describe('faults', () => {
  it('never greets, or greets as something else', async () => {
    const server = await serve();
    for (const greeting of ['never', 'garbage', 'pop3', 'smtp', 'http', 'bye'] as const) {
      server.faults.greeting = greeting;
      await expect(client(server).connect(), greeting).rejects.toThrow();
    }
    expect(server.transcript.commands('LOGIN')).toEqual([]);
    server.faults.clear();
    await signedIn(server);
  });

  it('answers a sign-in with the given text', async () => {
    const server = await serve();
    server.faults.signInAnswer = 'NO [UNAVAILABLE] Come back later';
    await expect(client(server).connect()).rejects.toMatchObject({
      serverResponseCode: 'UNAVAILABLE',
      responseText: 'Come back later',
    });
  });

  it('hides STARTTLS', async () => {
    const server = await serve({ security: 'starttls' });
    server.faults.withoutStartTls = true;
    await expect(client(server, { doSTARTTLS: true }).connect()).rejects.toThrow(/STARTTLS/);
    expect(server.transcript.commands('STARTTLS')).toEqual([]);
  });

  it('freezes everything, and thaws', async () => {
    const server = await serve({ security: 'tls' });
    const { inbox } = server.store.account(USER);
    inbox.deliver(letter('one'));
    const flow = await signedIn(server, { secure: true, disableAutoIdle: true });
    await flow.mailboxOpen('INBOX');
    server.faults.freeze();
    await expect(client(server, { secure: true, connectionTimeout: 100 }).connect()).rejects.toThrow();
    let answered = false;
    const answer = flow.messageFlagsAdd('1', ['\\Seen'], { uid: true }).then(() => {
      answered = true;
    });
    // Nothing is to happen: there is no event to wait for.
    await turns(200);
    expect(answered).toBe(false);
    expect(inbox.unseen).toBe(1);
    server.faults.thaw();
    await answer;
    expect(inbox.unseen).toBe(0);
    await signedIn(server, { secure: true });
  });

  it('cuts the line at a chosen command', async () => {
    const server = await serve();
    const { inbox } = server.store.account(USER);
    inbox.deliver(letter('one', 'x'.repeat(5_000)));
    server.faults.when('UID FETCH', { do: 'cut' }, { nth: 2 });
    const flow = await signedIn(server);
    await flow.mailboxOpen('INBOX');
    expect(await flow.fetchAll('1', { uid: true }, { uid: true })).toHaveLength(1);
    const closed = closing(flow);
    await expect(flow.fetchAll('1', { uid: true }, { uid: true })).rejects.toThrow();
    await closed;
    const again = await signedIn(server);
    await again.mailboxOpen('INBOX');
    server.faults.when('UID FETCH', { do: 'cut-answer', afterBytes: 1_000 });
    await expect(again.fetchAll('1', { source: true }, { uid: true })).rejects.toThrow();
  });

  it('answers chosen commands otherwise', async () => {
    const server = await serve();
    const { inbox } = server.store.account(USER);
    inbox.deliver(letter('one'));
    inbox.deliver(letter('two'));
    server.faults.when('UID STORE', { do: 'answer', status: 'NO [LIMIT] Rate limit hit' }, { times: 1 });
    server.faults.when(/^UID SEARCH .*SEEN/, { do: 'send', bytes: '* SEARCH 7 8\r\n{tag} OK Done\r\n' });
    const remove = server.faults.when('STATUS', { do: 'delay', milliseconds: 80 });
    const flow = await signedIn(server, { disableAutoIdle: true });
    await flow.mailboxOpen('INBOX');
    expect(await flow.messageFlagsAdd('1', ['\\Seen'], { uid: true })).toBe(false);
    expect(await flow.messageFlagsAdd('1', ['\\Seen'], { uid: true })).toBe(true);
    expect(await flow.search({ seen: true }, { uid: true })).toEqual([7, 8]);
    const start = performance.now();
    await flow.status('INBOX', { messages: true });
    expect(performance.now() - start).toBeGreaterThan(70);
    remove();
    server.faults.searchLimit = 1;
    expect(await flow.search({ all: true }, { uid: true })).toEqual([1]);
  });

  it('trickles without an end, and ignores', async () => {
    const server = await serve();
    server.faults.when('NOOP', { do: 'trickle', everyMilliseconds: 5, line: '* OK Wait' });
    server.faults.when('CAPABILITY', { do: 'ignore' });
    const line = await plainLine(server);
    line.send('a CAPABILITY\r\nb ID NIL\r\nc NOOP\r\nd LOGOUT\r\n');
    const heard = await line.hears(/(\* OK Wait\r\n){3}/);
    expect(heard).toContain('b OK');
    expect(heard).not.toMatch(/^[acd] /m);
  });

  it('freezes one connection at a command and leaves the others', async () => {
    const server = await serve();
    const flow = await signedIn(server, { disableAutoIdle: true, socketTimeout: 100 });
    server.faults.when('NOOP', { do: 'freeze' }, { times: 1 });
    const closed = closing(flow);
    await flow.noop();
    await closed;
    await expect((await signedIn(server)).noop()).resolves.not.toThrow();
  });

  it('says on every connection what it is told to', async () => {
    const server = await serve();
    const line = await plainLine(server);
    server.send('* BYE Shutting down\r\n');
    await line.hears(/BYE Shutting down\r\n$/);
    server.cut({ reset: true });
    await line.closed;
  });

  it('goes away and comes back on the same port with the same mail', async () => {
    const server = await serve({ security: 'tls' });
    server.store.account(USER).inbox.deliver(letter('one'));
    const { port } = server;
    const flow = await signedIn(server, { secure: true });
    await flow.mailboxOpen('INBOX');
    const closed = closing(flow);
    await server.stop();
    await closed;
    expect(server.connections).toBe(0);
    await expect(client(server, { secure: true }).connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.start();
    expect(server.port).toBe(port);
    const again = await signedIn(server, { secure: true });
    expect(await again.mailboxOpen('INBOX')).toMatchObject({ exists: 1 });
  });
});
