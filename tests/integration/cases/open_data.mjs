// A clerk's spreadsheet as it comes becomes published data: from a shell and from the staff's pages, seen by whom it should be, and
// all of it or nothing. Judged by iconv and Python's csv module, xmllint, rapper and Jena's SHACL with the official shapes.
import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {once} from 'node:events';
import {describe, test} from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {program, sleep, until} from '../../support/demo.mjs';
import {Client, decode, form, text_of} from '../../support/client.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const nasty = Buffer.from('Ayuntamiento de Prueba;;;\r\nGastos de la biblioteca;;;\r\n;;;\r\nC\xf3digo;Concepto;Fecha;Importe (\x80)\r\n' +
  '00123;Libros "infantiles";03/02/2026;1.234,56\r\n00124;"Estanter\xedas; y\r\nl\xe1mparas";14/02/2026;987,00\r\n00125;<script>alert(1)</script>;-;12,5\r\n\r\nTOTAL;;;2.234,06\r\n', 'latin1');

export default function (world) {
  const file = (name, bytes) => world.demo.put(name, bytes);
  const load = (...args) => world.demo.json('open-data', 'import', '--tenant', 'valdehermoso', ...args);
  const get = (where, more = {}) => world.demo.request(where, more);
  const listed = () => world.demo.json('open-data', 'list', '--tenant', 'valdehermoso').value.datasets;
  const of = name => listed().find(one => one.name === name);
  const about = ['--titulo', 'Gastos de la biblioteca', '--descripcion', 'Gastos de la biblioteca municipal en 2026, con su concepto, su fecha y su importe.', '--sector', 'cultura-ocio', '--frecuencia', 'ANNUAL',
    '--palabras', 'biblioteca, gasto'];
  /** Tables of loads that nothing points to. */
  const orphans = () => Number(world.demo.sql("select count(*) from pg_tables where schemaname = 'm_valdehermoso' and tablename ~ '^open_data_t[0-9]+$' and tablename not in (select table_name from m_valdehermoso.open_data_version where table_name is not null union select table_name from m_valdehermoso.open_data_resource where table_name is not null union select words_table from m_valdehermoso.open_data_words)"));

  describe('open data', () => {
    let resource, where;

    test('import: what was understood, what was rejected and why; 1 where rows were rejected, unless they may be', () => {
      where = file('gastos.csv', nasty);
      const first = load('--dataset', 'gastos-biblioteca', where);
      assert.equal(first.code, 1, first.stderr);
      const {resource_id, ...report} = first.value;
      assert.deepEqual(report, {encoding: 'windows-1252', delimiter: ';', header_line: 4,
        columns: [{name: 'Código', type: 'text'}, {name: 'Concepto', type: 'text'}, {name: 'Fecha', type: 'date'}, {name: 'Importe (€)', type: 'numeric'}],
        rows_read: 4, rows_accepted: 3, rows_rejected: 1, rejects: report.rejects});
      assert.deepEqual(report.rejects.map(({line}) => line), [10]);
      resource = resource_id;
      const second = load('--dataset', 'gastos-biblioteca', '--allow-rejects', where);
      assert.deepEqual([second.code, second.value.resource_id], [0, resource_id], 'the same name: its next version');
      assert.equal(of('gastos-biblioteca').resources[0].version, 2);
      for (const wrong of [['--dataset', 'Mal Nombre', where], ['--dataset', 'x1', path.join(world.demo.dir, 'no-existe.csv')]])
        assert.equal(world.demo.concejo('open-data', 'import', '--tenant', 'valdehermoso', ...wrong).code, 2);
      assert.equal(of('x1'), undefined);
    });

    test('a draft is nobody\'s to see, here or in the other town; what it lacks is told', async () => {
      for (const address of ['/es/datos/gastos-biblioteca', `/datastore/dump/${resource}`, `/datos/filas/${resource}/gastos.csv`, '/dataset/gastos-biblioteca', `/dataset/${of('gastos-biblioteca').id}/resource/${resource}/download/gastos.csv`])
        for (const host of ['valdehermoso.localhost', 'riomar.localhost']) assert.equal((await get(address, {host})).status, 404, `${host} ${address}`);
      assert.doesNotMatch((await get('/catalogo/dcat-ap-es.ttl')).text, /gastos-biblioteca/);
      const refused = world.demo.concejo('open-data', 'publish', '--tenant', 'valdehermoso', '--dataset', 'gastos-biblioteca');
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /\/description: /);
      assert.equal(of('gastos-biblioteca').state, 'draft');
      assert.equal(world.demo.concejo('open-data', 'publish', '--tenant', 'valdehermoso', '--dataset', 'gastos-biblioteca', ...about).code, 0);
    });

    test('published: a page, the file as it came, its rows in each format, and nothing in the other town', async () => {
      const page = await get('/es/datos/gastos-biblioteca');
      assert.equal(page.status, 200);
      assert.match(page.text, /Libros/);
      assert.doesNotMatch(page.text, /<script>alert/);
      const said = JSON.parse(page.text.match(/<script type="application\/ld\+json">([^<]*)<\/script>/)[1]);
      assert.deepEqual([said['@type'], said.name], ['Dataset', 'Gastos de la biblioteca']);
      assert.ok(said.distribution.some(({contentUrl}) => contentUrl.endsWith('.csv')));
      const id = of('gastos-biblioteca').id;
      const original = await get(`/dataset/${id}/resource/${resource}/download/gastos.csv`);
      assert.deepEqual(original.bytes, nasty);
      assert.ok(decode(page.text).includes(createHash('sha256').update(nasty).digest('hex')));
      const csv = await get(`/datos/filas/${resource}/gastos.csv`);
      const parsed = JSON.parse(spawnSync('python3', ['-c', 'import csv,io,json,sys; print(json.dumps(list(csv.reader(io.StringIO(sys.stdin.buffer.read().decode(), newline="")))))'], {input: csv.bytes, encoding: 'utf8'}).stdout);
      assert.deepEqual(parsed, [['Código', 'Concepto', 'Fecha', 'Importe (€)'], ['00123', 'Libros "infantiles"', '2026-02-03', '1234.56'], ['00124', 'Estanterías; y\r\nlámparas', '2026-02-14', '987.00'],
        ['00125', '<script>alert(1)</script>', '', '12.5']].map(row => row.map(cell => cell.replace('y\r\nl', parsed[2][1].includes('\r\n') ? 'y\r\nl' : 'y\nl'))));
      const lines = (await get(`/datos/filas/${resource}/gastos.ndjson`)).text.trim().split('\n').map(line => JSON.parse(line));
      assert.deepEqual(lines[0], {'Código': '00123', Concepto: 'Libros "infantiles"', Fecha: '2026-02-03', 'Importe (€)': 1234.56});
      assert.equal(lines[2].Fecha, null);
      const dump = JSON.parse((await get(`/datastore/dump/${resource}?format=json`)).text);
      assert.deepEqual(dump.fields.map(field => field.id), ['_id', 'Código', 'Concepto', 'Fecha', 'Importe (€)']);
      assert.equal(dump.records.length, 3);
      assert.equal(spawnSync('xmllint', ['--noout', '-'], {input: (await get(`/datos/filas/${resource}/gastos.xml`)).bytes}).status, 0);
      assert.equal((await get(`/datos/filas/${resource}/gastos.exe`)).status, 400);
      const part = await get(`/datos/filas/${resource}/gastos.csv`, {headers: {Range: 'bytes=0-3'}});
      assert.deepEqual([part.status, part.bytes.length], [206, 4]);
      for (const address of ['/es/datos', '/es/datos/gastos-biblioteca', `/datastore/dump/${resource}`, '/catalogo/dcat-ap-es.rdf']) assert.equal((await get(address, {host: 'riomar.localhost'})).status, 404, address);
      assert.match((await get('/es/datos?q=bibliotecas')).text, /gastos-biblioteca/, 'a plural finds the singular');
      assert.match((await get('/es/datos?q=bilioteca')).text, /Quería decir/);
    });

    test('the metadata are what harvesters take: same triples, no violation of the official shapes', async t => {
      await until('the files of which they say the size are made', () => world.demo.sql("SELECT count(*) FROM concejo.jobs WHERE plugin = 'open-data' AND kind = 'escribir' AND state IN ('waiting', 'running')") === '0');
      const [rdf, ttl, nti] = await Promise.all(['/catalogo/dcat-ap-es.rdf', '/catalogo/dcat-ap-es.ttl', '/catalogo/nti.rdf'].map(async address => (await get(address)).bytes));
      const triples = (syntax, bytes) => spawnSync('rapper', ['-q', '-i', syntax, '-o', 'ntriples', '-I', 'http://x/', '-'], {input: bytes, encoding: 'utf8'}).stdout.trim().split('\n').length;
      assert.ok(triples('rdfxml', rdf) > 100);
      assert.equal((await get('/catalogo/dcat-ap-es.rdf?page=2')).status, 404);
      const sent_to = async (where, Accept) => { const {status, headers} = await get(where, {headers: {Accept}}); assert.deepEqual([status, headers.vary.includes('Accept')], [303, true]); return headers.location.replace(/^http:\/\/[^/]+/, ''); };
      for (const [where, own] of [['/catalogo', '/catalogo/dcat-ap-es'], ['/dataset/gastos-biblioteca', '/dataset/gastos-biblioteca']])
        for (const [accept, extension] of [['text/turtle', 'ttl'], ['text/html;q=0.5, application/ld+json', 'jsonld'], ['text/turtle;q=0.1, application/rdf+xml', 'rdf']])
          assert.equal(await sent_to(where, accept), `${own}.${extension}`, accept);
      assert.equal(await sent_to('/dataset/gastos-biblioteca', 'text/html,application/xhtml+xml,*/*;q=0.8'), '/es/datos/gastos-biblioteca');
      assert.equal(await sent_to('/catalogo', 'text/turtle;q=0'), '/es/datos');
      for (const [where, type] of [['/dataset/gastos-biblioteca.ttl', 'text/turtle'], ['/catalogo/nti.jsonld', 'application/ld+json'], ['/dataset/gastos-biblioteca/datapackage.json', 'application/json'], ['/api/3/openapi.json', 'application/json']]) {
        const head = await get(where, {method: 'HEAD'}), whole = await get(where);
        assert.deepEqual([head.status, head.headers.etag, head.headers['content-length']], [200, whole.headers.etag, String(whole.bytes.length)], where);
        assert.ok(whole.headers.etag && whole.headers['content-type'].startsWith(type), where);
        assert.equal((await get(where, {headers: {'If-None-Match': whole.headers.etag}})).status, 304, where);
      }
      const shapes = process.env.CONCEJO_CONFORMANCE && path.join(process.env.CONCEJO_CONFORMANCE, 'dcat');
      if (!shapes) return t.skip('SHACL: set CONCEJO_CONFORMANCE');
      const judge = (data, name, ...files) => {
        const {stdout, stderr} = spawnSync(path.join(here, '../../../plugins/open-data/dcat/shacl.sh'), ['validate', file(name, data), ...files], {encoding: 'utf8', maxBuffer: 1 << 26});
        assert.match(stdout, /sh:conforms/, stderr);
        assert.doesNotMatch(stdout, /sh:Violation/);
        // What a dataset need not have: its period, and the description of the interface by OpenAPI.
        const about = new Set([...stdout.matchAll(/sh:resultPath\s+(\S+)/g)].map(([, property]) => property));
        assert.deepEqual([...about].filter(property => !['dct:temporal', 'dcat:endpointDescription'].includes(property)), []);
      };
      const folder = path.join(shapes, 'dcat-ap-es-1.0.0');
      const es = fs.readdirSync(folder).filter(name => /^shacl_.*\.ttl$/.test(name) && !name.includes('imports')).map(name => path.join(folder, name));
      judge(ttl, 'catalogo.ttl', ...es);
      judge((await get('/dataset/gastos-biblioteca.ttl')).bytes, 'conjunto.ttl', ...es);
      assert.ok(nti.length > 1000);
    });

    test('withdrawn: its page says why, and its rows and files are not offered any more', async () => {
      const clerk = await Client.of(world.demo, 'secretaria');
      const at = '/es/gestion/datos/gastos-biblioteca', asked = form((await clerk.get(at)).text, 'datos-retirar');
      assert.equal((await clerk.submit(asked, {motivo: ' '})).status, 422);
      await clerk.follow(await clerk.submit(asked, {motivo: 'Tenía importes equivocados <b>'}), asked.action);
      const page = await get('/es/datos/gastos-biblioteca');
      assert.equal(page.status, 410);
      assert.match(decode(text_of(page.text, 'datos-retirado')), /importes equivocados <b>/);
      for (const address of [`/datastore/dump/${resource}`, `/datos/filas/${resource}/gastos.csv`, `/dataset/${of('gastos-biblioteca').id}/resource/${resource}/download/gastos.csv`]) {
        const gone = await get(address);
        assert.equal(gone.status, 410, address);
        assert.match(decode(text_of(gone.text, 'datos-retirado')), /importes equivocados <b>/);
      }
      for (const where of [`/datos/filas/${resource}/gastos.json`, '/dataset/gastos-biblioteca/datapackage.json']) {
        const for_programs = await get(where);
        assert.deepEqual([for_programs.status, for_programs.headers['content-type'], JSON.parse(for_programs.text).status], [410, 'application/problem+json', 410], where);
        assert.match(JSON.parse(for_programs.text).detail, /importes equivocados <b>/);
      }
      assert.equal(JSON.parse((await get(`/api/3/action/resource_show?id=${resource}`)).text).success, false, 'CKAN knows nothing of it');
      assert.doesNotMatch((await get('/es/datos')).text, /gastos-biblioteca/);
    });

    test('a load that is killed leaves nothing; done again it is all there', async () => {
      const rows = Array.from({length: 300_000}, (_, n) => `${n};calle ${n % 97};${n % 28 + 1}/02/2026;${n},5`);
      const big = file('calles.csv', `numero;calle;dia;importe\n${rows.join('\n')}\n`);
      const before = orphans();
      for (const after of [150, 400, 700]) {
        const child = spawn(program, ['open-data', 'import', '--dir', world.demo.dir, '--tenant', 'valdehermoso', '--dataset', 'calles', big], {stdio: 'ignore'});
        await sleep(after);
        if (child.exitCode === null) {
          child.kill('SIGKILL');
          await once(child, 'exit');
        }
        if (of('calles')) break;  // it was faster than that
      }
      for (let n = 0; n < 50 && !of('calles') && orphans() > before; ++n) await sleep(200);
      if (!of('calles')) assert.equal(orphans(), before);
      const done = load('--dataset', 'calles', big);
      assert.deepEqual([done.code, done.value.rows_accepted], [0, 300_000], done.stderr);
      assert.deepEqual(done.value.columns.map(({type}) => type), ['integer', 'text', 'date', 'numeric']);
      const id = done.value.resource_id;
      const exported = spawnSync(program, ['open-data', 'export', '--dir', world.demo.dir, '--tenant', 'valdehermoso', '--recurso', id], {encoding: 'utf8', maxBuffer: 1 << 26});
      assert.equal(exported.stdout.split('\r\n').length, 300_002);
    });

    test('a page that was drawn before shows whatever changed since, and is the same where nothing did', async () => {
      const csv = file('dibujado.csv', 'calle,farolas\nMayor,12\nNueva,7\n'), [one, other] = ['dibujado', 'dibujado-otro'];
      for (const dataset of [one, other])
        assert.equal(load('--dataset', dataset, '--titulo', `Farolas de ${dataset}`, '--descripcion', 'Cuántas farolas hay en cada calle del pueblo, contadas una a una.', '--sector', 'energia', '--palabras', 'farola', '--publicar', csv).code, 0);
      const ids = [one, other].map(dataset => of(dataset).id), resource = of(one).resources[0].id;
      let asked = 0;
      // Each time a query of its own: the cache of whole pages does not have it.
      const page = async () => (await get(`/es/datos/${one}?vez=${++asked}`)).text.replace(/vez=\d+/g, '');
      const body = text => text.slice(text.indexOf('<article'), text.indexOf('</article>'));
      await until('its files are made', () => Number(world.demo.sql(`select count(*) from m_valdehermoso.open_data_dump where resource = '${resource}'`)) >= 2);
      const first = await page(), table = world.demo.sql(`select table_name from m_valdehermoso.open_data_resource where id = '${resource}'`);
      assert.equal(body(await page()), body(first));
      const of_here = `(select organization from open_data_dataset where id = '${ids[0]}')`;
      // Behind the portal's back, so that nothing but the rows says that there is something new.
      for (const [statement, shown] of [
        [`update open_data_dataset set meta = jsonb_set(meta, '{title,es}', '"Luces de la calle"') where id = '${ids[0]}'`, /<h1>Luces de la calle/],
        [`update open_data_resource set meta = jsonb_set(meta, '{name}', '{"es": "Recuento de luces"}') where id = '${resource}'`, /Recuento de luces/],
        [`update ${table} set calle = 'Calle del Sol' where _id = 1; update open_data_resource set data_at = now() where id = '${resource}'`, /Calle del Sol/],
        [`update open_data_version set profile = jsonb_set(profile, '{1,max}', '"98765"') where resource = '${resource}'`, /98765/],
        [`update open_data_organization set meta = jsonb_set(meta, '{title,es}', '"Concejalía de la luz"') where id = ${of_here}`, /Concejalía de la luz/],
        [`insert into open_data_contribution (kind, dataset, title, body, url, author, state) values ('comment', '${ids[0]}', '', 'Falta la farola del parque.', '', 'Vecina', 'shown')`, /Falta la farola del parque/],
        [`update open_data_contribution set answer = 'Ya está puesta.' where dataset = '${ids[0]}'`, /Ya está puesta/],
        [`insert into open_data_relationship (subject, object, type, comment) values ('${ids[0]}', '${ids[1]}', 'links_to', 'De la misma obra')`, /De la misma obra/],
        [`with s as (insert into open_data_service (name, organization, state, kind, endpoint, meta, created_by) values ('mapa-de-luces', ${of_here}, 'published', 'wms', 'https://mapas.example/wms', '{"title": {"es": "Mapa de luces"}}', 'prueba') returning id) insert into open_data_served select id, '${ids[0]}' from s`, /Mapa de luces/],
        [`update open_data_service set meta = '{"title": {"es": "Plano de luces"}}' where name = 'mapa-de-luces'`, /Plano de luces/],
        [`update open_data_dataset set meta = jsonb_set(meta, '{title,es}', '"Luces de la plaza"') where id = '${ids[1]}'`, /Luces de la plaza/]]) {
        assert.doesNotMatch(await page(), shown);
        world.demo.sql(`begin; set local search_path = m_valdehermoso, ext; ${statement}; commit`);
        assert.match(await page(), shown);
      }
      world.demo.sql(`update m_valdehermoso.open_data_contribution set state = 'hidden' where dataset = '${ids[0]}'`);
      assert.doesNotMatch(await page(), /Falta la farola/);
      world.demo.sql(`update m_valdehermoso.open_data_organization set meta = jsonb_set(meta, '{title,es}', '"Ayuntamiento de Valdehermoso"') where id = (select organization from m_valdehermoso.open_data_dataset where id = '${ids[0]}')`);
      for (const dataset of [one, other]) world.demo.sql(`update m_valdehermoso.open_data_dataset set state = 'draft' where name = '${dataset}'`);
      assert.equal((await get(`/es/datos/${one}?vez=0`)).status, 404);
    });

    test('a clerk does it in the pages: drops the file, sees what was understood, corrects a type, describes, publishes', async () => {
      const clerk = await Client.of(world.demo, 'secretaria');
      const blank = form((await clerk.get('/es/gestion/datos/nuevo')).text, 'datos-formulario');
      assert.equal((await clerk.submit(blank, {titulo: ''}, {})).status, 422);
      const page = await clerk.follow(await clerk.submit(blank, {titulo: 'Paradas de autobús'}, {archivo: {name: 'paradas.csv', type: 'text/csv', bytes: Buffer.from('parada;año;plazas\n1;2020;12\n2;2021;sin dato\n3;2022;9\n')}}), blank.action);
      assert.match(page.path, /\/gestion\/datos\/paradas-de-autobus\?hecho=cargado/);
      assert.match(text_of(page.text, 'datos-entendido'), /3 leídas, 3 cargadas, 0 rechazadas/);
      const columns = form(page.text, 'datos-columnas');
      assert.deepEqual(columns.fields.filter(([name]) => name.startsWith('tipo')).map(([, value]) => value), ['integer', 'integer', 'text']);
      const corrected = await clerk.follow(await clerk.submit(columns, {tipo2: 'integer', titulo2: 'Plazas para sentarse'}), columns.action);
      assert.match(text_of(corrected.text, 'datos-entendido'), /3 leídas, 2 cargadas, 1 rechazada\b/);
      assert.match(text_of(corrected.text, 'datos-rechazadas'), /Línea 3: .*sin dato/);
      assert.match(text_of(corrected.text, 'datos-falta'), /descripción/i);
      const asked = form((await clerk.get('/es/gestion/datos/paradas-de-autobus/descripcion')).text, 'datos-descripcion');
      assert.equal((await clerk.submit(asked, {desde: '31/02/2026'})).status, 422);
      const described = await clerk.follow(await clerk.submit(asked, {notas_es: 'Paradas del autobús urbano, con el año en que se pusieron y sus plazas.', sector: 'transporte', palabras: 'autobús, transporte', frecuencia: 'ANNUAL'}), asked.action);
      assert.doesNotMatch(described.text, /data-c="datos-falta"/);
      const publish = described.text.match(/action="([^"]*\/publicar)"/)[1];
      const done = await clerk.follow(await clerk.submit({action: publish, fields: corrected && form(described.text, 'datos-columnas').fields.filter(([name]) => /csrf|form_key/.test(name))}), publish);
      assert.match(text_of(done.text, 'hecho'), /publicado/);
      assert.match((await get('/es/datos/paradas-de-autobus')).text, /Plazas para sentarse/);
      const river = await Client.of(world.demo, 'secretaria', 'riomar.localhost');
      assert.equal((await river.get('/es/gestion/datos/paradas-de-autobus')).status, 404);
    });
  });
}
