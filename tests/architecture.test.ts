import { describe, expect, it } from 'vitest';
import * as rules from './support/architecture.ts';
import { parseSource, readSource } from './support/source-tree.ts';

const source = readSource('.');

/** What a rule says about a small tree of our own. */
function broken(rule: rules.Rule, files: Record<string, string>): string[] {
  return rule(Object.entries(files).map(([path, code]) => parseSource(path, code)));
}

it('reads the whole source', () => {
  expect(source.map(({ path }) => path)).toEqual(expect.arrayContaining(['src/model.ts', 'src/bridge/mail-source.ts']));
});

describe('the source keeps its rules', () => {
  it.each(Object.entries(rules))('%s', (_name, rule) => {
    expect(rule(source)).toEqual([]);
  });
});

/** For each rule: trees that break it, and one that looks like it and keeps it. */
const examples: { rule: rules.Rule; title: string; breaks: Record<string, string>[]; keeps: Record<string, string> }[] =
  [
    {
      rule: rules.programsAreApart,
      title: 'programs never import each other',
      breaks: [
        { 'src/popup/app.tsx': "import { sync } from '../background/sync.ts';", 'src/background/sync.ts': '' },
        { 'src/options/app.tsx': "import type { Row } from '../popup/row.tsx';" },
        { 'src/store.ts': "import { send } from './background/link.ts';" },
        { 'src/background/index.ts': "export * from '../bridge/server.ts';" },
        { 'src/popup/app.tsx': "const link = () => import('../background/link.ts');" },
        { 'src/popup/app.tsx': "type Link = import('../background/link.ts').Link;" },
      ],
      keeps: { 'src/popup/app.tsx': "import { openStore } from '../store.ts'; import { Row } from './row.tsx';" },
    },
    {
      rule: rules.noCycles,
      title: 'no import cycles',
      breaks: [
        { 'src/a.ts': "import './b.ts';", 'src/b.ts': "import './c.ts';", 'src/c.ts': "import './a.ts';" },
        { 'src/a.ts': "import type { B } from './b.ts';", 'src/b.ts': "import { a } from './a.ts';" },
        { 'src/a.ts': "export * from './a.ts';" },
      ],
      keeps: { 'src/a.ts': "import './b.ts'; import './c.ts';", 'src/b.ts': "import './c.ts';", 'src/c.ts': '' },
    },
    {
      rule: rules.oneDoorEach,
      title: 'one door for each thing from outside',
      breaks: [
        { 'src/popup/app.tsx': "import { openDB } from 'idb';" },
        { 'src/bridge/session.ts': "import type { WebSocket } from 'ws';" },
        { 'src/bridge/supervisor.ts': "import { ImapFlow } from 'imapflow';" },
        { 'src/bridge/accounts.ts': "import { connect } from 'node:tls';" },
        { 'src/bridge/oauth.ts': "import { createServer } from 'node:http';" },
        { 'src/bridge/accounts.ts': "import { Entry } from '@napi-rs/keyring';" },
        { 'src/popup/message-view.tsx': "import purify from 'dompurify';" },
        { 'src/store.ts': "import { readFile } from 'node:fs/promises';" },
        { 'src/background/badge.ts': "import { h } from 'preact';" },
        { 'src/bridge/log.ts': "import browser from 'webextension-polyfill';" },
        { 'src/popup/app.tsx': "const socket = new WebSocket('ws://127.0.0.1');" },
        { 'src/background/sync.ts': "const socket = new globalThis.WebSocket('ws://127.0.0.1');" },
      ],
      keeps: {
        'src/store.ts': "import { openDB } from 'idb';",
        'src/bridge/server.ts': "import { WebSocketServer } from 'ws'; import { createServer } from 'node:http';",
        'src/bridge/imap/connection.ts': "import { ImapFlow } from 'imapflow';",
        'src/bridge/tls.ts': "import { connect } from 'node:tls';",
        'src/bridge/accounts.ts': "import { readFile } from 'node:fs/promises';",
        'src/background/link.ts': "const socket = new WebSocket('ws://127.0.0.1');",
      },
    },
    {
      rule: rules.onlyBackgroundWrites,
      title: 'only the background writes the store',
      breaks: [
        { 'src/popup/app.tsx': "const change = (store: Store) => store.put('messages', row);" },
        { 'src/options/app.tsx': "const change = (store: Store) => store.transaction('accounts', 'readwrite');" },
        { 'src/intents.ts': "export const change = (store: Store) => store.transaction('outbox', 'readwrite');" },
      ],
      keeps: {
        'src/background/store-writer.ts': "export const change = (store: Store) => store.put('messages', row);",
        'src/popup/app.tsx': "const read = (store: Store) => store.getAll('messages');",
      },
    },
    {
      rule: rules.listenersAtTheTop,
      title: 'listeners are registered synchronously at the top of the background',
      breaks: [
        { 'src/background/index.ts': 'const start = () => browser.alarms.onAlarm.addListener(wake);' },
        { 'src/background/sync.ts': 'browser.alarms.onAlarm.addListener(wake);' },
        { 'src/background/index.ts': 'await restore(); browser.alarms.onAlarm.addListener(wake);' },
        { 'src/background/index.ts': 'function draw() {} browser.alarms.onAlarm.addListener(draw);' },
        { 'src/background/index.ts': 'if (woken) browser.alarms.onAlarm.addListener(wake);' },
      ],
      keeps: {
        'src/background/index.ts':
          "import { wake } from './sync.ts'; const ready = wake(); browser.alarms.onAlarm.addListener(async () => { await ready; });",
      },
    },
    {
      rule: rules.protocolIsChosenOnce,
      title: 'the protocol is compared in one place',
      breaks: [
        { 'src/popup/app.tsx': "const local = account.protocol === 'pop3';" },
        { 'src/bridge/supervisor.ts': "const pushes = account.protocol !== 'imap';" },
        { 'src/bridge/session.ts': "switch (account.protocol) { case 'imap': go(); }" },
        { 'src/background/badge.ts': "const local = ['pop3'].includes(account.protocol);" },
      ],
      keeps: {
        'src/bridge/choose-source.ts': "export const choose = (it: Account) => it.protocol === 'pop3' ? a : b;",
        'src/model.ts': "export type Protocol = 'imap' | 'pop3';",
        'src/background/sync.ts': "const account = { protocol: 'imap' };",
      },
    },
    {
      rule: rules.namesSayWhat,
      title: 'names say what is inside',
      breaks: [
        { 'src/utils.ts': '' },
        { 'src/bridge/string-helpers.ts': '' },
        { 'src/popup/common.tsx': '' },
        { 'src/bridge/connection-manager.ts': '' },
        { 'src/background/mail-service.ts': '' },
        { 'src/popup/MessageList.tsx': '' },
      ],
      keeps: { 'src/bridge/service/systemd.ts': '', 'src/popup/message-list.tsx': '' },
    },
    {
      rule: rules.filesAreShort,
      title: 'files are short',
      breaks: [{ 'src/store.ts': '// line\n'.repeat(301) }],
      keeps: { 'src/store.ts': '// line\n'.repeat(300), 'src/providers.ts': '// line\n'.repeat(900) },
    },
    {
      rule: rules.nothingIsPrinted,
      title: 'nothing is printed',
      breaks: [{ 'src/popup/app.tsx': "console.log('here');" }, { 'src/bridge/session.ts': 'console.error(error);' }],
      keeps: { 'src/bridge/main.ts': "console.log('letterbox 1.0.0');" },
    },
    {
      rule: rules.typesAreHonest,
      title: 'types are honest',
      breaks: [
        { 'src/protocol.ts': 'export const parse = (text: string): any => JSON.parse(text);' },
        { 'src/protocol.ts': '// @ts-ignore\nexport const parse = 1;' },
      ],
      keeps: { 'src/protocol.ts': "/** Not any of these. */ export const parse = (text: unknown) => 'any';" },
    },
  ];

describe('each rule fails when it is broken', () => {
  it.each(examples.map((example) => [example.title, example] as const))('%s', (_title, { rule, breaks, keeps }) => {
    for (const files of breaks) expect(broken(rule, files), JSON.stringify(files)).not.toEqual([]);
    expect(broken(rule, keeps)).toEqual([]);
  });

  it('has an example for every rule', () => {
    expect(new Set(examples.map(({ rule }) => rule))).toEqual(new Set(Object.values(rules)));
  });
});
