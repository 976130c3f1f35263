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
  const in_folder = (name, bytes) => { const where = path.join(world.demo.dir, name); fs.writeFileSync(where, bytes); return where; };

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

    test('a mistyped code is told beside its field', () => world.browser.with_page({}, async page => {
      await page.goto(`/es/verificar?csv=${csv.slice(0, -1)}`);
      assert.match(await page.title(), /^Error/);
      await page.click('[data-c=error-summary] a');
      assert.equal(await page.evaluate(() => document.activeElement.id), 'csv');
    }));
  });
}
