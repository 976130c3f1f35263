// A citizen looks for an edict: board, filters, page, file and its fingerprint, archive.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {describe, test} from 'node:test';
import fs from 'node:fs';
import {publish} from '../../support/publish.mjs';
import {hook} from '../browser.mjs';
import {day, pdf} from '../../support/pdf.mjs';

export default function (world) {
  const titles = page => hook(page, 'tablon-anuncio').getByRole('link').allInnerTexts();

  describe('a citizen', () => {
    test('goes from the home page to the board, filters, reads and downloads', async () => {
      await world.browser.with_page({}, async page => {
        await page.goto('/');
        assert.ok(page.url().endsWith('/es/'));
        await hook(page, 'nav').getByRole('link', {name: 'Tablón'}).click();
        assert.ok((await titles(page)).includes(world.veladores.titulo));
        const all = (await titles(page)).length;
        await hook(page, 'filters').getByRole('link', {name: /^Edicto/}).click();
        assert.ok((await titles(page)).includes(world.veladores.titulo));
        assert.match(page.url(), /tipo=edicto/);
        await hook(page, 'tablon-buscar').getByLabel('Palabras o número').fill('ordenanzas velador');
        await hook(page, 'tablon-buscar').getByRole('button', {name: 'Buscar'}).click();
        assert.match(page.url(), /tipo=edicto/, 'the filter stays');
        const found = await titles(page);
        assert.ok(found.includes(world.veladores.titulo) && found.length <= all);
        await page.getByRole('link', {name: world.veladores.titulo}).click();
        assert.equal(await hook(page, 'anuncio-titulo').innerText(), world.veladores.titulo);
        assert.equal((await hook(page, 'anuncio-estado').innerText()).trim(), 'En exposición');
        const shown = await hook(page, 'sha256').innerText();
        const href = await hook(page, 'anuncio-archivo').getAttribute('href');
        const {headers, bytes} = await world.demo.request(href);
        assert.equal(headers['content-type'], 'application/pdf');
        assert.equal(createHash('sha256').update(bytes).digest('hex'), shown);
        assert.deepEqual(bytes, world.veladores.bytes);
        await hook(page, 'anuncio-archivo').evaluate(link => { link.download = ''; });
        const [download] = await Promise.all([page.waitForEvent('download'), hook(page, 'anuncio-archivo').click()]);
        assert.equal(createHash('sha256').update(fs.readFileSync(await download.path())).digest('hex'), shown);
      });
    });

    test('finds in the archive by words without accents and in other forms, also inside the PDF', async () => {
      publish(world.demo, pdf('Se recuerda la prohibici\u00f3n de encender hogueras en los pinares'), {titulo: 'Licitación de las obras de pavimentación del camino viejo', desde: day(-60), hasta: day(-30)});
      await world.browser.with_page({}, async page => {
        await page.goto('/es/tablon');
        await page.locator('main').getByRole('link', {name: /^Archivo/}).click();
        for (const words of ['licitacion pavimentacion', 'CAMINOS viejos', 'HOGUERA encender', 'prohibicion', '"camino viejo"']) {
          await hook(page, 'tablon-buscar').getByLabel('Palabras o número').fill(words);
          await hook(page, 'tablon-buscar').getByRole('button', {name: 'Buscar'}).click();
          assert.ok((await titles(page)).some(title => title.startsWith('Licitación de las obras')), `«${words}» finds it: ${await titles(page)}`);
          if (words.startsWith('HOGUERA')) assert.ok(await page.locator('mark').count() > 0, 'what was found inside the PDF is marked');
        }
        await hook(page, 'tablon-buscar').getByLabel('Palabras o número').fill('submarino nuclear');
        await hook(page, 'tablon-buscar').getByRole('button', {name: 'Buscar'}).click();
        await hook(page, 'empty').waitFor();
        await page.goto('/es/tablon/archivo');
        await hook(page, 'tablon-buscar').getByLabel('Expuesto desde').fill(day(-61).typed);
        await hook(page, 'tablon-buscar').getByLabel('Expuesto hasta').fill(day(-29).typed);
        await hook(page, 'tablon-buscar').getByRole('button', {name: 'Buscar'}).click();
        assert.ok((await titles(page)).some(title => title.startsWith('Licitación de las obras')));
        await page.goto('/es/tablon');
        assert.ok(!(await titles(page)).some(title => title.startsWith('Licitación de las obras')), 'not on the board');
      });
    });

    test('finds the plural of words in -ción by their singular and the other way round', async () => {
      const found = async words => (await world.demo.request(`/es/tablon/archivo?q=${encodeURIComponent(words)}`)).text.includes('Licitación de las obras');
      for (const words of ['licitaciones', 'licitación', 'licitacion', 'prohibiciones']) assert.ok(await found(words), words);
    });

    test('searches the whole sede from the home page', async () => {
      await world.browser.with_page({width: 375}, async page => {
        await page.goto('/es/');
        await hook(page, 'hero').getByRole('searchbox').fill('velador');
        await hook(page, 'hero').getByRole('button', {name: 'Buscar'}).click();
        assert.match(await hook(page, 'result-count').innerText(), /\d+ resultado/);
        await hook(page, 'result').getByRole('link', {name: world.veladores.titulo}).click();
        await hook(page, 'anuncio').waitFor();
      });
    });

    test('turns the pages of the archive without losing or repeating one', async () => {
      await world.browser.with_page({}, async page => {
        await page.goto('/es/tablon/archivo');
        const total = Number((await hook(page, 'tablon-total').innerText()).match(/[\d.]+/)[0].replace('.', ''));
        const seen = [];
        for (let n = 0; n < 20; ++n) {
          seen.push(...await hook(page, 'tablon-anuncio').getByRole('link').evaluateAll(links => links.map(link => link.getAttribute('href'))));
          const next = page.locator('[data-c="pagination"] a[rel="next"]');
          if (!await next.count()) break;
          await next.click();
        }
        assert.equal(seen.length, total);
        assert.equal(new Set(seen).size, total);
      });
    });

    test('every legal page is one click from the home page', async () => {
      await world.browser.with_page({}, async page => {
        await page.goto('/es/');
        const links = await hook(page, 'footer').getByRole('link').evaluateAll(all => all.map(link => [link.textContent, link.getAttribute('href')]));
        const names = links.map(([name]) => name).join(' | ');
        for (const name of [/Aviso legal/, /[Pp]rotección de datos/, /ookies/, /ccesibilidad/, /Mapa web/, /[Ss]obre (la|esta) sede/]) assert.match(names, name);
        for (const [name, href] of links.filter(([, href]) => href.startsWith('/'))) {
          const answer = await page.goto(href);
          assert.equal(answer.status(), 200, name);
          assert.ok((await page.locator('h1').first().innerText()).length > 2, name);
        }
      });
    });
  });
}
