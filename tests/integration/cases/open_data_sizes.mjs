// What is said of a file's size is what whoever asks for it gets: judged by rdflib, which reads the catalogue, and by the bytes.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {describe, test} from 'node:test';
import {decode} from '../../support/client.mjs';
import {until} from '../../support/demo.mjs';

const stops = 'parada;plazas;latitud;longitud\r\nPlaza Mayor;12;40,4168;-3,7038\r\n«Estación»;7;40,4170;-3,7040\r\n';

export default function (world) {
  const get = (where, headers = {}) => world.demo.request(where, {headers});
  const file = (name, bytes) => world.demo.put(name, bytes);
  const run = (verb, ...args) => world.demo.concejo('open-data', verb, '--tenant', 'valdehermoso', ...args);
  const load = (dataset, where, ...more) => {
    const done = world.demo.json('open-data', 'import', '--tenant', 'valdehermoso', '--dataset', dataset, ...more, where);
    assert.equal(done.code, 0, done.stderr);
    return done.value.resource_id;
  };
  const described = (title, more = []) => ['--titulo', title, '--descripcion', 'Paradas del autobús urbano, con sus plazas y el lugar donde está cada una.', '--sector', 'transporte', '--frecuencia', 'ANNUAL', '--palabras', 'autobús', '--desde', '2026-01-01', ...more];

  /** [{url, bytes, sha256}] of each distribution, as rdflib reads them. */
  const distributions = async dataset => {
    const script = `import sys,json,rdflib
g=rdflib.Graph().parse(data=sys.stdin.buffer.read(), format='turtle'); D=rdflib.Namespace('http://www.w3.org/ns/dcat#')
one=lambda s,p: next((str(o) for o in g.objects(s,p)), None)
print(json.dumps([{'url':one(d,D.downloadURL),'bytes':one(d,D.byteSize),'sha256':next((str(o) for p,o in g.predicate_objects(d) if str(p).endswith('sha256')), None)} for d in g.subjects(rdflib.RDF.type, D.Distribution)]))`;
    const {status, stdout, stderr} = spawnSync('/usr/bin/python3', ['-c', script], {input: (await get(`/dataset/${dataset}.ttl`)).bytes, encoding: 'utf8'});
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout).sort((a, b) => a.url < b.url ? -1 : 1);
  };
  const all_sized = async dataset => { const list = await distributions(dataset); return list.every(({bytes}) => bytes !== null) && list; };
  const local = url => url.replace(/^https?:\/\/[^/]+/, '');
  const points = async dataset => Number(decode((await get(`/es/datos/${dataset}/calidad`)).text).match(/: ([\d,]+) de 405/)[1].replace(',', '.'));

  describe('open data, sizes of files', () => {
    let id;

    test('the files of what is published are made by themselves, and the catalogue says their size and their hash', async t => {
      if (spawnSync('/usr/bin/python3', ['-c', 'import rdflib']).status !== 0) return t.skip('python3-rdflib is not installed');
      id = load('tamanos', file('tamanos.csv', stops));
      assert.equal(run('publish', '--dataset', 'tamanos', ...described('Paradas con su tamaño')).code, 0);
      const list = await until('each file has its size', () => all_sized('tamanos'));
      assert.deepEqual(list.map(({url}) => url.split('.').pop()), ['csv', 'geojson', 'json', 'csv'].sort());
      for (const {url, bytes, sha256} of list)
        for (const headers of [{}, {'Accept-Encoding': 'gzip, br, zstd'}, {'Accept-Language': 'ca'}]) {
          const answer = await get(local(url), headers);
          assert.equal(answer.status, 200, url);
          assert.equal(answer.headers['content-encoding'], undefined, url);
          assert.deepEqual([answer.bytes.length, Number(answer.headers['content-length'])], [Number(bytes), Number(bytes)], url);
          assert.equal(createHash('sha256').update(answer.bytes).digest('hex'), sha256, url);
        }
      const [table] = JSON.parse((await get('/dataset/tamanos/datapackage.json')).text).resources;
      const csv = list.find(({url}) => url === table.path);
      assert.deepEqual([table.bytes, table.hash], [Number(csv.bytes), `sha256:${csv.sha256}`]);
      const page = (await get('/es/datos/tamanos')).text;
      for (const {bytes} of list) assert.ok(page.includes(`"contentSize":"${bytes} B"`), bytes);
    });

    test('a dataset that is well described has all the points, and no advice', async () => {
      assert.equal(await points('tamanos'), 405);
      const page = decode((await get('/es/datos/tamanos/calidad')).text);
      assert.doesNotMatch(page, /<strong>[^<]*\.<\/strong>/);
    });

    test('other marks before the text, and numbers of rows, are other files: they change nothing of what is said', async () => {
      const before = await distributions('tamanos');
      for (const where of [`/datastore/dump/${id}?bom=true`, `/datastore/dump/${id}?format=json`, `/datos/filas/${id}/a.csv?limit=1`]) assert.equal((await get(where)).status, 200);
      assert.deepEqual(await distributions('tamanos'), before);
    });

    test('rows that programs write take the sizes with them; they are back when nobody has written for an hour', async () => {
      const {token} = world.demo.json('token', 'create', '--tenant', 'valdehermoso', '--scope', 'open-data:write').value;
      const done = await world.demo.request('/api/3/action/datastore_upsert', {method: 'POST', headers: {'Content-Type': 'application/json', Authorization: token}, body: JSON.stringify({resource_id: id, method: 'insert', force: true, records: [{parada: 'Nueva', plazas: 3}]})});
      assert.equal(done.status, 200, done.text);
      assert.deepEqual((await distributions('tamanos')).map(({bytes}) => bytes !== null), [true, false, false, false], 'only the file as it came has one');
      const page = decode((await get('/es/datos/tamanos/calidad')).text);
      assert.match(page, /El portal está preparando los archivos: su tamaño aparecerá solo\./);
      assert.doesNotMatch(page, /Ponga el tamaño/);
      world.demo.sql(`update m_valdehermoso.open_data_resource set data_at = data_at - interval '2 hours' where id = '${id}'`);
      world.demo.sql("insert into concejo.jobs (tenant, plugin, kind) select distinct tenant, 'open-data', 'preparar-archivos' from concejo.jobs where plugin = 'open-data' and kind = 'escribir'");
      const list = await until('each file has its size again', () => all_sized('tamanos'));
      for (const {url, bytes} of list) assert.equal((await get(local(url))).bytes.length, Number(bytes), url);
    });

    test('a version more has files of its own, and those of the one before are let go', async () => {
      const before = await distributions('tamanos');
      load('tamanos', file('tamanos.csv', `${stops}Otra;1;40,4;-3,7\r\n`));
      const list = await until('each file has its size', () => all_sized('tamanos'));
      for (const {url, bytes} of list) assert.equal((await get(local(url))).bytes.length, Number(bytes), url);
      assert.notDeepEqual(list, before);
      assert.equal(world.demo.sql(`select count(distinct version) from m_valdehermoso.open_data_dump where resource = '${id}'`), '1');
    });

    test('many rows are not written before somebody asks: the advice is to ask once', async () => {
      const rows = 150_001, width = 20;
      const wide = file('tamanos-anchos.csv', `${Array.from({length: width}, (_, n) => `c${n}`).join(';')}\n${Array.from({length: rows}, (_, n) => `${n}${';1'.repeat(width - 1)}`).join('\n')}\n`);
      const big = load('tamanos-anchos', wide, '--publicar', ...described('Tabla ancha con su tamaño'));
      assert.match(decode((await get('/es/datos/tamanos-anchos/calidad')).text), /descárguelos una vez en CSV y en JSON/);
      for (const format of ['csv', 'json']) await until(format, async () => (await get(`/datos/filas/${big}/a.${format}`)).status === 200);
      assert.equal(await points('tamanos-anchos'), 405);
    });

    test('where access is restricted the size is mandatory: it is published once the files are there', async () => {
      load('tamanos-reservado', file('tamanos-reservado.csv', stops));
      await until('published', () => run('publish', '--dataset', 'tamanos-reservado', ...described('Paradas reservadas')).code === 0);
      world.demo.sql("update m_valdehermoso.open_data_dataset set meta = jsonb_set(meta, '{access_right}', '\"RESTRICTED\"') where name = 'tamanos-reservado'");
      await until('nothing is wrong with it', () => world.demo.json('open-data', 'check', '--tenant', 'valdehermoso').value.datasets.find(({name}) => name === 'tamanos-reservado').problems.every(({severity}) => severity !== 'error'));
    });
  });
}
