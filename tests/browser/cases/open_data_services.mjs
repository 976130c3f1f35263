// A data service from the clerk's desk, without scripts, to the citizen's phone; what two clerks write at once.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {overflowing, problems} from '../axe.mjs';
import {hook} from '../browser.mjs';

export default function (world) {
  describe('data services', () => {
    const desk = '/es/gestion/servicios-de-datos', name = 'mapa-de-prueba';
    const look = async (page, what, width) => {
      await world.browser.shot(page, `${what}-${width}`);
      assert.deepEqual([await overflowing(page), await problems(page)], [[], []], what);
    };
    const save = async page => { await hook(page, 'accion-guardar').click(); await page.waitForLoadState(); };

    test('described, with the datasets that it gives, and published', () => world.browser.with_page({as: 'secretaria', width: 390, script: false}, async page => {
      await page.goto('/es/gestion/datos');
      await hook(page, 'datos-servicios').click();
      await page.getByRole('link', {name: 'Nuevo servicio de datos'}).first().click();
      await page.fill('#titulo', 'Mapa de prueba');
      await page.selectOption('#tipo', 'wms');
      await page.fill('#direccion', 'mapas.example/wms');
      await save(page);
      assert.match(await page.title(), /^Error/);
      await page.fill('#direccion', `https://mapas.example/wms?mapa=${'largo'.repeat(20)}`);
      await save(page);
      assert.match(await hook(page, 'servicio-falta').innerText(), /Falta la descripción/);
      await page.fill('#notas_es', 'Las calles y los edificios del municipio sobre el plano, para cualquier visor.');
      await page.selectOption('#sector', 'urbanismo-infraestructuras');
      const first = page.locator('input[name="conjuntos"]').first();
      await first.check();
      const served = await page.locator(`label[for="${await first.getAttribute('id')}"]`).innerText();
      await save(page);
      assert.ok(await page.getByLabel(served, {exact: true}).isChecked());
      await hook(page, 'accion-publicar').click();
      await hook(page, 'hecho').waitFor();
      assert.match(await hook(page, 'servicio-estado').innerText(), /Publicado/);
    }));

    test('what another clerk changed meanwhile is said, and what was typed stays; so are mistakes', () => world.browser.with_page({as: 'secretaria', width: 390}, async page => {
      await page.goto(`${desk}/nuevo`);
      await page.fill('#direccion', 'mapas.example/wms');
      await save(page);
      assert.equal(await page.inputValue('#direccion'), 'mapas.example/wms');
      await look(page, 'servicio-mal-escrito', 390);
      await page.goto(`${desk}/${name}`);
      await look(page, 'servicio-descrito', 390);
      const other = await page.context().newPage();
      await other.goto(`${desk}/${name}`);
      await other.fill('#palabras', 'plano');
      await save(other);
      await other.close();
      await page.fill('#contacto', 'Oficina técnica');
      await save(page);
      assert.match(await hook(page, 'error-summary').innerText(), /Alguien cambió este servicio/);
      assert.equal(await page.inputValue('#contacto'), 'Oficina técnica');
      await look(page, 'servicio-a-la-vez', 390);
      await save(page);
      await hook(page, 'hecho').waitFor();
    }));

    for (const [width, dark, language] of [[320, true, 'eu'], [1280, false, 'es']])
      test(`people find it, at ${width} pixels`, () => world.browser.with_page({width, dark}, async page => {
        await page.goto(`/${language}/datos`);
        await hook(page, 'datos-servicios-enlace').click();
        await look(page, 'servicios', width);
        await page.getByRole('link', {name: 'Mapa de prueba'}).click();
        await look(page, 'servicio', width);
        await hook(page, 'servicio-conjuntos').getByRole('link').first().click();
        await hook(page, 'datos-servicios').getByRole('link', {name: 'Mapa de prueba'}).click();
        await hook(page, 'servicio-ficha').waitFor();
      }));
  });
}
