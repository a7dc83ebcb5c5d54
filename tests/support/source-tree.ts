import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { type ESTree, parseSync, Visitor } from 'vite';

/** One file of the source, read as far as the rules of the architecture need it. */
export interface SourceFile {
  /** From the root of the checkout: `src/popup/main.tsx`. */
  path: string;
  lines: number;
  /** Packages and Node modules, as they are named. */
  packages: string[];
  /** Files of ours, from the root of the checkout. */
  imports: string[];
  /** Identifiers, also those behind a dot. */
  names: Set<string>;
  /** Strings, also those in types. */
  texts: Set<string>;
  /** Strings that something is compared with. */
  compared: Set<string>;
  /** What is called, as it is written: `console.log`, `browser.alarms.onAlarm.addListener`. */
  calls: Call[];
  usesAny: boolean;
  /** Waits outside of every function. */
  awaitsAtTop: boolean;
  comments: string[];
  program: ESTree.Program;
}

export interface Call {
  name: string;
  /** Written outside of every function. */
  atTop: boolean;
}

/** Reads `src` below a folder. */
export function readSource(root: string): SourceFile[] {
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .map((path) => posix.join('src', path.split('\\').join('/')))
    .filter((path) => /\.tsx?$/.test(path))
    .sort()
    .map((path) => parseSource(path, readFileSync(join(root, path), 'utf8')));
}

/** Throws for a file that is no TypeScript. */
export function parseSource(path: string, code: string): SourceFile {
  const { program, comments, errors } = parseSync(path, code);
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`);
  const specifiers = new Set<string>();
  const file: SourceFile = {
    path,
    lines: code.trimEnd().split('\n').length,
    packages: [],
    imports: [],
    names: new Set(),
    texts: new Set(),
    compared: new Set(),
    calls: [],
    usesAny: false,
    awaitsAtTop: false,
    comments: comments.map(({ value }) => value),
    program,
  };
  let depth = 0;
  const enter = (): void => void depth++;
  const leave = (): void => void depth--;
  const compare = (side: ESTree.Node | null): void => {
    if (side?.type === 'Literal' && typeof side.value === 'string') file.compared.add(side.value);
  };
  new Visitor({
    FunctionDeclaration: enter,
    'FunctionDeclaration:exit': leave,
    FunctionExpression: enter,
    'FunctionExpression:exit': leave,
    ArrowFunctionExpression: enter,
    'ArrowFunctionExpression:exit': leave,
    ImportDeclaration: ({ source }) => void specifiers.add(source.value),
    ExportAllDeclaration: ({ source }) => void specifiers.add(source.value),
    ExportNamedDeclaration: ({ source }) => void (source && specifiers.add(source.value)),
    ImportExpression: ({ source }) => void (source.type === 'Literal' && specifiers.add(String(source.value))),
    TSImportType: ({ source }) => void specifiers.add(source.value),
    Identifier: ({ name }) => void file.names.add(name),
    Literal: ({ value }) => void (typeof value === 'string' && file.texts.add(value)),
    BinaryExpression: ({ left, right }) => {
      compare(left);
      compare(right);
    },
    SwitchCase: ({ test }) => compare(test),
    CallExpression: ({ callee }) => void file.calls.push({ name: nameOf(callee), atTop: depth === 0 }),
    AwaitExpression: () => {
      if (depth === 0) file.awaitsAtTop = true;
    },
    TSAnyKeyword: () => {
      file.usesAny = true;
    },
  }).visit(program);
  for (const specifier of specifiers) {
    if (specifier.startsWith('.')) file.imports.push(posix.join(posix.dirname(path), specifier));
    else file.packages.push(specifier);
  }
  return file;
}

function nameOf(node: ESTree.Node): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type !== 'MemberExpression') return '';
  return `${nameOf(node.object)}.${node.computed ? '' : nameOf(node.property)}`;
}
