// A spreadsheet as it comes, from the clerk's desk to the citizen's download: with the mouse, with the keyboard, on a phone.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {overflowing, problems} from '../axe.mjs';
import {hook} from '../browser.mjs';

const nasty = Buffer.from('Centro de mayores;;;\r\nTalleres;;;\r\n;;;\r\nC\xf3digo;Taller;Empieza;Precio (\x80)\r\n0007;Memoria;03/02/2026;1.034,50\r\n0008;"Teatro; y danza";14/02/2026;12\r\nTOTAL;;;1.046,50\r\n', 'latin1');

export default function (world) {
  describe('open data', () => {
    test('the clerk drops the file, sees what was understood, describes it and publishes', () => world.browser.with_page({as: 'secretaria'}, async page => {
      await page.goto('/es/gestion/datos');
      await hook(page, 'datos-nuevo').click();
      await hook(page, 'accion-cargar').click();
      await hook(page, 'error-summary').waitFor();
      assert.match(await page.title(), /^Error/);
      await page.fill('#titulo', 'Talleres para mayores');
      await page.setInputFiles('#archivo', {name: 'talleres.csv', mimeType: 'text/csv', buffer: nasty});
      await hook(page, 'accion-cargar').click();
      await hook(page, 'datos-entendido').waitFor();
      assert.match(await hook(page, 'datos-entendido').innerText(), /windows-1252/);
      assert.match(await hook(page, 'datos-rechazadas').innerText(), /totales/);
      assert.match(await hook(page, 'datos-falta').innerText(), /descripción/);
      assert.deepEqual(await problems(page), []);
      await hook(page, 'datos-describir').click();
      await page.fill('#notas_es', 'Talleres del centro de mayores, con el día en que empiezan y lo que cuestan.');
      await page.fill('#palabras', 'mayores, talleres');
      await page.selectOption('#sector', {index: 2});
      await page.selectOption('#frecuencia', 'ANNUAL');
      await hook(page, 'accion-guardar').click();
      await hook(page, 'accion-publicar').click();
      await hook(page, 'hecho').waitFor();
      assert.match(await hook(page, 'datos-estado').innerText(), /Publicado/);
    }));

    test('who programs copies an example with the keyboard, on a phone', () => world.browser.with_page({width: 320}, async page => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.goto('/es/datos/contratos-menores');
      await page.getByText('Para programas: la API con ejemplos').focus();
      await page.keyboard.press('Enter');
      const examples = hook(page, 'datos-ejemplos'), copy = examples.getByRole('button', {name: 'Copiar'});
      assert.equal(await copy.count(), 4);
      await copy.nth(1).focus();
      await page.keyboard.press('Enter');
      await examples.getByText('Copiado').waitFor();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await examples.locator('pre').nth(1).innerText());
      assert.match(await examples.locator('pre').nth(1).innerText(), /urlopen/);
      await world.browser.shot(page, 'datos-ejemplos');
      assert.deepEqual(await problems(page), []);
      assert.deepEqual(await overflowing(page), []);
      await page.context().clearPermissions();
      await copy.first().click();
      assert.match(await page.evaluate(() => String(getSelection())), /^(curl "http|)/);
    }));

    test('the citizen finds it, reads its rows in his language and takes them', () => world.browser.with_page({width: 375}, async page => {
      await page.goto('/es/datos?q=taller');
      await page.getByRole('link', {name: 'Talleres para mayores'}).click();
      await hook(page, 'datos-ficha').waitFor();
      assert.match(await hook(page, 'datos-recurso').innerText(), /1\.034,50/);
      assert.deepEqual(await overflowing(page), []);
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', {name: 'CSV', exact: true}).click()]);
      assert.equal(download.suggestedFilename(), 'talleres.csv');
      await page.getByText('Qué significa cada columna').focus();
      await page.keyboard.press('Enter');
      assert.match(await hook(page, 'datos-recurso').innerText(), /Número/);
      assert.deepEqual(await problems(page), []);
    }));

    test('without a script and with the keyboard: the table, a chart and its file, the score', () => world.browser.with_page({script: false}, async page => {
      await page.goto('/es/datos/talleres-para-mayores');
      await hook(page, 'datos-vistas').getByRole('link', {name: /Ver la tabla/}).focus();
      await page.keyboard.press('Enter');
      await hook(page, 'datos-filtrar').getByLabel('Columna').selectOption('Taller');
      await hook(page, 'datos-filtrar').getByLabel('Valor').fill('téatro');
      await page.keyboard.press('Enter');
      await hook(page, 'datos-condiciones').waitFor();
      assert.match(await hook(page, 'datos-total').innerText(), /^1 fila$/);
      assert.match(await hook(page, 'datos-condiciones').innerText(), /Taller contiene «téatro»/);
      await hook(page, 'datos-condiciones').getByRole('link').click();
      await hook(page, 'datos-condiciones').waitFor({state: 'detached'});
      assert.match(await hook(page, 'datos-total').innerText(), /^2 filas$/);
      await hook(page, 'tabs').getByRole('link', {name: 'Hacer un gráfico'}).click();
      await hook(page, 'datos-elegir').getByLabel('Por').selectOption('Taller');
      await page.getByRole('button', {name: 'Dibujar'}).click();
      await hook(page, 'datos-grafico').waitFor();
      const [file] = await Promise.all([page.waitForEvent('download'), hook(page, 'datos-svg').click()]);
      assert.equal(file.suggestedFilename(), 'talleres-para-mayores.svg');
      await page.goto('/es/datos/talleres-para-mayores');
      await hook(page, 'datos-calidad').click();
      assert.equal(await hook(page, 'datos-dimension').count(), 5);
    }));

    test('drawings keep their letters on a phone and their contrast in the dark; the map is reached with the keyboard', async () => {
      for (const dark of [false, true])
        await world.browser.with_page({width: 320, dark}, async page => {
          for (const view of ['/es/datos/contratos-menores', '/es/datos/lugares']) {
            await page.goto(view);
            const views = await hook(page, 'datos-vistas').getByRole('link').evaluateAll(links => links.map(link => link.getAttribute('href')));
            for (const where of [view, ...views]) {
              await page.goto(where);
              await page.evaluate(() => document.querySelectorAll('details').forEach(details => { details.open = true; }));
              assert.deepEqual(await overflowing(page), [], where);
              assert.deepEqual(await problems(page), [], where);
              for (const letters of await page.locator('svg.viz text:visible').evaluateAll(all => all.map(text => text.getBoundingClientRect().height))) assert.ok(letters > 9, `${where}: ${letters}`);
            }
          }
          await page.goto(await page.url());
          const group = hook(page, 'datos-mapa').locator('svg:visible a').first();
          await group.focus();
          await page.keyboard.press('Enter');
          await page.waitForURL(/caja=/);
          await page.getByRole('link', {name: 'Ver el mapa entero'}).waitFor();
        });
    });
  });
}
