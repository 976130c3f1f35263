// What changed in the data, from the clerk who says what tells rows apart to the citizen who reads it and quotes it; a colleague reviews.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {before, describe, test} from 'node:test';
import {overflowing, problems} from '../axe.mjs';
import {hook} from '../browser.mjs';

const about = ['--titulo', 'Licencias de terrazas', '--descripcion', 'Licencias de terrazas en la vía pública, con su titular, sus mesas y su tasa.', '--sector', 'urbanismo-infraestructuras', '--frecuencia', 'ANNUAL', '--palabras', 'terrazas'];

export default function (world) {
  describe('versions of open data', () => {
    let resource;
    before(() => {
      const where = path.join(world.demo.dir, 'licencias.csv');
      for (const rows of ['L1,Bar Pepe,4,100.50\nL2,Café Luz,6,150\nL3,Mesón,2,50.25\n', 'L1,Bar Pepe,5,100.50\nL3,Mesón,2,50.25\nL4,Terraza del Parque Municipal,8,\n']) {
        fs.writeFileSync(where, `licencia,titular,mesas,tasa\n${rows}`);
        resource = world.demo.json('open-data', 'import', '--tenant', 'valdehermoso', '--dataset', 'licencias', '--publicar', ...about, where).value.resource_id;
      }
    });

    test('the clerk says what tells rows apart, and makes the version citable', () => world.browser.with_page({as: 'secretaria'}, async page => {
      await page.goto('/es/gestion/datos/licencias');
      await hook(page, 'datos-recurso-gestion').click();
      await page.getByLabel('licencia', {exact: true}).check();
      await hook(page, 'datos-clave').getByRole('button').click();
      await hook(page, 'hecho').waitFor();
      await world.browser.shot(page, 'recurso-gestion');
      assert.deepEqual(await problems(page), []);
      await hook(page, 'accion-citar').click();
      await hook(page, 'hecho').waitFor();
      await page.fill('#direccion', 'no es una dirección');
      await hook(page, 'datos-descarga').getByRole('button').click();
      await hook(page, 'error-summary').waitFor();
      assert.match(await page.title(), /^Error/);
      assert.deepEqual(await problems(page), []);
      await page.goto('/es/gestion/datos/licencias');
      await world.browser.shot(page, 'conjunto-gestion');
      assert.deepEqual(await problems(page), []);
    }));

    for (const [width, dark] of [[320, false], [1280, true]])
      test(`the citizen goes from the dataset to its versions, what changed and how to quote it, at ${width} pixels`, () => world.browser.with_page({width, dark}, async page => {
        await page.goto('/es/datos/licencias');
        await hook(page, 'datos-versiones-enlace').click();
        await hook(page, 'datos-versiones').waitFor();
        const look = async name => {
          await world.browser.shot(page, `${name}-${width}`);
          assert.deepEqual([await overflowing(page), await problems(page)], [[], []], name);
        };
        await look('versiones');
        await page.getByRole('link', {name: 'Versión 2'}).click();
        await hook(page, 'datos-sellos').waitFor();
        assert.match(await hook(page, 'datos-cita').innerText(), /Ayuntamiento de Valdehermoso/);
        await look('version');
        await hook(page, 'datos-cambios-enlace').click();
        await hook(page, 'datos-cambios').waitFor();
        assert.match(await hook(page, 'datos-cambios-total').innerText(), /1 fila añadida, 1 quitada, 1 cambiada/);
        assert.equal(await page.locator('del').count(), 1);
        await look('cambios');
        await page.selectOption('#de', '2');
        await hook(page, 'datos-cambios-elegir').getByRole('button').click();
        assert.match(await hook(page, 'datos-cambios-total').innerText(), /son las mismas/);
        assert.ok(resource);
      }));

    test('a colleague sends a draft to review; the secretary returns it with a note and then schedules it', async () => {
      await world.browser.with_page({as: 'redaccion'}, async page => {
        await page.goto('/es/gestion/datos/nuevo');
        await page.fill('#titulo', 'Contenedores de vidrio');
        await page.setInputFiles('#archivo', {name: 'contenedores.csv', mimeType: 'text/csv', buffer: Buffer.from('calle,contenedores\nMayor,2\nNueva,1\n')});
        await hook(page, 'accion-cargar').click();
        await page.fill('#nota-r', 'Para esta semana');
        await hook(page, 'datos-revision').getByRole('button').click();
        await hook(page, 'hecho').waitFor();
        assert.deepEqual(await problems(page), []);
      });
      await world.browser.with_page({as: 'secretaria', width: 375}, async page => {
        await page.goto('/es/gestion/datos');
        await hook(page, 'datos-en-revision').getByRole('link').click();
        await page.getByRole('link', {name: 'Contenedores de vidrio'}).click();
        await hook(page, 'datos-programar').locator('xpath=..').locator('summary').click();
        await page.fill('#dia', 'mañana');
        await hook(page, 'datos-programar').getByRole('button').click();
        await hook(page, 'error-summary').waitFor();
        await world.browser.shot(page, 'revision-375');
        assert.deepEqual([await overflowing(page), await problems(page)], [[], []]);
        await page.fill('#nota', 'Falta describirlo');
        await hook(page, 'datos-devolver').getByRole('button').click();
        await hook(page, 'hecho').waitFor();
        assert.match(await hook(page, 'datos-notas').innerText(), /Falta describirlo/);
      });
    });
  });
}
