import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

export interface TestBrowser {
  readonly browser: Browser;
  close(): Promise<void>;
}

/**
 * A headless Chromium that needs nothing installed: on Linux (x64) from npm, with its own libraries and fonts. For
 * other systems npm has none, so there it is the Chrome that is installed.
 */
export async function startBrowser(): Promise<TestBrowser> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    const browser = await chromium.launch({ channel: 'chrome' });
    return { browser, close: async () => await browser.close() };
  }
  // A folder of its own: a browser that another process is still unpacking would be taken for a whole one.
  const folder = mkdtempSync(join(tmpdir(), 'student-auth-browser-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const executablePath = execFileSync(
      process.execPath,
      [join(import.meta.dirname, 'extract-chromium.mjs')],
      // As on AWS's bare Node 20 image, for which the package unpacks its libraries too.
      { env: { ...process.env, TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' }, encoding: 'utf8' },
    ).trim();
    const fonts = join(folder, 'fonts.conf');
    writeFileSync(fonts, fontsConf(join(folder, 'fonts'), join(folder, 'fonts-cache')));
    const browser = await chromium.launch({
      executablePath,
      // The sandbox wants user namespaces, which root and containers do not have.
      args: ['--no-sandbox', '--no-zygote', '--disable-gpu', '--disable-dev-shm-usage'],
      env: {
        ...process.env,
        HOME: folder,
        LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
        FONTCONFIG_FILE: fonts,
      },
    });
    return {
      browser,
      close: async () => {
        await browser.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

function fontsConf(fonts: string, cache: string): string {
  return (
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">' +
    `<fontconfig><dir>${fonts}</dir><cachedir>${cache}</cachedir></fontconfig>`
  );
}
