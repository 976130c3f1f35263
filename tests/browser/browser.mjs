// Chromium with a guard: whatever a page asks of another origin, or complains about, fails the test that opened it.
import {chromium} from 'playwright-core';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {Client} from '../support/client.mjs';

export const towns = {valdehermoso: 'valdehermoso.localhost', riomar: 'riomar.localhost'};

export class Browser {
  static async start(demo) {
    const browser = new Browser();
    browser.demo = demo;
    browser.people = new Map();
    browser.chromium = await chromium.launch({
      executablePath: process.env.CONCEJO_CHROMIUM ?? '/usr/bin/chromium-headless-shell',
      args: [...(process.getuid() === 0 ? ['--no-sandbox'] : []), '--disable-gpu', '--disable-quic', '--no-first-run',
             '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
    return browser;
  }

  stop() { return this.chromium.close(); }

  /** Opens a page, hands it to `visit`, and looks afterwards at what the browser had to complain about; `pardon` says what
   *  the test has itself brought about. */
  async with_page({host = towns.valdehermoso, width = 1280, dark = false, script = true, as, language = 'es-ES', pardon, headers, errors = false, ...more} = {}, visit) {
    const context = await this.chromium.newContext({
      viewport: {width, height: width < 600 ? 740 : 900}, colorScheme: dark ? 'dark' : 'light', javaScriptEnabled: script,
      reducedMotion: 'reduce', locale: language, timezoneId: 'Europe/Madrid', baseURL: this.demo.url('/', host), acceptDownloads: true,
      ...(headers && {extraHTTPHeaders: headers}), ...more,
    });
    context.setDefaultTimeout(15_000);
    const complaints = [], documents = new Set();
    const origin = new URL(this.demo.url('/', host)).origin;
    context.on('request', request => {
      const url = new URL(request.url());
      if (!['data:', 'blob:', 'about:'].includes(url.protocol) && url.origin !== origin) complaints.push(`left the origin: ${url}`);
      if (request.isNavigationRequest()) documents.add(request.url());
    });
    context.on('console', message => {
      // A page that answers 404 or 422 is no fault of the page; `errors`: neither is 500.
      if (['error', 'warning'].includes(message.type()) && !(documents.has(message.location().url) && (errors ? /status of [45]\d\d/ : /status of 4\d\d/).test(message.text())))
        complaints.push(`console: ${message.text()} (${message.location().url})`);
    });
    context.on('weberror', error => complaints.push(`script: ${error.error()}`));
    try {
      if (as) await this.sign_in(context, as, host);
      const page = await context.newPage();
      const result = await visit(page, context);
      assert.deepEqual(complaints.filter(text => !pardon?.test(text)), []);
      return result;
    } finally {
      await context.close();
    }
  }

  /** A session made over HTTP, once for each person. */
  async person(user, host = towns.valdehermoso) {
    const key = `${user} ${host}`;
    if (!this.people.has(key)) {
      const person = new Client(this.demo, host);
      await person.login(user, host.split('.')[0]);
      this.people.set(key, person);
    }
    return this.people.get(key);
  }

  async sign_in(context, user, host) {
    const {cookies} = await this.person(user, host);
    await context.addCookies([...cookies].map(([name, value]) => ({name, value, url: this.demo.url('/', host), httpOnly: true})));
  }

  /** Into the folder CONCEJO_SHOTS, where somebody wants to look. */
  async shot(page, name) {
    if (!process.env.CONCEJO_SHOTS) return;
    fs.mkdirSync(process.env.CONCEJO_SHOTS, {recursive: true});
    await page.screenshot({path: path.join(process.env.CONCEJO_SHOTS, `${name}.png`), fullPage: true});
  }
}

export const hook = (page, name) => page.locator(`[data-c="${name}"]`);
