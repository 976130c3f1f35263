// An edict from the secretary's desk to the citizen's check, with the server asked for nothing any more.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {describe, test} from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import {hook} from '../browser.mjs';
import {program} from '../../support/demo.mjs';
import {pdf} from '../../support/pdf.mjs';

export default function (world) {
  const in_folder = (name, bytes) => world.demo.put(name, bytes);

  describe('evidence', () => {
    const titulo = 'Edicto del escritorio a la comprobación';
    let csv, bundle;

    test('the secretary publishes; the page carries the code', () => world.browser.with_page({as: 'secretaria'}, async page => {
      await page.goto('/es/gestion/tablon/nuevo');
      await page.fill('[name=titulo]', titulo);
      await page.setInputFiles('[name=documento]', in_folder('edicto-navegador.pdf', pdf(titulo)));
      await hook(page, 'accion-publicar').click();
      await page.waitForURL(/hecho=publicado/);
      await hook(page, 'anuncio-ver').click();
      csv = await hook(page, 'csv').textContent();
      assert.match(csv, /^([0-9A-Z]{4}-){6}[0-9A-Z]{3}$/);
    }));

    for (const [how, options] of [['on a desktop', {}], ['on a phone, without JavaScript', {width: 390, script: false}]]) {
      test(`a citizen verifies it by its code ${how}`, () => world.browser.with_page(options, async page => {
        await page.goto('/es/verificar');
        await page.fill('#csv', csv.toLowerCase().replaceAll('-', ' '));
        await page.press('#csv', 'Enter');
        await page.waitForURL(/csv=/);
        assert.match(await hook(page, 'verificacion').textContent(), /El documento es auténtico/);
        assert.match(await hook(page, 'documento-verificado').textContent(), new RegExp(titulo));
        await world.browser.shot(page, `verificar-${options.width ?? 1280}`);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
      }));
    }

    test('the citizen downloads the evidence and checks it with nothing but a program', () => world.browser.with_page({}, async page => {
      await page.goto(`/es/verificar?csv=${csv}`);
      const [download] = await Promise.all([page.waitForEvent('download'), hook(page, 'descargar-evidencia').click()]);
      assert.equal(download.suggestedFilename(), `${csv}.evidencia`);
      bundle = path.join(world.demo.dir, 'descargada.evidencia');
      await download.saveAs(bundle);
      const fingerprint = await hook(page, 'huella-clave').textContent();
      const {status, stdout} = spawnSync(path.join(path.dirname(program), 'concejo-verify'), ['--json', bundle], {encoding: 'utf8', env: {}});
      const verdict = JSON.parse(stdout);
      assert.deepEqual([status, verdict.veredicto, verdict.huella_clave], [0, 'integro', fingerprint], 'the key is the one that the page tells');
    }));

    test('files are compared: the downloaded one, an altered one', () => world.browser.with_page({}, async page => {
      const compare = async where => {
        await page.goto('/es/verificar');
        await page.setInputFiles('#archivo', where);
        await page.click('[data-c=verificar-archivo] button');
        await page.waitForSelector('[data-c=verificacion]');
        return hook(page, 'verificacion').textContent();
      };
      assert.match(await compare(bundle), /El archivo de evidencia es auténtico/);
      const altered = fs.readFileSync(bundle);
      altered[altered.length >> 1] ^= 4;
      assert.match(await compare(in_folder('alterada.evidencia', altered)), /no es válido/);
      assert.match(await compare(in_folder('copia.pdf', pdf(titulo))), /El documento es auténtico/);
    }));

    for (const [how, options] of [['on a desktop', {}], ['on a phone, without JavaScript', {width: 390, script: false}]]) {
      test(`the secretary sees that it is watched and issues the certificate of its exposure ${how}`, () => world.browser.with_page({as: 'secretaria', ...options}, async page => {
        await page.goto(`/es/gestion/disponibilidad`);
        await page.getByRole('link', {name: titulo}).click();
        await hook(page, 'expedir-diligencia').getByRole('button').press('Enter');
        await page.waitForURL(/hecho=expedida/);
        assert.match(await hook(page, 'hecho').textContent(), /expedida/);
        await world.browser.shot(page, `diligencia-${options.width ?? 1280}`);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
        await hook(page, 'diligencias').getByRole('link').first().click();
        assert.match(await hook(page, 'verificacion').textContent(), /El documento es auténtico/);
        assert.match(await hook(page, 'documento-verificado').textContent(), /Diligencia de exposición/);
      }));
    }

    test('the secretary issues a partial copy; a mistake is told beside its field; the citizen sees what it is', () => world.browser.with_page({as: 'secretaria', width: 390, script: false}, async page => {
      await page.goto('/es/gestion/copias');
      await hook(page, 'copia-nueva').click();
      await page.check('#clase-EE04');
      await page.fill('#csv', csv);
      await page.fill('#textos', 'esto no está');
      await hook(page, 'copia-expedir').click();
      assert.match(await page.title(), /^Error/);
      await page.click('[data-c=error-summary] a');
      assert.match(await hook(page, 'error-summary').textContent(), /no está en esas páginas/);
      await page.fill('#textos', 'comprobación');
      await hook(page, 'copia-expedir').click();
      await page.waitForURL(/hecha=/);
      const copied = await hook(page, 'copia-csv').textContent();
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
      await page.goto(`/es/verificar?csv=${copied}`);
      assert.match(await hook(page, 'documento-verificado').textContent(), /Copia electrónica parcial auténtica/);
    }));

    for (const width of [1280, 390]) test(`the secretary marks on the page what is taken out (${width} pixels)`, () => world.browser.with_page({as: 'secretaria', width}, async page => {
      await page.goto('/es/gestion/copias/nueva');
      await page.check('#clase-EE04');
      await page.fill('#csv', csv);
      await hook(page, 'copia-ver').click();
      const sheet = hook(page, 'copia-paginas').getByRole('img').first();
      await sheet.scrollIntoViewIfNeeded();
      await page.waitForFunction(image => image.naturalWidth > 0, await sheet.elementHandle());
      const {x, y, width: wide} = await sheet.boundingBox();
      await page.mouse.move(x + wide * 0.1, y + wide * 0.2);
      await page.mouse.down();
      await page.mouse.move(x + wide * 0.6, y + wide * 0.3, {steps: 4});
      await page.mouse.up();
      const [, ...sides] = (await page.inputValue('#areas')).match(/^1:(\d+),(\d+),(\d+),(\d+)\n$/).map(Number);
      for (const [n, expected] of [21, 42, 105, 21].entries()) assert.ok(Math.abs(sides[n] - expected) <= 1, `${sides} millimetres of an A4`);
      await world.browser.shot(page, `zonas-${width}`);
      await hook(page, 'copia-ver').click(); // drawn by the server as well
      assert.equal(await page.evaluate(() => document.activeElement.id), 'paginas-titulo');
      await world.browser.shot(page, `zonas-vistas-${width}`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
      await hook(page, 'copia-expedir').click();
      await page.waitForURL(/hecha=/);
    }));

    test('a mistyped code is told beside its field', () => world.browser.with_page({}, async page => {
      await page.goto(`/es/verificar?csv=${csv.slice(0, -1)}`);
      assert.match(await page.title(), /^Error/);
      await page.click('[data-c=error-summary] a');
      assert.equal(await page.evaluate(() => document.activeElement.id), 'csv');
    }));
  });
}
