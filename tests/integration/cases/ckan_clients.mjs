// What other programs ask of a CKAN, as their sources write it: harvesters of other portals (ckanext-harvest), QGIS (CKAN-Browser),
// Frictionless, the assistants that speak to a CKAN (ckan-mcp-server). And the addresses of its pages that they show to people.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {ckan} from '../../support/ckan.mjs';
import {multipart} from '../../support/client.mjs';

export default function (world) {
  describe('what other clients ask', () => {
    const host = 'valdehermoso.localhost';
    let token, dataset;
    const {done} = ckan(world, () => token);
    const get = (where, headers = {}) => world.demo.request(where, {host, headers});
    const ours = ['cl-acequias', 'cl-puentes', 'cl-sendas'];
    /** By GET, among ours: the names, in the order that they come. */
    const search = async more => {
      const {status, text} = await get(`/api/3/action/package_search?${new URLSearchParams({rows: 100, sort: 'name asc', ...more})}`);
      assert.equal(status, 200, `${JSON.stringify(more)}: ${text}`);
      return JSON.parse(text).result.results.map(one => one.name).filter(name => ours.includes(name));
    };
    const asks = async list => {
      for (const [more, expected] of list) assert.deepEqual(await search(more), expected.map(n => ours[n]), JSON.stringify(more));
    };

    test('three datasets of two organizations', async () => {
      token = world.demo.json('token', 'create', '--tenant', 'valdehermoso', '--scope', 'open-data:write', '--name', 'clientes').value.token;
      for (const name of ['cl-agua', 'cl-montes']) await done('organization_create', {name, title: name});
      await done('group_create', {name: 'cl-grupo', title: 'Grupo'});
      dataset = await done('package_create', {name: ours[0], title: 'Acequias del valle', notes: 'Trazado de las acequias y sus compuertas', author: 'Ana Río', owner_org: 'cl-agua', groups: [{name: 'cl-grupo'}], tags: [{name: 'riego'}], extras: [{key: 'holder_name', value: 'Comunidad de regantes'}],
        resources: [{name: 'Compuertas', description: 'Plano de cada una', url: 'http://a.example/compuertas.pdf', format: 'PDF'}, {name: 'Trazado', url: 'http://a.example/trazado.csv', format: 'CSV'}]});
      await done('package_create', {name: ours[1], title: 'Puentes', notes: 'Puentes sobre las acequias', owner_org: 'cl-montes', tags: [{name: 'obras'}]});
      await done('package_create', {name: ours[2], title: 'Sendas', notes: 'Sendas del monte', owner_org: 'cl-montes', url: 'http://a.example/sendas'});
    });

    test('harvesters: by organization or group, and what has changed since', async () => {
      await asks([
        [{fq: 'organization:cl-agua OR organization:cl-montes'}, [0, 1, 2]],
        [{fq: '-organization:cl-agua -organization:otra'}, [1, 2]], [{fq: 'groups:cl-grupo OR groups:no'}, [0]], [{fq: '-groups:cl-grupo'}, [1, 2]],
        [{fq: 'organization:cl-montes metadata_modified:[2026-01-01T00:00:00.123456Z TO *]'}, [1, 2]], [{fq: 'metadata_modified:[2126-01-01T00:00:00Z TO *]'}, []]]);
      const page = async start => JSON.parse((await get(`/api/3/action/package_search?rows=2&start=${start}&sort=id+asc&fq=organization:cl-montes+OR+organization:cl-agua`)).text).result;
      const [first, second, last] = [await page(0), await page(2), await page(4)];
      assert.deepEqual([first.count, new Set([...first.results, ...second.results].map(one => one.id)).size, last.results], [3, 3, []]);
    });

    test('a map program: groups, and what is in them', async () => {
      assert.ok(JSON.parse((await get('/api/3/action/group_list?all_fields=true')).text).result.some(one => one.name === 'cl-grupo'));
      assert.equal(JSON.parse((await get('/api/3/action/package_search?q=acequias&fq=(groups:cl-grupo+OR+groups:b)&sort=name%20asc&rows=50&start=0')).text).result.count, 1);
      assert.equal(JSON.parse((await get('/api/3/action/package_search?q=&fq=(groups:cl-grupo)&sort=name%20asc&rows=50')).text).result.count, 1);
    });

    test('Frictionless: an organization, a group, and a file with members of its own', async () => {
      await asks([[{q: 'organization:cl-agua'}, [0]], [{q: '*:*'}, [0, 1, 2]]]);
      assert.deepEqual(JSON.parse((await get('/api/3/action/group_package_show?id=cl-grupo&limit=5&start=0')).text).result.map(one => one.name), ['cl-acequias']);
      const body = multipart('b0', [['package_id', dataset.id], ['name', 'caudales'], ['profile', 'tabular-data-resource'], ['schema', '{"fields": []}']], {upload: {name: 'caudales.csv', type: 'application/octet-stream', bytes: 'a;b\n1;2\n'}});
      const made = JSON.parse((await world.demo.request('/api/action/resource_create', {host, method: 'POST', headers: {Authorization: token, 'Content-Type': 'multipart/form-data; boundary=b0'}, body})).text).result;
      assert.deepEqual([made.name, made.profile, made.schema, made.datastore_active], ['caudales', 'tabular-data-resource', '{"fields": []}', true]);
      await done('resource_delete', {id: made.id});
    });

    test('assistants: what Solr\'s language says', async () => {
      await asks([
        [{q: 'text:(riego OR obras)'}, [0, 1]], [{q: 'organization:*cl-mon*'}, [1, 2]], [{q: 'title:acequias^2 OR notes:sendas'}, [0, 2]],
        [{q: 'notes:"acequias compuertas"~10'}, [0]], [{q: 'notes:"acequias compuertas"'}, []], [{q: 'title:send*'}, [2]],
        [{fq: 'author:[* TO *]'}, [0]], [{fq: 'author:*'}, [0]], [{fq: '-author:*'}, [1, 2]], [{fq: 'url:*'}, [2]], [{fq: 'tags:*'}, [0, 1]], [{fq: 'tags:[* TO *]'}, [0, 1]], [{fq: 'name:*'}, [0, 1, 2]], [{fq: 'metadata_created:[* TO *]'}, [0, 1, 2]],
        [{fq: 'res_name:compuertas'}, [0]], [{fq: 'res_description:plano'}, [0]], [{fq: 'res_url:"http://a.example/trazado.csv"'}, [0]], [{fq: 'res_format:(PDF OR XLSX)'}, [0]],
        [{fq: 'holder_name:"Comunidad de regantes"'}, [0]], [{fq: 'num_resources:[2 TO *]'}, [0]], [{q: 'metadata_modified:[NOW-30DAYS TO *]'}, [0, 1, 2]]].map(([more, expected]) => [{fq_list: '["organization:(cl-agua OR cl-montes)"]', ...more}, expected]));
      const {search_facets: {organization: {items}}} = JSON.parse((await get(`/api/3/action/package_search?rows=0&facet.limit=-1&facet.field=${encodeURIComponent('["organization"]')}`)).text).result;
      assert.deepEqual(items.filter(one => one.name.startsWith('cl-')).map(one => [one.name, one.count]), [['cl-montes', 2], ['cl-agua', 1]]);
    });

    test('words without a field: those that must not be there', async () => {
      await asks([[{q: 'acequias'}, [0, 1]], [{q: 'acequias -puentes'}, [0]], [{q: 'acequias NOT puentes'}, [0]], [{q: '-"del valle" acequias'}, [1]], [{q: 'cl-puentes'}, [1]]]);
    });

    test('tags are told in their order, whichever way they were written', async () => {
      const names = (await done('package_show', {id: 'contratos-menores'})).tags.map(one => one.name);
      assert.deepEqual(names, [...names].sort());
      assert.ok(names.length > 1);
    });

    test('the addresses of CKAN\'s pages lead to ours', async () => {
      const leads = async (where, to) => assert.match((await get(where)).headers.location ?? '', to, where);
      await leads('/dataset', /\/datos$/);
      await leads('/dataset?q=dos+palabras&organization=cl-agua&tags=riego&res_format=CSV', /\/datos\?q=dos%20palabras&organizacion=cl-agua&etiqueta=riego&formato=CSV$/);
      await leads('/organization', /\/datos$/);
      await leads('/organization/cl-agua', /\/datos\?organizacion=cl-agua$/);
      assert.equal((await get('/organization/no')).status, 404);
      const [{id}] = dataset.resources;
      for (const named of [dataset.id, dataset.name]) await leads(`/dataset/${named}/resource/${id}`, new RegExp(`/dataset/cl-acequias#r-${id}$`));
      assert.match((await get('/es/datos/cl-acequias')).text, new RegExp(`id="r-${id}"`));
      for (const where of [`/dataset/otro/resource/${id}`, `/dataset/${dataset.id}/resource/no`]) assert.equal((await get(where)).status, 404, where);
      // The metadata names each distribution so.
      assert.ok((await get('/dataset/cl-acequias.ttl')).text.includes(`/dataset/${dataset.id}/resource/${id}`));
      await done('package_delete', {id: dataset.id});
      assert.equal((await get(`/dataset/${dataset.id}/resource/${id}`)).status, 404);
    });
  });
}
