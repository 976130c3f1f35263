// What is said of a dataset in each language, of one that was withdrawn, and of whoever else works on it.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {describe, test} from 'node:test';
import {Client, decode, form, text_of} from '../../support/client.mjs';
import {has_shapes, validate} from '../../support/shacl.mjs';

const now = new Intl.DateTimeFormat('es', {dateStyle: 'long', timeZone: 'Europe/Madrid'});

export default function (world) {
  const get = (where, headers = {}) => world.demo.request(where, {headers});
  const sql = statement => world.demo.sql(statement.replaceAll('@', 'm_valdehermoso.'));
  const desk = '/es/gestion/datos/paradas-retirables';

  describe('open data, withdrawn datasets and collaborators', () => {
    let id, file;

    test('a licence is called as the reader speaks', async () => {
      const done = world.demo.json('open-data', 'import', '--tenant', 'valdehermoso', '--dataset', 'paradas-retirables', '--publicar', '--titulo', 'Paradas que se retirarán', '--descripcion', 'Paradas del autobús urbano, con sus plazas, hasta que se retiran.', '--sector', 'transporte', '--frecuencia', 'ANNUAL', '--palabras', 'autobús', world.demo.put('paradas-retirables.csv', 'parada;plazas\r\nSol;12\r\nMayor;7\r\n'));
      assert.equal(done.code, 0, done.stderr);
      id = done.value.resource_id;
      for (const [language, name] of Object.entries({es: 'Reconocimiento 4.0 Internacional', ca: 'Reconeixement 4.0 Internacional', gl: 'Recoñecemento 4.0 Internacional', eu: 'Aitortu 4.0 Nazioartekoa', en: 'Attribution 4.0 International'}))
        assert.ok(decode((await get(`/${language}/datos/paradas-retirables`)).text).includes(`Creative Commons ${name}`), language);
    });

    test('staff see who collaborates, with what capacity and since when; who may publish puts and takes away', async () => {
      const {token} = world.demo.json('token', 'create', '--tenant', 'valdehermoso', '--scope', 'open-data:collaborate', '--name', 'Valle <del> Tormes').value;
      world.demo.json('token', 'create', '--tenant', 'valdehermoso', '--scope', 'open-data:collaborate', '--name', 'Otro');
      const writer = world.demo.json('token', 'create', '--tenant', 'valdehermoso', '--scope', 'open-data:write').value.token;
      const action = async (name, body, key = writer) => world.demo.request(`/api/3/action/${name}`, {method: 'POST', headers: {'Content-Type': 'application/json', Authorization: key}, body: JSON.stringify(body)});
      const list = async () => JSON.parse((await action('package_collaborator_list', {id: 'paradas-retirables'})).text).result.map(({capacity}) => capacity);
      const patch = async () => (await action('package_patch', {id: 'paradas-retirables', version: '2'}, token)).status;
      const chief = await Client.of(world.demo, 'secretaria'), editor = await Client.of(world.demo, 'redaccion');
      const name = async values => chief.submit(form((await chief.get(desk)).text, 'datos-colaborador'), {colaborador: 'Valle <del> Tormes', capacidad: 'editor', ...values});
      for (const wrong of [{colaborador: 'Nadie'}, {capacidad: 'dueño'}, {capacidad: ''}]) {
        const answer = await name(wrong);
        assert.equal(answer.status, 422);
        assert.match(decode(answer.text), /Elija de las listas quién colabora/);
      }
      assert.deepEqual([await patch(), await list()], [403, []]);
      assert.equal((await name({})).status, 303);
      assert.deepEqual([await patch(), await list()], [200, ['editor']]);
      const year = String(new Date().getFullYear());
      const said = (await chief.get(desk)).text.match(/data-c="datos-colaboradores"[^]*?<\/section>/)[0];
      assert.match(decode(said), /<th scope="row">Valle <del> Tormes<\/th><td data-l="Qué puede hacer">Lo ve y lo cambia<\/td>/);
      assert.match(said, new RegExp(`<td data-l="Desde">[^<]*${year}`));
      assert.doesNotMatch(said, /<del>/);
      const watched = (await editor.get(desk)).text;
      assert.match(watched, /data-c="datos-colaboradores"/);
      assert.doesNotMatch(watched, /data-c="datos-colaborador"|data-c="datos-colaborador-quitar"/, 'only whoever may publish changes it');
      assert.equal((await name({capacidad: 'member'})).status, 303);
      assert.deepEqual([await patch(), await list()], [403, ['member']], 'whoever is there is changed');
      const take = form((await chief.get(desk)).text, 'datos-colaborador-quitar');
      assert.equal((await chief.submit(take)).status, 303);
      assert.equal((await chief.submit({...take, fields: take.fields.map(([key, value]) => key === 'form_key' ? [key, `${value}x`] : [key, value])})).status, 409, 'twice changes nothing');
      assert.deepEqual(await list(), []);
      const audited = sql("select string_agg(details ->> 'capacity', ',' order by id) from concejo.audit where action = 'open-data.colaborador' and object = (select id::text from @open_data_dataset where name = 'paradas-retirables')");
      assert.equal(audited, 'editor,member,');
    });

    test('one that was withdrawn says when and why: to people, to programs, and to harvesters in its record', async t => {
      const chief = await Client.of(world.demo, 'secretaria');
      file = (await get('/es/datos/paradas-retirables')).text.match(/href="(\/dataset\/[^"]+\/download\/[^"]+)"/)[1];
      const before = Date.now();
      assert.equal((await chief.submit(form((await chief.get(desk)).text, 'datos-retirar'), {motivo: 'Tenía <errores>'})).status, 303);
      for (const where of ['/es/datos/paradas-retirables', file, `/datos/filas/${id}/x.csv`]) {
        const {status, text} = await get(where);
        assert.equal(status, 410, where);
        assert.ok(decode(text_of(text, 'datos-retirado')).includes(`se retiró el ${now.format(new Date())}`), decode(text_of(text, 'datos-retirado')));
        assert.match(decode(text), /Tenía <errores>/);
      }
      const problem = await get(`/datos/filas/${id}/x.json`);
      assert.match(problem.headers['content-type'], /^application\/problem\+json/);
      const {status, reason, withdrawn, detail} = JSON.parse(problem.text);
      assert.deepEqual([problem.status, status, reason], [410, 410, 'Tenía <errores>']);
      assert.ok(Date.parse(withdrawn) >= before - 2000 && Date.parse(withdrawn) <= Date.now() + 2000, withdrawn);
      assert.match(detail, /se retiró el /);
      if (spawnSync('/usr/bin/python3', ['-c', 'import rdflib']).status !== 0) return t.skip('python3-rdflib is not installed');
      const script = `import sys,json,rdflib
g=rdflib.Graph().parse(data=sys.stdin.buffer.read(), format='turtle'); D=rdflib.Namespace('http://www.w3.org/ns/dcat#')
r=[s for s in g.subjects(rdflib.RDF.type, D.CatalogRecord)]
one=lambda s,p: [str(o) for o in g.objects(s, rdflib.URIRef(p))]
print(json.dumps([[len(list(g.subjects(D.record, s))), one(s,'http://xmlns.com/foaf/0.1/primaryTopic')==[str(d) for d in g.subjects(rdflib.RDF.type, D.Dataset)], one(s,'http://purl.org/dc/terms/modified'), one(s,'http://www.w3.org/ns/adms#status'), one(s,'http://purl.org/dc/terms/description')] for s in r]))`;
      const records = where => get(where).then(({bytes}) => JSON.parse(spawnSync('/usr/bin/python3', ['-c', script], {input: bytes, encoding: 'utf8'}).stdout));
      const [[inside, of_it, modified, state, why], ...more] = await records('/dataset/paradas-retirables.ttl');
      assert.deepEqual([inside, of_it, state, why, more], [1, true, ['http://purl.org/adms/status/Withdrawn'], ['Tenía <errores>'], []]);
      assert.equal(Date.parse(modified[0]), Date.parse(withdrawn));
      if (has_shapes) {
        const all = world.demo.put('retirado.ttl', (await get('/dataset/paradas-retirables.ttl')).bytes);
        for (const profile of ['dcat-ap-es-1.0.0', 'dcat-ap-3.0.0']) { const {violations, report} = validate(all, profile); assert.equal(violations, 0, report); }
      }
      sql("update @open_data_dataset set meta = meta #- '{withdrawn,at}' where name = 'paradas-retirables'");
      world.demo.concejo('reload');
      assert.deepEqual(await records('/dataset/paradas-retirables.ttl?de=antes'), [], 'of those before nobody noted when');
      assert.equal(JSON.parse((await get(`/datos/filas/${id}/x.json`)).text).withdrawn, undefined);
    });
  });
}
