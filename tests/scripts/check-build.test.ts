import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import sourceManifest from '../../manifest.json' with { type: 'json' };
import { type Browser, checkBridge, checkExtension } from '../../scripts/check-build.mjs';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary.ts';

let folder: TemporaryDirectory;
beforeEach(() => {
  folder = temporaryDirectory('build');
});
afterEach(() => folder.remove());

function write(files: Record<string, string>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder.path, path)), { recursive: true });
    writeFileSync(join(folder.path, path), content);
  }
}

function manifest(changes: object): string {
  const { browser_specific_settings: _, ...shared } = sourceManifest;
  return JSON.stringify({ ...shared, background: { service_worker: 'worker.js', type: 'module' }, ...changes });
}

/** A small extension for Chrome with nothing wrong. */
const SOUND: Record<string, string> = {
  'manifest.json': manifest({}),
  'worker.js': "import './assets/background.js';",
  'assets/background.js': "import { row } from './shared.js'; const socket = new WebSocket(`ws://127.0.0.1:1`, row);",
  'assets/shared.js': 'export const row = 1;',
  'assets/popup.js': "import { row } from './shared.js'; document.title = String(row);",
  'src/popup/index.html': '<!doctype html><script type="module" crossorigin src="/assets/popup.js"></script>',
  'src/options/index.html': '<!doctype html><a href="https://example.org/help">Help</a>',
  '_locales/en/messages.json': '{}',
  ...Object.fromEntries([16, 32, 48, 128].map((size) => [`icons/icon-${size}.png`, ''])),
};

describe('a built extension', () => {
  const check = (changes: Record<string, string>, browser: Browser = 'chrome') => {
    write({ ...SOUND, ...changes });
    return checkExtension(folder.path, browser).join('\n');
  };

  it('is sound', () => expect(check({})).toBe(''));

  it.each<[string, string, Record<string, string>]>([
    [
      'import() reached by the worker',
      'import() cannot run',
      { 'assets/shared.js': "export const row = import('./x.js')" },
    ],
    [
      'a page reached by the worker',
      'document does not exist',
      { 'assets/shared.js': 'export const row = document.title' },
    ],
    [
      'a window reached by the worker',
      'window does not exist',
      { 'assets/shared.js': 'export const row = window.name' },
    ],
    [
      'a page reached by exporting on',
      'document does not exist',
      { 'assets/shared.js': "export * from './deep.js'", 'assets/deep.js': 'export const row = document.title' },
    ],
    ['no worker', 'no background script', { 'manifest.json': manifest({ background: {} }) }],
    ['another policy', 'content security policy', { 'manifest.json': manifest({ content_security_policy: {} }) }],
    ['another permission', 'permission tabs', { 'manifest.json': manifest({ permissions: ['storage', 'tabs'] }) }],
    ['an optional permission', 'permission tabs', { 'manifest.json': manifest({ optional_permissions: ['tabs'] }) }],
    [
      'host permissions',
      'host_permissions',
      { 'manifest.json': manifest({ host_permissions: ['http://127.0.0.1/*'] }) },
    ],
    ['the development key', 'must not have key', { 'manifest.json': manifest({ key: 'MIIB' }) }],
    [
      "the other browser's settings",
      'browser_specific',
      { 'manifest.json': manifest({ browser_specific_settings: {} }) },
    ],
    ['an icon that is missing', 'icon-64.png', { 'manifest.json': manifest({ icons: { 64: 'icons/icon-64.png' } }) }],
    [
      'a script from elsewhere',
      'loads https:',
      { 'src/options/index.html': '<script src="https://cdn.example/x.js">' },
    ],
    ['a style from elsewhere', 'loads //cdn', { 'src/options/index.html': '<link rel=x href=//cdn.example/x.css>' }],
    ['an inline script', 'inline script', { 'src/options/index.html': '<script>go()</script>' }],
    ['an inline handler', 'inline styles or handlers', { 'src/options/index.html': '<p onclick="go()">' }],
    ['an address in the code', 'https://evil.example', { 'assets/popup.js': "fetch('https://evil.example/x')" }],
    ['an address in a template', 'wss://evil.example', { 'assets/popup.js': 'connect(`wss://evil.example/x`)' }],
    ['eval', 'eval() runs text', { 'assets/popup.js': "eval('1')" }],
    ['new Function', 'Function() runs text', { 'assets/popup.js': "new Function('1')" }],
    ['a popup without a script', 'no script', { 'src/popup/index.html': '<!doctype html>' }],
  ])('is refused for %s', (_name, finding, changes) => {
    expect(check(changes)).toContain(finding);
  });

  it('is refused for a popup that takes long to load', () => {
    const noise = Array.from({ length: 40_000 }, (_, index) => Math.imul(index, 2_654_435_761).toString(36)).join('');
    expect(check({ 'assets/shared.js': `export const row = '${noise}';` })).toContain('the limit is');
  });

  it('may use the page outside of the worker, in comments and in strings', () => {
    expect(check({ 'assets/shared.js': "// document.title\nexport const row = 'window.name import(1)';" })).toBe('');
  });

  it('says what to do when nothing was built', () => {
    rmSync(folder.path, { recursive: true });
    expect(checkExtension(folder.path, 'firefox')).toEqual([expect.stringContaining('npm run build')]);
  });
});

describe('a built bridge', () => {
  const check = (code: string, dependencies: Record<string, string>) => {
    write({ 'letterbox.js': code, 'package.json': JSON.stringify({ dependencies }) });
    return checkBridge(folder.path).join('\n');
  };
  const sound =
    "#!/usr/bin/env node\nimport { connect } from 'node:tls';\nimport 'ws';\nimport '@scope/part/inner.js';";

  it('is sound', () => expect(check(sound, { ws: '8.23.0', '@scope/part': '1.0.0' })).toBe(''));

  it('is refused when npm would not install what it imports', () => {
    expect(check(sound, { ws: '8.23.0' })).toContain('@scope/part');
  });

  it('is refused for a range of versions', () => {
    expect(check(sound, { ws: '^8.23.0', '@scope/part': '1.0.0' })).toContain('exact version');
  });

  it('is refused without the line that makes it a program', () => {
    expect(check(sound.replace('#!', '//'), { ws: '8.23.0', '@scope/part': '1.0.0' })).toContain('first line');
  });
});
