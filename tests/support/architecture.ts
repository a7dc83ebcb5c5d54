import { basename } from 'node:path';
import type { SourceFile } from './source-tree.ts';

/** A rule looks at the whole source and says what breaks it and what to do: one sentence each. */
export type Rule = (files: readonly SourceFile[]) => string[];

const PROGRAMS = ['background', 'bridge', 'options', 'popup'];

/** Which program a file belongs to; undefined for what is shared. */
function programOf(path: string): string | undefined {
  return PROGRAMS.find((program) => path.startsWith(`src/${program}/`));
}

/** Rule 1: the four programs meet over the wire and in the store, never by import. */
export const programsAreApart: Rule = (files) =>
  files.flatMap(({ path, imports }) =>
    imports
      .filter((imported) => programOf(imported) !== undefined && programOf(imported) !== programOf(path))
      .map((imported) => `${path} imports ${imported} of another program: move what both need to a file in src/`),
  );

/** Rule 1: what imports in a circle cannot be read, tested or moved alone. Types count: they too have to be understood. */
export const noCycles: Rule = (files) => {
  const imports = new Map(files.map((file) => [file.path, file.imports]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, above: string[]): void => {
    const start = above.indexOf(path);
    if (start >= 0) {
      const circle = [...above.slice(start), path].join(' -> ');
      cycles.push(`${circle} is a circle: move what both ends need to a file of its own`);
    }
    if (start >= 0 || done.has(path)) return;
    for (const imported of imports.get(path) ?? []) visit(imported, [...above, path]);
    done.add(path);
  };
  for (const { path } of files) visit(path, []);
  return cycles;
};

/** Rule 2: each thing from outside comes in by one door, so that it can be judged, replaced and tested in one place. */
const DOORS: { what: RegExp; door: RegExp; say: string }[] = [
  { what: /^idb$/, door: /^src\/store\.ts$/, say: 'ask src/store.ts for the query' },
  { what: /^ws$/, door: /^src\/bridge\/server\.ts$/, say: 'only the server knows the socket: pass a function' },
  { what: /^imapflow(\/|$)/, door: /^src\/bridge\/imap\//, say: 'add it to the mail source' },
  {
    what: /^node:(net|tls)$/,
    door: /^src\/bridge\/(pop3\/|tls\.ts$|server\.ts$)/,
    say: 'connections are made by src/bridge/tls.ts and the mail sources',
  },
  { what: /^node:(http|https|http2|dgram)$/, door: /^src\/bridge\/server\.ts$/, say: 'the bridge has one server' },
  { what: /keyring|keytar|secret-service/, door: /^src\/bridge\/vault\.ts$/, say: 'secrets go through the vault' },
  { what: /dompurify|sanitize/, door: /^src\/popup\/html-frame\.tsx$/, say: 'show mail with the HTML frame' },
  { what: /^node:/, door: /^src\/bridge\//, say: 'a browser has no Node: the bridge does this' },
  { what: /^preact/, door: /^src\/(?!background\/|bridge\/)/, say: 'only pages draw' },
  { what: /^webextension-polyfill$/, door: /^src\/(?!bridge\/)/, say: 'the bridge runs in no browser' },
];

/** The link, the wiring that hands it the browser's socket, and the server at the other end. */
const SOCKETS = /^src\/(background\/(link[^/]*|parts)\.ts|bridge\/server\.ts)$/;

export const oneDoorEach: Rule = (files) => [
  ...files.flatMap(({ path, packages }) =>
    packages.flatMap((name) =>
      DOORS.filter(({ what, door }) => what.test(name) && !door.test(path)).map(
        ({ say }) => `${path} imports ${name}, which is not its door: ${say}`,
      ),
    ),
  ),
  ...files
    .filter(({ path, names }) => names.has('WebSocket') && !SOCKETS.test(path))
    .map(({ path }) => `${path} names WebSocket: the link in src/background/ has the only one`),
];

/** Rule 3: what pages want changed they send as an intent; so there is one writer, and no two that disagree. */
export const onlyBackgroundWrites: Rule = (files) =>
  files
    .filter(({ path }) => programOf(path) !== 'background' && programOf(path) !== 'bridge' && path !== 'src/store.ts')
    .filter(({ texts, calls }) => texts.has('readwrite') || calls.some(({ name }) => /\.put$/.test(name)))
    .map(({ path }) => `${path} writes to the store: send an intent, and let src/background/ write`);

/** Rule 4: a worker that was woken finds its event only if the listener is there when the script has run. */
export const listenersAtTheTop: Rule = (files) => {
  const index = 'src/background/index.ts';
  const late = files
    .filter(({ path }) => programOf(path) === 'background')
    .flatMap(({ path, calls }) =>
      calls
        .filter(({ name, atTop }) => /^browser\..*\.addListener$/.test(name) && !(path === index && atTop))
        .map(({ name }) => `${path} calls ${name}: do it at the top level of ${index}`),
    );
  const wires = ['ImportDeclaration', 'VariableDeclaration', 'ExpressionStatement'];
  const more = files
    .filter(({ path }) => path === index)
    .flatMap(({ program }) => program.body.filter(({ type }) => !wires.includes(type)))
    .map(({ type }) => `${index} has a ${type}: it only wires; move it to the file whose noun it is`);
  const waits = files
    .filter(({ path, awaitsAtTop }) => path === index && awaitsAtTop)
    .map(() => `${index} waits before its listeners are there: wait inside them`);
  return [...late, ...more, ...waits];
};

/** Where the protocol may be named: where it is defined, chosen and implemented, and where the user chooses it. */
const NAMES_POP3 = [
  /^src\/model\.ts$/,
  /^src\/wire\.ts$/,
  /^src\/providers\.ts$/,
  /^src\/bridge\/choose-source\.ts$/,
  /^src\/bridge\/pop3\//,
  /^src\/options\/account-form\.tsx$/,
];
const COMPARES_PROTOCOL = [/^src\/bridge\/choose-source\.ts$/, /^src\/options\/account-form\.tsx$/];

/** Rule 5: everything else asks what the source can do, so that a third protocol would be one folder more. */
export const protocolIsChosenOnce: Rule = (files) =>
  files.flatMap(({ path, texts, compared }) => {
    const named = texts.has('pop3') && !NAMES_POP3.some((known) => known.test(path));
    const judged =
      ['imap', 'pop3'].some((name) => compared.has(name)) && !COMPARES_PROTOCOL.some((it) => it.test(path));
    return named || judged ? [`${path} decides by the protocol's name: ask source.can, or the account's status`] : [];
  });

/** Rule 6: a name that could hold anything soon does. */
export const namesSayWhat: Rule = (files) =>
  files.flatMap(({ path }) => {
    const name = basename(path);
    const empty = /(^|[-.])(utils?|helpers?|common|misc|managers?)([-.]|$)|service/.test(name);
    return [
      ...(empty ? [`${path} has a name that could hold anything: name it after the one noun inside`] : []),
      ...(/^[a-z0-9]+(-[a-z0-9]+)*\.tsx?$/.test(name) ? [] : [`${path} is not in kebab-case: rename it`]),
    ];
  });

/** In lines. A longer file has a second noun inside. */
const LONGEST = 300;

/** Data, where length is no difficulty. */
const MAY_BE_LONG = ['src/providers.ts'];

export const filesAreShort: Rule = (files) =>
  files
    .filter(({ path, lines }) => lines > LONGEST && !MAY_BE_LONG.includes(path))
    .map(
      ({ path, lines }) => `${path} has ${lines} lines, more than ${LONGEST}: find the second noun and split it off`,
    );

/** Where the user's terminal is spoken to. Everything else goes through the log, which knows what must not be written. */
const MAY_PRINT = ['src/bridge/log.ts', 'src/bridge/main.ts'];

export const nothingIsPrinted: Rule = (files) =>
  files
    .filter(({ path, calls }) => !MAY_PRINT.includes(path) && calls.some(({ name }) => name.startsWith('console.')))
    .map(({ path }) => `${path} prints to the console: use the log, or hand the error on`);

export const typesAreHonest: Rule = (files) =>
  files.flatMap(({ path, usesAny, comments }) => [
    ...(usesAny ? [`${path} uses any: parse what comes from outside, or use unknown`] : []),
    ...(comments.some((comment) => /@ts-(ignore|nocheck|expect-error)/.test(comment))
      ? [`${path} switches the type checker off: mend the type`]
      : []),
  ]);
