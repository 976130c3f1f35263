// Relationships between datasets, and tokens that tokens make: as CKAN answers them, and from both sides of two municipalities.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import {ckan} from '../../support/ckan.mjs';
import {has_shapes, validate, whole_catalogue} from '../../support/shacl.mjs';

export default function (world) {
  const hosts = {valdehermoso: 'valdehermoso.localhost', riomar: 'riomar.localhost'}, host = hosts.valdehermoso;
  const tokens = {}, restore = [];
  const {action, done, refused} = ckan(world, () => tokens.valdehermoso);

  describe('relationships between datasets', () => {
    const made = {};
    const relate = (subject, type, object, comment, options) => done('package_relationship_create', {subject, type, object, comment}, options);
    const ends = async (id, options) => {
      const {relationships_as_subject: subject, relationships_as_object: object} = await done('package_show', {id}, options);
      return [subject, object].map(list => list.map(one => one.type));
    };

    test('four datasets on each side', async () => {
      restore.push(world.demo.edit('municipios/riomar.yaml', text => text.includes('open-data:') ? text : text.replace(/\nmodulos:\n/, '\nmodulos:\n  open-data: {activo: true}\n')));
      assert.equal(world.demo.concejo('reload').code, 0);
      for (const [town, at] of Object.entries(hosts)) {
        tokens[town] = world.demo.json('token', 'create', '--tenant', town, '--scope', 'open-data:write', '--name', `relaciones de ${town}`).value.token;
        const own = {token: tokens[town], at};
        await done('organization_create', {name: 'rel-prueba', title: 'Relaciones'}, own);
        made[town] = {};
        for (const name of ['uno', 'dos', 'tres', 'reservado'])
          made[town][name] = await done('package_create', {name: `rel-${name}`, title: `rel-${name}`, notes: `Lo que hay en ${name}, para las pruebas de las relaciones.`, owner_org: 'rel-prueba', private: name === 'reservado', resources: [{name: 'datos', url: 'http://a.example/x.csv', format: 'csv'}]}, own);
      }
    });

    test('each is told from both of its ends, whichever made it', async () => {
      const {uno, dos, tres} = made.valdehermoso;
      assert.deepEqual(await relate('rel-uno', 'depends_on', dos.id, 'sin él no se entiende'), {subject: 'rel-uno', type: 'depends_on', object: 'rel-dos', comment: 'sin él no se entiende'});
      assert.deepEqual(await relate('rel-uno', 'parent_of', 'rel-tres'), {subject: 'rel-tres', type: 'child_of', object: 'rel-uno', comment: ''}, 'it is kept as the other end says it');
      const list = (id, more = {}, options) => done('package_relationships_list', {id, ...more}, options);
      assert.deepEqual(await list('rel-uno', {}, {token: null}), [{subject: 'rel-uno', type: 'depends_on', object: 'rel-dos', comment: 'sin él no se entiende'}, {subject: 'rel-uno', type: 'parent_of', object: 'rel-tres', comment: ''}]);
      assert.deepEqual(await list(dos.id), [{subject: 'rel-dos', type: 'dependency_of', object: 'rel-uno', comment: 'sin él no se entiende'}]);
      assert.deepEqual((await list('rel-uno', {id2: 'rel-tres'})).map(one => one.type), ['parent_of']);
      assert.deepEqual((await list('rel-uno', {rel: 'depends_on'})).map(one => one.object), ['rel-dos']);
      assert.deepEqual((await list('rel-uno', {rel: 'relationships'})).length, 2);
      assert.deepEqual(await list('rel-dos', {id2: 'rel-tres'}), []);
      const shown = await done('package_show', {id: 'rel-uno'}, {token: null});
      assert.deepEqual(shown.relationships_as_subject, [{__extras: {object_package_id: dos.id, subject_package_id: uno.id}, comment: 'sin él no se entiende', id: shown.relationships_as_subject[0].id, type: 'depends_on'}]);
      assert.deepEqual(shown.relationships_as_object.map(one => [one.type, one.__extras.subject_package_id]), [['child_of', tres.id]]);
      assert.match(shown.relationships_as_subject[0].id, /^[0-9a-f-]{36}$/);
      const found = (await done('package_search', {fq: 'name:rel-dos'}, {token: null})).results[0];
      assert.deepEqual(found.relationships_as_object, shown.relationships_as_subject);
      assert.deepEqual((await done('organization_show', {id: 'rel-prueba', include_datasets: true}, {token: null})).packages.find(one => one.name === 'rel-dos').relationships_as_object, shown.relationships_as_subject);
    });

    test('one that is there is changed and not repeated; it can be changed and deleted from either end', async () => {
      assert.equal((await relate('rel-dos', 'dependency_of', 'rel-uno', 'otro motivo')).comment, 'otro motivo');
      assert.deepEqual(await ends('rel-uno'), [['depends_on'], ['child_of']]);
      assert.deepEqual(await done('package_relationship_update', {subject: 'rel-uno', object: 'rel-dos', type: 'depends_on', comment: 'cambiado'}), {subject: 'rel-uno', type: 'depends_on', object: 'rel-dos', comment: 'cambiado'});
      assert.equal((await done('package_relationships_list', {id: 'rel-dos'}))[0].comment, 'cambiado');
      assert.equal(await done('package_relationship_delete', {subject: 'rel-tres', object: 'rel-uno', type: 'child_of'}), null);
      assert.equal(await done('package_relationship_delete', {subject: 'rel-dos', object: 'rel-uno', type: 'dependency_of'}), null);
      assert.deepEqual(await ends('rel-uno'), [[], []]);
    });

    test('what is wrong is refused as CKAN refuses it', async () => {
      const asked = {subject: 'rel-uno', object: 'rel-dos', type: 'links_to'};
      for (const name of ['package_relationship_create', 'package_relationship_update', 'package_relationship_delete']) {
        await refused(403, /"__type":"Authorization Error"/, name, asked, {token: null});
        await refused(409, /"subject":\["Missing value"\],"object":\["Missing value"\],"type":\["Missing value"\]/, name);
        await refused(404, /Not found: Subject package 'nada' was not found\./, name, {...asked, subject: 'nada'});
        await refused(404, /Not found: Object package 'nada' was not found\./, name, {...asked, object: 'nada'});
        const weak = world.demo.json('token', 'create', '--tenant', 'valdehermoso', '--scope', 'sede.anuncios.editar').value.token;
        await refused(403, /Authorization Error/, name, asked, {token: weak});
        assert.equal((await world.demo.request(`/api/3/action/${name}`, {host, headers: {Authorization: tokens.valdehermoso}})).status, 400, 'only by POST');
      }
      await refused(409, /"type":\["Value must be one of \['depends_on', 'dependency_of', 'derives_from', 'has_derivation', 'links_to', 'linked_from', 'child_of', 'parent_of'\]"\]/, 'package_relationship_create', {...asked, type: 'sibling'});
      await refused(409, /"object":\["A dataset has no relationship with itself"\]/, 'package_relationship_create', {...asked, object: 'rel-uno'});
      await refused(409, /"id":\["The input field id was not expected."\]/, 'package_relationship_create', {...asked, id: 'x'});
      await refused(404, /This relationship between the packages was not found\./, 'package_relationship_update', asked);
      await refused(404, /Not found/, 'package_relationship_delete', asked);
      await refused(409, /"id":\["Missing value"\]/, 'package_relationships_list');
      await refused(404, /First package named in request was not found\./, 'package_relationships_list', {id: 'nada'});
      await refused(404, /Second package named in address was not found\./, 'package_relationships_list', {id: 'rel-uno', id2: 'nada'});
      await refused(404, /Relationship \\"rel-uno links_to rel-dos\\" not found\./, 'package_relationships_list', {id: 'rel-uno', id2: 'rel-dos', rel: 'links_to'});
      await refused(404, /Relationship \\"rel-uno x None\\" not found\./, 'package_relationships_list', {id: 'rel-uno', rel: 'x'});
      for (const value of [`'`, `' OR 1=1 --`, '"', '\u0000', '<b>', 'x'.repeat(3000)])
        for (const key of ['subject', 'object', 'type', 'comment']) {
          const answer = await action('package_relationship_create', {...asked, [key]: value});
          assert.ok(answer.status < 500, `${key} ${value}: ${answer.text}`);
          if (key !== 'comment' && answer.status === 200) assert.fail(`${key} ${value}`);
        }
      await action('package_relationship_delete', asked);
    });

    test('who does not see one of the ends is told of no relationship with it', async () => {
      await relate('rel-uno', 'derives_from', 'rel-reservado', 'secreto');
      await relate('rel-reservado', 'links_to', 'rel-uno');
      const {reservado} = made.valdehermoso;
      assert.deepEqual(await ends('rel-uno'), [['derives_from'], ['links_to']]);
      for (const token of [null, tokens.riomar]) {
        const answers = [await action('package_show', {id: 'rel-uno'}, {token}), await action('package_relationships_list', {id: 'rel-uno'}, {token}), await action('package_search', {fq: 'name:rel-uno'}, {token})];
        for (const {status, text} of answers) assert.ok(status === 200 && !text.includes(reservado.id) && !/reservado|secreto/.test(text), text);
        await refused(403, /Authorization Error/, 'package_relationships_list', {id: 'rel-reservado'}, {token});
        await refused(403, /Authorization Error/, 'package_relationships_list', {id: 'rel-uno', id2: 'rel-reservado'}, {token});
      }
      assert.ok(!(await world.demo.request('/dataset/rel-uno.ttl', {host})).text.includes(reservado.id));
      await done('package_patch', {id: 'rel-reservado', private: false});
      assert.deepEqual(await ends('rel-uno', {token: null}), [['derives_from'], ['links_to']]);
      await done('package_patch', {id: 'rel-reservado', private: true});
    });

    test('people and harvesters are told too, each in their words', async () => {
      const {dos} = made.valdehermoso, contracts = await done('package_show', {id: 'contratos-menores'});
      await relate('contratos-menores', 'depends_on', 'rel-dos', '<b>por el código</b>');
      await relate('contratos-menores', 'derives_from', 'rel-reservado');
      const said = new RegExp(`dct:relation <http[^>]*/dataset/${dos.id}>`);
      const catalogue = async () => {
        for (let all = '', page = 1; ; ++page) {
          const {status, text} = await world.demo.request(`/catalogo/dcat-ap-es.ttl?page=${page}`, {host});
          if (status === 404) return all;
          all += text;
        }
      };
      for (const text of [(await world.demo.request('/dataset/contratos-menores.ttl', {host})).text, await catalogue()]) {
        assert.ok(said.test(text), 'dct:relation');
        assert.ok(!text.includes(made.valdehermoso.reservado.id));
      }
      assert.ok(!new RegExp(`dct:relation <[^>]*${contracts.id}>`).test((await world.demo.request('/dataset/rel-dos.ttl', {host})).text), 'by its subject');
      const page = await world.demo.request('/es/datos/contratos-menores', {host});
      assert.match(page.text, /Depende de: <a href="\/es\/datos\/rel-dos">rel-dos<\/a> <span class="meta">&lt;b&gt;por el código&lt;\/b&gt;/);
      assert.ok(!page.text.includes('rel-reservado'));
      assert.match((await world.demo.request('/es/datos/rel-dos', {host})).text, /Es necesario para: <a href="\/es\/datos\/contratos-menores">/);
      if (has_shapes) {
        const whole = await whole_catalogue(n => world.demo.request(`/catalog.rdf?page=${n}`, {host})), at = path.join(world.demo.dir, 'relacionados.nt');
        assert.match(whole, new RegExp(`<http://purl.org/dc/terms/relation> <[^>]*${dos.id}>`));
        fs.writeFileSync(at, whole);
        for (const profile of ['dcat-ap-es-1.0.0', 'dcat-ap-3.0.0']) {
          const {violations, report} = validate(at, profile);
          assert.equal(violations, 0, report.slice(0, 3000));
        }
      }
      await done('package_relationship_delete', {subject: 'contratos-menores', object: 'rel-dos', type: 'depends_on'});
      await done('package_relationship_delete', {subject: 'contratos-menores', object: 'rel-reservado', type: 'derives_from'});
      assert.ok(!(await world.demo.request('/es/datos/contratos-menores', {host})).text.includes('Datos relacionados'), 'the page that is kept is made again');
      await relate('rel-uno', 'child_of', 'rel-dos');
    });

    test('one municipality has nothing to do with the other\'s', async () => {
      for (const [town, other] of [['valdehermoso', 'riomar'], ['riomar', 'valdehermoso']]) {
        const own = {token: tokens[town], at: hosts[town]}, foreign = made[other];
        await relate('rel-tres', 'links_to', 'rel-dos', `de ${town}`, own);
        assert.deepEqual((await done('package_relationships_list', {id: 'rel-tres'}, own)).map(one => one.comment), [`de ${town}`]);
        for (const [subject, object] of [[foreign.uno.id, 'rel-dos'], ['rel-uno', foreign.dos.id]])
          for (const name of ['package_relationship_create', 'package_relationship_update', 'package_relationship_delete'])
            await refused(404, /was not found/, name, {subject, object, type: 'links_to'}, own);
        await refused(404, /was not found/, 'package_relationships_list', {id: foreign.uno.id}, own);
        await refused(404, /was not found/, 'package_relationships_list', {id: 'rel-uno', id2: foreign.dos.id}, own);
        // The other's token is nobody's here.
        for (const name of ['package_relationship_create', 'package_relationship_update', 'package_relationship_delete'])
          await refused(403, /Authorization Error/, name, {subject: 'rel-tres', object: 'rel-dos', type: 'links_to'}, {token: tokens[other], at: hosts[town]});
      }
      for (const town of ['valdehermoso', 'riomar']) assert.deepEqual((await done('package_relationships_list', {id: 'rel-tres'}, {token: tokens[town], at: hosts[town]})).map(one => one.comment), [`de ${town}`]);
    });

    test('it is in the record of activity, stays when a dataset is changed, and goes with one that is purged', async () => {
      await done('package_patch', {id: 'rel-uno', title: 'Otro título'});
      await done('package_update', {...made.valdehermoso.uno, relationships_as_subject: []});
      assert.deepEqual(await ends('rel-uno'), [['derives_from', 'child_of'], ['links_to']]);
      assert.notEqual(world.demo.sql(`SELECT count(*) FROM concejo.audit WHERE tenant = 'valdehermoso' AND action = 'open-data.cambiar' AND object = '${made.valdehermoso.reservado.id}'`), '0');
      await done('dataset_purge', {id: 'rel-dos'});
      assert.deepEqual(await ends('rel-uno'), [['derives_from'], ['links_to']]);
      assert.deepEqual(await ends('rel-tres'), [[], []]);
    });
  });

  describe('tokens that a token makes', () => {
    const me = (options) => done('user_show', {}, options);
    const names = async options => (await done('api_token_list', {user_id: (await me(options)).id}, options)).map(one => one.name);

    test('it may do the same, in the same name, and is listed', async () => {
      const {id, name} = await me();
      assert.deepEqual(await names(), [name]);
      const made = await done('api_token_create', {user: id, name: 'segunda'});
      assert.deepEqual(Object.keys(made), ['token']);
      tokens.child = made.token;
      assert.deepEqual(await me({token: tokens.child}), await me());
      const dataset = await done('package_create', {name: 'de-la-segunda', owner_org: 'rel-prueba'}, {token: tokens.child});
      assert.equal(dataset.creator_user_id, id);
      const list = await done('api_token_list', {user_id: name});
      assert.deepEqual(list.map(one => Object.keys(one).sort().join()), Array(2).fill('created_at,id,last_access,name,user_id'));
      assert.deepEqual(list.map(one => [one.name, one.user_id]), [[name, id], ['segunda', id]]);
      assert.match(list[1].created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/);
      assert.deepEqual(await names({token: tokens.child}), ['segunda'], 'it sees itself');
      for (const one of list) assert.ok(!JSON.stringify(list).includes(tokens.child) && one.id);
    });

    test('its secret is told once, and kept nowhere', async () => {
      const again = () => world.demo.request('/api/3/action/api_token_create', {host, method: 'POST', headers: {'Content-Type': 'application/json', Authorization: tokens.valdehermoso, 'Idempotency-Key': 'una-vez'}, body: JSON.stringify({user: 'relaciones de valdehermoso', name: 'de una vez'})});
      const answers = [await again(), await again()];
      for (const {status, text, headers} of answers) assert.deepEqual([status, headers['cache-control']], [200, 'no-store'], text);
      const secrets = answers.map(one => JSON.parse(one.text).result.token);
      assert.notEqual(secrets[0], secrets[1]);
      for (const secret of [...secrets, tokens.child]) {
        assert.equal(world.demo.sql(`SELECT count(*) FROM concejo.idempotency_keys WHERE position('${secret}' IN convert_from(response, 'UTF8')) > 0`), '0');
        for (const table of ['api_tokens', 'audit']) assert.equal(world.demo.sql(`SELECT count(*) FROM concejo.${table} t WHERE position('${secret}' IN t::text) > 0`), '0');
      }
      for (const token of secrets) await done('api_token_revoke', {token});
    });

    test('never more than its maker has, nor elsewhere, nor others of its own', async () => {
      const wide = world.demo.json('token', 'create', '--tenant', 'riomar', '--scope', 'open-data:write', '--scope', 'es.riomar.buzon.atender', '--name', 'ancha').value.token;
      const there = token => ({token, at: hosts.riomar});
      const {token} = await done('api_token_create', {user: 'ancha', name: 'estrecha'}, there(wide));
      const api = key => world.demo.request('/api/buzon/v1/sugerencias', {host: hosts.riomar, headers: {Authorization: `Bearer ${key}`}}).then(one => one.status);
      assert.deepEqual([await api(wide), await api(token)], [200, 403]);
      assert.deepEqual(world.demo.json('token', 'list', '--tenant', 'riomar').value.tokens.find(one => one.name === 'estrecha').scopes, ['open-data:write']);
      await refused(403, /one that a token made makes no others/, 'api_token_create', {user: 'ancha', name: 'nieta'}, there(token));
      await refused(403, /Authorization Error/, 'api_token_create', {user: 'ancha', name: 'x'}, {token});
      await refused(409, /"name":/, 'api_token_create', {user: 'ancha', name: 'x'.repeat(300)}, there(wide));
      await refused(409, /"expires_in":/, 'api_token_create', {user: 'ancha', name: 'x', expires_in: 99999, unit: 9999999}, there(wide));
      const weak = world.demo.json('token', 'create', '--tenant', 'valdehermoso', '--scope', 'sede.anuncios.editar', '--name', 'floja').value.token;
      for (const one of [null, weak, 'cj_no-existe'])
        for (const [name, body] of [['api_token_create', {user: 'floja', name: 'x'}], ['api_token_list', {user_id: 'floja'}], ['api_token_revoke', {token}]]) await refused(403, /"__type":"Authorization Error"/, name, body, {token: one});
      await refused(403, /Authorization Error/, 'api_token_create', {user: 'ancha', name: 'x'}, {token: tokens.child, at: hosts.riomar});
      await refused(409, /"user":\["Missing value"\],"name":\["Missing value"\]/, 'api_token_create');
      await refused(404, /Not found: User not found/, 'api_token_create', {user: 'nadie', name: 'x'});
      await refused(409, /"user_id":\["Missing value"\]/, 'api_token_list');
      await refused(403, /Authorization Error/, 'api_token_list', {user_id: 'nadie'});
      await refused(409, /"token":\["Missing value"\]/, 'api_token_revoke');
    });

    test('it ends no later than its maker, and with it', async () => {
      const {token: maker} = world.demo.json('token', 'create', '--tenant', 'valdehermoso', '--scope', 'open-data:write', '--name', 'breve', '--days', '1').value;
      const {token} = await done('api_token_create', {user: 'breve', name: 'larga', expires_in: 10, unit: 86400}, {token: maker});
      const [first, second] = ['breve', 'larga'].map(name => world.demo.json('token', 'list', '--tenant', 'valdehermoso').value.tokens.find(one => one.name === name));
      assert.ok(first.expires && second.expires === first.expires && second.created_by === `token:${first.id}`, JSON.stringify([first, second]));
      assert.equal(world.demo.concejo('token', 'revoke', '--tenant', 'valdehermoso', first.id).code, 0);
      for (const one of [maker, token]) await refused(403, /Authorization Error/, 'user_show', {}, {token: one});
      assert.equal(world.demo.sql(`SELECT count(*) FROM concejo.audit WHERE action = 'token.revoke' AND object IN ('token:${first.id}', 'token:${second.id}')`), '2');
    });

    test('each revokes itself and its own, and is told nothing of others; what is done is written down', async () => {
      const elsewhere = {token: tokens.riomar, at: hosts.riomar};
      const mine = (await done('api_token_list', {user_id: (await me()).id})).find(one => one.name === 'segunda').id;
      assert.equal(world.demo.sql(`SELECT count(*) FROM concejo.audit a JOIN concejo.api_tokens t ON a.actor = t.created_by AND a.object = 'token:' || t.id WHERE a.action = 'token.create' AND t.id = '${mine}'`), '1');
      const other = world.demo.json('token', 'create', '--tenant', 'valdehermoso', '--scope', 'open-data:write', '--name', 'otra').value.token;
      for (const options of [{token: other}, elsewhere])
        for (const body of [{jti: mine}, {token: tokens.child}, {token: tokens.valdehermoso}, {jti: 'x'}, {token: 'cj_no-existe'}]) await refused(403, /not authorized to revoke this API token/, 'api_token_revoke', body, options);
      await refused(403, /not authorized to revoke this API token/, 'api_token_revoke', {token: tokens.valdehermoso}, {token: tokens.child});
      assert.ok(await me({token: tokens.child}));
      const {token} = await done('api_token_create', {user: (await me()).id, name: 'tercera'});
      assert.equal(await done('api_token_revoke', {token}), null);
      await refused(403, /Authorization Error/, 'user_show', {}, {token});
      assert.equal(await done('api_token_revoke', {jti: mine}), null);
      await refused(403, /Authorization Error/, 'user_show', {}, {token: tokens.child});
      assert.equal(await done('api_token_revoke', {token: other}, {token: other}), null, 'itself');
      await refused(403, /Authorization Error/, 'user_show', {}, {token: other});
      assert.ok(await me(), 'and its maker lives');
    });

    test('the configuration is put back', () => {
      for (const back of restore) back();
      assert.equal(world.demo.concejo('reload').code, 0);
    });
  });
}
