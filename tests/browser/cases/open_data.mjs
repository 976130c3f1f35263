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
  });
}
