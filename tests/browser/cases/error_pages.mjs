// Each error that a person can meet, provoked for real and looked at in Chromium: in the theme, in the language, with a
// way on, and nothing for axe-core to find.
import assert from 'node:assert/strict';
import {before, describe, test} from 'node:test';
import {overflowing, problems} from '../axe.mjs';
import {hook, towns} from '../browser.mjs';
import {languages} from '../../integration/samples.mjs';
import {sql, while_locked} from '../../support/database.mjs';

const host = towns.riomar, tenant_schema = 'm_riomar';

export default function (world) {
  describe('error pages', () => {
    /** Goes there with another method, as a form of another time would. */
    async function post(page, where, {body = 'x=1', headers = {}} = {}) {
      await page.route(`**${where}`, route => route.continue({method: 'POST', postData: body, headers: {...route.request().headers(), 'content-type': 'application/x-www-form-urlencoded', ...headers}}));
      const answer = await page.goto(where);
      await page.unroute(`**${where}`);
      return answer;
    }
    const uuid = '00000000-0000-4000-8000-000000000000';
    const cases = {
      400: {go: (page, language) => page.goto(`/${language}/tablon?despues=9223372036854775807_1`)},
      403: {go: (page, language) => page.goto(`/${language}/gestion/tablon/${uuid}/retirar`), as: 'redaccion'},
      404: {go: (page, language) => page.goto(`/${language}/no-existe`)},
      405: {go: (page, language) => post(page, `/${language}/tablon`)},
      413: {go: (page, language) => post(page, `/${language}/gestion/acceso`, {body: `x=${'1'.repeat(1_100_000)}`})},
      429: {go: async (page, language) => {
        for (let n = 0; n < 60; ++n) {
          const answer = await page.goto(`/${language}/no-existe-${n}`);
          if (answer.status() === 429) return answer;
        }
        return assert.fail('never too many');
      }, headers: {'X-Forwarded-For': '198.51.100.77'}},
      500: {go: (page, language) => page.goto(`/${language}/buzon/respuestas?n=500`),
            around: visit => {
              sql(world.demo, `ALTER TABLE ${tenant_schema}.buzon_sugerencia RENAME TO buzon_apartada`);
              return visit().finally(() => sql(world.demo, `ALTER TABLE ${tenant_schema}.buzon_apartada RENAME TO buzon_sugerencia`));
            }},
      503: {go: (page, language) => page.goto(`/${language}/buzon/respuestas?n=${language}`),
            around: visit => while_locked(world.demo, `${tenant_schema}.buzon_sugerencia`, visit), spoken: ['es', 'eu']},  // each waits for the lock
    };

    for (const [status, {go, as, headers, spoken = languages, around = visit => visit()}] of Object.entries(cases)) {
      test(`${status}, in ${spoken.length} languages, on a phone and dark on a desktop`, () => around(async () => {
        const wrong = [], titles = new Set();
        for (const width of [320, 1280]) {
          await world.browser.with_page({host, as, width, headers, dark: width > 600, errors: true}, async page => {
            for (const language of width > 600 ? ['es'] : spoken) {
              const answer = await go(page, language);
              const said = message => wrong.push(`${language} ${width}: ${message}`);
              if (answer.status() !== Number(status)) said(`status ${answer.status()}`);
              if (await page.locator('html').getAttribute('lang') !== language) said('another language');
              if ((await page.locator('.err-code').innerText()).trim() !== status) said(await page.locator('.err-code').innerText());
              if (!/Riomar/.test(await page.locator('header').first().innerText())) said('whose page it is, is not said');
              if (await page.locator('link[rel=canonical], link[rel=alternate][hreflang]').count()) said('offered to be indexed');
              if (await page.locator('meta[name=robots][content=noindex]').count() !== 1) said('no noindex');
              if (['429', '503'].includes(status) && !(Number(answer.headers()['retry-after']) > 0)) said('no Retry-After');
              if (await page.locator('code').innerText() !== answer.headers()['x-request-id']) said('not the reference of the log');
              titles.add(await page.locator('h1').innerText());
              wrong.push(...[...await problems(page), ...await overflowing(page)].map(problem => `${language} ${width}: ${problem}`));
              await world.browser.shot(page, `error-${status}-${language}-${width}`);
              if (language === 'es') {
                await hook(page, 'error-page').locator('a.btn').first().click({noWaitAfter: true});
                await page.waitForURL(`**/${language}/`);
              }
            }
          });
        }
        assert.deepEqual(wrong, []);
        assert.equal(titles.size, spoken.length, [...titles].join(' | '));
      }));
    }

    test('421: a host that belongs to nobody, in the language of the browser, legible by itself', async () => {
      const wrong = [], titles = new Set();
      for (const language of ['es-ES', 'ca-ES', 'gl-ES', 'eu-ES', 'en-GB']) {
        for (const dark of language === 'es-ES' ? [false, true] : [false]) {
          await world.browser.with_page({host: 'desconocido.localhost', width: dark ? 1280 : 320, dark, language, errors: true}, async page => {
            const answer = await page.goto('/es/tablon');
            assert.equal(answer.status(), 421);
            assert.equal(await page.locator('html').getAttribute('lang'), language.slice(0, 2));
            titles.add(await page.locator('h1').innerText());
            wrong.push(...await problems(page), ...await overflowing(page));
            await world.browser.shot(page, `error-421-${language}${dark ? '-dark' : ''}`);
          });
        }
      }
      assert.deepEqual(wrong, []);
      assert.equal(titles.size, 5, [...titles].join(' | '));
    });
  });
}
