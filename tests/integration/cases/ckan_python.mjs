// The Python client ckanapi: what it asks, in our own words, and the client itself where CKANAPI points to its sources.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {after, before, describe, test} from 'node:test';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import {judged} from '../../support/ckan.mjs';
import {multipart} from '../../support/client.mjs';

const python = '/usr/bin/python3', needed = ['docopt', 'requests', 'simplejson', 'slugify', 'six', 'pkg_resources'];
function not_run() {
  if (!process.env.CKANAPI) return 'CKANAPI does not point to the sources of ckanapi';
  const {error, stdout} = spawnSync(python, ['-c', `import importlib.util as u; print(*[n for n in ${JSON.stringify(needed)} if not u.find_spec(n)])`], {encoding: 'utf8'});
  if (error) return 'Python is not installed';
  return stdout.trim() ? `Python lacks ${stdout.trim()}` : false;
}

const id = n => `${n}ce0d1b4-0000-4000-8000-000000000000`;
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M/wHwAEBgIApD5fRAAAAABJRU5ErkJggg==', 'base64');
const file = (name, bytes, type = 'application/octet-stream') => ({name, bytes, type});

export default function (world) {
  describe('what ckanapi asks', () => {
    const host = 'valdehermoso.localhost', home = () => `http://${host}:${world.demo.port}`;
    let token;
    const send = async (name, {key = token, ...more}) => {
      const answer = await world.demo.request(`/api/action/${name}`, {host, method: 'POST', ...more, headers: {...more.headers, ...(key && {'X-CKAN-API-Key': key, Authorization: key})}});
      return {...answer, json: JSON.parse(answer.text)};
    };
    const {done, refused} = judged((name, body = {}, {files, key} = {}) => files
      ? send(name, {key, headers: {'Content-Type': 'multipart/form-data; boundary=b0'}, body: multipart('b0', Object.entries(body), files)})
      : send(name, {key, headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)}));
    const get = where => world.demo.request(where.replace(home(), ''), {host});

    test('a catalogue that moves in keeps its identifiers', async () => {
      token = world.demo.json('token', 'create', '--tenant', 'valdehermoso', '--scope', 'open-data:write', '--name', 'pitón').value.token;
      assert.equal((await done('organization_create', {id: id(1), name: 'py-prueba', title: 'Pitón'})).id, id(1));
      assert.equal((await done('group_create', {id: id(2), name: 'py-grupo', title: 'Grupo'})).id, id(2));
      const resource = {id: id(4), name: 'uno', url: 'http://a.example/1.csv', url_type: 'upload', package_id: id(3), position: 0};
      const made = await done('package_create', {id: id(3), name: 'py-uno', title: 'Uno', owner_org: id(1), groups: [{id: id(2)}], resources: [resource]});
      assert.deepEqual([made.id, made.owner_org, made.groups[0].id, made.resources.map(one => one.id)], [id(3), id(1), id(2), [id(4)]]);
      assert.equal((await done('resource_create', {package_id: id(3), id: id(5), url: 'http://a.example/2.csv'})).id, id(5));
      assert.equal((await done('resource_view_create', {id: id(6), resource_id: id(4), title: 'Tabla', view_type: 'recline_view'})).id, id(6));
    });

    test('an identifier is of one thing only', async () => {
      await refused(409, /"id":\["Dataset id already exists"\]/, 'package_create', {id: id(3), name: 'py-dos', owner_org: id(1)});
      await refused(409, /"id":\["Resource id already exists."\]/, 'resource_create', {package_id: id(3), id: id(4), url: 'http://a.example/3.csv'});
      await refused(409, /Resource id already exists/, 'package_create', {name: 'py-dos', owner_org: id(1), resources: [{id: id(4), url: 'http://a.example/3.csv'}]});
      for (const name of ['organization_create', 'group_create']) await refused(409, /"id":\["Id already exists"\]/, name, {id: id(1), name: 'py-otra'});
      await refused(409, /"id":\["Id already exists"\]/, 'resource_view_create', {id: id(6), resource_id: id(4), title: 'Otra', view_type: 'recline_view'});
      for (const name of ['package_create', 'organization_create']) await refused(409, /"id":\["Invalid id/, name, {id: 'uno', name: 'py-dos', owner_org: id(1)});
      for (const author_email of ['a', 'a@', '@b.example', 'a b@c.example', 'a@b..example']) await refused(409, /"author_email":\["Email .* is not a valid format"\]/, 'package_create', {name: 'py-dos', owner_org: id(1), author_email});
      await refused(404, /Not found/, 'package_show', {id: 'py-dos'});
    });

    test('a resource that was deleted may come back with its identifier', async () => {
      const whole = await done('package_show', {id: id(3)});
      await done('resource_delete', {id: id(5)});
      assert.deepEqual((await done('package_show', {id: id(3)})).resources.map(one => one.id), [id(4)]);
      assert.deepEqual((await done('package_update', whole)).resources.map(one => one.id), [id(4), id(5)]);
    });

    test('what was dumped is loaded as it was, after it has been deleted for ever', async () => {
      const whole = await done('package_show', {id: 'py-uno', include_datasets: false, include_password_hash: true, include_users: false});
      await done('dataset_purge', {id: id(3)});
      await refused(404, /Not found/, 'package_show', {id: id(3)});
      const dated = /"(metadata_)?(created|modified|metadata_created|metadata_modified)":"[^"]*"/g;
      assert.equal(JSON.stringify(await done('package_create', whole)).replace(dated, ''), JSON.stringify(whole).replace(dated, ''));
      const uploaded = await done('resource_patch', {id: id(4)}, {files: {upload: file('1.csv', 'a;b\n1;2\n')}});
      assert.deepEqual([uploaded.id, uploaded.url_type, uploaded.datastore_active], [id(4), 'upload', true]);
    });

    test('a text that is no file is a table where its format says so', async () => {
      const send_text = (format, name = 'upload') => done('resource_create', {package_id: id(3), format}, {files: {upload: file(name, 'a;b\n1;2\n')}});
      for (const [format, url, rows] of [['csv', /\/download\/upload\.csv$/, true], ['', /\/download\/upload$/, false], ['PDF', /\/download\/upload$/, false]]) {
        const made = await send_text(format);
        assert.match(made.url, url);
        assert.equal(made.datastore_active, rows, format);
        await done('resource_delete', {id: made.id});
      }
    });

    test('pictures of organizations and groups', async () => {
      const made = await done('group_create', {name: 'py-dibujo', title: 'Con dibujo'}, {files: {image_upload: file('mi logo.png', png)}});
      assert.match(made.image_url, /^\d{4}-\d\d-\d\d-.*mi-logo\.png$/);
      assert.equal(made.image_display_url, `${home()}/uploads/group/${made.image_url}`);
      const seen = await get(made.image_display_url);
      assert.deepEqual([seen.status, seen.headers['content-type'], seen.bytes.equals(png)], [200, 'image/png', true]);
      for (const list of ['group_list', 'group_show']) assert.match(JSON.stringify(await done(list, {id: 'py-dibujo', all_fields: true}, {key: null})), new RegExp(made.image_display_url));
      assert.equal((await done('group_patch', {id: 'py-dibujo', title: 'Otro título'})).image_url, made.image_url);
      assert.equal((await done('group_update', {...made, image_url: '2020-01-01-000000.000000logo.png'})).image_url, made.image_url, 'the name that it had elsewhere is of no file here');
      const other = await done('group_update', {id: made.id, name: 'py-dibujo'}, {files: {image_upload: file('x.jpg', Buffer.from('ffd8ffe000104a464946', 'hex'))}});
      assert.deepEqual([(await get(other.image_display_url)).headers['content-type'], (await get(made.image_display_url)).status], ['image/jpeg', 404]);
      assert.equal((await done('group_patch', {id: 'py-dibujo', clear_upload: true, image_url: other.image_url})).image_url, '');
      assert.equal((await get(other.image_display_url)).status, 404);
      const linked = await done('group_patch', {id: 'py-dibujo', image_url: 'https://a.example/l.png'});
      assert.equal(linked.image_display_url, 'https://a.example/l.png');
      // `load organizations --upload-logo` sends it so.
      const organization = await done('group_update', {id: id(1), name: 'py-prueba', title: 'Pitón'}, {files: {image_upload: file('l.gif', Buffer.from('GIF89a'))}});
      assert.deepEqual([organization.type, organization.is_organization, (await get(organization.image_display_url)).status], ['organization', true, 200]);
      await refused(409, /Type cannot be updated/, 'group_update', {id: 'py-dibujo', name: 'py-dibujo', type: 'organization'});
      await refused(409, /"image_upload":\["Unsupported upload type/, 'group_patch', {id: 'py-dibujo'}, {files: {image_upload: file('l.png', '<svg onload="alert(1)"/>', 'image/png')}});
      await refused(409, /"image_upload":\["File upload too large"\]/, 'group_patch', {id: 'py-dibujo'}, {files: {image_upload: file('l.png', Buffer.concat([png, Buffer.alloc(3 << 20)]))}});
      await refused(403, /Authorization Error/, 'group_patch', {id: 'py-dibujo'}, {key: null, files: {image_upload: file('l.png', png)}});
      await done('group_purge', {id: 'py-dibujo'});
    });

    test('package_revise adds resources, and takes files for those that there are', async () => {
      const before = await done('package_show', {id: 'py-uno'});
      const added = (await done('package_revise', {match: JSON.stringify({name: 'py-uno'}), update: JSON.stringify({notes: 'revisado'}), update__resources__extend: JSON.stringify([{name: 'nuevo'}]), 'update__resources__-1__description': 'el último'},
        {files: {'update__resources__-1__upload': file('n.csv', 'a;b\n1;2\n3;4\n')}})).package;
      const [, , made] = added.resources;
      assert.deepEqual([added.notes, added.resources.length, made.name, made.description, made.url_type, made.datastore_active], ['revisado', 3, 'nuevo', 'el último', 'upload', true]);
      assert.deepEqual(added.resources.slice(0, 2), before.resources);
      const {package: again} = await done('package_revise', {match__name: 'py-uno', [`update__resources__${id(5).slice(0, 8)}__name`]: 'dos', update__resources__1__format: 'PDF'});
      assert.deepEqual([again.resources[1].name, again.resources[1].format], ['dos', 'PDF']);
      await refused(409, /No matching resource/, 'package_revise', {match__name: 'py-uno'}, {files: {'update__resources__7__upload': file('n.csv', 'a\n1\n')}});
      await refused(409, /update__resources__N__upload/, 'package_revise', {match__name: 'py-uno'}, {files: {upload: file('n.csv', 'a\n1\n')}});
      await refused(409, /Dataset does not match/, 'package_revise', {match: JSON.stringify({name: 'py-uno', notes: 'otra cosa'}), update__notes: 'x'});
    });

    describe('ckanapi itself', {skip: not_run()}, () => {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'concejo-ckanapi-')), at = name => path.join(folder, name);
      const env = {...process.env, PATH: `${at('bin')}:${process.env.PATH}`, PYTHONPATH: `${process.env.CKANAPI}:${at('site')}`, PYTHONWARNINGS: 'ignore', LC_ALL: 'C.UTF-8'};
      const run = (command, args, input = '') => spawnSync(command, args, {env, input, encoding: 'utf8', cwd: folder, timeout: 120_000});
      const ckanapi = (...args) => {
        const {input, fails = false} = typeof args.at(-1) === 'object' ? args.pop() : {};
        const {status, stdout, stderr} = run(at('bin/ckanapi'), args, input);
        assert.equal(status !== 0, fails, `ckanapi ${args.join(' ')}: ${stderr}`);
        return {stdout, stderr, list: () => stdout.trim().split('\n').map(line => JSON.parse(line))};
      };
      const lines = name => fs.readFileSync(at(name), 'utf8').trim().split('\n').map(line => JSON.parse(line));
      const here = () => ['-r', home()], signed = () => [...here(), '-a', token];
      const other = 'riomar.localhost', there = () => ['-r', `http://${other}:${world.demo.port}`];

      before(async () => {
        for (const one of ['bin', 'site/ckanapi-0.dist-info']) fs.mkdirSync(at(one), {recursive: true});
        // What installing it would leave: its command, and its version. Names that end in .localhost are this machine (RFC 6761).
        fs.writeFileSync(at('bin/ckanapi'), `#!${python}\nimport sys\nfrom ckanapi.cli.main import main\nsys.exit(main())\n`, {mode: 0o755});
        fs.writeFileSync(at('site/ckanapi-0.dist-info/METADATA'), 'Metadata-Version: 2.1\nName: ckanapi\nVersion: 0\n');
        fs.writeFileSync(at('site/sitecustomize.py'), 'import socket\nfound = socket.getaddrinfo\nsocket.getaddrinfo = lambda host, *a, **k: found("127.0.0.1" if str(host).endswith(".localhost") else host, *a, **k)\n');
        fs.writeFileSync(at('calles.csv'), 'calle;número;importe\nMayor;1;1,50\nNueva;2;2,75\n');
        await done('package_create', {name: 'py-privado', owner_org: id(1), private: true});
      });
      after(() => fs.rmSync(folder, {recursive: true, force: true}));

      test('calls from Python, and what they throw', () => {
        const {status, stdout, stderr} = run(python, ['-c', `
import io, json, sys
from ckanapi import *
V, KEY = sys.argv[1:]
def thrown(kind, call):
    try: call()
    except CKANAPIError as e:
        assert type(e) is kind, (type(e), e)
        return getattr(e, 'error_dict', None) or str(e)
    raise AssertionError(kind)
with RemoteCKAN(V, apikey=KEY, user_agent='pruebas/1 (+http://a.example)') as ckan:
    act, anybody, getter = ckan.action, RemoteCKAN(V + '/').action, RemoteCKAN(V, get_only=True).action
    assert act.status_show()['ckan_version'].startswith('2.10')
    made = act.resource_create(package_id='py-uno', name='subido', upload=open('calles.csv', 'rb'))
    assert made['url'].endswith('/calles.csv') and made['datastore_active'], made
    changed = act.resource_update(id=made['id'], name='subido', upload=('otro.csv', io.BytesIO(b'a,b\\n1,2\\n')))
    assert changed['url'].endswith('/otro.csv') and changed['hash'] != made['hash'], changed
    assert act.resource_patch(id=made['id'], description='d', upload=open('calles.csv', 'rb'))['hash'] == made['hash']
    nameless = act.resource_create(package_id='py-uno', format='csv', upload=io.StringIO('a,b\\n1,2\\n'))
    assert nameless['datastore_active'] and nameless['format'] == 'CSV', nameless
    act.resource_delete(id=nameless['id'])
    rows = ckan.call_action('datastore_search', {'resource_id': made['id']}, requests_kwargs={'timeout': 20})
    assert rows['total'] == 2 and rows['records'][0]['calle'] == 'Mayor', rows
    for asked in ({'fields': ['calle', 'número']}, {'limit': 1}, {'q': 'nueva'}):
        assert getter.datastore_search(resource_id=made['id'], **asked)['records'] == act.datastore_search(resource_id=made['id'], **asked)['records']
    assert getter.package_show(id='py-uno')['id'] == anybody.package_show(id='py-uno')['id']
    assert getter.package_search(q=None, fq='organization:py-prueba', rows=1)['count'] == 1
    thrown(NotFound, lambda: act.package_show(id='no-existe'))
    assert thrown(ValidationError, lambda: act.package_create(name='X Y', owner_org='py-prueba'))['name']
    for nobody in (anybody, RemoteCKAN(V, apikey='nada').action):
        thrown(NotAuthorized, lambda: nobody.package_create(name='colado'))
        thrown(NotAuthorized, lambda: nobody.package_show(id='py-privado'))
    assert RemoteCKAN(V).call_action('package_show', {'id': 'py-privado'}, apikey=KEY)['private']
    thrown(SearchQueryError, lambda: act.package_search(nada=1))
    thrown(SearchError, lambda: act.package_search(q='title:['))
    thrown(CKANAPIError, lambda: act.no_existe())
    thrown(CKANAPIError, lambda: getter.package_patch(id='py-uno', title='x'))
    act.resource_delete(id=made['id'])
print('bien')`, home(), token]);
        assert.equal(status, 0, stderr);
        assert.equal(stdout, 'bien\n');
      });

      test('one action a command', () => {
        fs.writeFileSync(at('qué.json'), '{"id": "py-uno"}');
        for (const more of [['id=py-uno'], ['-i'], ['-I', 'qué.json'], ['id=py-uno', '-g'], ['id:"py-uno"']])
          assert.equal(JSON.parse(ckanapi('action', 'package_show', ...more, '-j', ...here(), {input: '{"id": "py-uno"}'}).stdout).id, id(3), more.join(' '));
        assert.ok(ckanapi('action', 'package_list', '-J', ...here()).list().includes('py-uno'));
        const {id: made} = JSON.parse(ckanapi('action', 'resource_create', 'package_id=py-uno', 'name=de la orden', 'upload@calles.csv', ...signed()).stdout);
        ckanapi('action', 'resource_delete', `id=${made}`, ...signed());
        assert.match(ckanapi('action', 'package_show', 'id=no-existe', ...here(), {fails: true}).stderr, /NotFound/);
      });

      test('search, batch and delete', () => {
        assert.deepEqual(ckanapi('search', 'datasets', 'q=organization:py-prueba', ...here()).list().map(one => one.name), ['py-uno']);
        assert.deepEqual(ckanapi('search', 'datasets', '-i', ...signed(), {input: '{"fq": "organization:py-prueba", "include_private": true, "sort": "name asc"}'}).list().map(one => one.name), ['py-privado', 'py-uno']);
        const orders = [{action: 'package_create', data: {name: 'py-lote', owner_org: 'py-prueba'}}, {action: 'resource_create', data: {package_id: 'py-lote', name: 'r'}, files: {upload: 'calles.csv'}}, {action: 'package_create', data: {name: 'X'}}, {action: 'package_patch', data: {id: 'no-existe'}}];
        const {stderr} = ckanapi('batch', '--local-files', ...signed(), {input: orders.map(one => JSON.stringify(one)).join('\n') + '\n'});
        assert.deepEqual(stderr.trim().split('\n').map(line => line.match(/ (package|resource)_\w+ (\w+) /)[2]), ['None', 'None', 'ValidationError', 'NotFound']);
        assert.match(ckanapi('delete', 'datasets', 'py-lote', 'no-existe', ...signed()).stderr, /None "py-lote"[^]*NotFound "no-existe"/);
        assert.match(ckanapi('delete', 'datasets', 'py-uno', ...here()).stderr, /NotAuthorized/);
      });

      test('everything is dumped', () => {
        for (const thing of ['datasets', 'organizations', 'groups']) ckanapi('dump', thing, '--all', '-p', '3', '-O', `${thing}.jsonl`, ...signed());
        ckanapi('dump', 'users', '--all', '-O', 'users.jsonl', ...signed());
        assert.ok(lines('users.jsonl').some(one => one.name === 'pitón'));
        assert.ok(lines('datasets.jsonl').some(one => one.name === 'contratos-menores'));
        ckanapi('dump', 'datasets', '--all', '-g', '-z', '-O', 'datasets.jsonl.gz', ...here());
        const packed = zlib.gunzipSync(fs.readFileSync(at('datasets.jsonl.gz'))).toString().trim().split('\n').map(line => JSON.parse(line).id);
        assert.deepEqual(lines('datasets.jsonl').filter(one => !packed.includes(one.id)), []);
        fs.mkdirSync(at('paquetes'));
        ckanapi('dump', 'datasets', '-D', 'paquetes', 'contratos-menores', ...here());
        const described = JSON.parse(fs.readFileSync(at('paquetes/contratos-menores/datapackage.json'), 'utf8'));
        assert.deepEqual([described.name, described.resources[0].schema.fields.length > 3, fs.statSync(at(`paquetes/contratos-menores/${described.resources[0].path}`)).size > 1000], ['contratos-menores', true, true]);
      });

      test('what was dumped is loaded in another municipality, with its files', async () => {
        const restore = world.demo.edit('municipios/riomar.yaml', text => `${text}\n  open-data:\n    activo: true\n`);
        try {
          assert.equal(world.demo.concejo('reload').code, 0);
          const key = world.demo.json('token', 'create', '--tenant', 'riomar', '--scope', 'open-data:write', '--name', 'pitón').value.token;
          const signed_there = [...there(), '-a', key];
          const of_ours = name => /^(py-|contratos-menores$)/.test(name);
          fs.writeFileSync(at('nuestros.jsonl'), lines('datasets.jsonl').filter(one => of_ours(one.name)).map(one => JSON.stringify(one)).join('\n') + '\n');
          assert.match(ckanapi('load', 'datasets', '-o', '-I', 'nuestros.jsonl', ...signed_there, {fails: true}).stderr, /show NotFound/);
          for (const thing of ['organizations', 'groups']) assert.doesNotMatch(ckanapi('load', thing, '-I', `${thing}.jsonl`, ...signed_there).stderr, /Error|Not/);
          ckanapi('load', 'datasets', '-n', '-p', '3', '--upload-resources', '-I', 'nuestros.jsonl', ...signed_there);
          const again = ckanapi('load', 'datasets', '-I', 'nuestros.jsonl', ...signed_there).stderr;
          assert.equal(again.match(/ update None "/g).length, lines('nuestros.jsonl').length, again);
          ckanapi('dump', 'datasets', '--all', '-O', 'suyos.jsonl', ...signed_there);
          const same = one => ({...one, creator_user_id: '', organization: one.organization.id, groups: one.groups.map(group => group.id), metadata_created: '', metadata_modified: '',
            resources: one.resources.map(r => ({...r, created: '', last_modified: '', metadata_modified: '', url: r.url.replace(/^http:\/\/\w+\.localhost/, '')}))});
          assert.deepEqual(lines('suyos.jsonl').filter(one => of_ours(one.name)).map(same), lines('nuestros.jsonl').map(same));
          const copy = (await world.demo.request(lines('suyos.jsonl').find(one => one.name === 'contratos-menores').resources[0].url.replace(/^http:\/\/[^/]+/, ''), {host: other})).bytes;
          assert.ok(copy.equals((await get(lines('nuestros.jsonl').find(one => one.name === 'contratos-menores').resources[0].url)).bytes));
        } finally {
          restore();
          world.demo.concejo('reload');
        }
      });
    });
  });
}
