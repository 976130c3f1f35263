// What the staff see of the catalogues that are gathered: a source that gave some, held back some and waits for somebody; in five
// languages, at two widths. The citizen sees where each dataset comes from.
import assert from 'node:assert/strict';
import http from 'node:http';
import {after, before, describe, test} from 'node:test';
import {overflowing, problems} from '../axe.mjs';
import {hook} from '../browser.mjs';

const a_package = n => ({id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`, name: `ajeno-${n}`, title: `Itinerarios de transporte comarcal, línea ${n} <b>`, notes: 'Paradas, horarios y recorridos de cada línea comarcal, con su concesionario.',
  license_id: n % 2 ? 'cc-by' : 'licencia-propia', state: 'active', type: 'dataset', tags: [{name: 'autobús'}], extras: n % 3 ? [{key: 'theme', value: 'transporte'}] : [], metadata_created: '2026-01-02T03:04:05', metadata_modified: '2026-02-03T04:05:06',
  resources: [{id: 'r', name: 'Paradas', format: 'CSV', url: `https://archivos.ejemplo.es/${n}.csv`}, {id: 's', name: 'Mal', format: 'CSV', url: 'javascript:alert(1)'}]});

export default function (world) {
  describe('catalogues that are gathered', () => {
    let server, restore, packages = [1, 2, 3, 4, 5].map(a_package);
    const gather = () => world.demo.concejo_beside('open-data', 'harvest', '--tenant', 'valdehermoso');
    before(async () => {
      server = http.createServer((request, reply) => reply.writeHead(200, {'Content-Type': 'application/json'}).end(JSON.stringify({success: true, result: {count: packages.length, results: request.url.includes('start=0') ? packages : []}})));
      await new Promise(done => { server.listen(0, '127.0.0.1', done); });
      const where = `127.0.0.1:${server.address().port}`;
      restore = world.demo.edit('municipios/valdehermoso.yaml', text => text.replace('\nmodulos:\n', `\nsalida:\n  servidores: ['${where}']\nmodulos:\n`)
        .replace(/\n {2}open-data:\n {4}activo: true\n/, `$&    fuentes: [{nombre: comarca, titulo: "Mancomunidad de la Comarca", tipo: ckan, direccion: "http://${where}"}]\n`));
      assert.equal(world.demo.concejo('reload').code, 0, world.demo.concejo('config', 'check').stderr);
      await gather();
      packages = [];
      await gather();
    });
    after(async () => { restore?.(); world.demo.concejo('reload'); server.close(); });

    for (const [width, dark] of [[320, false], [1280, true]])
      test(`the sources, their rounds, and what did not come as it was, at ${width} pixels`, () => world.browser.with_page({as: 'secretaria', width, dark}, async page => {
        const look = async name => {
          await world.browser.shot(page, `${name}-${width}`);
          assert.deepEqual([await overflowing(page), await problems(page)], [[], []], name);
        };
        await page.goto('/es/gestion/datos');
        await hook(page, 'datos-recoleccion').click();
        await hook(page, 'datos-fuentes').waitFor();
        await look('fuentes');
        await page.getByRole('link', {name: 'Mancomunidad de la Comarca'}).click();
        await hook(page, 'fuente-espera').waitFor();
        assert.match(await hook(page, 'fuente-notas').innerText(), /licencia-propia/);
        assert.match(await hook(page, 'fuente-notas').innerText(), /javascript:alert\(1\)/);
        await look('fuente');
        await page.getByRole('link', {name: /línea 1/}).click();
        await hook(page, 'datos-origen').waitFor();
        await look('recogido-gestion');
      }));

    test('in five languages, the same page', () => world.browser.with_page({as: 'secretaria'}, async page => {
      for (const language of ['es', 'ca', 'gl', 'eu', 'en']) {
        await page.goto(`/${language}/gestion/recoleccion/comarca`);
        await hook(page, 'fuente-rondas').waitFor();
        assert.deepEqual(await problems(page), [], language);
      }
    }));

    test('the citizen sees where it comes from', () => world.browser.with_page({width: 320}, async page => {
      await page.goto('/es/datos?q=comarcal');
      await page.getByRole('link', {name: /línea 1/}).first().click();
      assert.match(await hook(page, 'datos-origen').innerText(), /Mancomunidad de la Comarca/);
      await world.browser.shot(page, 'recogido-320');
      assert.deepEqual([await overflowing(page), await problems(page)], [[], []]);
    }));

    test('a source that the configuration names no more: what is left of it is withdrawn, with the keyboard and without a script', async () => {
      restore();
      restore = undefined;
      assert.equal(world.demo.concejo('reload').code, 0);
      for (const [width, dark] of [[320, true], [1280, false]])
        await world.browser.with_page({as: 'secretaria', width, dark}, async page => {
          await page.goto('/es/gestion/recoleccion');
          await hook(page, 'datos-fuentes-idas').getByRole('link', {name: 'comarca'}).click();
          assert.match(await hook(page, 'fuente-ida').innerText(), /5/);
          await world.browser.shot(page, `fuente-ida-${width}`);
          assert.deepEqual([await overflowing(page), await problems(page)], [[], []]);
        });
      await world.browser.with_page({as: 'secretaria', script: false}, async page => {
        await page.goto('/es/gestion/recoleccion/comarca');
        await hook(page, 'accion-retirar-fuente').focus();
        await page.keyboard.press('Enter');
        await hook(page, 'hecho').waitFor();
        for (const end = Date.now() + 60_000; await hook(page, 'datos-fuentes-idas').count() > 0; await page.reload()) assert.ok(Date.now() < end, 'withdrawn');
      });
      await world.browser.with_page({}, async page => {
        await page.goto('/es/datos?q=comarcal');
        assert.equal(await page.getByRole('link', {name: /línea 1/}).count(), 0);
      });
    });
  });
}
