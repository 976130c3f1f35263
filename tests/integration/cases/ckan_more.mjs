// What CKAN's clients ask besides datasets and rows: vocabularies, followers, views of resources, members, orders. And the clients themselves.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {describe, test} from 'node:test';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {ckan} from '../../support/ckan.mjs';

const installed = command => spawnSync(command[0], command.slice(1), {encoding: 'utf8'}).status === 0;
const with_requests = installed(['/usr/bin/python3', '-c', 'import requests']);

export default function (world) {
  describe('what else the clients of CKAN ask', () => {
    const host = 'valdehermoso.localhost';
    let token, dataset, resource;
    const {done, refused} = ckan(world, () => token);

    test('a dataset with two resources', async () => {
      token = world.demo.json('token', 'create', '--tenant', 'valdehermoso', '--scope', 'open-data:write').value.token;
      await done('organization_create', {name: 'mas-prueba', title: 'Más'});
      await done('group_create', {name: 'mas-grupo', title: 'Grupo'});
      dataset = await done('package_create', {name: 'mas-datos', title: 'Más datos', owner_org: 'mas-prueba', tags: [{name: 'zeta'}, {name: 'alfa'}], resources: [{name: 'uno', url: 'http://a.example/1.csv'}, {name: 'dos', url: 'http://a.example/2.csv'}]});
      resource = dataset.resources[0];
    });

    test('vocabularies have tags of their own', async () => {
      const made = await done('vocabulary_create', {name: 'países', tags: [{name: 'España'}, {name: 'Portugal'}]});
      assert.deepEqual(Object.keys(made).sort(), ['id', 'name', 'tags']);
      assert.deepEqual(made.tags.map(one => one.name), ['España', 'Portugal']);
      assert.deepEqual(Object.keys(made.tags[0]).sort(), ['display_name', 'id', 'name', 'vocabulary_id']);
      assert.deepEqual(await done('vocabulary_show', {id: 'países'}, {token: null}), made);
      assert.deepEqual(await done('vocabulary_list', {}, {token: null}), [made]);
      const tag = await done('tag_create', {name: 'Francia', vocabulary_id: made.id});
      assert.equal(tag.vocabulary_id, made.id);
      assert.deepEqual(await done('tag_list', {vocabulary_id: 'países'}), ['España', 'Francia', 'Portugal']);
      assert.equal((await done('tag_show', {id: tag.id})).name, 'Francia');
      assert.equal((await done('tag_search', {query: 'espan', vocabulary_id: made.id})).results[0].name, 'España');
      assert.deepEqual(await done('tag_autocomplete', {query: 'por', vocabulary_id: made.id}), ['Portugal']);
      assert.ok(!(await done('tag_list')).includes('Francia'), 'no dataset has it');
      assert.equal(await done('tag_delete', {id: 'Francia', vocabulary_id: 'países'}), null);
      await refused(404, /Could not find tag/, 'tag_delete', {id: 'España'});
      const spare = await done('tag_create', {name: 'Italia', vocabulary_id: made.id});
      assert.equal(await done('tag_delete', {id: spare.id}), null, 'its identifier is enough');
      await refused(404, /Could not find tag/, 'tag_delete', {id: spare.id, vocabulary_id: made.id});
      assert.deepEqual((await done('vocabulary_update', {id: made.id, name: 'estados', tags: [{name: 'Andorra'}]})).tags.map(one => one.name), ['Andorra']);
      await refused(409, /already in use/, 'vocabulary_create', {name: 'estados'});
      await refused(409, /Missing value/, 'vocabulary_create', {});
      await refused(409, /Tag vocabulary was not found/, 'tag_create', {name: 'xx', vocabulary_id: 'nada'});
      await refused(404, /Not found/, 'vocabulary_show', {id: 'nada'});
      await refused(403, /Access denied/, 'vocabulary_create', {name: 'otros'}, {token: null});
      await refused(409, /without vocabulary_id/, 'package_patch', {id: dataset.id, tags: [{name: 'Andorra', vocabulary_id: made.id}]});
      assert.equal(await done('vocabulary_delete', {id: 'estados'}), null);
      assert.deepEqual(await done('vocabulary_list'), []);
    });

    test('who follows is told to himself, how many to everybody', async () => {
      const me = await done('user_show'), group = await done('group_show', {id: 'mas-grupo'});
      assert.equal(await done('am_following_dataset', {id: 'mas-datos'}), false);
      const made = await done('follow_dataset', {id: 'mas-datos'});
      assert.deepEqual(Object.keys(made).sort(), ['datetime', 'follower_id', 'object_id']);
      assert.equal(made.follower_id, me.id);
      await refused(409, /already following/, 'follow_dataset', {id: dataset.id});
      await done('follow_group', {id: group.id});
      await done('follow_group', {id: 'mas-prueba'});
      assert.equal(await done('dataset_follower_count', {id: 'mas-datos'}, {token: null}), 1);
      assert.equal((await done('group_show', {id: 'mas-grupo'}, {token: null})).num_followers, 1);
      assert.equal((await done('organization_show', {id: 'mas-prueba'})).num_followers, 1);
      assert.deepEqual((await done('dataset_follower_list', {id: 'mas-datos'})).map(one => one.id), [me.id]);
      assert.equal(await done('followee_count', {id: me.name}), 3);
      assert.equal(await done('group_followee_count', {id: me.id}), 1);
      assert.deepEqual((await done('followee_list', {id: me.id})).map(one => one.type), ['dataset', 'group', 'organization']);
      assert.equal((await done('dataset_followee_list', {id: me.id}))[0].name, 'mas-datos');
      assert.equal(await done('user_follower_count', {id: me.id}), 0);
      assert.deepEqual(await done('user_followee_list', {id: me.id}), []);
      await refused(409, /cannot follow yourself/, 'follow_user', {id: me.id});
      await refused(404, /Not found/, 'follow_user', {id: 'nadie'});
      await refused(403, /Access denied/, 'dataset_follower_list', {id: 'mas-datos'}, {token: null});
      await refused(403, /Access denied/, 'follow_dataset', {id: 'mas-datos'}, {token: null});
      assert.equal(await done('unfollow_dataset', {id: 'mas-datos'}), null);
      await refused(404, /not following/, 'unfollow_dataset', {id: 'mas-datos'});
    });

    test('views of a resource are kept and put in order', async () => {
      const create = more => done('resource_view_create', {resource_id: resource.id, view_type: 'text_view', ...more});
      const first = await create({title: 'Primera', description: 'Cómo se ve', limite: 5}), second = await create({title: 'Segunda'});
      assert.deepEqual(first, {id: first.id, resource_id: resource.id, package_id: dataset.id, title: 'Primera', description: 'Cómo se ve', view_type: 'text_view', limite: 5});
      assert.deepEqual((await done('resource_view_list', {id: resource.id}, {token: null})).map(one => one.id), [first.id, second.id]);
      assert.deepEqual(await done('resource_view_reorder', {id: resource.id, order: [second.id, first.id]}), {id: resource.id, order: [second.id, first.id]});
      assert.deepEqual((await done('resource_view_list', {id: resource.id})).map(one => one.id), [second.id, first.id]);
      assert.equal((await done('resource_view_update', {id: first.id, title: 'Otra'})).title, 'Otra');
      assert.equal((await done('resource_view_show', {id: first.id})).limite, 5);
      assert.deepEqual(await done('resource_view_delete', {id: second.id}), {resource_id: resource.id});
      await refused(409, /No plugin found for view_type nada/, 'resource_view_create', {resource_id: resource.id, view_type: 'nada', title: 'x'});
      await refused(409, /"title":\["Missing value"\]/, 'resource_view_create', {resource_id: resource.id, view_type: 'text_view'});
      await refused(403, /Access denied/, 'resource_view_update', {id: first.id, title: 'x'}, {token: null});
      await done('package_patch', {id: dataset.id, private: true});
      await refused(403, /Access denied/, 'resource_view_show', {id: first.id}, {token: null});
      await done('package_patch', {id: dataset.id, private: false});
      assert.deepEqual(await done('resource_create_default_resource_views', {resource}), []);
      assert.equal(await done('resource_view_clear', {view_types: ['text_view']}), null);
      assert.deepEqual(await done('resource_view_list', {id: resource.id}), []);
    });

    test('datasets go into groups, to other organizations, and in another order', async () => {
      const member = await done('member_create', {id: 'mas-grupo', object: 'mas-datos', object_type: 'package', capacity: 'public'});
      assert.equal(member.table_id, dataset.id);
      assert.deepEqual(await done('member_list', {id: 'mas-grupo'}, {token: null}), [[dataset.id, 'package', 'public']]);
      assert.deepEqual((await done('group_package_show', {id: 'mas-grupo'})).map(one => one.name), ['mas-datos']);
      assert.deepEqual((await done('member_list', {id: 'mas-grupo', object_type: 'user'})).map(one => one.slice(1)), [['user', 'Admin']]);
      assert.equal(await done('member_delete', {id: 'mas-grupo', object: 'mas-datos', object_type: 'package'}), null);
      assert.deepEqual(await done('member_list', {id: 'mas-grupo'}, {token: null}), []);
      assert.deepEqual((await done('member_roles_list')).map(one => one.value), ['admin', 'editor', 'member']);
      assert.ok((await done('group_list_authz')).some(one => one.name === 'mas-grupo'));
      await done('organization_create', {name: 'mas-otra', title: 'Otra'});
      assert.equal(await done('package_owner_org_update', {id: 'mas-datos', organization_id: 'mas-otra'}), null);
      assert.equal((await done('package_show', {id: 'mas-datos'})).organization.name, 'mas-otra');
      await done('package_owner_org_update', {id: 'mas-datos', organization_id: 'mas-prueba'});
      const ids = dataset.resources.map(one => one.id).reverse();
      assert.deepEqual(await done('package_resource_reorder', {id: 'mas-datos', order: ids}), {id: dataset.id, order: ids});
      assert.deepEqual((await done('package_show', {id: 'mas-datos'})).resources.map(one => one.id), ids);
      const revised = await done('package_revise', {match: {name: 'mas-datos'}, update: {notes: 'revisado'}, [`update__resources__${ids[1].slice(0, 8)}`]: {description: 'también'}, include: 'package'});
      assert.deepEqual([revised.package.notes, revised.package.resources[1].description], ['revisado', 'también']);
      await refused(409, /No matching resource/, 'package_revise', {match: {name: 'mas-datos'}, update__resources__9: {}});
    });

    test('files that nobody signs are refused before they are sent', async () => {
      for (const name of ['resource_create', 'resource_update', 'resource_patch', 'package_revise', 'organization_create', 'group_update']) {
        const socket = net.connect(world.demo.port, '127.0.0.1');
        socket.write(`POST /api/3/action/${name} HTTP/1.1\r\nHost: ${host}:${world.demo.port}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 40000000\r\n\r\n--b\r\nContent-Disposition: form-data; name="upload"; filename="a.csv"\r\n\r\na,b\r\n`);
        const text = await new Promise((resolve, reject) => { socket.once('data', data => resolve(String(data))); socket.once('error', reject); });
        socket.destroy();
        assert.match(text, /^HTTP\/1.1 403 [^]*"__type":"Authorization Error"/);
      }
    });

    test('words are looked for in an index once somebody looks for them, with the same answer', async () => {
      const rows = Array.from({length: 6000}, (_, n) => ({n, texto: `${n % 100 === 7 ? 'Licitación de alumbrado' : 'Obra'} número ${n}`, lugar: n % 3 ? 'calle' : 'plaza'}));
      const {resource_id: id} = await done('datastore_create', {resource: {package_id: dataset.id, name: 'palabras'}, fields: [{id: 'n', type: 'int'}, {id: 'texto', type: 'text'}, {id: 'lugar', type: 'text'}], primary_key: 'n', records: rows});
      const search = more => done('datastore_search', {resource_id: id, limit: 1000, ...more}, {token: null});
      const asked = [{q: 'licitaciones'}, {q: 'licitacion plaza', sort: 'n desc'}, {q: 'alumbrado', filters: {lugar: 'calle'}, fields: 'n', distinct: true}, {full_text: 'plaza', limit: 3}, {q: 'nada de esto'}, {q: 'plaza', sort: 'rank desc, n', limit: 5}, {q: {texto: 'alumbrado'}}];
      const scanned = [];
      for (const one of asked) scanned.push(await search(one));
      assert.deepEqual([scanned[0].total, scanned[0].records.length], [rows.filter(one => /Licitación/.test(one.texto)).length, 60]);
      assert.deepEqual(scanned[1].records.map(one => one.n), rows.filter(one => /Licitación/.test(one.texto) && one.lugar === 'plaza').map(one => one.n).reverse());
      const schema = world.demo.sql("SELECT schemaname FROM pg_tables WHERE tablename = 'open_data_words'").split('\n');
      const made = () => schema.map(one => world.demo.sql(`SELECT words_table FROM ${one}.open_data_words w JOIN ${one}.open_data_resource r ON r.table_name = w.table_name WHERE r.id = '${id}'`)).join('');
      for (let n = 0; n < 300 && !made(); ++n) await new Promise(resolve => setTimeout(resolve, 100));
      const table = made();
      assert.match(table, /^open_data_w\d+$/);
      for (const [n, one] of asked.entries()) assert.deepEqual(await search(one), scanned[n], JSON.stringify(one));
      await done('datastore_upsert', {resource_id: id, records: [{n: 6000, texto: 'Otra licitación', lugar: 'parque'}]});
      assert.equal(made(), '', 'rows changed: their words are not those');
      assert.equal((await search({q: 'licitaciones parque'})).total, 1);
      assert.equal(world.demo.sql(`SELECT count(*) FROM pg_tables WHERE tablename = '${table}'`), '0');
    });

    test('people are answered as to whoever is no administrator', async () => {
      for (const name of ['user_create', 'user_delete', 'group_member_create', 'organization_member_delete', 'user_invite']) await refused(403, /Authorization Error/, name, {id: 'mas-grupo', name: 'x', email: 'a@b.example', username: 'x', role: 'admin'});
    });

    test('a client of Debian\'s archive: Python\'s requests, with forms, files and JSON', {skip: with_requests ? false : 'python3-requests is not installed'}, () => {
      const script = `
import json, requests, sys
port, token = sys.argv[1:]
base, head = 'http://valdehermoso.localhost:%s/api/3/action/' % port, {'Authorization': token}
with requests.Session() as s:
    s.proxies = {'http': 'http://127.0.0.1:%s' % port}
    def result(answer):
        body = answer.json()
        assert body['success'], answer.text
        return body['result']
    form = result(s.post(base + 'package_patch', data={'id': 'mas-datos', 'notes': 'de un formulario'}, headers=head))
    assert form['notes'] == 'de un formulario', form
    parts = result(s.post(base + 'package_patch', files={'id': (None, 'mas-datos'), 'title': (None, 'por partes')}, headers=head))
    assert parts['title'] == 'por partes', parts
    sent = result(s.post(base + 'resource_create', data={'package_id': 'mas-datos', 'name': 'subido', 'propio': 'sí'}, files={'upload': ('vecinos.csv', 'año,vecinos\\n2020,1234\\n2021,1300\\n')}, headers=head))
    assert sent['url_type'] == 'upload' and sent['datastore_active'] and sent['propio'] == 'sí', sent
    assert s.get(sent['url']).content.decode() == 'año,vecinos\\n2020,1234\\n2021,1300\\n'
    rows = result(s.get(base + 'datastore_search', params={'resource_id': sent['id'], 'filters': json.dumps({'año': 2021}), 'fields': 'vecinos'}))
    assert rows['records'] == [{'vecinos': 1300}], rows
    assert s.post(base + 'resource_create', data={'package_id': 'mas-datos'}, files={'upload': ('x.csv', 'a')}).status_code == 403
`;
      const {status, stderr} = spawnSync('/usr/bin/python3', ['-', String(world.demo.port), token], {input: script, encoding: 'utf8'});
      assert.equal(status, 0, stderr);
    });

    // CKANAPI: a folder that holds the package `ckanapi` (it is not in Debian's archive).
    test('ckanapi: search, dump, load, delete', {skip: process.env.CKANAPI ? false : 'CKANAPI does not point to a copy of ckanapi'}, () => {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'concejo-ckanapi-'));
      fs.writeFileSync(path.join(folder, 'ckanapi'), `#!/usr/bin/python3\nimport sys\nsys.path.insert(0, ${JSON.stringify(process.env.CKANAPI)})\nfrom ckanapi.cli.main import main\nsys.exit(main())\n`, {mode: 0o755});
      const env = {...process.env, PATH: `${folder}:${process.env.PATH}`, http_proxy: `http://127.0.0.1:${world.demo.port}`, no_proxy: ''};
      const run = (...args) => {
        const {status, stdout, stderr} = spawnSync('ckanapi', [...args, '-r', `http://valdehermoso.localhost:${world.demo.port}`], {encoding: 'utf8', env, cwd: folder});
        assert.equal(status, 0, `ckanapi ${args.join(' ')}: ${stderr}`);
        return {stdout, stderr};
      };
      const lines = name => fs.readFileSync(path.join(folder, name), 'utf8').trim().split('\n').map(line => JSON.parse(line));
      assert.equal(JSON.parse(run('action', 'status_show').stdout).ckan_version, '2.10.10');
      run('search', 'datasets', 'q=name:mas-datos', '-O', 's.jsonl');
      assert.deepEqual(lines('s.jsonl').map(one => one.name), ['mas-datos']);
      run('dump', 'datasets', '--all', '-p', '2', '-O', 'all.jsonl');
      assert.ok(lines('all.jsonl').some(one => one.name === 'mas-datos'));
      run('dump', 'datasets', 'mas-datos', '-D', 'paquete');
      assert.ok(fs.existsSync(path.join(folder, 'paquete/mas-datos/datapackage.json')));
      const copy = lines('s.jsonl')[0];
      delete copy.id;
      fs.writeFileSync(path.join(folder, 'copy.jsonl'), `${JSON.stringify({...copy, name: 'mas-copia', resources: []})}\n`);
      assert.match(run('load', 'datasets', '-I', 'copy.jsonl', '-a', token).stderr, /create None "mas-copia"/);
      assert.match(run('load', 'datasets', '-I', 'copy.jsonl', '-a', token).stderr, /update None "mas-copia"/);
      assert.match(run('delete', 'datasets', 'mas-copia', '-a', token).stderr, /None "mas-copia"/);
      fs.rmSync(folder, {recursive: true});
    });
  });
}
