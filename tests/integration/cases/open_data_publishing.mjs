// From a draft to its publication by two people, at once or at its hour; and datasets that another module keeps alive: the board's,
// compared with what its own API says.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {describe, test} from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import {program, sleep, until} from '../../support/demo.mjs';
import {Client, form, form_of_button, text_of} from '../../support/client.mjs';
import {day, pdf} from '../../support/pdf.mjs';

export default function (world) {
  const get = (where, more = {}) => world.demo.request(where, more);
  /** What waits for its moment need not. */
  const at_once = kind => world.demo.sql(`UPDATE concejo.jobs SET run_at = now() WHERE plugin IN ('open-data', 'sede') AND kind = '${kind}' AND state = 'waiting'`);
  const people = {};
  const person = async (login, host) => {
    const key = `${login} ${host}`;
    if (!people[key]) { people[key] = new Client(world.demo, host); await people[key].login(login); }
    return people[key];
  };

  describe('review and scheduling of open data', () => {
    const here = '/es/gestion/datos/fuentes-de-agua', page = '/es/datos/fuentes-de-agua';
    const fill = async (who, name, values) => { const asked = form((await who.get(here)).text, name); assert.ok(asked, name); return who.submit(asked, values); };
    const state = async who => text_of((await who.get(here)).text, 'datos-estado');

    test('who writes sends it, who may publish returns it with a note or publishes it', async () => {
      const editor = await person('redaccion'), chief = await person('secretaria');
      const blank = form((await editor.get('/es/gestion/datos/nuevo')).text, 'datos-formulario');
      await editor.submit(blank, {titulo: 'Fuentes de agua'}, {archivo: {name: 'fuentes.csv', type: 'text/csv', bytes: Buffer.from('fuente;barrio\nLa Teja;Centro\nEl Caño;Puerto\n')}});
      const seen = await editor.get(here);
      for (const name of ['accion-publicar', 'datos-devolver', 'datos-programar', 'datos-retirar']) assert.doesNotMatch(seen.text, new RegExp(`data-c="${name}"`), name);
      assert.equal((await fill(editor, 'datos-revision', {nota: 'Faltan las de <b>2025</b>'})).status, 303);
      assert.match(await state(editor), /En revisión/);
      const token = form(seen.text, 'datos-revision').fields;
      for (const step of ['devolver', 'programar', 'desprogramar', 'publicar']) assert.equal((await editor.submit({action: `${here}/${step}`, fields: token}, {nota: 'yo mismo'})).status, 403, step);
      assert.match((await chief.get('/es/gestion/datos')).text, /1 conjunto espera revisión/);
      assert.match((await chief.get('/es/gestion/datos?estado=revision')).text, /Fuentes de agua/);
      assert.equal((await fill(chief, 'datos-devolver', {nota: ' '})).status, 422);
      assert.equal((await fill(chief, 'datos-devolver', {nota: 'Falta la descripción'})).status, 303);
      const back = await editor.get(here);
      assert.match(text_of(back.text, 'datos-estado'), /Borrador/);
      assert.match(text_of(back.text, 'datos-notas'), /Devuelto.*Falta la descripción.*Enviado a revisión.*Faltan las de <b>2025<\/b>/);
      assert.doesNotMatch(back.text, /Faltan las de <b>/);
      const old = form(seen.text, 'datos-revision');
      assert.equal((await fill(editor, 'datos-revision', {nota: ''})).status, 303);
      assert.equal((await editor.submit({...form((await editor.get(here)).text, 'datos-columnas'), action: old.action}, {nota: ''})).status, 409, 'it is in review already');
      assert.equal((await get(page)).status, 404);
    });

    test('published at its hour, once, by a job; before that nobody sees it, and it can be undone', async () => {
      const chief = await person('secretaria');
      const at = minutes => { const [dia, hora] = new Intl.DateTimeFormat('sv-SE', {timeZone: 'Europe/Madrid', dateStyle: 'short', timeStyle: 'short'}).format(Date.now() + minutes * 60_000).split(' '); return {dia, hora}; };
      for (const wrong of [{dia: '31/02/2027', hora: '10:00'}, {dia: '2026-02-30', hora: '10:00'}, {...at(60), hora: '25:00'}, at(-60), {dia: '2199-01-01', hora: '10:00'}, {}, at(60)])
        assert.equal((await fill(chief, 'datos-programar', wrong)).status, 422, JSON.stringify(wrong));  // the last: it is not described
      const about = form((await chief.get(`${here}/descripcion`)).text, 'datos-descripcion');
      await chief.submit(about, {notas_es: 'Fuentes de agua potable en la vía pública, con el barrio en que está cada una.', sector: 'medio-ambiente', palabras: 'agua, fuentes', frecuencia: 'ANNUAL'});
      assert.equal((await fill(chief, 'datos-programar', at(24 * 60))).status, 303);
      assert.match((await chief.get('/es/gestion/datos')).text, /Programado[\s\S]*Se publicará el/);
      assert.equal((await get(page)).status, 404);
      const undo = form_of_button((await chief.get(here)).text, 'accion-desprogramar');
      assert.equal((await chief.submit(undo)).status, 303);
      assert.equal(world.demo.sql("SELECT count(*) FROM concejo.jobs WHERE plugin = 'open-data' AND kind = 'publicar' AND state = 'waiting'"), '0');
      const later = at(26 * 60);
      assert.equal((await fill(chief, 'datos-programar', {...later, dia: later.dia.split('-').reverse().join('/')})).status, 303, 'as the form asks for it');
      assert.equal(world.demo.sql("SELECT to_char(publish_at AT TIME ZONE 'Europe/Madrid', 'YYYY-MM-DD HH24:MI') FROM m_valdehermoso.open_data_dataset WHERE name = 'fuentes-de-agua'"), `${later.dia} ${later.hora}`);
      assert.equal(world.demo.sql("SELECT extract(epoch FROM run_at)::bigint = (payload ->> 'at')::bigint FROM concejo.jobs WHERE plugin = 'open-data' AND kind = 'publicar' AND state = 'waiting'"), 't');
      const published = () => Number(world.demo.sql("SELECT count(*) FROM concejo.audit a JOIN m_valdehermoso.open_data_dataset d ON d.id::text = a.object WHERE a.action = 'open-data.publicar' AND d.name = 'fuentes-de-agua'"));
      const before = published();
      // A job of another instant than the one that is scheduled finds nothing to do; the right one publishes.
      world.demo.sql("UPDATE m_valdehermoso.open_data_dataset SET publish_at = publish_at + interval '1 second' WHERE name = 'fuentes-de-agua'");
      at_once('publicar');
      await until('the job is done', () => world.demo.sql("SELECT count(*) FROM concejo.jobs WHERE plugin = 'open-data' AND kind = 'publicar' AND state = 'waiting'") === '0');
      await sleep(500);
      assert.deepEqual([(await get(page)).status, published()], [404, before]);
      world.demo.sql("UPDATE m_valdehermoso.open_data_dataset SET publish_at = publish_at - interval '1 second' WHERE name = 'fuentes-de-agua'; UPDATE concejo.jobs SET state = 'waiting', run_at = now(), finished_at = NULL WHERE plugin = 'open-data' AND kind = 'publicar' AND state = 'done'");
      await until('its hour', async () => (await get(page)).status === 200);
      assert.match((await get(page)).text, /El Caño/);
      assert.equal(published() - before, 1);
      assert.match(text_of((await chief.get(here)).text, 'datos-notas'), /Publicado a su hora.*secretaria/);
      assert.equal(world.demo.sql("SELECT publish_at IS NULL FROM m_valdehermoso.open_data_dataset WHERE name = 'fuentes-de-agua'"), 't');
    });
  });

  describe('datasets that other modules keep alive', () => {
    const name = 'tablon-de-anuncios';
    const resource = host => world.demo.json('open-data', 'list', '--tenant', host.split('.')[0]).value.datasets.find(one => one.name === name)?.resources[0];
    const rows = async host => {
      const one = resource(host);
      const answer = one && await get(`/datos/filas/${one.id}/${name}.ndjson`, {host});
      return answer?.status === 200 ? answer.text.trim().split('\n').map(line => JSON.parse(line)) : undefined;
    };
    const board = async host => {
      const all = [];
      for (let where = '/api/tablon/v1/anuncios?ambito=todos&limite=200'; where;) {
        const page = JSON.parse((await get(where, {host})).text);
        all.push(...page.anuncios);
        where = page.siguiente && new URL(page.siguiente).pathname + new URL(page.siguiente).search;
      }
      return all.map(one => ({numero: one.numero, tipo: one.tipo.id, organo: one.organo, titulo: one.retirada ? null : one.titulo, desde: one.desde, hasta: one.hasta, direccion: one.url, retirado: Boolean(one.retirada)}))
        .sort((a, b) => a.numero < b.numero ? -1 : 1);
    };
    const as_board = list => list.map(one => ({numero: one.numero, tipo: one.tipo, organo: one.organo, titulo: one.titulo, desde: one.desde, hasta: one.hasta, direccion: one.direccion, retirado: one.retirado !== null})).sort((a, b) => a.numero < b.numero ? -1 : 1);
    const same = async host => { at_once('datos-abiertos:sede.tablon'); const found = await rows(host); return found && JSON.stringify(as_board(found)) === JSON.stringify(await board(host)) && found; };

    test('the board is one: what its API says, as typed rows with their dictionary, published by itself', async () => {
      const found = await until('the board as data', () => same('valdehermoso.localhost'));
      assert.ok(found.length > 20);
      assert.ok(found.some(({csv}) => /^\w{27}$/.test(csv)));
      const page = await get(`/es/datos/${name}`);
      assert.match(page.text, /Código seguro de verificación/);
      assert.match(page.text, /De los anuncios retirados no se dan/);
      assert.match((await get(`/eu/datos/${name}`)).text, /Iragarki-taula/);
      const info = JSON.parse((await get(`/api/3/action/datastore_search?resource_id=${resource('valdehermoso.localhost').id}&limit=1`)).text).result.fields;
      assert.deepEqual(info.filter(({id}) => ['desde', 'publicado', 'titulo'].includes(id)).map(({type}) => type), ['text', 'date', 'timestamp']);
    });

    test('it follows the board; what is withdrawn loses its title, here and in every version there was', async () => {
      const host = 'valdehermoso.localhost', chief = await person('secretaria', host);
      const titulo = 'Notificación a Fulano de Tal y Tal';
      let loaded;
      for (const n of [1, 2, 3, 4]) {
        fs.writeFileSync(path.join(world.demo.dir, 'cargas.csv'), `n;texto\n1;a\n${n + 1};b\n`);
        loaded = world.demo.json('open-data', 'import', '--tenant', 'valdehermoso', '--dataset', 'cargas', ...n === 1 ? ['--publicar', '--titulo', 'Cargas', '--descripcion', 'Un conjunto del que se compara cada carga con la siguiente.', '--sector', 'economia'] : [], path.join(world.demo.dir, 'cargas.csv'));
        assert.equal(loaded.code, 0, loaded.stderr);
      }
      const done = await chief.publish({titulo, pdf: pdf(titulo), desde: day(0).typed, hasta: day(9).typed});
      const id = done.path.match(/tablon\/([0-9a-f-]{36})/)[1];
      await until('it is there', async () => { at_once('datos-abiertos:sede.tablon'); return (await rows(host))?.some(one => one.titulo === titulo); });
      const version = resource(host).version;
      const asked = form((await chief.get(`/es/gestion/tablon/${id}/retirar`)).text, 'retirar-formulario');
      assert.ok(asked, 'a form to withdraw');
      await chief.submit(asked, {motivo: 'Datos personales', organo: 'Secretaría General'});
      const found = await until('it is withdrawn', async () => { at_once('datos-abiertos:sede.tablon'); const now = await rows(host); return now?.some(one => one.direccion.endsWith(id) && one.retirado) && now; });
      assert.deepEqual(found.filter(one => one.direccion.endsWith(id)).map(one => [one.titulo, one.referencia, one.csv]), [[null, null, null]]);
      assert.ok(await same(host));
      const base = `/es/datos/${name}/versiones/${resource(host).id}/${version}`;
      assert.match(text_of((await get(base)).text, 'datos-version-retirada'), /no se conservan/);
      for (const file of [`${name}.csv`, 'filas.csv']) assert.equal((await get(`${base}/${file}`)).status, 410, file);
      await until('no table holds it', () => world.demo.sql(`SELECT count(*) FROM m_valdehermoso.open_data_version WHERE resource = '${resource(host).id}' AND erased_at IS NOT NULL AND table_name IS NOT NULL`) === '0');
      const older = await get(`/datos/cambios/${loaded.value.resource_id}/1-2.json`);
      assert.equal(older.status, 200, 'what is only old waits for the night');
    });

    test('rows that are the same make no version; a dataset that staff withdrew stays so', async () => {
      const host = 'valdehermoso.localhost';
      const refresh = async () => {
        const before = world.demo.sql("SELECT coalesce(max(id), 0) FROM concejo.jobs WHERE kind = 'datos-abiertos:sede.tablon' AND state = 'done' AND tenant = 'valdehermoso'");
        world.demo.sql("UPDATE concejo.schedules SET next_at = now() WHERE kind = 'datos-abiertos:sede.tablon' AND tenant = 'valdehermoso'");
        await until('refreshed', () => world.demo.sql("SELECT coalesce(max(id), 0) FROM concejo.jobs WHERE kind = 'datos-abiertos:sede.tablon' AND state = 'done' AND tenant = 'valdehermoso'") !== before);
      };
      const {version} = resource(host);
      await refresh();
      assert.equal(resource(host).version, version);
      const chief = await person('secretaria', host);
      const asked = form((await chief.get(`/es/gestion/datos/${name}`)).text, 'datos-retirar');
      await chief.submit(asked, {motivo: 'Prueba'});
      const done = await chief.publish({titulo: 'Otro anuncio', pdf: pdf('Otro anuncio'), desde: day(0).typed, hasta: day(9).typed});
      assert.equal(done.status, 200);
      await refresh();
      assert.deepEqual([resource(host).version, (await get(`/es/datos/${name}`)).status], [version, 410]);
    });

    test('where nothing seals, a version is citable by its hash alone', async () => {
      const host = 'riomar.localhost';
      const restore = world.demo.edit('municipios/riomar.yaml', text => text.replace('\nmodulos:\n', '\nmodulos:\n  open-data:\n    activo: true\n    datos_de_modulos: "no"\n').replace(/(\n {2}evidence:\n {4}activo:) true/, '$1 false'));
      try {
        assert.equal(world.demo.concejo('reload').code, 0, world.demo.concejo('config', 'check').stderr);
        await until('the portal is there', async () => (await get('/es/datos', {host})).status === 200 && (await get('/es/verificar', {host})).status === 404);
        const file = path.join(world.demo.dir, 'playas.csv');
        fs.writeFileSync(file, 'playa,metros\nGrande,900\n');
        const one = world.demo.json('open-data', 'import', '--tenant', 'riomar', '--dataset', 'playas', '--publicar', '--titulo', 'Playas', '--descripcion', 'Playas del municipio, con los metros de arena que tiene cada una.', '--sector', 'turismo', '--frecuencia', 'ANNUAL', '--palabras', 'playas', file);
        assert.equal(one.code, 0, one.stderr);
        const chief = await person('secretaria', host), here = `/es/gestion/datos/playas/recursos/${one.value.resource_id}`;
        assert.equal((await chief.submit(form((await chief.get(here)).text, 'datos-citar'), {version: '1'})).status, 303);
        const version = await get(`/es/datos/playas/versiones/${one.value.resource_id}/1`, {host});
        assert.match(version.text, /no sella sus archivos/);
        assert.doesNotMatch(version.text, /data-c="datos-sellos"/);
        assert.equal((await get(`/es/datos/playas/versiones/${one.value.resource_id}/1/instantanea.csv`, {host})).text, 'playa,metros\r\nGrande,900\r\n');
        world.demo.sql("UPDATE concejo.schedules SET next_at = now() WHERE kind = 'datos-abiertos:sede.tablon' AND tenant = 'riomar'");
        await sleep(3000);
        assert.equal(resource(host), undefined, 'nor does it take what other modules have');
      } finally {
        restore();
        world.demo.concejo('reload');
      }
    });

    test('where the portal comes later, the clock brings the dataset', async () => {
      const host = 'riomar.localhost';
      const restore = world.demo.edit('municipios/riomar.yaml', text => text.replace('\nmodulos:\n', '\nmodulos:\n  open-data:\n    activo: true\n    datos_de_modulos: borrador\n'));
      try {
        assert.equal(world.demo.concejo('reload').code, 0, world.demo.concejo('config', 'check').stderr);
        await until('the portal is there', async () => (await get('/es/datos', {host})).status === 200);
        world.demo.sql("UPDATE concejo.schedules SET next_at = now() WHERE kind = 'datos-abiertos:sede.tablon' AND tenant = 'riomar'");
        await until('the dataset', () => resource(host));
        assert.equal((await get(`/es/datos/${name}`, {host})).status, 404, 'a draft: that is what this town wants');
        const exported = spawnSync(program, ['open-data', 'export', '--dir', world.demo.dir, '--tenant', 'riomar', '--recurso', resource(host).id, '--formato', 'ndjson'], {encoding: 'utf8'});
        assert.deepEqual(as_board(exported.stdout.trim().split('\n').map(line => JSON.parse(line))), await board(host));
      } finally {
        restore();
        world.demo.concejo('reload');
      }
    });
  });
}
