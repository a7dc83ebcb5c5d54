/**
 * One source, three builds, chosen by `--mode`: `chrome`, `firefox` (the extension) and `bridge` (the local program).
 * With LETTERBOX_DEV_KEY=1 the same goes to `dist-test/`, and the Chrome build carries a fixed key.
 */
import { readFileSync } from 'node:fs';
import { crx, type ManifestV3Export } from '@crxjs/vite-plugin';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import manifest from './manifest.json' with { type: 'json' };
import packageJson from './package.json' with { type: 'json' };

type Browser = 'chrome' | 'firefox';

/**
 * The public half of a key pair whose private half was thrown away. Chrome derives an unpacked extension's id from it,
 * so that tests know the id and a moved folder keeps its pairing. The stores give the released extension its own.
 */
const DEVELOPMENT_KEY =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA1fHKQWh2zZqrQFxKqdokPIFCLb12LFkt4vyL17v6pV0pFt/gFwRZUrdZeUCW+BMy5MBq' +
  '3opTIzWLCyCY1AaLo6q9OVhH26UWCIk1c/rSw1vT/Drm/2uTvOjUBfJbqJgBxBduPUC9IWDR9B3gBUaaVollrEFG5Egkaho5MhfyIiZerPM8UkSM' +
  '7ykzs2WIZML3dnzOZcYU4hQBQAU0BMA/zjjVa1Tyt4Sg4NTfx3wCq7rmXKbXH3xNPKKsUUClyCqKsQDNM7A1nlBxeWF5qAEpq8H7OyeeKF5imkhG' +
  'QqHjDWiAc9SqlFQAYK32RatPri++pc+cgjtxJkcF994d4G6osQIDAQAB';

const forDevelopment = process.env['LETTERBOX_DEV_KEY'] === '1';
const outFolder = forDevelopment ? 'dist-test' : 'dist';

/** The manifest for one browser: each gets only the keys it knows, so that neither warns. */
function manifestFor(browser: Browser): ManifestV3Export {
  const { minimum_chrome_version, browser_specific_settings, action, ...shared } = manifest;
  // Firefox alone has to be told to put the button on the toolbar, where its badge is seen.
  const { default_area, ...button } = action;
  const own =
    browser === 'chrome'
      ? { minimum_chrome_version, action: button, ...(forDevelopment ? { key: DEVELOPMENT_KEY } : {}) }
      : { browser_specific_settings, action };
  // The plugin's type wants one background key where the source has both; it keeps the one that its browser knows.
  return { ...shared, version: packageJson.version, ...own } as unknown as ManifestV3Export;
}

function extension(browser: Browser): UserConfig {
  return {
    plugins: [crx({ manifest: manifestFor(browser), browser })],
    build: {
      outDir: `${outFolder}/${browser}`,
      // The oldest browsers we support run everything we write.
      target: browser === 'chrome' ? 'chrome148' : 'firefox153',
      // Its helper would fetch, which the content security policy forbids; the files are on the disk anyway.
      modulePreload: false,
      // Mail addresses and icons stay files, so that the policy on `data:` never has to carry code or styles.
      assetsInlineLimit: 0,
    },
  };
}

/** What npm needs beside the bundle: exactly the packages that the bundle imports, at the versions locked here. */
function bridgePackage(): Plugin {
  return {
    name: 'letterbox-bridge-package',
    generateBundle(_options, bundle) {
      const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
      const imported = Object.values(bundle)
        .flatMap((output) => (output.type === 'chunk' ? [...output.imports, ...output.dynamicImports] : []))
        .map((specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/'))
        .filter((name) => packages[`node_modules/${name}`] !== undefined);
      const dependencies = Object.fromEntries(
        [...new Set(imported)].sort().map((name) => [name, packages[`node_modules/${name}`].version]),
      );
      const { version, license, engines } = packageJson;
      const description = 'The local program that reads your mail for the Letterbox browser extension';
      const bin = { letterbox: 'letterbox.js' };
      const content = {
        name: 'letterbox-bridge',
        version,
        description,
        license,
        type: 'module',
        bin,
        engines,
        dependencies,
      };
      this.emitFile({ type: 'asset', fileName: 'package.json', source: `${JSON.stringify(content, null, 2)}\n` });
      this.emitFile({ type: 'asset', fileName: 'README.md', source: readFileSync('src/bridge/README.md', 'utf8') });
      this.emitFile({ type: 'asset', fileName: 'LICENSE', source: readFileSync('LICENSE', 'utf8') });
    },
  };
}

function bridge(): UserConfig {
  return {
    plugins: [bridgePackage()],
    define: { LETTERBOX_VERSION: JSON.stringify(packageJson.version) },
    // Node's built-in modules stay imports, and so do packages: npm installs those, where they can be audited.
    ssr: { target: 'node' },
    build: {
      outDir: `${outFolder}/bridge`,
      ssr: 'src/bridge/main.ts',
      target: 'node20',
      copyPublicDir: false,
      rolldownOptions: {
        output: {
          format: 'es',
          entryFileNames: 'letterbox.js',
          codeSplitting: false,
          banner: '#!/usr/bin/env node',
        },
      },
    },
  };
}

const builds: Record<string, () => UserConfig> = {
  chrome: () => extension('chrome'),
  firefox: () => extension('firefox'),
  bridge,
};

export default defineConfig(({ mode }) => {
  const build = builds[mode];
  if (!build) throw new Error(`Choose what to build: vite build --mode ${Object.keys(builds).join('|')}`);
  const config = build();
  return {
    ...config,
    // Readable output: stores review it, and two builds of one source are the same bytes.
    build: { ...config.build, minify: false, sourcemap: false, emptyOutDir: true, reportCompressedSize: false },
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    define: { LETTERBOX_VERSION: JSON.stringify(packageJson.version) },
  };
});
