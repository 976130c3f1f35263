// Collaborators of a dataset: who sees or changes one without being let write the others, as CKAN's documentation and its tests say it.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';

export default function (world) {
  const hosts = {valdehermoso: 'valdehermoso.localhost', riomar: 'riomar.localhost'}, host = hosts.valdehermoso;
  const keys = {}, made = {}, restore = [];
  const action = async (name, body = {}, {key = keys.writer, at = host} = {}) => {
    const answer = await world.demo.request(`/api/3/action/${name}`, {host: at, method: 'POST', headers: {'Content-Type': 'application/json', ...(key && {Authorization: key})}, body: JSON.stringify(body)});
    return {...answer, json: JSON.parse(answer.text)};
  };
  const done = async (...args) => {
    const answer = await action(...args);
    assert.equal(answer.status, 200, `${args[0]}: ${answer.text}`);
    return answer.json.result;
  };
  const refused = async (status, pattern, ...args) => {
    const answer = await action(...args);
    assert.equal(answer.status, status, `${args[0]} ${JSON.stringify(args[1])}: ${answer.text}`);
    assert.match(answer.text, pattern);
  };
  const token = (name, scope = 'open-data:collaborate', tenant = 'valdehermoso') => world.demo.json('token', 'create', '--tenant', tenant, '--scope', scope, '--name', name).value.token;
  const as = who => ({key: keys[who]});
  const name_in = (id, user_id, capacity, options) => done('package_collaborator_create', {id, user_id, capacity}, options);
  const people = {member: 'Museo', editor: 'Autobuses', admin: 'Mancomunidad', nobody: 'Nadie'};

  describe('collaborators of a dataset', () => {
    test('three datasets that not everybody sees, and four who could be named', async () => {
      restore.push(world.demo.edit('municipios/riomar.yaml', text => text.includes('open-data:') ? text : text.replace(/\nmodulos:\n/, '\nmodulos:\n  open-data: {activo: true}\n')));
      assert.equal(world.demo.concejo('reload').code, 0);
      keys.writer = token('quien escribe', 'open-data:write');
      for (const [role, name] of Object.entries(people)) keys[role] = token(name);
      keys.elsewhere = token(people.editor, 'open-data:collaborate', 'riomar');
      await done('organization_create', {name: 'col-prueba', title: 'Colaboradores'});
      await done('organization_create', {name: 'col-otra', title: 'Otra'});
      for (const [name, more] of Object.entries({reservado: {private: true}, borrador: {state: 'draft'}, ajeno: {private: true}, abierto: {}}))
        made[name] = await done('package_create', {name: `col-${name}`, title: name, notes: `Paradas de autobús, ${name}`, owner_org: 'col-prueba', ...more});
      made.table = await done('datastore_create', {resource: {package_id: made.reservado.id, name: 'paradas'}, fields: [{id: 'parada', type: 'text'}], primary_key: 'parada', records: [{parada: 'Plaza'}]});
    });

    test('whoever writes is told who can be named; those, who they are', async () => {
      const me = await done('user_show'), list = await done('user_list');
      for (const name of [...Object.values(people), 'quien escribe']) assert.equal(list.filter(one => one.name === name).length, 1, name);
      assert.deepEqual(list.map(one => one.name), list.map(one => one.name).toSorted());
      assert.deepEqual(Object.keys(list[0]).sort(), Object.keys(me).sort());
      assert.deepEqual((await done('user_autocomplete', {q: 'utobus'})).map(one => one.name), [people.editor]);
      assert.deepEqual((await done('user_list', {q: 'Mus', all_fields: false})), ['Museo']);
      const own = await done('user_show', {}, as('editor'));
      assert.deepEqual([own.name, own.sysadmin], [people.editor, false]);
      assert.deepEqual(await done('user_show', {id: people.editor}), own);
      assert.deepEqual((await done('user_list', {}, as('editor'))).map(one => one.name), [people.editor], 'itself and nobody else');
      await refused(404, /Not Found Error/, 'user_show', {id: people.admin}, as('editor'));
      for (const [role, name] of Object.entries(people)) made[role] = (await done('user_show', {id: name})).id;
    });

    test('nobody sees or changes anything before being named', async () => {
      for (const role of Object.keys(people)) {
        await refused(403, /"__type":"Authorization Error","message":"Access denied: User /, 'package_show', {id: 'col-reservado'}, as(role));
        await refused(404, /Not Found Error/, 'package_show', {id: 'col-borrador'}, as(role));
        await refused(403, /Authorization Error/, 'package_patch', {id: 'col-abierto', notes: 'x'}, as(role));
        await refused(403, /Authorization Error/, 'package_create', {name: 'col-colado', owner_org: 'col-prueba'}, as(role));
        assert.deepEqual(await done('package_collaborator_list_for_user', {id: people[role]}, as(role)), []);
      }
    });

    test('they are named, changed and listed with the members that CKAN gives', async () => {
      const first = await name_in('col-reservado', people.member, 'editor');
      assert.deepEqual({...first, modified: ''}, {package_id: made.reservado.id, user_id: made.member, capacity: 'editor', modified: ''});
      assert.match(first.modified, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/);
      assert.equal((await name_in(made.reservado.id, made.member, 'member')).capacity, 'member', 'whoever is there is changed');
      for (const role of ['editor', 'admin']) await name_in('col-reservado', people[role], role);
      await name_in('col-borrador', people.editor, 'editor');
      const list = await done('package_collaborator_list', {id: 'col-reservado'});
      assert.deepEqual(list.map(one => [Object.keys(one).sort().join(), one.user_id, one.capacity]), [['editor', 'editor'], ['admin', 'admin'], ['member', 'member']].map(([role, capacity]) => ['capacity,modified,package_id,user_id', made[role], capacity]));
      assert.deepEqual((await done('package_collaborator_list', {id: 'col-reservado', capacity: 'admin'})).map(one => one.user_id), [made.admin]);
      const own = await done('package_collaborator_list_for_user', {id: made.editor}, as('editor'));
      assert.deepEqual(own.map(one => [Object.keys(one).sort().join(), one.package_id, one.capacity]), [made.reservado, made.borrador].map(one => ['capacity,modified,package_id', one.id, 'editor']));
      assert.deepEqual(await done('package_collaborator_list_for_user', {id: people.editor}), own, 'who writes everything may ask too');
      assert.deepEqual(await done('package_collaborator_list_for_user', {id: people.editor, capacity: 'member'}, as('editor')), []);
      const audited = `SELECT string_agg(a.details::text, ' ' ORDER BY a.id) FROM concejo.audit a WHERE a.tenant = 'valdehermoso' AND a.action = 'open-data.colaborador' AND a.object = '${made.reservado.id}'`;
      for (const [user, capacity] of [['Museo', 'editor'], ['Museo', 'member'], ['Autobuses', 'editor'], ['Mancomunidad', 'admin']]) assert.match(world.demo.sql(audited), new RegExp(`token:${user}"[^}]*"${capacity}"|"${capacity}"[^}]*token:${user}"`));
    });

    test('what is wrong is refused as CKAN refuses it', async () => {
      const create = {id: 'col-reservado', user_id: people.nobody, capacity: 'editor'};
      await refused(409, /"id":\["Missing value"\],"user_id":\["Missing value"\],"capacity":\["Missing value"\]/, 'package_collaborator_create');
      await refused(409, /"message":"Role must be one of \\"admin, editor, member\\""/, 'package_collaborator_create', {...create, capacity: 'owner'});
      await refused(404, /Not found: Dataset not found/, 'package_collaborator_create', {...create, id: 'nada'});
      await refused(404, /Not found: User not found/, 'package_collaborator_create', {...create, user_id: 'nadie con ese nombre'});
      await refused(409, /"id":\["Missing value"\],"user_id":\["Missing value"\]/, 'package_collaborator_delete');
      await refused(404, /Not found: Package not found/, 'package_collaborator_delete', {...create, id: 'nada'});
      await refused(404, /Not found: User not found/, 'package_collaborator_delete', {...create, user_id: 'nadie con ese nombre'});
      await refused(404, /Not found: User Nadie is not a collaborator on this package/, 'package_collaborator_delete', create);
      await refused(404, /Not found: Package not found/, 'package_collaborator_list', {id: 'nada'});
      await refused(409, /"message":"Capacity must be one of \\"admin, editor, member\\""/, 'package_collaborator_list', {id: 'col-reservado', capacity: 'x'});
      await refused(404, /Not found: User not found/, 'package_collaborator_list_for_user', {id: 'nadie con ese nombre'});
      const weak = token('floja', 'sede.anuncios.editar');
      for (const key of [null, weak, keys.elsewhere, keys.member, keys.editor])
        for (const [name, body] of [['package_collaborator_create', create], ['package_collaborator_delete', create], ['package_collaborator_list', create], ['package_collaborator_list_for_user', {id: people.admin}]]) await refused(403, /"__type":"Authorization Error"/, name, body, {key});
      for (const value of [`'`, `' OR 1=1 --`, '"', '\u0000', '<b>', 'x'.repeat(3000)])
        for (const key of ['id', 'user_id', 'capacity']) assert.ok([404, 409].includes((await action('package_collaborator_create', {...create, [key]: value})).status), `${key} ${value}`);
      assert.equal((await world.demo.request('/api/3/action/package_collaborator_create', {host, headers: {Authorization: keys.writer}})).status, 400, 'only by POST');
    });

    test('a member sees its dataset, its rows and its files, and changes nothing', async () => {
      const seen = await done('package_show', {id: 'col-reservado'}, as('member'));
      assert.equal(seen.private, true);
      assert.equal((await done('datastore_search', {resource_id: made.table.resource_id}, as('member'))).total, 1);
      const rows = key => world.demo.request(`/datastore/dump/${made.table.resource_id}`, {host, headers: key && {Authorization: `Bearer ${key}`}});
      assert.match((await rows(keys.member)).text, /Plaza/);
      for (const [key, status] of [[null, 404], [keys.nobody, 404], [keys.elsewhere, 401]]) assert.equal((await rows(key)).status, status, String(key));
      const described = key => world.demo.request('/dataset/col-reservado/datapackage.json', {host, headers: key && {Authorization: `Bearer ${key}`}});
      assert.match((await described(keys.member)).text, /Paradas/i);
      for (const key of [null, keys.nobody]) assert.equal((await described(key)).status, 404);
      const found = async (who, more) => (await done('package_search', {fq: 'organization:col-prueba', ...more}, who)).results.map(one => one.name).sort();
      assert.deepEqual(await found(as('member'), {include_private: true}), ['col-abierto', 'col-reservado']);
      assert.deepEqual(await found(as('editor'), {include_private: true, include_drafts: true}), ['col-abierto', 'col-borrador', 'col-reservado']);
      assert.deepEqual(await found(as('editor'), {}), ['col-abierto']);
      for (const who of [as('nobody'), {key: null}]) assert.deepEqual(await found(who, {include_private: true, include_drafts: true}), ['col-abierto']);
      const [resource] = seen.resources;
      for (const [name, body] of [['package_update', {id: seen.id, name: seen.name, owner_org: seen.owner_org}], ['package_patch', {id: seen.id, notes: 'x'}], ['package_revise', {match: {id: seen.id}, update: {notes: 'x'}}], ['package_delete', {id: seen.id}], ['package_resource_reorder', {id: seen.id, order: [resource.id]}],
        ['resource_create', {package_id: seen.id, name: 'x', url: 'http://a.example/x.csv'}], ['resource_update', {id: resource.id, name: 'x'}], ['resource_patch', {id: resource.id, name: 'x'}], ['resource_delete', {id: resource.id}], ['resource_view_create', {resource_id: resource.id, view_type: 'text_view', title: 'x'}], ['resource_view_reorder', {id: resource.id, order: ['x']}],
        ['datastore_create', {resource_id: resource.id, fields: [{id: 'x'}]}], ['datastore_create', {resource: {package_id: seen.id}, fields: [{id: 'x'}]}], ['datastore_upsert', {resource_id: resource.id, records: [{parada: 'x'}]}], ['datastore_delete', {resource_id: resource.id}], ['datastore_records_delete', {resource_id: resource.id, filters: {parada: 'Plaza'}}]])
        for (const who of ['member', 'nobody']) await refused(403, /"__type":"Authorization Error"/, name, body, as(who));
    });

    test('an editor changes it as whoever writes does, and no other', async () => {
      const own = as('editor'), id = made.reservado.id;
      assert.equal((await done('package_patch', {id, notes: 'Cambiadas'}, own)).notes, 'Cambiadas');
      assert.equal((await done('package_revise', {match: {id}, update: {version: '2'}}, own)).package.version, '2');
      await done('datastore_upsert', {resource_id: made.table.resource_id, records: [{parada: 'Estación'}]}, own);
      assert.equal((await done('datastore_search', {resource_id: made.table.resource_id}, own)).total, 2);
      const resource = await done('resource_create', {package_id: id, name: 'líneas', url: 'http://a.example/x.csv'}, own);
      assert.equal((await done('resource_patch', {id: resource.id, name: 'Líneas'}, own)).name, 'Líneas');
      const view = await done('resource_view_create', {resource_id: resource.id, view_type: 'text_view', title: 'Vista'}, own);
      assert.equal((await done('resource_view_update', {id: view.id, title: 'Otra'}, own)).title, 'Otra');
      assert.deepEqual(await done('resource_view_delete', {id: view.id}, own), {resource_id: resource.id});
      assert.equal(await done('resource_delete', {id: resource.id}, own), null);
      const actor = world.demo.json('token', 'list', '--tenant', 'valdehermoso').value.tokens.find(one => one.name === people.editor).id;
      assert.notEqual(world.demo.sql(`SELECT count(*) FROM concejo.audit WHERE action = 'open-data.cambiar' AND object = '${id}' AND actor = 'token:${actor}'`), '0');
      const shown = await done('package_show', {id}, own);
      await done('package_update', {...shown, title: 'Sin cambiar de organización'}, own);
      await refused(409, /"owner_org":\["You cannot move this dataset to another organization"\]/, 'package_patch', {id, owner_org: 'col-otra'}, own);
      for (const [name, body] of [['package_owner_org_update', {id, organization_id: 'col-otra'}], ['dataset_purge', {id}], ['package_patch', {id: made.ajeno.id, notes: 'x'}], ['package_patch', {id: made.abierto.id, notes: 'x'}], ['bulk_update_public', {org_id: 'col-prueba', datasets: [id]}], ['member_create', {id: 'col-prueba', object: id, object_type: 'package', capacity: 'public'}],
        ['package_relationship_create', {subject: id, object: made.abierto.id, type: 'links_to'}], ['organization_patch', {id: 'col-prueba', title: 'x'}], ['api_token_create', {user: people.editor, name: 'x'}], ['resource_view_clear', {}], ['vocabulary_create', {name: 'colado', tags: []}]]) await refused(403, /"__type":"Authorization Error"/, name, body, own);
      assert.equal((await done('package_patch', {id: 'col-borrador', state: 'active'}, own)).state, 'active');
      assert.equal((await done('package_show', {id: 'col-borrador'}, {key: null})).state, 'active');
      await done('package_patch', {id, private: false}, own);
      assert.equal((await done('package_show', {id}, {key: null})).notes, 'Cambiadas');
      await done('package_patch', {id, private: true}, own);
    });

    test('an admin says who else collaborates, there and nowhere else', async () => {
      const own = as('admin'), id = made.reservado.id;
      assert.equal((await name_in(id, people.nobody, 'admin', own)).user_id, made.nobody);
      assert.equal((await done('package_collaborator_list', {id}, own)).length, 4);
      await refused(403, /Authorization Error/, 'package_collaborator_create', {id: made.ajeno.id, user_id: people.nobody, capacity: 'member'}, own);
      assert.equal(await done('package_collaborator_delete', {id, user_id: people.admin}, as('nobody')), null);
      await refused(403, /Authorization Error/, 'package_show', {id}, own);
      assert.equal(await done('package_collaborator_delete', {id, user_id: made.nobody}), null);
    });

    test('it ends with the token, and the name is still there to be taken away', async () => {
      const brief = token('Breve');
      await name_in('col-reservado', 'Breve', 'member');
      await done('package_show', {id: 'col-reservado'}, {key: brief});
      const {id} = world.demo.json('token', 'list', '--tenant', 'valdehermoso').value.tokens.find(one => one.name === 'Breve');
      assert.equal(world.demo.concejo('token', 'revoke', '--tenant', 'valdehermoso', id).code, 0);
      await refused(403, /Authorization Error/, 'package_show', {id: 'col-reservado'}, {key: brief});
      await refused(404, /User not found/, 'package_collaborator_create', {id: 'col-ajeno', user_id: 'Breve', capacity: 'member'});
      assert.equal(await done('package_collaborator_delete', {id: 'col-reservado', user_id: 'Breve'}), null);
    });

    test('a program\'s page does not act for it by a callback', async () => {
      const answer = await world.demo.request('/api/3/action/package_show?id=col-reservado&callback=x', {host, headers: {Authorization: keys.member}});
      assert.equal(answer.status, 403, answer.text);
    });

    test('they go with the dataset', async () => {
      const left = id => world.demo.sql(`SELECT count(*) FROM m_valdehermoso.open_data_collaborator WHERE dataset = '${id}'`);
      assert.equal(left(made.reservado.id), '2');
      await done('package_delete', {id: made.reservado.id}, as('editor'));
      assert.equal(left(made.reservado.id), '0');
      await refused(403, /Authorization Error/, 'package_show', {id: made.reservado.id}, as('editor'));
      assert.equal(left(made.borrador.id), '1');
      for (const name of Object.keys(made).filter(name => made[name]?.owner_org)) await done('dataset_purge', {id: made[name].id});
      assert.equal(left(made.borrador.id), '0');
      for (const back of restore) back();
      assert.equal(world.demo.concejo('reload').code, 0);
    });
  });
}
