// Rows as files: each format read back by somebody else's program, whole or selected, and gone on with after a break.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {describe, test} from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import {Client, form} from '../../support/client.mjs';
import {sleep} from '../../support/demo.mjs';

const stops = 'parada;línea;plazas;alta;latitud;longitud\r\n=1+1;A;12;03/02/2026;40,4168;-3,7038\r\n@cmd;B;-3;04/02/2026;40,4170;-3,7040\r\n-calle;A;7;;;\r\n<img src=x onerror=alert(1)>;C;9;05/02/2026;40,5;-3,5\r\n';
const python = (script, ...args) => {
  const {status, stdout, stderr} = spawnSync('/usr/bin/python3', ['-c', `import sys,json\n${script}`, ...args], {encoding: 'utf8'});
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
};
const has = (program, ...args) => spawnSync(program, args).status === 0;

export default function (world) {
  const get = (where, headers = {}) => world.demo.request(where, {headers});
  const file = (name, bytes) => world.demo.put(name, bytes);
  const run = (verb, ...args) => world.demo.concejo('open-data', verb, '--tenant', 'valdehermoso', ...args);
  const selected = (id, name, query) => `/datos/filas/${id}/${name}?${new URLSearchParams(query)}`;

  describe('open data as files', () => {
    let id;

    test('a dataset whose cells mean harm, with its places', async () => {
      const done = world.demo.json('open-data', 'import', '--tenant', 'valdehermoso', '--dataset', 'paradas-bus', file('paradas-bus.csv', stops));
      assert.equal(done.code, 0, done.stderr);
      assert.deepEqual(done.value.columns.map(({type}) => type), ['text', 'text', 'integer', 'date', 'numeric', 'numeric']);
      id = done.value.resource_id;
      const published = run('publish', '--dataset', 'paradas-bus', '--titulo', 'Paradas del autobús', '--descripcion', 'Paradas del autobús urbano, con su línea, sus plazas y el lugar donde están.', '--sector', 'transporte', '--frecuencia', 'ANNUAL', '--palabras', 'autobús');
      assert.equal(published.code, 0, published.stderr);
      const page = (await get('/es/datos/paradas-bus')).text;
      for (const name of ['csv', 'xlsx', 'hoja.csv', 'geojson', 'ndjson', 'tsv', 'xml', 'json']) assert.match(page, new RegExp(`/datos/filas/${id}/paradas-bus\\.${name.replace('.', '\\.')}"`));
    });

    test('a sheet: openpyxl finds numbers, days and texts, and no formula', async t => {
      if (!has('/usr/bin/python3', '-c', 'import openpyxl')) return t.skip('python3-openpyxl is not installed');
      const sheet = await get(`/datos/filas/${id}/paradas-bus.xlsx`);
      assert.equal(sheet.headers['content-type'], 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet');
      assert.match(sheet.headers['content-disposition'], /paradas-bus\.xlsx/);
      const cells = python(`import openpyxl\nb=openpyxl.load_workbook(sys.argv[1])\nprint(json.dumps([[[c.data_type, str(c.value)] for c in r] for r in b.active.iter_rows()]))`, file('a.xlsx', sheet.bytes));
      assert.deepEqual(cells[1], [['s', '=1+1'], ['s', 'A'], ['n', '12'], ['d', '2026-02-03 00:00:00'], ['n', '40.4168'], ['n', '-3.7038']]);
      assert.ok(cells.flat().every(([type]) => type !== 'f'));
    });

    test('CSV: exact for programs; for spreadsheets without a formula', async () => {
      const read = (bytes, delimiter) => python(`import csv\nprint(json.dumps(list(csv.reader(open(sys.argv[1], encoding='utf-8-sig', newline=''), delimiter=sys.argv[2]))))`, file('a.csv', bytes), delimiter);
      const exact = read((await get(`/datos/filas/${id}/paradas-bus.csv`)).bytes, ',');
      assert.deepEqual(exact.map(([stop]) => stop), ['parada', '=1+1', '@cmd', '-calle', '<img src=x onerror=alert(1)>']);
      const safe = read((await get(`/datos/filas/${id}/paradas-bus.hoja.csv`)).bytes, ';');
      assert.deepEqual(safe.map(([stop]) => stop), ['parada', "'=1+1", "'@cmd", "'-calle", '<img src=x onerror=alert(1)>']);
      assert.deepEqual(safe[2].slice(2, 6), ['-3', '2026-02-04', '40,4170', '-3,7040'].map((cell, n) => (n === 2 && safe[2][4] === '40,417' ? '40,417' : n === 3 && safe[2][5] === '-3,704' ? '-3,704' : cell)));
    });

    test('GeoJSON: GDAL finds each row, in its place where it has one', async t => {
      if (!has('ogrinfo', '--version')) return t.skip('gdal-bin is not installed');
      const answer = await get(`/datos/filas/${id}/paradas-bus.geojson`);
      assert.equal(answer.headers['content-type'], 'application/geo+json');
      const {stdout} = spawnSync('ogrinfo', ['-al', file('a.geojson', answer.bytes)], {encoding: 'utf8'});
      assert.match(stdout, /Feature Count: 4/);
      assert.match(stdout, /Extent: \(-3\.704000, 40\.416800\) - \(-3\.500000, 40\.500000\)/);
      assert.equal(stdout.match(/POINT \(/g).length, 3);
      const flat = world.demo.json('open-data', 'list', '--tenant', 'valdehermoso').value.datasets.find(({name, state}) => state === 'published' && (name === 'gastos-biblioteca' || name === 'contratos-menores'));
      if (flat) assert.equal((await get(`/datos/filas/${flat.resources[0].id}/a.geojson`)).status, 404);
    });

    test('GeoJSON of metres: refused until somebody says of which zone, or the file says it; GDAL finds the metres again', async t => {
      const back = (bytes, name) => { const {stdout} = spawnSync('ogr2ogr', ['-f', 'CSV', '-t_srs', 'EPSG:25830', '-lco', 'GEOMETRY=AS_XY', '/vsistdout/', file(name, bytes)], {encoding: 'utf8'}); return stdout.split(/\r?\n/)[1].split(',').map(Number); };
      const near = ([x, y]) => assert.ok(Math.abs(x - 440292.5) < 0.02 && Math.abs(y - 4474254.1) < 0.02, `${x} ${y}`);
      const load = (dataset, where) => world.demo.json('open-data', 'import', '--tenant', 'valdehermoso', '--dataset', dataset, where).value.resource_id;
      const metres = load('fuentes-utm', file('fuentes-utm.csv', 'Fuente;UTM X;UTM Y\r\nSol;440292,5;4474254,1\r\nsin sitio;;\r\n'));
      assert.equal(run('publish', '--dataset', 'fuentes-utm', '--titulo', 'Fuentes en UTM', '--descripcion', 'Fuentes del municipio con su lugar en metros, sin decir de qué huso son esos metros.', '--sector', 'medio-ambiente', '--frecuencia', 'ANNUAL', '--palabras', 'fuentes').code, 0);
      const where = `/datos/filas/${metres}/fuentes-utm.geojson`, page = async () => (await get('/es/datos/fuentes-utm')).text;
      assert.ok(!(await page()).includes(where));
      const refused = await get(where);
      assert.equal(refused.status, 404);
      assert.match(refused.text, /metros de un huso que no se indica/);
      assert.match(run('export', '--dataset', 'fuentes-utm', '--formato', 'geojson').stderr, /metros de un huso que no se indica/);
      const clerk = await Client.of(world.demo, 'secretaria'), desk = `/es/gestion/datos/fuentes-utm/recursos/${metres}`;
      const say = async system => (await clerk.submit(form((await clerk.get(desk)).text, 'datos-sistema'), {sistema: system})).status;
      assert.equal(await say('EPSG:23030'), 422);
      assert.equal(await say('EPSG:25830'), 303);
      assert.ok((await page()).includes(where));
      assert.equal(form((await clerk.get(desk)).text, 'datos-sistema').fields.find(([name]) => name === 'sistema')[1], 'EPSG:25830');
      const old = file('viejo.geojson', '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::25830"}},"features":[{"type":"Feature","properties":{"a":"Sol"},"geometry":{"type":"Point","coordinates":[440292.5,4474254.1]}}]}');
      const said = load('fuentes-utm-geojson', old);
      assert.equal(run('publish', '--dataset', 'fuentes-utm-geojson', '--titulo', 'Fuentes en GeoJSON de antes', '--descripcion', 'Fuentes del municipio con su lugar en metros, que el archivo dice de qué huso son.', '--sector', 'medio-ambiente', '--frecuencia', 'ANNUAL', '--palabras', 'fuentes').code, 0);
      if (!has('ogr2ogr', '--version')) return t.skip('gdal-bin is not installed');
      near(back((await get(where)).bytes, 'b.geojson'));
      near(back((await get(`/datos/filas/${said}/viejo.geojson`)).bytes, 'c.geojson'));
      assert.equal(await say(''), 303);
      assert.equal((await get(where)).status, 404, 'nothing of it is kept');
    });

    test('a selection is what datastore_search finds, in any format', async () => {
      const ask = {filters: JSON.stringify({plazas: {gte: 0}, 'línea': ['A', 'C']}), sort: 'plazas desc', fields: 'parada,plazas'};
      const found = JSON.parse((await get(`/api/3/action/datastore_search?${new URLSearchParams({resource_id: id, ...ask})}`)).text).result.records;
      assert.deepEqual(found.map(({plazas}) => plazas), [12, 9, 7]);
      const lines = (await get(selected(id, 'a.ndjson', ask))).text.trim().split('\n').map(line => JSON.parse(line));
      assert.deepEqual(lines, found);
      const dump = JSON.parse((await get(`/datastore/dump/${id}?${new URLSearchParams({format: 'json', ...ask})}`)).text);
      assert.deepEqual([dump.fields.map(field => field.id), dump.records], [['parada', 'plazas'], found.map(({parada, plazas}) => [parada, plazas])]);
      assert.equal((await get(selected(id, 'a.csv', {q: 'calle'}))).text, 'parada,línea,plazas,alta,latitud,longitud\r\n-calle,A,7,,,\r\n');
      assert.equal((await get(selected(id, 'a.csv', {limit: 1, offset: 1, fields: 'plazas'}))).text, 'plazas\r\n-3\r\n');
      assert.equal((await get(selected(id, 'a.tsv', {distinct: 'true', fields: 'línea', sort: 'línea'}))).text, 'línea\r\nA\r\nB\r\nC\r\n');
      for (const wrong of [{filters: '{"nada": 1}'}, {filters: '{'}, {sort: 'plazas; drop table x'}, {fields: 'parada,"; select 1'}, {limit: '-1'}, {filters: '{"plazas": "doce"}'}])
        assert.equal((await get(selected(id, 'a.csv', wrong))).status, 400, JSON.stringify(wrong));
      assert.equal((await get(selected(id, 'a.geojson', {fields: 'parada'}))).status, 400, 'without its places');
      assert.equal((await world.demo.request(selected(id, 'a.csv', ask), {host: 'riomar.localhost'})).status, 404);
    });

    test('an interrupted download goes on where it was, while the rows are the same', async () => {
      const where = selected(id, 'a.csv', {sort: 'parada'});
      const whole = await get(where);
      const {etag} = whole.headers;
      assert.ok(etag);
      const rest = await get(where, {Range: 'bytes=20-', 'If-Range': etag});
      assert.deepEqual([rest.status, rest.headers.etag], [206, etag]);
      assert.deepEqual(Buffer.concat([whole.bytes.subarray(0, 20), rest.bytes]), whole.bytes);
      assert.equal((await get(where, {'If-None-Match': etag})).status, 304);
      const loaded = world.demo.json('open-data', 'import', '--tenant', 'valdehermoso', '--dataset', 'paradas-bus', file('paradas-bus.csv', stops.replace('12;', '13;')));
      assert.equal(loaded.code, 0);
      const changed = await get(where, {Range: 'bytes=20-', 'If-Range': etag});
      assert.equal(changed.status, 200, 'other rows: from the beginning');
      assert.notEqual(changed.headers.etag, etag);
      const curl = path.join(world.demo.dir, 'parte.csv');
      fs.writeFileSync(curl, changed.bytes.subarray(0, 30));
      assert.equal(spawnSync('curl', ['-sf', '-C', '-', '-o', curl, '-H', `Host: valdehermoso.localhost:${world.demo.port}`, `http://127.0.0.1:${world.demo.port}${where}`]).status, 0);
      assert.deepEqual(fs.readFileSync(curl), changed.bytes);
    });

    test('what takes long is written by a job: 503 with Retry-After meanwhile, then all of it', async () => {
      const width = 20, rows = 150_001;
      const big = file('anchos.csv', `${Array.from({length: width}, (_, n) => `c${n}`).join(';')}\n${Array.from({length: rows}, (_, n) => `${n}${';1'.repeat(width - 1)}`).join('\n')}\n`);
      const loaded = world.demo.json('open-data', 'import', '--tenant', 'valdehermoso', '--dataset', 'anchos', '--publicar', '--titulo', 'Tabla ancha', '--descripcion', 'Una tabla de muchas celdas, para ver que se prepara aparte.', '--sector', 'hacienda', '--frecuencia', 'ANNUAL', '--palabras', 'muchas', big);
      assert.equal(loaded.code, 0, loaded.stderr);
      const until_made = async where => {
        const first = await get(where);
        assert.equal(first.status, 503);
        assert.equal(first.headers['retry-after'], '10');
        for (let n = 0; n < 120; ++n) {
          const answer = await get(where);
          if (answer.status !== 503) return answer;
          await sleep(500);
        }
        throw Error('never made');
      };
      const whole = await until_made(`/datos/filas/${loaded.value.resource_id}/anchos.csv`);
      assert.deepEqual([whole.status, whole.text.split('\r\n').length], [200, rows + 2]);
      const part = await until_made(selected(loaded.value.resource_id, 'anchos.csv', {filters: '{"c0": {"lt": 3, "gte": 1}}', sort: 'c0 desc', fields: 'c0,c1'}));
      assert.equal(part.text, 'c0,c1\r\n2,1\r\n1,1\r\n');
    });

    test('each CSV says what its columns are: CSVW beside it, and a data package', async () => {
      const csv = await get(`/datos/filas/${id}/paradas-bus.csv`);
      const [, where, relation] = csv.headers.link.match(/^<([^>]+)>; rel="(\w+)"; type="application\/csvm\+json"$/);
      assert.equal(relation, 'describedby');
      const answer = await get(where);
      assert.equal(answer.headers['content-type'], 'application/csvm+json');
      const table = JSON.parse(answer.text);
      assert.deepEqual(table.tableSchema.columns.map(({titles}) => titles.und), csv.text.split('\r\n')[0].split(','), 'what the header says is in no language');
      const data = JSON.parse((await get('/dataset/paradas-bus/datapackage.json')).text);
      assert.equal(data.resources.length, 1);
      assert.equal((await get(new URL(data.resources[0].path).pathname)).text, csv.text);
    });
  });
}
