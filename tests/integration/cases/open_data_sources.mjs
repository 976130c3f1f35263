// A catalogue of other people's datasets as a whole: what Jena says of it with the official shapes, what becomes of a source that
// leaves the configuration, and who is written to when one fails. Mail by a server written in Python.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import {after, before, describe, test} from 'node:test';
import {Client, decode, form, form_of_button, text_of} from '../../support/client.mjs';
import {sleep, until} from '../../support/demo.mjs';
import {ckan_answer, turtle_page} from '../../support/generated_catalogue.mjs';
import {datasets_in, has_shapes, validate, whole_catalogue} from '../../support/shacl.mjs';
import {smtp} from '../../support/smtp.mjs';

export default function (world) {
  const town = 'valdehermoso', schema = `m_${town}`, of_ckan = 70, of_dcat = 45;
  const get = (where, more = {}) => world.demo.request(where, more);
  const sql = statement => world.demo.sql(statement);
  const config = `municipios/${town}.yaml`;
  let server, base, mails, restore = [], broken = false, file = '';
  const reload = () => { const {code, stderr} = world.demo.concejo('reload'); assert.equal(code, 0, stderr); };
  const run = (...words) => world.demo.concejo_beside('open-data', ...words, '--tenant', town);
  const letters = () => mails.taken().map(one => Buffer.from(one.data, 'base64').toString());
  const count = (source, state) => Number(sql(`SELECT count(*) FROM ${schema}.open_data_dataset WHERE meta #>> '{origin,source}' = '${source}' AND state = '${state}'`));

  describe('sources as a whole', () => {
    before(async () => {
      server = http.createServer((request, reply) => {
        const {pathname, searchParams} = new URL(request.url, base);
        if (pathname === '/archivo.csv') return reply.writeHead(file ? 200 : 500, {'Content-Type': 'text/csv'}).end(file);
        if (broken) return reply.writeHead(410).end();
        const dcat = pathname === '/otro.ttl';
        reply.writeHead(200, {'Content-Type': dcat ? 'text/turtle' : 'application/json'})
          .end(dcat ? turtle_page(of_dcat, Number(searchParams.get('page') ?? 1), `${base}/otro.ttl`) : JSON.stringify(ckan_answer(of_ckan, searchParams)));
      });
      await new Promise(done => { server.listen(0, '127.0.0.1', done); });
      base = `http://127.0.0.1:${server.address().port}`;
      mails = await smtp(path.join(world.demo.dir, 'correo-datos.log'));
      restore.push(world.demo.edit('platform.yaml', text => `${text}\ncorreo:\n  servidor: localhost\n  puerto: ${mails.port}\n  cifrado: ninguno\n  remitente: sede@valdehermoso.example\n`));
      restore.push(world.demo.edit(config, text => text.replace('\nmodulos:\n', `\nsalida:\n  servidores: ['127.0.0.1:${server.address().port}']\nmodulos:\n`)
        .replace(/\n {2}open-data:\n {4}activo: true\n/, `$&    avisar_a: [datos@valdehermoso.example]\n    fuentes:\n      - {nombre: muchos, tipo: ckan, direccion: "${base}", dir3: L01280796}\n      - {nombre: otro, tipo: dcat, direccion: "${base}/otro.ttl", cada: mes}\n`)));
      reload();
    });
    after(async () => {
      for (const undo of restore.reverse()) undo();
      sql(`DELETE FROM ${schema}.open_data_dataset WHERE meta -> 'origin' IS NOT NULL OR name = 'bajada'; DELETE FROM ${schema}.open_data_harvested; DELETE FROM ${schema}.open_data_harvest_page; DELETE FROM ${schema}.open_data_round; DELETE FROM ${schema}.open_data_source`);
      reload();
      mails.child.kill('SIGKILL');
      server.closeAllConnections();
      await new Promise(done => { server.close(done); });
    });

    test('a generated catalogue, its pages joined: no violation of DCAT-AP-ES, DCAT-AP 3.0 or NTI-RISP, no warning of DCAT-AP-ES', async t => {
      const round = await run('harvest', '--json');
      assert.equal(round.code, 0, round.stderr);
      assert.deepEqual(JSON.parse(round.stdout).sources.map(({tally}) => tally.added), [of_ckan, of_dcat]);
      // What the demonstration's own do not say of themselves: the days that they are about.
      for (const name of ['contratos-menores', 'lugares']) assert.equal(world.demo.concejo('open-data', 'publish', '--tenant', town, '--dataset', name, '--desde', '2020-01-01').code, 0);
      assert.equal(world.demo.concejo('open-data', 'publish', '--tenant', town, '--dataset', 'contratos-menores', '--hasta', '2026-02-30').code, 2);
      if (!has_shapes) return t.skip('SHACL: set CONCEJO_CONFORMANCE');
      for (const [name, where, profiles] of [['es', '/catalog.rdf', ['dcat-ap-es-1.0.0', 'dcat-ap-3.0.0']], ['nti', '/catalogo/nti.rdf', ['nti-risp-1.0.0']]]) {
        const whole = await whole_catalogue(page => get(`${where}?page=${page}`)), at = path.join(world.demo.dir, `${name}.nt`);
        fs.writeFileSync(at, whole);
        assert.ok(datasets_in(whole) >= of_ckan + of_dcat, `${datasets_in(whole)}`);
        for (const profile of profiles) {
          const verdict = validate(at, profile);
          assert.equal(verdict.violations, 0, verdict.report.slice(0, 3000));
          if (profile.startsWith('dcat-ap-es')) assert.equal(verdict.warnings, 0, verdict.about.join());
        }
      }
    });

    test('what a source says of a file\'s availability is kept, and what it does not say is said as of our own', async () => {
      const whole = await whole_catalogue(page => get(`/catalog.rdf?page=${page}`));
      const codes = new Set([...whole.matchAll(/<http:\/\/data\.europa\.eu\/r5r\/availability> <[^>]*planned-availability\/(\w+)>/g)].map(([, code]) => code));
      assert.deepEqual([...codes].sort(), ['AVAILABLE', 'EXPERIMENTAL', 'STABLE', 'TEMPORARY']);
      assert.match(whole, /file-type\/OCTET> \./);
    });

    test('a source that begins to fail: one letter, however often it fails; another when it works again', async () => {
      const before_it = letters().length;
      broken = true;
      for (let n = 0; n < 3; ++n) assert.equal((await run('harvest', '--source', 'muchos', '--json')).code, 1);
      await until('the letter', () => letters().length > before_it);
      broken = false;
      assert.equal((await run('harvest', '--source', 'muchos', '--json')).code, 0);
      const all = await until('the second', () => letters().length >= before_it + 2 && letters().slice(before_it));
      assert.equal(all.length, 2);
      assert.match(mails.taken().at(-1).to, /datos@valdehermoso\.example/);
      const subject = letter => decode_mail(letter.match(/^Subject: ((?:.|\r\n[ \t])*)\r\n/m)[1]);
      assert.match(subject(all[0]), /ha empezado a fallar: recogida del catálogo «muchos»/);
      assert.match(subject(all[1]), /vuelve a funcionar: recogida del catálogo «muchos»/);
      assert.match(decode_body(all[0]), /410/);
      assert.match(decode_body(all[0]), /gestion\/recoleccion\/muchos/);
    });

    test('a periodic download that fails is told of once as well', async () => {
      const before_it = letters().length, csv = path.join(world.demo.dir, 'bajada.csv');
      fs.writeFileSync(csv, 'a;b\n1;2\n');
      const made = world.demo.json('open-data', 'import', '--tenant', town, '--dataset', 'bajada', csv);
      assert.equal(made.code, 0, made.stderr);
      sql(`INSERT INTO ${schema}.open_data_pull (resource, url, every) VALUES ('${made.value.resource_id}', '${base}/archivo.csv', 'day')`);
      const again = () => sql(`UPDATE ${schema}.open_data_pull SET next_at = now(); UPDATE concejo.schedules SET next_at = now() WHERE plugin = 'open-data' AND kind = 'descargas'`);
      const failures = () => Number(sql(`SELECT failures FROM ${schema}.open_data_pull`));
      file = '<html>';
      for (const n of [1, 2]) {
        again();
        await until(`failure ${n}`, () => failures() === n);
      }
      file = 'a;b\n1;2\n3;4\n';
      again();
      await until('it works', () => failures() === 0);
      await until('two letters', () => letters().length >= before_it + 2);
      await sleep(1500);
      assert.equal(letters().length, before_it + 2);
      sql(`DELETE FROM ${schema}.open_data_pull`);
    });

    test('an address that is put right is asked at once, whatever attempts at the old one are left', async () => {
      const clerk = await Client.of(world.demo, 'secretaria'), id = world.demo.json('open-data', 'list', '--tenant', town, '--q', 'bajada').value.datasets[0].resources[0].id, here = `/es/gestion/datos/bajada/recursos/${id}`;
      const save = async direccion => clerk.submit(form((await clerk.get(here)).text, 'datos-descarga'), {direccion, cada: 'day'});
      const outcome = () => sql(`SELECT outcome FROM ${schema}.open_data_pull`);
      const waiting = () => sql("SELECT count(*) FROM concejo.jobs WHERE plugin = 'open-data' AND kind = 'descargar' AND state = 'waiting' AND attempts > 0") !== '0';
      assert.equal((await save('https://')).status, 422);
      file = '';  // 500: it may pass
      assert.equal((await save(`${base}/archivo.csv`)).status, 303);
      await until('a first attempt', waiting);
      assert.equal(outcome(), '', 'it is not given up yet');
      file = 'a;b\n1;2\n5;6\n';
      assert.equal((await save(`${base}/archivo.csv?bien`)).status, 303);
      await until('it is loaded', () => outcome() === 'loaded');
      file = '';
      const now = async () => clerk.submit(form_of_button((await clerk.get(here)).text, 'accion-descargar'));
      sql("UPDATE concejo.jobs SET state = 'cancelled', finished_at = now() WHERE plugin = 'open-data' AND kind = 'descargar' AND state = 'waiting'");
      await now();
      await until('another first attempt', waiting);
      file = '%PDF-1.7';
      await now();
      await until('who asks for it now does not wait', () => outcome() === 'failed');
      assert.match(decode(text_of((await clerk.get(here)).text, 'datos-descarga-estado')), /no se pudo descargar\. Es un PDF/);
      sql(`DELETE FROM ${schema}.open_data_pull`);
    });

    test('a download is queued once for each address, whichever program made it; one queued by an older one asks for nothing where another is there', async () => {
      const clerk = await Client.of(world.demo, 'secretaria'), id = world.demo.json('open-data', 'list', '--tenant', town, '--q', 'bajada').value.datasets[0].resources[0].id, here = `/es/gestion/datos/bajada/recursos/${id}`;
      const url = `${base}/archivo.csv?una`, queue = () => sql(`INSERT INTO concejo.jobs (tenant, plugin, kind, payload, unique_key, max_attempts) SELECT tenant, 'open-data', 'descargar', '${JSON.stringify({resource: id, url, etag: '', modified: ''})}', '${id}@12345', 3 FROM concejo.schedules WHERE plugin = 'open-data' AND kind = 'descargas'`);
      const outcome = () => sql(`SELECT outcome FROM ${schema}.open_data_pull`), version = () => Number(sql(`SELECT version FROM ${schema}.open_data_resource WHERE id = '${id}'`));
      const old = () => sql(`SELECT state FROM concejo.jobs WHERE unique_key = '${id}@12345' ORDER BY id DESC LIMIT 1`);
      file = 'a;b\n1;2\n7;8\n';
      assert.equal((await clerk.submit(form((await clerk.get(here)).text, 'datos-descarga'), {direccion: url, cada: 'day'})).status, 303);
      await until('it is loaded', () => outcome() === 'loaded');
      assert.equal(sql(`SELECT count(*) FROM concejo.jobs WHERE kind = 'descargar' AND unique_key = '${id}@' || encode(sha256('${url}'), 'hex')`), '1', 'anybody can tell its key');
      const before_it = version();
      file = 'a;b\n1;2\n9;9\n';
      queue();
      await until('the old one ends', () => old() === 'done');
      assert.equal(version(), before_it, 'the new one was asked already');
      sql(`DELETE FROM concejo.jobs WHERE kind = 'descargar' AND unique_key LIKE '${id}@%'`);
      queue();
      await until('the old one loads, where it is the only one', () => version() === before_it + 1);
      sql(`DELETE FROM ${schema}.open_data_pull`);
    });

    test('a source that leaves the configuration is shown, and all of it is withdrawn or kept, as somebody says', async () => {
      const clerk = await Client.of(world.demo, 'secretaria'), here = '/es/gestion/recoleccion';
      assert.doesNotMatch((await clerk.get(here)).text, /datos-fuentes-idas/);
      const was = count('muchos', 'published');
      const refused = await run('sources', '--withdraw', 'muchos');
      assert.deepEqual([refused.code, count('muchos', 'published')], [1, was]);
      assert.match(refused.stderr, /sigue teniendo esa fuente/);
      restore.push(world.demo.edit(config, text => text.replace(/\n {6}- \{nombre: muchos[^\n]*/, '').replace(/\n {6}- \{nombre: otro[^\n]*/, '').replace('    fuentes:\n', '    fuentes: []\n')));
      reload();
      assert.match(decode(text_of((await clerk.get(here)).text, 'datos-fuentes-idas')), /muchos.*otro/s);
      assert.deepEqual(JSON.parse((await run('sources', '--json')).stdout).sources, [{name: 'muchos', title: 'muchos', configured: false, datasets: of_ckan}, {name: 'otro', title: 'otro', configured: false, datasets: of_dcat}]);
      const writer = await Client.of(world.demo, 'redaccion');
      assert.doesNotMatch((await writer.get(`${here}/muchos`)).text, /accion-retirar-fuente/);
      const page = await clerk.get(`${here}/muchos`);
      assert.match(decode(text_of(page.text, 'fuente-ida')), /no se recoge más. Quedan 70 conjuntos/);
      const name = sql(`SELECT name FROM ${schema}.open_data_dataset WHERE meta #>> '{origin,source}' = 'muchos' AND state = 'published' LIMIT 1`);
      assert.equal((await clerk.submit(form_of_button(page.text, 'accion-retirar-fuente'))).status, 303);
      await until('withdrawn', () => count('muchos', 'published') === 0);
      assert.equal(count('muchos', 'withdrawn'), was);
      const tombstone = await until('the public sees it', async () => { const found = await get(`/es/datos/${name}`); return found.status === 410 && found; });
      assert.match(decode(text_of(tombstone.text, 'datos-retirado')), /«muchos», ya no se recoge/);
      const kept = sql(`SELECT name FROM ${schema}.open_data_dataset WHERE meta #>> '{origin,source}' = 'otro' AND state = 'published' LIMIT 1`);
      assert.doesNotMatch((await clerk.get(`/es/gestion/datos/${kept}`)).text, /datos-describir/);
      const keeping = await run('sources', '--keep', 'otro', '--json');
      assert.deepEqual([keeping.code, JSON.parse(keeping.stdout)], [0, {source: 'otro', datasets: of_dcat}]);
      assert.deepEqual([count('otro', 'published'), JSON.parse((await run('sources', '--json')).stdout).sources], [of_dcat, []]);
      assert.match((await clerk.get(`/es/gestion/datos/${kept}`)).text, /datos-describir/);
      assert.equal((await clerk.get(`${here}/otro`)).status, 404);
      assert.equal((await run('sources', '--keep', 'otro')).code, 1);
      assert.equal((await run('sources', '--keep', 'a', '--withdraw', 'b')).code, 2);
    });

    test('a source that comes back brings its datasets with it', async () => {
      restore.pop()();
      reload();
      const round = await run('harvest', '--json');
      assert.equal(round.code, 0, round.stderr);
      const [many, other] = JSON.parse(round.stdout).sources.map(({tally}) => tally);
      assert.deepEqual([many.returned, other.changed, count('muchos', 'published'), count('otro', 'published')], [of_ckan, of_dcat, of_ckan, of_dcat]);
    });
  });
}

/** Words of RFC 2047 in a header, in UTF-8. */
const decode_mail = text => text.replace(/\?=\s+=\?/g, '?==?').replace(/=\?utf-8\?(b|q)\?([^?]*)\?=/gi, (_, kind, data) => kind.toLowerCase() === 'b' ? Buffer.from(data, 'base64').toString('latin1') : data.replaceAll('_', ' ').replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16))))
  .replace(/[\u0080-\u00FF]+/g, bytes => Buffer.from(bytes, 'latin1').toString('utf8')).replace(/\r\n\s+/g, ' ');
const decode_body = letter => {
  const [head, ...rest] = letter.split('\r\n\r\n'), body = rest.join('\r\n\r\n');
  if (/base64/i.test(head)) return Buffer.from(body, 'base64').toString();
  return Buffer.from(body.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString();
};
