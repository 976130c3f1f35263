// Five languages from the first page: each complete, none with another's words, all linked to each other.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {hook, towns} from '../browser.mjs';

const board = {es: 'Tablón de anuncios y edictos', ca: 'Tauler d’anuncis i edictes', gl: 'Taboleiro de anuncios e edictos', eu: 'Iragarki eta ediktuen taula', en: 'Notice board'};
const first = {valdehermoso: 'es', riomar: 'gl'};

export default function (world) {
  describe('languages', () => {
    for (const [town, host] of Object.entries(towns)) {
      test(`${town}: the root leads to the first language, or to the one that the browser asks for`, async () => {
        const asked = async language => (await world.demo.request('/', {host, headers: language ? {'Accept-Language': language} : {}})).headers.location;
        assert.equal(new URL(await asked(''), 'http://x').pathname, `/${first[town]}/`);
        assert.equal(new URL(await asked('eu,es;q=0.5'), 'http://x').pathname, '/eu/');
        assert.equal(new URL(await asked('fr,ja'), 'http://x').pathname, `/${first[town]}/`);
      });

      test(`${town}: the switch keeps the page; headings, html lang and alternates follow`, async () => {
        await world.browser.with_page({host}, async page => {
          const headings = new Set();
          await page.goto('/es/tablon?tipo=edicto');
          for (const language of ['ca', 'gl', 'eu', 'en', 'es']) {
            await hook(page, 'languages').locator(`a[hreflang="${language}"]`).click();
            assert.equal(new URL(page.url()).pathname, `/${language}/tablon`);
            assert.equal(new URL(page.url()).search, '?tipo=edicto');
            assert.equal(await page.locator('html').getAttribute('lang'), language);
            headings.add(await page.locator('h1').innerText());
            const alternates = await page.locator('link[rel="alternate"][hreflang]').evaluateAll(all => all.map(link => [link.hreflang, link.getAttribute('href')]));
            assert.deepEqual(alternates.map(([code]) => code).sort(), ['ca', 'en', 'es', 'eu', 'gl', 'x-default']);
            for (const [code, href] of alternates) {
              assert.ok(href.startsWith(`http://${host}:${world.demo.port}/`), `absolute: ${href}`);
              if (code !== 'x-default') assert.ok(href.includes(`/${code}/tablon`), href);
            }
            const canonical = await page.locator('link[rel="canonical"]').getAttribute('href');
            assert.ok(canonical.startsWith(`http://${host}:${world.demo.port}/${language}/tablon`));
          }
          assert.equal(headings.size, 5, [...headings].join(' | '));
        });
      });
    }

    test('what is not translated says in which language it is', async () => {
      await world.browser.with_page({}, async page => {
        await page.goto('/eu/tablon');
        for (const link of await hook(page, 'tablon-anuncio').getByRole('link').all()) assert.match(await link.getAttribute('lang'), /^(es|ca|gl|eu|en)$/);
        await page.goto(world.veladores.path.replace('/es/', '/eu/'));
        assert.equal(await hook(page, 'anuncio-titulo').getAttribute('lang'), 'es');
      });
    });

    test('the staff work in their language too', async () => {
      await world.browser.with_page({as: 'secretaria'}, async page => {
        const seen = new Set();
        for (const language of ['es', 'ca', 'gl', 'eu', 'en']) {
          await page.goto(`/${language}/gestion/tablon/nuevo`);
          assert.equal(await page.locator('html').getAttribute('lang'), language);
          seen.add(await hook(page, 'accion-guardar').innerText());
        }
        assert.equal(seen.size, 5, [...seen].join(' | '));
      });
    });

    test('an unknown language is an unknown page', async () => {
      assert.equal((await world.demo.request('/fr/tablon')).status, 404);
    });

    test('the board is called as each language calls it', async () => {
      const headings = {};
      for (const language of Object.keys(board)) headings[language] = (await world.demo.request(`/${language}/tablon`)).text.match(/<h1>([^<]*)/)[1].replace(/&#39;|&#x27;/g, "'");
      assert.equal(headings.es, board.es);
      assert.match(headings.ca, /auler/);
      assert.match(headings.gl, /aboleiro/);
      assert.match(headings.eu, /taula/);
      assert.match(headings.en, /[Bb]oard/);
    });
  });
}
