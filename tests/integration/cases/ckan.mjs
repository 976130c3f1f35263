// The API that CKAN's clients speak: what a CKAN 2.10 answered once, recorded, asked of us again in the same order.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import {ckan} from '../../support/ckan.mjs';

const folder = process.env.CONCEJO_CONFORMANCE && path.join(process.env.CONCEJO_CONFORMANCE, 'ckan');
const recorded = folder && fs.existsSync(folder) &&
  fs.readdirSync(folder).filter(name => /^\d{3}_.*\.json$/.test(name)).sort().map(name => ({file: name, ...JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'))}));

// Where ours is another answer on purpose: docs/ckan.md says the same. `status`: what we answer instead.
const exceptions = {
  'a value of the wrong type is the client\'s fault': {'075_ds_upsert_badtype.json': 409},
};
const excepted = Object.assign({}, ...Object.values(exceptions));
// Files for people: the dumps are the portal's own, with rules of their own (no number of row, a name, a type).
const of_files = entry => entry.path.startsWith('/datastore/dump/');
// Facts that we do not keep, or that are nobody's business.
const unknown_here = /\.users\.0\.(created|last_active)$/;

const type_of = value => value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
const nested = value => value !== null && typeof value === 'object';

/** Every difference in members and types; of a list, its first element. */
function differences(expected, given, where = 'result', found = []) {
  if (unknown_here.test(where)) return found;
  if (type_of(expected) !== type_of(given)) found.push(`${where}: ${type_of(given)} where CKAN has ${type_of(expected)}`);
  else if (Array.isArray(expected)) {
    if (expected.length && given.length && (nested(expected[0]) || nested(given[0]))) differences(expected[0], given[0], `${where}.0`, found);
    else if (expected.length && given.length && type_of(expected[0]) !== type_of(given[0])) found.push(`${where}.0: ${type_of(given[0])} where CKAN has ${type_of(expected[0])}`);
    else if (expected.length && !given.length) found.push(`${where}: empty`);
  } else if (type_of(expected) === 'object') {
    // Members of these are data: a tag, a format, an organisation.
    if (/\.facets\.\w+$/.test(where)) return found;
    for (const key of Object.keys(expected)) key in given ? differences(expected[key], given[key], `${where}.${key}`, found) : found.push(`${where}.${key}: missing`);
    for (const key of Object.keys(given)) if (!(key in expected)) found.push(`${where}.${key}: CKAN has none`);
  }
  return found;
}

const multipart = (fields, files) => {
  const boundary = 'XxX' + Math.random().toString(16).slice(2);
  let body = '';
  for (const [name, value] of Object.entries(fields)) body += `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  for (const {name, filename, type, text} of files) body += `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: ${type}\r\n\r\n${text}\r\n`;
  return {headers: {'Content-Type': `multipart/form-data; boundary=${boundary}`}, body: `${body}--${boundary}--\r\n`};
};

export default function (world) {
  describe('the API of CKAN', () => {
    const host = 'valdehermoso.localhost', other = 'riomar.localhost';
    const restore = [], tokens = {};
    const ask = (where, {at = host, ...options} = {}) => world.demo.request(where, {host: at, ...options});
    const {action, done} = ckan(world, () => tokens.valdehermoso);
    const query = async (name, parameters = {}, {token, at = host} = {}) => {
      const answer = await ask(`/api/3/action/${name}?${new URLSearchParams(parameters)}`, {at, headers: token ? {'X-CKAN-API-Key': token} : {}});
      return {...answer, json: JSON.parse(answer.text)};
    };

    test('the module is switched on in the other municipality too', () => {
      restore.push(world.demo.edit('municipios/riomar.yaml', text => text.replace(/\nmodulos:\n/, '\nmodulos:\n  open-data: {activo: true}\n')));
      restore.push(world.demo.edit('municipios/valdehermoso.yaml', text => text.replace(/\n  open-data:\n/, '\n  open-data:\n    sql: true\n')));
      const reloaded = world.demo.concejo('reload');
      assert.equal(reloaded.code, 0, reloaded.stderr);
      for (const town of ['valdehermoso', 'riomar']) tokens[town] = world.demo.json('token', 'create', '--tenant', town, '--scope', 'open-data:write', '--name', 'admin').value.token;
    });

    test('what a CKAN answered is what we answer', {skip: recorded ? false : 'CONCEJO_CONFORMANCE is not set'}, async t => {
      const ids = new Map(), wrong = [], equal = [];
      const ours = text => { for (const [their, our] of ids) text = text.replaceAll(their, our); return text; };
      const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
      const learn = (their, our) => {
        if (typeof their === 'string' && typeof our === 'string' && uuid.test(their) && uuid.test(our) && !ids.has(their)) ids.set(their, our);
        else if (nested(their) && nested(our)) for (const key of Object.keys(their)) learn(their[key], our[key]);
      };
      // What was there already, and what the session did with requests that are not among the recordings.
      const resources = ['CSV', 'JSON', 'XLSX'].map((format, n) => ({name: `recurso ${n}`, format, url: `http://127.0.0.1/f0-${n}.csv`}));
      const unrecorded = {
        '001': async () => {
          await done('organization_create', {name: 'ayto-prueba', title: 'Ayuntamiento de Prueba'});
          await done('package_create', {name: 'conjunto-0', title: 'Padrón del padrón', notes: 'padrón padrón', owner_org: 'ayto-prueba', license_id: 'cc-by', resources,
            tags: ['bibliotecas', 'policía', 'padrón', 'población'].map(name => ({name}))});
        },
        '030': () => done('package_patch', {id: 'conjunto-0', notes: 'padrón padrón padrón'}),
        '041': () => done('package_update', {id: 'golden-1', name: 'golden-1'}),
        '050': () => done('package_create', {name: 'golden-2', title: 'Menores', notes: 'agua', owner_org: 'golden-org', license_id: 'cc-by'}),
        '080': ours => done('datastore_upsert', {resource_id: ours('b0ed965e-a66a-4ac1-8e2d-994e78787649'), force: true, records: [{año: 2020, nombre: 'cambiado'}], method: 'upsert'}),
        '123': () => done('dataset_purge', {id: 'golden-2'}),
      };
      for (const entry of recorded) {
        if (of_files(entry)) continue;
        await unrecorded[entry.file.slice(0, 3)]?.(ours);
        const parameters = entry.params ? `?${new URLSearchParams(Object.entries(entry.params).map(([key, value]) => [key, String(value)]))}` : '';
        let sent = {headers: {}, body: undefined};
        if (entry.files) sent = multipart(JSON.parse(ours(JSON.stringify(entry.body))), [{name: 'upload', filename: 'padron.csv', type: 'text/csv', text: 'año,barrio,vecinos\n2020,Centro,1234\n2021,Puerto,567\n'}]);
        else if (entry.method === 'POST') sent = {headers: {'Content-Type': 'application/json'}, body: entry.body === null ? '{"id": ' : ours(JSON.stringify(entry.body))};
        if (entry.auth) sent.headers.Authorization = tokens.valdehermoso;
        const answer = await ask(ours(entry.path) + ours(parameters), {method: entry.method, ...sent});
        if (entry.file in excepted) {
          assert.equal(answer.status, excepted[entry.file], `${entry.file}: ${answer.text}`);
          continue;
        }
        const jsonp = /^cb\((.*)\);$/s;
        const read = text => typeof text === 'string' && jsonp.test(text) ? JSON.parse(text.match(jsonp)[1]) : text;
        const given = jsonp.test(answer.text) ? read(answer.text) : JSON.parse(answer.text), expected = read(entry.response);
        learn(expected, given);
        const found = differences(expected, given, '');
        if (answer.status !== entry.status) found.unshift(`${answer.status} where CKAN has ${entry.status}: ${answer.text.slice(0, 300)}`);
        if (answer.headers['content-type'] !== entry.headers['Content-Type']) found.push(`${answer.headers['content-type']} where CKAN has ${entry.headers['Content-Type']}`);
        if (entry.status >= 400 && !found.length && JSON.stringify(given.error?.__type ?? typeof given) !== JSON.stringify(expected.error?.__type ?? typeof expected)) found.push(`another type of error: ${answer.text}`);
        if (found.length) wrong.push(`${entry.file}: ${found.join('; ')}`);
        else equal.push(entry.file);
      }
      t.diagnostic(`${recorded.length} recorded: ${equal.length} equal, ${Object.keys(excepted).length} excepted, ${recorded.filter(of_files).length} dumps apart`);
      assert.deepEqual(wrong, []);
    });

    /** A dataset with rows, in its own municipality. */
    const with_rows = async (name, more = {}, at = {}) => {
      await action('organization_create', {name: 'datos-prueba', title: 'Datos'}, at);
      const dataset = await done('package_create', {name, title: `Título de ${name}`, owner_org: 'datos-prueba', tags: [{name: `etiqueta ${name}`}], ...more}, at);
      const made = await done('datastore_create', {resource: {package_id: dataset.id, name: `filas de ${name}`}, primary_key: 'n', fields: [{id: 'n', type: 'int'}, {id: 'palabra', type: 'text'}, {id: 'con "comillas', type: 'text'}].slice(0, 2),
        records: [{n: 1, palabra: 'uno'}, {n: 2, palabra: 'dos'}, {n: 3, palabra: null}]}, at);
      return {dataset, resource: made.resource_id};
    };

    test('a client that writes: rows, ranges, lists, pages and totals', async () => {
      const {resource} = await with_rows('con-filas');
      const search = async more => (await done('datastore_search', {resource_id: resource, ...more}, {token: null}));
      assert.deepEqual((await search({filters: {n: {gte: 2, lt: 3}}})).records, [{_id: 2, n: 2, palabra: 'dos'}]);
      assert.deepEqual((await search({filters: {palabra: ['uno', null]}, fields: 'n'})).records, [{n: 1}, {n: 3}]);
      assert.deepEqual((await search({filters: {$or: [{n: 1}, {palabra: 'dos'}]}, sort: 'n desc', records_format: 'lists'})).records, [[2, 2, 'dos'], [1, 1, 'uno']]);
      const first = await search({limit: 2, include_next_page: true});
      assert.equal(first.total, 3);
      assert.deepEqual((await search({...first.next_page})).records.map(row => row.n), [3]);
      assert.equal((await search({include_total: false})).total, undefined);
      await done('datastore_upsert', {resource_id: resource, records: [{n: 3, palabra: 'tres'}, {n: 4, palabra: 'cuatro'}, {n: 4, palabra: 'cinco'}]});
      assert.deepEqual((await search({filters: {n: [3, 4]}})).records.map(row => row.palabra), ['tres', 'cinco']);
      assert.equal((await search({limit: 0})).total, 4);
      await done('datastore_delete', {resource_id: resource, filters: {n: {gt: 3}}});
      assert.equal((await search({limit: 0})).total, 3);
      const dump = await ask(`/datastore/dump/${resource}`);
      assert.match(dump.text, /3,tres\r?\n$/);
      for (const format of ['csv', 'tsv', 'json', 'xml']) {
        const [without, marked, no] = await Promise.all(['', '&bom=True', '&bom=no'].map(more => ask(`/datastore/dump/${resource}?format=${format}${more}`)));
        assert.deepEqual([without.text.startsWith('\uFEFF'), marked.text, no.text], [false, `\uFEFF${without.text}`, without.text], format);
      }
      await done('datastore_upsert', {resource_id: resource, records: [{n: 3, palabra: 'ya no'}], method: 'update'});
      assert.match((await ask(`/datastore/dump/${resource}`)).text, /3,ya no\r?\n$/, 'a dump is of the rows that there are');
      const from_query = await query('datastore_search', {resource_id: resource, filters: JSON.stringify({n: 1}), limit: 1, fields: 'palabra'});
      assert.deepEqual(from_query.json.result.records, [{palabra: 'uno'}]);
      assert.match(from_query.json.result._links.next, /^\/api\/3\/action\/datastore_search\?.*resource_id=.*offset=1$/);
      assert.equal(from_query.headers['access-control-allow-origin'], '*');
      assert.equal((await ask('/api/3/action/package_show', {method: 'POST', headers: {'Content-Type': 'application/x-www-form-urlencoded'}, body: '{"id": "con-filas"}'})).status, 200, 'JSON that curl calls a form');
      assert.equal((await ask('/api/action/package_show', {method: 'POST', headers: {'Content-Type': 'application/x-www-form-urlencoded'}, body: 'id=con-filas'})).status, 200);
      assert.deepEqual((await action('package_search', {foo: 1})).json.error, {__type: 'Search Query Error', message: 'Search Query is invalid: "Invalid search parameters: [\'foo\']"'});
      assert.deepEqual((await action('datastore_search', {resource_id: resource, zzz: 1})).json.error.__extras, ['invalid value "zzz"']);
    });

    test('what Solr\'s language says is found', async () => {
      await with_rows('aguas', {title: 'Consumo de agua', license_id: 'cc-by', extras: [{key: 'frecuencia', value: 'ANNUAL'}], resources: [{url: 'http://a.example/x.csv', format: 'csv'}]});
      await with_rows('obras', {title: 'Obras en la calle', license_id: 'cc-zero'});
      const names = async parameters => (await query('package_search', parameters)).json.result.results.map(one => one.name).filter(name => ['aguas', 'obras'].includes(name)).sort();
      for (const [parameters, expected] of [
        [{q: 'agua'}, ['aguas']], [{q: 'title:calles'}, ['obras']], [{fq: 'tags:"etiqueta aguas"'}, ['aguas']], [{fq: 'license_id:cc-by'}, ['aguas']],
        [{fq: 'name:(aguas OR obras) -name:obras'}, ['aguas']], [{fq: '+organization:datos-prueba +NOT res_format:CSV name:obr*'}, []], [{fq: 'organization:datos-prueba AND name:o*'}, ['obras']],
        [{fq: 'metadata_modified:[NOW-1DAY TO *]'}, ['aguas', 'obras']], [{fq: 'metadata_created:[* TO 2020-01-01T00:00:00Z]'}, []], [{fq: 'frecuencia:ANN*'}, ['aguas']],
        [{fq: 'extras_frecuencia:ANNUAL'}, ['aguas']], [{q: '*:*', fq: '(name:aguas) OR (title:calle)'}, ['aguas', 'obras']],
      ]) assert.deepEqual(await names(parameters), expected, JSON.stringify(parameters));
      const {facets, search_facets} = (await query('package_search', {rows: 0, 'facet.field': '["license_id","organization"]', fq: 'name:aguas'})).json.result;
      assert.deepEqual(facets, {license_id: {'cc-by': 1}, organization: {'datos-prueba': 1}});
      assert.equal(search_facets.organization.items[0].display_name, 'Datos');
    });

    test('what was published without a description is in the API, and does not spoil the catalogue that harvesters take', async () => {
      const {dataset} = await with_rows('sindescribir', {notes: ''});
      assert.equal((await query('package_show', {id: dataset.name})).status, 200);
      const {status, text} = await ask('/catalogo/dcat-ap-es.ttl');
      assert.equal(status, 200);
      assert.ok(!text.includes(dataset.id) && /a dcat:Dataset/.test(text));
    });

    test('drafts and private datasets are seen with a token of the municipality, and with no other', async () => {
      for (const [town, at, stranger] of [['valdehermoso', host, 'riomar'], ['riomar', other, 'valdehermoso']]) {
        const own = {token: tokens[town], at}, elsewhere = at === host ? other : host;
        const hidden = [await with_rows('reservado', {private: true}, own), await with_rows('borrador', {state: 'draft'}, own)];
        for (const {dataset, resource} of hidden) {
          assert.equal((await action('package_show', {id: dataset.name}, own)).status, 200);
          assert.equal((await action('datastore_search', {resource_id: resource}, own)).json.result.total, 3);
          const asked = [['package_show', {id: dataset.name}], ['package_show', {id: dataset.id}], ['resource_show', {id: resource}], ['datastore_search', {resource_id: resource}], ['datastore_info', {id: resource}],
            ['package_patch', {id: dataset.id, title: 'mío'}], ['package_delete', {id: dataset.id}], ['resource_delete', {id: resource}], ['datastore_upsert', {resource_id: resource, force: true, records: []}]];
          for (const [name, body] of asked) {
            const anonymous = await action(name, body, {token: null, at});
            assert.ok([403, 404].includes(anonymous.status), `${name} ${dataset.name}: ${anonymous.text}`);
            assert.doesNotMatch(anonymous.text, /Título de|"records"/);
            const strange = await action(name, body, {token: tokens[stranger], at});
            assert.deepEqual([strange.status, strange.text], [anonymous.status, anonymous.text], 'the other municipality\'s token is nobody\'s here');
            const there = await action(name, body, {token: tokens[stranger], at: elsewhere});
            // The name exists on both sides: what answers there is that municipality's own.
            if (body.id !== dataset.name) assert.equal(there.status, 404, `${name} from ${stranger}: ${there.text}`);
            else assert.notEqual(there.json.result?.id, dataset.id);
          }
          for (const [name, body] of [['package_list', {}], ['current_package_list_with_resources', {limit: 1000}], ['package_search', {q: 'Título', rows: 1000, include_private: true, include_drafts: true}],
            ['package_search', {q: '', rows: 1000, 'facet.field': ['tags']}], ['resource_search', {query: 'name:filas'}], ['tag_list', {}], ['package_autocomplete', {q: 'o', limit: 1000}],
            ['organization_show', {id: 'datos-prueba', include_datasets: true}], ['member_list', {id: 'datos-prueba'}], ['tag_search', {query: 'etiqueta'}]]) {
            const answer = await action(name, body, {token: null, at});
            assert.equal(answer.status, 200, answer.text);
            for (const secret of [dataset.id, resource, dataset.name]) assert.ok(!answer.text.includes(`"${secret}"`) && !answer.text.includes(`etiqueta ${dataset.name}`), `${name} tells of ${dataset.name}`);
          }
        }
        const jsonp = await ask(`/api/3/action/package_show?id=reservado&callback=cb`, {at, headers: {Authorization: tokens[town]}});
        assert.equal(jsonp.status, 403, 'JSONP is asked as nobody');
        assert.doesNotMatch((await ask('/api/3/action/site_read?callback=alert(1)//', {at})).text, /alert/);
        const weak = world.demo.json('token', 'create', '--tenant', town, '--scope', 'sede.anuncios.editar').value.token;
        assert.equal((await action('package_create', {name: 'colado', owner_org: 'datos-prueba'}, {token: weak, at})).status, 403);
        assert.equal((await action('package_show', {id: 'reservado'}, {token: weak, at})).status, 403);
      }
    });

    test('names, SQL and markup are data wherever they come', async () => {
      const {dataset, resource} = await with_rows('hostil');
      const nasty = [`'`, `"`, `;`, `--`, `/*`, `\\`, `' OR 1=1 --`, `"; DROP TABLE open_data_dataset; --`, `$1`, `%s`, `{}`, `[`, `(`, `)`, `]`, `{"a"`, `*`, `:`, `a:b:c`, `\u0000`, `\ud800`, `U&"\\0061"`, `año`, `x`.repeat(3000),
        `pg_sleep(9)`, `(select 1)`, `1e400`, `-1`, `9999999999999999999`, `NaN`, `null`, `../../etc/passwd`, `<script>alert(1)</script>`, `"_id" desc; select 1`, `_id asc, (select 1)`, `+`, `-`, `NOT`, `OR`, `[* TO`, `"a`];
      const asked = value => [
        ...['resource_id', 'filters', 'q', 'full_text', 'language', 'fields', 'sort', 'limit', 'offset', 'records_format', 'distinct', 'plain'].map(key => ['datastore_search', {resource_id: resource, [key]: value}]),
        ['datastore_search', {resource_id: resource, filters: {[value]: 1}}], ['datastore_search', {resource_id: resource, filters: {n: value}}], ['datastore_search', {resource_id: resource, filters: {palabra: value}}],
        ['datastore_search', {resource_id: resource, filters: {n: [value]}}], ['datastore_search', {resource_id: resource, filters: {n: {gte: value}}}], ['datastore_search', {resource_id: resource, q: {[value]: value}}],
        ['datastore_search', {resource_id: resource, q: {palabra: value}, plain: false}], ['datastore_search', {resource_id: resource, q: value, plain: false, language: 'spanish'}], ['datastore_search', {resource_id: resource, fields: 'n', distinct: true, sort: value}],
        ['datastore_search', {resource_id: resource, fields: 'n', distinct: true, sort: 'palabra'}], ['datastore_search', {resource_id: resource, q: 'uno', fields: 'n', distinct: true, sort: 'rank'}],
        ...['q', 'fq', 'sort', 'rows', 'start', 'facet.field', 'facet.limit', 'facet.mincount', 'fl', 'fq_list'].map(key => ['package_search', {[key]: value}]),
        ['package_search', {fq: `tags:${value}`}], ['package_search', {fq: `metadata_modified:[${value} TO *]`}], ['package_search', {fq: `${value}:x`}], ['package_search', {fq: `title:"${value}"`}],
        ['package_show', {id: value}], ['package_list', {limit: value}], ['package_autocomplete', {q: value}], ['format_autocomplete', {q: value}], ['organization_show', {id: value}], ['organization_list', {sort: value}], ['group_show', {id: value}],
        ['tag_list', {query: value}], ['tag_show', {id: value}], ['resource_show', {id: value}], ['resource_search', {query: value}], ['resource_search', {query: `name:${value}`, order_by: value}], ['help_show', {name: value}], ['datastore_info', {id: value}], ['member_list', {id: value, object_type: value}],
      ];
      const writes = value => [
        ['package_create', {name: value, owner_org: value}], ['package_patch', {id: dataset.id, title: value, notes: value, tags: [{name: value}], license_id: value, url: value, extras: [{key: value, value}]}], ['package_update', {id: value}],
        ['package_revise', {match: {id: value}, update: {title: value}}], ['organization_create', {name: value, title: value}], ['resource_create', {package_id: dataset.id, name: value, url: value, format: value, size: value, [value]: value}],
        ['datastore_create', {resource_id: resource, fields: [{id: value, type: value}]}], ['datastore_create', {resource_id: resource, fields: [{id: value, type: 'text'}], records: [{[value]: value}]}], ['datastore_create', {resource_id: resource, primary_key: value}],
        ['datastore_upsert', {resource_id: resource, records: [{n: value}]}], ['datastore_upsert', {resource_id: resource, records: [{[value]: value}]}], ['datastore_upsert', {resource_id: resource, records: value, method: value}],
        ['datastore_upsert', {resource_id: resource, method: 'update', records: [{n: value, palabra: value}]}], ['datastore_delete', {resource_id: resource, filters: {palabra: value, n: -1}}], ['datastore_delete', {resource_id: resource, filters: {[value]: 1}}],
      ];
      const wrong = [];
      for (const value of nasty) {
        for (const [name, body] of [...asked(value), ...writes(value)]) {
          const answer = await action(name, body);
          if (answer.status >= 500 || answer.status === 401) wrong.push(`${name} ${JSON.stringify(body).slice(0, 200)}: ${answer.text.slice(0, 200)}`);
          if (/SELECT |pg_catalog|base de datos|ERROR:|open_data_t\d/.test(answer.text.replaceAll(JSON.stringify(value).slice(1, -1), ''))) wrong.push(`${name} shows a statement: ${answer.text.slice(0, 300)}`);
        }
        for (const key of ['q', 'fq', 'sort']) {
          const answer = await ask(`/api/3/action/package_search?${key}=${encodeURIComponent(value.toWellFormed?.() ?? value)}`);
          if (answer.status >= 500) wrong.push(`GET ${key}=${value}: ${answer.text.slice(0, 200)}`);
        }
      }
      assert.deepEqual(wrong, []);
      const markup = '<img src=x onerror=alert(1)>';
      await done('package_patch', {id: dataset.id, title: markup, notes: markup, author: markup, tags: [{name: markup}], extras: [{key: markup, value: markup}]});
      const shown = await action('package_show', {id: dataset.id}, {token: null});
      for (const text of [shown.json.result.title, shown.json.result.notes, shown.json.result.author, shown.json.result.tags[0].name, shown.json.result.extras[0].value]) assert.equal(text, markup);
      assert.equal(shown.headers['x-content-type-options'], 'nosniff');
      assert.equal(shown.headers['content-type'], 'application/json;charset=utf-8');
      assert.doesNotMatch((await ask('/es/datos/hostil')).text, /<img src=x/);
      for (const url of ['javascript:alert(1)', 'JavaScript:alert(1)', '\u0001javascript:alert(1)', ' javascript:alert(1)', 'data:text/html,x', 'java\nscript:alert(1)']) {
        assert.deepEqual((await action('resource_create', {package_id: dataset.id, url})).json.error.url, ['Please provide a valid URL'], url);
        assert.equal((await action('package_patch', {id: dataset.id, url})).status, 409, url);
      }
      assert.equal((await done('datastore_search', {resource_id: resource, limit: 0})).resource_id, resource, 'everything is still there');
    });

    test('what was written is in the record of activity', () => {
      const actions = world.demo.sql("SELECT DISTINCT action FROM concejo.audit WHERE action LIKE 'open-data.%' ORDER BY 1").split('\n');
      for (const one of [...(recorded ? ['borrar'] : []), 'cambiar', 'crear', 'publicar']) assert.ok(actions.includes(`open-data.${one}`), `${one}: ${actions}`);
    });

    test('the configuration is put back', () => {
      for (const back of restore) back();
      assert.equal(world.demo.concejo('reload').code, 0);
    });
  });
}
