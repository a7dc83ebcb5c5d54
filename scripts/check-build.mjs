/** Checks what was built against the rules of the browsers, of their stores and of our own design. */
import './node-version.mjs';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { ROOT } from './run.mjs';

const { parseSync, Visitor } = await import('vite');

/**
 * Nothing is loaded from anywhere but the package, and the one address that is spoken to is this computer's.
 * `frame-ancestors` is left out: it would stop Firefox from showing our own frames.
 */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self'; " +
  "connect-src ws://127.0.0.1:*; base-uri 'none'; form-action 'none'; object-src 'none'";

/** What the extension may ask for. None of these shows a warning when it is installed. */
const PERMISSIONS = ['storage', 'unlimitedStorage', 'alarms'];

const BROWSER_KEYS = {
  chrome: { wanted: ['minimum_chrome_version'], unwanted: ['browser_specific_settings'] },
  firefox: { wanted: ['browser_specific_settings'], unwanted: ['minimum_chrome_version'] },
};

/** In bytes, compressed: what the popup reads before it can show anything. It has to feel instant. */
const POPUP_LIMIT = 60_000;

/**
 * Addresses that may stand in our code. A link that the user clicks belongs here too, with its reason; code, styles
 * and pictures never come from elsewhere.
 */
const ADDRESSES = [
  { address: /^ws:\/\/(127\.0\.0\.1:|$)/, reason: 'the bridge; the policy above lets a socket reach no other host' },
  { address: /^http:\/\/www\.w3\.org\//, reason: 'names of XML namespaces, never fetched' },
];

/**
 * @typedef {'chrome' | 'firefox'} Browser
 * @typedef {{ path: string, code: string, imports: string[], findings: string[] }} Script
 */

/**
 * Checks one built extension.
 * @param {string} folder
 * @param {Browser} browser
 * @returns {string[]} what is wrong, each with what to do; empty when all is well
 */
export function checkExtension(folder, browser) {
  if (!existsSync(join(folder, 'manifest.json'))) return ['there is no manifest.json: run npm run build first'];
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => path.split('\\').join('/'));
  const scripts = new Map(files.filter((path) => path.endsWith('.js')).map((path) => [path, readScript(folder, path)]));
  return [
    ...checkManifest(manifest, browser),
    ...checkFilesNamed(manifest, folder),
    ...[...scripts.values()].flatMap(({ path, findings }) => findings.map((finding) => `${path}: ${finding}`)),
    ...files.filter((path) => path.endsWith('.html')).flatMap((path) => checkPage(folder, path)),
    ...checkWorker(manifest, scripts),
    ...checkPopup(manifest, folder, scripts),
  ];
}

/**
 * @param {any} manifest
 * @param {Browser} browser
 */
function checkManifest(manifest, browser) {
  const { wanted, unwanted } = BROWSER_KEYS[browser];
  const hosts = ['host_permissions', 'optional_host_permissions', 'content_scripts', 'externally_connectable', 'key'];
  const permissions = [...(manifest.permissions ?? []), ...(manifest.optional_permissions ?? [])];
  return [
    ...wanted.filter((key) => !(key in manifest)).map((key) => `manifest.json lacks ${key}`),
    ...[...unwanted, ...hosts].filter((key) => key in manifest).map((key) => `manifest.json must not have ${key}`),
    ...permissions
      .filter((permission) => !PERMISSIONS.includes(permission))
      .map((permission) => `the permission ${permission} is not agreed: do without, or add it here with its reason`),
    ...(manifest.content_security_policy?.extension_pages === POLICY
      ? []
      : ['the content security policy is not the agreed one']),
  ];
}

/**
 * @param {any} manifest
 * @param {string} folder
 */
function checkFilesNamed(manifest, folder) {
  const named = [
    ...Object.values(manifest.icons ?? {}),
    ...Object.values(manifest.action?.default_icon ?? {}),
    manifest.action?.default_popup,
    manifest.options_ui?.page,
    `_locales/${manifest.default_locale}/messages.json`,
  ];
  return named
    .filter((path) => !path || !existsSync(join(folder, path)))
    .map((path) => `${path} is named, but missing`);
}

/**
 * @param {string} folder
 * @param {string} path
 */
function checkPage(folder, path) {
  const html = readFileSync(join(folder, path), 'utf8');
  return [
    ...[...html.matchAll(/<(?!a\b)[^>]*\s(?:src|href)=["']?((?:https?:)?\/\/[^"'\s>]*)/gi)].map(
      ([, address]) => `${path} loads ${address}: everything has to be in the package`,
    ),
    ...(/<script(?![^>]*\ssrc=)/i.test(html) ? [`${path} has an inline script, which the policy blocks`] : []),
    ...(/<style|\sstyle=|\son\w+=/i.test(html)
      ? [`${path} has inline styles or handlers, which the policy blocks`]
      : []),
  ];
}

/**
 * Chrome runs the background as a service worker: no `import()` there, and no page. Found here, because it is found
 * nowhere else before the browser refuses the worker.
 * @param {any} manifest
 * @param {Map<string, Script>} scripts
 */
function checkWorker(manifest, scripts) {
  const entry = manifest.background?.service_worker ?? manifest.background?.scripts?.[0];
  if (!scripts.has(entry)) return ['manifest.json names no background script'];
  return reach(entry, scripts).flatMap(({ path, code }) => {
    /** @type {string[]} */
    const findings = [];
    new Visitor({
      ImportExpression: () =>
        void findings.push(`${path}: import() cannot run in a service worker: import it at the top`),
      MemberExpression: ({ object }) => {
        if (object.type !== 'Identifier' || !['document', 'window'].includes(object.name)) return;
        findings.push(`${path}: ${object.name} does not exist in a service worker: the background must not import it`);
      },
    }).visit(parseSync(path, code).program);
    return [...new Set(findings)];
  });
}

/**
 * @param {any} manifest
 * @param {string} folder
 * @param {Map<string, Script>} scripts
 */
function checkPopup(manifest, folder, scripts) {
  const page = manifest.action?.default_popup ?? '';
  if (!existsSync(join(folder, page))) return [];
  const html = readFileSync(join(folder, page), 'utf8');
  const entries = [...html.matchAll(/<script[^>]*\ssrc="([^"]+)"/g)].map(([, source = '']) =>
    source.startsWith('/') ? source.slice(1) : posix.join(dirname(page), source),
  );
  const all = new Set(entries.flatMap((entry) => reach(entry, scripts)));
  const size = [...all].reduce((sum, { code }) => sum + gzipSync(code).length, 0);
  if (size === 0) return ['the popup has no script'];
  return size < POPUP_LIMIT ? [] : [`the popup's scripts are ${size} bytes compressed; the limit is ${POPUP_LIMIT}`];
}

/**
 * @param {string} entry
 * @param {Map<string, Script>} scripts
 * @returns {Script[]} the script and everything it imports, each once
 */
function reach(entry, scripts) {
  /** @type {Set<Script>} */
  const reached = new Set();
  const visit = (/** @type {string} */ path) => {
    const script = scripts.get(path);
    if (!script || reached.has(script)) return;
    reached.add(script);
    for (const imported of script.imports) visit(posix.join(dirname(path), imported));
  };
  visit(entry);
  return [...reached];
}

/**
 * @param {string} folder
 * @param {string} path
 * @returns {Script}
 */
function readScript(folder, path) {
  const code = readFileSync(join(folder, path), 'utf8');
  const { program, module } = parseSync(path, code);
  /** @type {string[]} */
  const findings = [];
  const judge = (/** @type {string} */ text) => {
    const address = /(?:https?|wss?):\/\/[^\s"'`]*/.exec(text)?.[0];
    if (address && !ADDRESSES.some((known) => known.address.test(address))) {
      findings.push(`the address ${address} is not among the known ones: add it here with its reason`);
    }
  };
  const evaluates = (/** @type {import('vite').ESTree.Expression} */ callee) => {
    if (callee.type === 'Identifier' && ['eval', 'Function', 'importScripts'].includes(callee.name)) {
      findings.push(`${callee.name}() runs text as code, which no store allows`);
    }
  };
  new Visitor({
    Literal: ({ value }) => void (typeof value === 'string' && judge(value)),
    TemplateElement: ({ value }) => judge(value.raw),
    CallExpression: ({ callee }) => evaluates(callee),
    NewExpression: ({ callee }) => evaluates(callee),
  }).visit(program);
  const from = [...module.staticImports, ...module.staticExports.flatMap(({ entries }) => entries)];
  const imports = from.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []);
  return { path, code, imports: [...new Set(imports)], findings };
}

/**
 * Checks the built bridge.
 * @param {string} folder
 * @returns {string[]} what is wrong
 */
export function checkBridge(folder) {
  if (!existsSync(join(folder, 'letterbox.js'))) return ['there is no letterbox.js: run npm run build first'];
  const code = readFileSync(join(folder, 'letterbox.js'), 'utf8');
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const imported = parseSync('letterbox.js', code).module.staticImports.map(({ moduleRequest }) =>
    moduleRequest.value.split('/', moduleRequest.value.startsWith('@') ? 2 : 1).join('/'),
  );
  return [
    ...(code.startsWith('#!/usr/bin/env node\n') ? [] : ['letterbox.js has no first line that says what runs it']),
    ...imported
      .filter((name) => !name.startsWith('node:') && !Object.hasOwn(dependencies, name))
      .map((name) => `letterbox.js imports ${name}, which its package.json does not name`),
    ...Object.entries(dependencies)
      .filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)))
      .map(([name, version]) => `${name} has to be at one exact version, and is at ${version}`),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const dist = join(ROOT, 'dist');
  const problems = [
    ...checkExtension(join(dist, 'chrome'), 'chrome').map((problem) => `dist/chrome: ${problem}`),
    ...checkExtension(join(dist, 'firefox'), 'firefox').map((problem) => `dist/firefox: ${problem}`),
    ...checkBridge(join(dist, 'bridge')).map((problem) => `dist/bridge: ${problem}`),
  ];
  for (const problem of problems) console.error(problem);
  console.log(problems.length === 0 ? 'what was built is sound' : `${problems.length} problems in what was built`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
