// biome-ignore-all lint/correctness/noEmptyPattern: vitest reads in the pattern what a fixture stands on
import type { BrowserContext, BrowserContextOptions } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import type { Clock } from '../../server/clock.ts';
import { launchChromium } from './chromium.ts';
import { startHost } from './host.ts';
import { newStore, startTestService, type TestService } from './service.ts';

/**
 * A test in a real browser. What it names is started for it, with what that stands on, and ended after it the other way
 * round; the browser and the host serve all tests of a file.
 */
export const inBrowser = test
  .extend('browser', { scope: 'file' }, async ({}, { onCleanup }) => {
    const browser = await launchChromium(inject('chromiumPath'));
    onCleanup(() => browser.close());
    return browser;
  })
  .extend('host', { scope: 'file' }, async ({}, { onCleanup }) => {
    const host = await startHost();
    onCleanup(() => host.close());
    return host;
  })
  .extend('store', async ({}, { onCleanup }) => {
    const store = await newStore('embedded');
    onCleanup(() => store.remove());
    return store;
  })
  /** Starts a service on that store: another one, once the last was closed. */
  .extend('start', ({ store }, { onCleanup }) => {
    let running: TestService | undefined;
    onCleanup(() => running?.close());
    return async (env: Record<string, string> = {}, clock?: Clock) => {
      running = await startTestService({ ...store.env, ...env }, clock);
      return running;
    };
  })
  .extend('service', ({ start }) => start())
  /** Opens a page in a context of its own. */
  .extend('newPage', ({ browser }, { onCleanup }) => {
    const contexts: BrowserContext[] = [];
    onCleanup(async () => {
      for (const context of contexts) await closeContext(context);
    });
    return async (device: BrowserContextOptions) => {
      const context = await browser.newContext(device);
      contexts.push(context);
      return context.newPage();
    };
  })
  /** What `page` is opened on. */
  .extend('device', {} as BrowserContextOptions)
  .extend('page', ({ newPage, device }) => newPage(device))
  .extend('context', ({ page }) => page.context())
  /** What the page complained of: an error, or a rule of a content security policy that was broken, in it or a frame. */
  .extend('complaints', ({ page }) => {
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (said) => said.type() === 'error' && complaints.push(said.text()));
    return complaints;
  })
  /** Every address that was asked. */
  .extend('asked', ({ page }) => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('websocket', (socket) => asked.push(socket.url()));
    return asked;
  })
  /** What was asked of anybody but the service and the host. */
  .extend('elsewhere', ({ service, host, asked }) => () => {
    const known = [service.url, host.url].map((url) => new URL(url).host);
    return asked.filter((url) => !url.startsWith('about:') && !known.includes(new URL(url).host));
  })
  /** Until what happened to an item is on its way to the screen; the page has drawn it when it answers next. */
  .extend('arrived', ({ page }) => {
    const frames: string[] = [];
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(String(payload))));
    return async (id: string, revision: number) => {
      const told = (frame: string) => frame.includes(id) && frame.includes(`"revision":${revision}`);
      await expect.poll(() => frames.some(told), { interval: 10 }).toBe(true);
    };
  });

/** An answer that a test was about to give to a request is nobody's failure any more. */
async function closeContext(context: BrowserContext): Promise<void> {
  for (const each of [context, ...context.pages()]) await each.unrouteAll({ behavior: 'ignoreErrors' });
  await context.close();
}
