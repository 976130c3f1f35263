// Each load is a version: what changed is what Python finds, a citable one is what concejo-verify accepts, and what was never
// published, or was withdrawn, is nobody's. Long files and files of other servers are loaded by jobs, also after kill -9.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import http from 'node:http';
import {after, describe, test} from 'node:test';
import path from 'node:path';
import {program, until} from '../../support/demo.mjs';
import {Client, decode, form, form_of_button, multipart, text_of} from '../../support/client.mjs';
import {postmaster_of, workers_of} from '../../faults/processes.mjs';

const sha256 = bytes => createHash('sha256').update(bytes).digest('hex');
const python = (code, ...inputs) => {
  const {status, stdout, stderr} = spawnSync('python3', ['-c', code], {input: JSON.stringify(inputs), encoding: 'utf8'});
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
};
/** Two CSV files compared by another: rows as a multiset, or by the value of one column. */
const whole_rows = (before, now) => python(`
import collections, csv, io, json, sys
a, b = (collections.Counter(map(tuple, list(csv.reader(io.StringIO(t)))[1:])) for t in json.load(sys.stdin))
print(json.dumps({"added": sorted([list(r), n] for r, n in (b - a).items()), "removed": sorted([list(r), n] for r, n in (a - b).items())}))`, before, now);
const by_key = (key, before, now) => python(`
import csv, io, json, sys
key, *texts = json.load(sys.stdin)
a, b = ({r[key]: r for r in csv.DictReader(io.StringIO(t))} for t in texts)
cells = lambda k: sorted(c for c in b[k] if c in a[k] and a[k][c] != b[k][c])
print(json.dumps({"added": sorted(b.keys() - a.keys()), "removed": sorted(a.keys() - b.keys()), "changed": {k: cells(k) for k in sorted(a.keys() & b.keys()) if cells(k)}}))`, key, before, now);

export default function (world) {
  const town = 'valdehermoso';
  const file = (name, bytes) => world.demo.put(name, bytes);
  const load = (...args) => world.demo.json('open-data', 'import', '--tenant', town, ...args);
  const get = (where, more = {}) => world.demo.request(where, more);
  const of = name => world.demo.json('open-data', 'list', '--tenant', town).value.datasets.find(one => one.name === name);
  const about = ['--titulo', 'Licencias de terrazas', '--descripcion', 'Licencias de terrazas en la vía pública, con su titular, sus mesas y su tasa.', '--sector', 'urbanismo-infraestructuras', '--frecuencia', 'ANNUAL', '--palabras', 'terrazas'];
  let clerk;
  const staff = async () => { if (!clerk) { clerk = new Client(world.demo); await clerk.login('secretaria'); } return clerk; };

  describe('versions of open data', () => {
    const first = 'expediente,titular,mesas,tasa\r\nT1,Bar Pepe,4,100.50\r\nT2,Café Luz,6,150\r\nT2b,Café Luz,6,150\r\nT3,Mesón,2,50.25\r\nT3,Mesón,2,50.25\r\n';
    const second = 'expediente,titular,mesas,tasa\r\nT1,Bar Pepe,5,100.5\r\nT2b,Café Luz,6,150\r\nT3,Mesón,2,50.25\r\nT4,"Terraza, la ""Nueva""",8,\r\nT5,<b>Sol</b>,1,3\r\n';
    const third = 'expediente,titular,mesas,tasa,zona\r\nT1,Bar Pepe,5,100.5,Centro\r\nT2b,Café Luz SL,7,150,Centro\r\nT3,Mesón,2,50.25,Puerto\r\nT5,<b>Sol</b>,1,3,Puerto\r\n';
    let resource, id, base;
    const changes = async (pair, more = '') => JSON.parse((await get(`/datos/cambios/${resource}/${pair}.json${more}`)).text);

    test('each load is one, with its date, its rows and its file; what was loaded before publishing is nobody\'s', async () => {
      const secret = load('--dataset', 'terrazas', file('terrazas.csv', 'expediente,titular,mesas,tasa,dni\r\nT1,Bar Pepe,4,100.50,00000000T\r\n'));
      assert.equal(secret.code, 0, secret.stderr);
      assert.equal(load('--dataset', 'terrazas', file('terrazas.csv', first)).code, 0);
      assert.equal(world.demo.concejo('open-data', 'publish', '--tenant', town, '--dataset', 'terrazas', ...about).code, 0);
      for (const text of [second, third]) assert.equal(load('--dataset', 'terrazas', file('terrazas.csv', text)).code, 0);
      resource = secret.value.resource_id, id = of('terrazas').id, base = `/es/datos/terrazas/versiones/${resource}`;
      const list = await get(base);
      assert.equal(list.status, 200);
      assert.match(list.text, /Versión 4/);
      assert.doesNotMatch(list.text, /Versión 1\b|system:cli/);
      assert.equal((await get(`${base}/1`)).status, 404);
      assert.equal((await get(`${base}/1/terrazas.csv`)).status, 404);
      assert.equal((await get(`/datos/cambios/${resource}/1-2.json`)).status, 404);
      const seen = await (await staff()).get(base);
      assert.match(decode(seen.text), /Versión 1\b[\s\S]*No se ha publicado[\s\S]*system:cli/);
      for (const [n, text] of [[2, first], [3, second], [4, third]]) {
        const page = await get(`${base}/${n}`), original = await get(`${base}/${n}/terrazas.csv`);
        assert.equal(page.status, 200);
        assert.equal(original.text, text);
        assert.ok(page.text.includes(sha256(text)));
        assert.match(text_of(page.text, 'datos-cita'), new RegExp(`Ayuntamiento de Valdehermoso \\(20\\d\\d\\)\\. Licencias de terrazas.*Versión ${n}, .*/id/datos/${resource}/${n}`));
      }
      const rows = await get(`${base}/3/filas.csv`);
      assert.equal(rows.status, 200);
      assert.deepEqual(python('import csv,io,json,sys; print(json.dumps(list(csv.DictReader(io.StringIO(json.load(sys.stdin)[0])))))', rows.text).map(({expediente}) => expediente), ['T1', 'T2b', 'T3', 'T4', 'T5']);
      const permanent = await get(`/id/datos/${resource}/3`);
      assert.deepEqual([permanent.status, new URL(permanent.headers.location, 'http://x').pathname], [303, `${base}/3`]);
      for (const where of [`${base}/9`, `${base}/x`, `${base}/3/filas.exe`, `${base}/3/otro.csv`]) assert.ok([400, 404].includes((await get(where)).status), where);
      for (const where of [base, `${base}/3`, `/id/datos/${resource}/3`, `/datos/cambios/${resource}/2-3.json`]) assert.equal((await get(where, {host: 'riomar.localhost'})).status, 404, where);
    });

    test('what changed, by whole rows: as many of each as Python counts', async () => {
      const found = await changes('2-3'), expected = whole_rows(first.replace('100.50', '100.5'), second);
      const listed = kind => found.changes.filter(({type}) => type === kind).map(({before, after, rows}) => [Object.values(after ?? before).map(value => value === null ? '' : String(value)), rows]).sort();
      assert.deepEqual([listed('added'), listed('removed')], [expected.added, expected.removed].map(list => list.map(([row, n]) => [row, n])));
      assert.deepEqual([found.added, found.removed, found.changed, found.key], [expected.added.reduce((n, one) => n + one[1], 0), expected.removed.reduce((n, one) => n + one[1], 0), 0, []]);
      const same = await changes('3-3');
      assert.deepEqual([same.added, same.removed, same.changed, same.changes.length], [0, 0, 0, 0]);
      const back = await changes('3-2');
      assert.deepEqual([back.added, back.removed], [found.removed, found.added]);
    });

    test('by the columns that a person names: added, removed, and the cells that changed, as Python finds them', async () => {
      const here = `/es/gestion/datos/terrazas/recursos/${resource}`;
      const asked = form((await (await staff()).get(here)).text, 'datos-clave');
      assert.equal((await clerk.submit(asked, {clave0: 'expediente'})).status, 303);
      const found = await changes('3-4'), expected = by_key('expediente', second, third);
      assert.deepEqual(found.key, ['expediente']);
      assert.deepEqual(found.columns_added, ['zona']);
      const of_kind = kind => found.changes.filter(({type}) => type === kind);
      assert.deepEqual(of_kind('added').map(({after: row}) => row.expediente).sort(), expected.added);
      assert.deepEqual(of_kind('removed').map(({before: row}) => row.expediente).sort(), expected.removed);
      assert.deepEqual(Object.fromEntries(of_kind('changed').map(({before: old, after: now}) => [now.expediente, Object.keys(old).filter(column => String(old[column]) !== String(now[column])).sort()])), expected.changed);
      const page = await get(`/es/datos/terrazas/cambios/${resource}?de=3&a=4`);
      assert.match(text_of(page.text, 'datos-cambios-total'), /0 filas añadidas, 1 quitada, 1 cambiada/);
      assert.match(decode(page.text), /<del>.*Café Luz<\/del> <ins>.*Café Luz SL<\/ins>/);
      const newest = await get(`/es/datos/terrazas/cambios/${resource}`);
      assert.equal(text_of(newest.text, 'datos-cambios-total'), text_of(page.text, 'datos-cambios-total'), 'the last two where nothing is said');
      // The key is none in version 2: T3 is there twice.
      assert.match((await get(`/es/datos/terrazas/cambios/${resource}?de=2&a=3`)).text, /no distingue las filas/);
      assert.doesNotMatch((await get(`/es/datos/terrazas/cambios/${resource}?de=2&a=3`)).text, /<b>Sol/);
    });

    test('in pages that add up, as JSON and as CSV', async () => {
      const whole = await changes('2-3');
      let list = [], next = `/datos/cambios/${resource}/2-3.json?limite=1`;
      for (let n = 0; next && n < 20; ++n) {
        const answer = await get(next);
        assert.equal(answer.status, 200, answer.text.replace(/<[^>]*>|\s+/g, ' '));
        const part = JSON.parse(answer.text);
        assert.equal(part.changes.length, 1);
        list = list.concat(part.changes), next = part.next && new URL(part.next).pathname + new URL(part.next).search;
      }
      assert.deepEqual(list, whole.changes);
      const csv = await get(`/datos/cambios/${resource}/3-4.csv`);
      const lines = python('import csv,io,json,sys; print(json.dumps(list(csv.DictReader(io.StringIO(json.load(sys.stdin)[0], newline="")))))', csv.text);
      assert.deepEqual(lines.map(line => [line._cambio, line.expediente, line.titular, line.zona]), [['antes', 'T2b', 'Café Luz', ''], ['ahora', 'T2b', 'Café Luz SL', 'Centro'], ['quitada', 'T4', 'Terraza, la "Nueva"', '']]);
      for (const wrong of ['3-4.xml', '3', '3-4.json?limite=0', '3-4.json?limite=99999', 'a-b.json', '9-4.json']) assert.ok([400, 404].includes((await get(`/datos/cambios/${resource}/${wrong}`)).status), wrong);
    });

    test('tables by chance, of equal rows, empty cells and numbers written in other ways: as many changes as Python counts', async () => {
      let seed = 2026;
      const chance = n => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
      const words = ['Calle Mayor', 'a, "b"', 'línea\nnueva', '', 'x', 'X', '0'];
      const rows = () => Array.from({length: 40}, (_, n) => [n + chance(3), words[chance(words.length)], ['1.5', '1.50', '', '2', '-3.25'][chance(5)]].map(cell => `"${String(cell).replaceAll('"', '""')}"`).join(',')).join('\n');
      const code = `
import collections, csv, decimal, io, json, sys
read = lambda t: [(r["n"], r["texto"], str(decimal.Decimal(r["valor"]).normalize()) if r["valor"] else "") for r in csv.DictReader(io.StringIO(t, newline=""))]
a, b = map(read, json.load(sys.stdin))
ca, cb = collections.Counter(a), collections.Counter(b)
print(json.dumps([sum((cb - ca).values()), sum((ca - cb).values())]))`;
      let one;
      for (let n = 0; n < 6; ++n) one = load('--dataset', 'azar', ...n === 0 ? ['--publicar', ...about] : [], file('azar.csv', `n,texto,valor\n${rows()}\n`));
      assert.equal(one.code, 0, one.stderr);
      const table = async n => (await get(`/es/datos/azar/versiones/${one.value.resource_id}/${n}/filas.csv`)).text;
      const wrong = [];
      for (let n = 1; n < 6; ++n) {
        const answer = await get(`/datos/cambios/${one.value.resource_id}/${n}-${n + 1}.json`);
        assert.equal(answer.status, 200, answer.text.replace(/<[^>]*>|\s+/g, ' '));
        const found = JSON.parse(answer.text);
        const expected = python(code, await table(n), await table(n + 1));
        if (String([found.added, found.removed]) !== String(expected)) wrong.push(`${n}: ${[found.added, found.removed]}, Python ${expected}`);
      }
      assert.deepEqual(wrong, []);
    });

    test('a citable one: its file and its rows sealed, with codes and a bundle that concejo-verify accepts', async () => {
      const here = `/es/gestion/datos/terrazas/recursos/${resource}`;
      const asked = form((await (await staff()).get(here)).text, 'datos-citar');
      const done = await clerk.follow(await clerk.submit(asked, {version: '3'}), asked.action);
      assert.match(text_of(done.text, 'hecho'), /ya se puede citar/);
      assert.equal((await clerk.submit(form((await clerk.get(here)).text, 'datos-citar'), {version: '3'})).status, 409, 'once');
      const page = await get(`${base}/3`);
      const snapshot = await get(`${base}/3/instantanea.csv`);
      assert.equal(snapshot.status, 200);
      assert.ok(page.text.includes(sha256(snapshot.bytes)));
      assert.equal(snapshot.text, (await get(`${base}/3/filas.csv`)).text);
      const formats = [...page.text.matchAll(/href="([^"]*\/3\/filas\.[\w.]+)"/g)].map(([, href]) => href);
      assert.deepEqual(await Promise.all(formats.map(async href => (await get(href)).status)), Array(7).fill(200), 'each format that is offered; no places, no GeoJSON');
      const bundles = [...page.text.matchAll(/href="([^"]*\/verificar\/\w{27}\/evidencia)"/g)].map(([, href]) => href);
      assert.equal(bundles.length, 2);
      assert.match(text_of(page.text, 'datos-cita'), /SHA-256: [0-9a-f]{64}\. Código seguro de verificación: \w{27}\./);
      for (const [at, content] of [[0, Buffer.from(second)], [1, snapshot.bytes]]) {
        const bundle = await until('the bundle has its timestamp', async () => { const answer = await get(bundles[at]); return answer.status === 200 && answer.bytes; });
        const {stdout, stderr} = spawnSync(path.join(path.dirname(program), 'concejo-verify'), ['--json', '--clave', file('clave-datos.pem', (await get('/evidencia/clave.pem')).bytes), file('datos.evidencia', bundle)], {encoding: 'utf8'});
        const verdict = JSON.parse(stdout || '{}');
        assert.equal(verdict.veredicto, 'autentico', stdout + stderr);
        assert.ok(JSON.stringify(verdict).includes(sha256(content)), 'of that content');
        assert.equal((await get(bundles[at].replace(/\/evidencia$/, ''))).status === 500, false);
      }
    });

    test('an older one whose content is withdrawn: hash and reason stay, nothing else', async () => {
      const here = `/es/gestion/datos/terrazas/recursos/${resource}`;
      const asked = form((await (await staff()).get(here)).text, 'datos-retirar-version');
      assert.equal((await clerk.submit(asked, {version: '2', motivo: ' '})).status, 422);
      assert.equal((await clerk.submit(asked, {version: '4', motivo: 'no'})).status, 409, 'not the one in use');
      assert.equal((await clerk.submit(asked, {version: '2', motivo: 'Tenía un <i>nombre</i>'})).status, 303);
      const page = await get(`${base}/2`);
      assert.match(decode(text_of(page.text, 'datos-version-retirada')), /Tenía un <i>nombre<\/i>/);
      assert.ok(page.text.includes(sha256(first)));
      for (const name of ['terrazas.csv', 'filas.csv', 'filas.json']) {
        const gone = await get(`${base}/2/${name}`);
        assert.equal(gone.status, 410, name);
        assert.match(gone.text, /se retiró el \d/);
      }
      assert.equal((await get(`${base}/2/nunca.csv`)).status, 404);
      assert.equal((await get(`/datos/cambios/${resource}/2-3.json`)).status, 404);
      assert.equal((await get(`${base}/3`)).status, 200);
    });

    test('a dataset that is withdrawn answers 410 with its reason, and stays in the catalogue as withdrawn', async () => {
      const asked = form((await (await staff()).get('/es/gestion/datos/terrazas')).text, 'datos-retirar');
      await clerk.submit(asked, {motivo: 'Se publica en otro conjunto'});
      const page = await get('/es/datos/terrazas');
      assert.equal(page.status, 410);
      assert.match(text_of(page.text, 'datos-retirado'), /otro conjunto/);
      for (const where of [base, `${base}/3`, `${base}/3/filas.csv`, `${base}/3/instantanea.csv`, `/id/datos/${resource}/3`, `/es/datos/terrazas/tabla/${resource}`]) {
        const gone = await get(where);
        assert.equal(gone.status, 410, where);
        assert.match(text_of(gone.text, 'datos-retirado'), /otro conjunto/);
      }
      assert.match((await get('/catalogo/dcat-ap-es.ttl')).text, /distribution-status\/WITHDRAWN/);
      const csv = (await (await staff()).get(`${base}/3`)).text.match(/verificar\/(\w{27})\/evidencia/)?.[1];
      assert.equal((await get(`/es/verificar/${csv}/evidencia`)).status, 404, 'its exposure has ended');
    });

    test('many rows are compared by a job, and found to differ in what was changed', async () => {
      const rows = Array.from({length: 210_000}, (_, n) => `${n},calle ${n % 97},${n % 1000}`);
      const before = `numero,calle,valor\n${rows.join('\n')}\n`;
      rows[1000] = '1000,calle 30,999', rows[209_999] = '209999,otra,1';
      assert.equal(load('--dataset', 'callejero', file('callejero.csv', before)).code, 0);
      const second_load = load('--dataset', 'callejero', '--publicar', ...about, file('callejero.csv', `numero,calle,valor\n${rows.join('\n')}\n`));
      assert.equal(second_load.code, 0, second_load.stderr);
      const big = second_load.value.resource_id;
      const here = `/es/datos/callejero/cambios/${big}`;
      const waiting = await (await staff()).get(`${here}?de=1&a=2`);
      assert.match(waiting.text, /data-c="datos-cambios-espera"/);
      const done = await until('compared', async () => { const page = await clerk.get(`${here}?de=1&a=2`); return /data-c="datos-cambios-total"/.test(page.text) && page; });
      assert.match(text_of(done.text, 'datos-cambios-total'), /2 filas añadidas, 2 quitadas, 0 cambiadas/);
    });

    test('a resource that is taken away leaves nothing: not its rows, its files nor its seal', async () => {
      const one = load('--dataset', 'sobrante', '--publicar', ...about, file('sobrante.csv', 'nombre,dni\r\nAna,00000000T\r\n'));
      assert.equal(load('--dataset', 'sobrante', file('sobrante.csv', 'nombre,dni\r\nAna,00000001R\r\n')).code, 0);
      const its = one.value.resource_id, here = `/es/gestion/datos/sobrante/recursos/${its}`;
      const tables = world.demo.sql(`SELECT string_agg(quote_literal(table_name), ',') FROM m_valdehermoso.open_data_version WHERE resource = '${its}'`);
      const blobs = world.demo.sql(`SELECT string_agg(quote_literal(blob), ',') FROM m_valdehermoso.open_data_version WHERE resource = '${its}'`);
      await clerk.submit(form((await (await staff()).get(here)).text, 'datos-citar'), {version: '2'});
      const bundle = (await get(`/es/datos/sobrante/versiones/${its}/2`)).text.match(/\/es\/verificar\/\w{27}\/evidencia/)[0];
      await until('it is exposed', async () => (await get(bundle)).status === 200);
      assert.equal((await clerk.submit(form((await clerk.get('/es/gestion/datos/sobrante')).text, 'datos-quitar'))).status, 303);
      assert.equal((await get(bundle)).status, 404, 'its exposure has ended');
      const left = () => world.demo.sql(`SELECT (SELECT count(*) FROM m_valdehermoso.open_data_resource WHERE id = '${its}') + (SELECT count(*) FROM pg_tables WHERE tablename IN (${tables})) + (SELECT count(*) FROM concejo.blob_uses WHERE plugin = 'open-data' AND blob IN (${blobs}))`);
      await until('a job has cleaned up', () => left() === '0');
      assert.equal((await get('/es/datos/sobrante')).status, 200, 'the rest of the dataset is as it was');
    });

    test('staff reach all of many datasets, page by page', async () => {
      world.demo.sql(`INSERT INTO m_valdehermoso.open_data_dataset (name, organization, meta, created_by) SELECT 'muchos-' || n, o.id, '{"title": {"es": "De muchos"}}', 'prueba' FROM generate_series(1, 120) n, (SELECT id FROM m_valdehermoso.open_data_organization WHERE kind = 'organization' LIMIT 1) o`);
      const seen = new Set();
      let where = '/es/gestion/datos', pages = 0;
      for (; where; ++pages) {
        const page = await (await staff()).get(where);
        for (const [, name] of page.text.matchAll(/href="\/es\/gestion\/datos\/(muchos-\d+)"/g)) seen.add(name);
        where = decode(page.text.match(/href="([^"]+)" rel="next"/)?.[1] ?? '');
      }
      world.demo.sql("DELETE FROM m_valdehermoso.open_data_dataset WHERE name LIKE 'muchos-%'");
      assert.deepEqual([seen.size, pages >= 3], [120, true]);
    });

    test('a draft that was begun by mistake is deleted; what was published is not', async () => {
      const one = load('--dataset', 'equivocado', file('equivocado.csv', 'a,b\r\n1,2\r\n'));
      const table = world.demo.sql(`SELECT table_name FROM m_valdehermoso.open_data_resource WHERE id = '${one.value.resource_id}'`);
      const asked = form((await (await staff()).get('/es/gestion/datos/equivocado')).text, 'datos-borrar');
      const refused = await clerk.submit({...asked, action: '/es/gestion/datos/callejero/borrar'});
      const done = await clerk.follow(await clerk.submit(asked), asked.action);
      assert.match(text_of(done.text, 'hecho'), /está borrado/);
      assert.equal((await clerk.get('/es/gestion/datos/equivocado')).status, 404);
      assert.equal(world.demo.sql(`SELECT count(*) FROM pg_tables WHERE tablename = '${table}'`), '0');
      assert.equal(form((await clerk.get('/es/gestion/datos/callejero')).text, 'datos-borrar'), null, 'was published');
      assert.equal(refused.status, 409);
    });
  });

  describe('files that are loaded by a job', () => {
    let token;
    const rows_of = async resource => JSON.parse((await get(`/api/3/action/datastore_search?resource_id=${resource}&limit=1`)).text);
    const send = async (action, fields, upload) => {
      token ??= world.demo.json('token', 'create', '--tenant', town, '--scope', 'open-data:write', '--name', 'versiones').value.token;
      const body = multipart('----versiones', Object.entries(fields), {upload});
      const answer = await get(`/api/3/action/${action}`, {method: 'POST', body, headers: {Authorization: token, 'Content-Type': 'multipart/form-data; boundary=----versiones'}});
      assert.equal(answer.status, 200, answer.text);
      return JSON.parse(answer.text).result;
    };
    const long_file = (name, tail = '') => ({name, type: 'text/csv', bytes: Buffer.from('numero,texto,valor\n' + Array.from({length: 400_000}, (_, n) => `${n},${'una fila bastante larga '.repeat(2)}${n},${n}.5\n`).join('') + tail)});

    test('an upload of more than 20 MiB: the old rows are there until the new ones are, also where the worker is killed meanwhile', async () => {
      const one = load('--dataset', 'largos', '--publicar', ...about, file('largos.csv', 'numero,texto,valor\n1,uno,1.5\n'));
      assert.equal(one.code, 0, one.stderr);
      const resource = one.value.resource_id, upload = long_file('largos.csv');
      assert.ok(upload.bytes.length > 20 << 20);
      await send('resource_patch', {id: resource}, upload);
      assert.equal((await rows_of(resource)).result.total, 1);
      await until('a worker is at it', () => world.demo.sql("SELECT count(*) FROM concejo.jobs WHERE plugin = 'open-data' AND kind = 'cargar' AND state = 'running'") === '1');
      assert.match((await (await staff()).get('/es/gestion/datos/largos')).text, /data-c="datos-carga"/);
      const [pid] = workers_of(world.demo).filter(({kind}) => /job/.test(kind)).map(one => one.pid);
      assert.ok(pid, JSON.stringify(workers_of(world.demo)));
      process.kill(pid, 'SIGKILL');
      await until('it is loaded', async () => {
        const {success, result} = await rows_of(resource);
        assert.ok(success && [1, 400_000].includes(result.total), 'nothing half-loaded');
        return result.total === 400_000;
      }, 180);
      const versions = world.demo.sql(`SELECT number, accepted, blob FROM m_valdehermoso.open_data_version WHERE resource = '${resource}' ORDER BY number`).split('\n');
      assert.deepEqual(versions.slice(1), [`2|400000|${sha256(upload.bytes)}`], 'once');
      assert.equal(world.demo.sql(`SELECT meta #>> '{load,state}' FROM m_valdehermoso.open_data_resource WHERE id = '${resource}'`), '');
    });

    test('the database starts anew in the middle of a load: it is loaded, once', async () => {
      const resource = of('largos').resources[0].id, upload = long_file('largos.csv', '400000,una más,1\n');
      await send('resource_patch', {id: resource}, upload);
      await until('a worker is at it', () => world.demo.sql("SELECT count(*) FROM concejo.jobs WHERE plugin = 'open-data' AND kind = 'cargar' AND state = 'running'") === '1');
      process.kill(postmaster_of(world.demo), 'SIGINT');
      await until('it is loaded', async () => {
        const {status, text} = await get(`/api/3/action/datastore_search?resource_id=${resource}&limit=1`);
        if (status !== 200) return false;
        assert.ok([400_000, 400_001].includes(JSON.parse(text).result.total), 'nothing half-loaded');
        return JSON.parse(text).result.total === 400_001;
      }, 240);
      const versions = world.demo.sql(`SELECT number, accepted, blob FROM m_valdehermoso.open_data_version WHERE resource = '${resource}' ORDER BY number`).split('\n');
      assert.deepEqual(versions.slice(2), [`3|400001|${sha256(upload.bytes)}`], 'once');
    });

    test('so is a long one that a clerk sends by the form', async () => {
      const clerk = await staff(), page = await clerk.get('/es/gestion/datos/largos');
      const asked = form(page.text, 'datos-archivo');
      const done = await clerk.follow(await clerk.submit(asked, {}, {archivo: long_file('enviado.csv')}), asked.action);
      assert.match(text_of(done.text, 'datos-carga'), /enviado\.csv/);
      const sent = () => of('largos').resources.find(one => one.name === 'Enviado');
      await until('it is loaded', () => sent().rows === 400_000, 120);
      await until('its page says so', async () => !/data-c="datos-carga"/.test((await clerk.get('/es/gestion/datos/largos')).text));
    });

    test('one that is no table says so to the staff, who may try again; the rows of before stay', async () => {
      const {id: dataset} = of('largos'), resource = of('largos').resources[0].id;
      await send('resource_patch', {id: resource}, {name: 'roto.xlsx', type: 'application/octet-stream', bytes: Buffer.alloc(21 << 20, 'nada')});
      const page = await until('it failed', async () => { const seen = await (await staff()).get(`/es/gestion/datos/largos/recursos/${resource}`); return /accion-cargar-otra-vez/.test(seen.text) && seen; });
      assert.match(text_of(page.text, 'datos-carga'), /roto\.xlsx/);
      assert.equal((await rows_of(resource)).result.total, 400_001);
      assert.equal((await clerk.submit(form_of_button(page.text, 'accion-cargar-otra-vez'))).status, 303);
      assert.ok(dataset);
    });
  });

  describe('files of other servers', () => {
    let server, restore, asked = [], answer;
    after(() => {
      server?.close();
      restore?.();
      if (restore) world.demo.concejo('reload');
    });

    test('asked for from time to time: what changed is a version, what did not is none, and what fails is told', async () => {
      server = http.createServer((request, reply) => {
        asked.push(request.headers);
        const {status = 200, headers = {}, body = ''} = typeof answer === 'function' ? answer(request) : answer;
        reply.writeHead(status, {'Content-Type': 'text/csv', ...headers}).end(body);
      });
      await new Promise(done => { server.listen(0, '127.0.0.1', done); });
      const url = `http://127.0.0.1:${server.address().port}/aforos.csv`;
      const one = load('--dataset', 'aforos', '--publicar', ...about, file('aforos.csv', 'sitio,aforo\nPlaza,10\n'));
      assert.equal(one.code, 0, one.stderr);
      const resource = one.value.resource_id, here = `/es/gestion/datos/aforos/recursos/${resource}`;
      const version = () => of('aforos').resources[0].version;
      const state = async () => text_of((await (await staff()).get(here)).text, 'datos-descarga-estado');
      const save = async (direccion, cada = 'day') => clerk.submit(form((await clerk.get(here)).text, 'datos-descarga'), {direccion, cada});
      await staff();
      for (const wrong of ['ftp://x/y.csv', 'javascript:alert(1)', 'https://con espacio/']) assert.equal((await save(wrong)).status, 422, wrong);
      assert.equal((await save(url, 'siempre')).status, 422);
      assert.equal((await save(url)).status, 303);
      assert.match(await until('refused', async () => { const text = await state(); return /no se pudo/.test(text) && text; }), /salida\.servidores/, 'a server that is not listed');
      assert.equal(asked.length, 0);
      restore = world.demo.edit(`municipios/${town}.yaml`, text => text.replace('\nmodulos:\n', `\nsalida:\n  servidores: ['127.0.0.1:${server.address().port}']\nmodulos:\n`));
      assert.equal(world.demo.concejo('reload').code, 0, world.demo.concejo('config', 'check').stderr);
      const now = async () => { const page = await clerk.get(here); await clerk.submit(form_of_button(page.text, 'accion-descargar')); };
      const ask = async (what, expected) => { answer = what; await now(); return until(`${expected}`, async () => { const text = await state(); return expected.test(text) && text; }, 90); };
      await ask({body: 'sitio,aforo\nPlaza,11\nTeatro,300\n', headers: {ETag: '"uno"', 'Last-Modified': 'Wed, 25 Nov 2026 10:00:00 GMT'}}, /versión nueva/);
      assert.equal(version(), 2);
      await ask(request => request.headers['if-none-match'] === '"uno"' ? {status: 304} : {status: 500}, /era el mismo/);
      assert.deepEqual([version(), asked.at(-1)['if-modified-since']], [2, 'Wed, 25 Nov 2026 10:00:00 GMT']);
      await ask({status: 404}, /contesta 404/);
      await ask({body: '<html><body>En mantenimiento</body></html>', headers: {'Content-Type': 'text/html; charset=utf-8'}}, /página web/);
      await ask({body: 'otra,cosa\n1,2\n'}, /ninguna de las columnas/);
      assert.match((await clerk.get('/es/gestion/datos')).text, /Falla la descarga de 1 archivo/);
      assert.equal(version(), 2);
      assert.match((await get(`/datos/filas/${resource}/aforos.csv`)).text, /Teatro,300/);
      await ask({body: 'sitio,aforo\nPlaza,12\nTeatro,300\n'}, /versión nueva/);
      assert.equal(version(), 3);
      // By the clock: what is due is asked for by itself.
      answer = {body: 'sitio,aforo\nPlaza,13\n'};
      world.demo.sql(`UPDATE m_valdehermoso.open_data_pull SET next_at = now() - interval '1 minute'; UPDATE concejo.schedules SET next_at = now() WHERE plugin = 'open-data' AND kind = 'descargas'`);
      await until('by itself', () => version() === 4, 90);
      assert.equal((await save('')).status, 303);
      assert.equal(await state(), null);
    });
  });
}
