/** Builds the pages without the extension around them and serves them from 127.0.0.1 under the extension's own policy. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import manifest from '../../../manifest.json' with { type: 'json' };
import { temporaryDirectory } from '../temporary.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const HERE = 'tests/support/pages';

/** What Chrome puts into every extension page, before the page's own styles. */
const BROWSER_STYLE = 'body { font-family: system-ui, sans-serif; font-size: 75%; }';
const BROWSER_STYLE_PATH = '/browser-style.css';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

export interface BuiltPages {
  /** Where the files lie. */
  folder: string;
  /** The page's address. */
  url(page: 'popup' | 'options' | 'seed'): string;
  close(): Promise<void>;
}

export async function buildPages(page: 'popup' | 'options'): Promise<BuiltPages> {
  const directory = temporaryDirectory('pages');
  const folder = directory.path;
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    resolve: { alias: { 'webextension-polyfill': join(ROOT, HERE, 'polyfill.ts') } },
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'chrome148',
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: { input: [join(ROOT, `src/${page}/index.html`), join(ROOT, HERE, 'seed.html')] },
    },
  });
  const server = await serve(folder);
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    folder,
    url: (name) => `${origin}/${name === 'seed' ? `${HERE}/seed.html` : `src/${name}/index.html`}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      directory.remove();
    },
  };
}

async function serve(folder: string): Promise<Server> {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    const type = TYPES[extname(path)];
    try {
      if (!type) throw new Error('no such file');
      const body =
        path === BROWSER_STYLE_PATH ? BROWSER_STYLE : withBrowserStyle(path, await readFile(join(folder, path)));
      const policy = manifest.content_security_policy.extension_pages;
      response.writeHead(200, { 'content-type': type, 'content-security-policy': policy }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function withBrowserStyle(path: string, body: Buffer): Buffer | string {
  if (extname(path) !== '.html') return body;
  return body.toString('utf8').replace('<head>', `<head><link rel="stylesheet" href="${BROWSER_STYLE_PATH}" />`);
}
