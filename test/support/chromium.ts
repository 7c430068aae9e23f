import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'chrome', 'microsoft-edge'];
const ELSEWHERE = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
/** No start page, no update, no call home: a test's browser asks only for what the test asks. */
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts it without a window. As root, which it refuses otherwise, it runs without its sandbox. */
export async function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: QUIET, chromiumSandbox: process.getuid?.() !== 0 });
}

/** The machine's Chromium, which is installed if there is a way: that takes minutes, which no test has. */
export async function chromiumPath(): Promise<string> {
  return (await findChromium()) ?? (await installChromium());
}

async function findChromium(): Promise<string | undefined> {
  const { CHROME_PATH, PATH = '' } = process.env;
  if (CHROME_PATH) return CHROME_PATH;
  const onPath = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  for (const file of [...onPath, ...ELSEWHERE, chromium.executablePath()]) if (await isProgram(file)) return file;
  return undefined;
}

async function isProgram(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Where we may: as root, on a machine with Debian's packages. */
async function installChromium(): Promise<string> {
  if (process.getuid?.() === 0 && (await isProgram('/usr/bin/apt-get'))) {
    const apt = (...args: string[]) => promisify(execFile)('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args]);
    await apt('update').catch(() => {});
    await apt('install', '-y', '--no-install-recommends', 'chromium').catch(() => {});
    const installed = await findChromium();
    if (installed) return installed;
  }
  throw new Error('The browser tests need Chrome or Chromium. Install one, or name its program in CHROME_PATH.');
}
