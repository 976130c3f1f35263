// What the portal tells programs: its API, its news, how to use it from each language; and its commands. Run as they are copied.
import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import {describe, test} from 'node:test';
import {decode} from '../../support/client.mjs';

const fountains = 'fuente;año;caudal\r\nFuente "de la <Villa>";2020;1,5\r\nPilón;2021;0,7\r\nCaño & pila;2022;2\r\n';
const has = program => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

export default function (world) {
  const get = (where, headers = {}) => world.demo.request(where, {headers});
  const file = (name, bytes) => world.demo.put(name, bytes);
  const run = (verb, ...args) => world.demo.concejo('open-data', verb, '--tenant', 'valdehermoso', ...args);
  const describe_it = ['--descripcion', 'Fuentes públicas del municipio, con el año en que se hicieron y su caudal.', '--sector', 'medio-ambiente', '--frecuencia', 'ANNUAL', '--palabras', 'fuentes, agua'];

  describe('open data for programs', () => {
    let id;

    test('a published dataset with two versions', () => {
      for (const bytes of [fountains, fountains.replace('0,7', '0,8')]) {
        const done = world.demo.json('open-data', 'import', '--tenant', 'valdehermoso', '--dataset', 'fuentes', file('fuentes.csv', bytes));
        assert.equal(done.code, 0, done.stderr);
        id = done.value.resource_id;
      }
      const published = run('publish', '--dataset', 'fuentes', '--titulo', 'Fuentes <públicas> & pilones', ...describe_it);
      assert.equal(published.code, 0, published.stderr);
    });

    test('OpenAPI: every action that there is, each with what it takes, and the addresses it describes answer', async () => {
      const answer = await get('/api/3/openapi.json');
      assert.match(answer.headers['content-type'], /^application\/json/);
      assert.equal(answer.headers['access-control-allow-origin'], '*');
      const document = JSON.parse(answer.text);
      assert.equal(document.openapi, '3.1.0');
      const search = document.paths['/api/3/action/datastore_search'];
      assert.ok(search.get.parameters.some(({name, content}) => name === 'filters' && content['application/json']));
      assert.equal(document.paths['/api/3/action/package_create'].get, undefined);
      const operations = Object.values(document.paths).flatMap(Object.values);
      assert.equal(new Set(operations.map(({operationId}) => operationId)).size, operations.length);
      const pointed = [...answer.text.matchAll(/"\$ref":"#([^"]+)"/g)].map(([, where]) => where);
      for (const where of new Set(pointed)) assert.ok(where.split('/').slice(1).reduce((at, step) => at?.[step], document), where);
      for (const [where, {get: operation}] of Object.entries(document.paths)) {
        if (!operation || where.includes('/action/')) continue;
        const reached = await get(where.replace('{id}', id).replace('{name}', 'fuentes').replace('{archivo}', 'fuentes.csv'));
        assert.equal(reached.status, 200, where);
        assert.ok(Object.keys(operation.responses[200].content).includes(reached.headers['content-type'].split(';')[0]), where);
      }
      const {dataset_ttl} = {dataset_ttl: (await get('/catalogo/dcat-ap-es.ttl')).text};
      assert.match(dataset_ttl, /dcat:endpointDescription <[^>]*\/api\/3\/openapi\.json>/);
    });

    test('Atom: what is new in the catalogue, in a part of it and in a dataset, with what RFC 4287 asks for', async () => {
      const read = bytes => {
        assert.equal(spawnSync('xmllint', ['--noout', '--nonet', '-'], {input: bytes}).status, 0);
        const script = `import sys,json,xml.etree.ElementTree as t
n='{http://www.w3.org/2005/Atom}'; f=t.fromstring(sys.stdin.buffer.read())
one=lambda e,k: [c.text for c in e.findall(n+k)]
links=lambda e: {l.get('rel'):[l.get('href'),l.get('type')] for l in e.findall(n+'link')}
print(json.dumps({'root':f.tag,'id':one(f,'id'),'title':one(f,'title'),'updated':one(f,'updated'),'author':len(f.findall(n+'author/'+n+'name')),'links':links(f),'entries':[{'id':one(e,'id'),'title':one(e,'title'),'updated':one(e,'updated'),'summary':one(e,'summary'),'links':links(e)} for e in f.findall(n+'entry')]}))`;
        const feed = JSON.parse(spawnSync('python3', ['-c', script], {input: bytes, encoding: 'utf8'}).stdout);
        assert.equal(feed.root, '{http://www.w3.org/2005/Atom}feed');
        for (const part of [feed, ...feed.entries]) {
          for (const key of ['id', 'title', 'updated']) assert.equal(part[key].length, 1, key);
          assert.match(part.updated[0], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
          assert.ok(part.links.alternate);
          new URL(part.id[0]);
        }
        assert.equal(feed.author, 1);
        assert.equal(new Set(feed.entries.map(entry => entry.id[0])).size, feed.entries.length);
        return feed;
      };
      const answer = await get('/es/datos/atom.xml');
      assert.match(answer.headers['content-type'], /^application\/atom\+xml/);
      const all = read(answer.bytes);
      const [newest] = all.entries;
      assert.equal(newest.title[0], 'Fuentes <públicas> & pilones');
      assert.equal(all.updated[0], newest.updated[0]);
      assert.equal((await get(new URL(newest.links.alternate[0]).pathname)).status, 200);
      assert.equal((await get(new URL(newest.links.enclosure[0]).pathname)).status, 200);
      const part = read((await get('/es/datos/atom.xml?sector=medio-ambiente&q=fuentes')).bytes);
      assert.ok(part.entries.some(entry => entry.title[0] === 'Fuentes <públicas> & pilones') && part.entries.every(entry => /^Fuentes/.test(entry.title[0])));
      assert.equal(read((await get('/es/datos/atom.xml?q=nadalodicenunca')).bytes).entries.length, 0);
      const one = read((await get('/es/datos/fuentes/atom.xml')).bytes);
      assert.deepEqual(one.entries.map(entry => entry.title[0]), ['Fuentes: versión 2'], 'what nobody saw is no news');
      for (const [page, feed] of [['/es/datos/fuentes', '/es/datos/fuentes/atom.xml'], ['/es/datos', '/es/datos/atom.xml']])
        assert.match((await get(page)).text, new RegExp(`<link rel="alternate" type="application/atom\\+xml" href="${feed.replace('.', '\\.')}"`));
      assert.equal((await world.demo.request('/es/datos/fuentes/atom.xml', {host: 'riomar.localhost'})).status, 404);
      assert.doesNotMatch((await get('/es/datos/atom.xml')).text, /gastos-biblioteca/, 'withdrawn');
    });

    test('Atom: feedparser reads what programs wrote of their files, whatever they call its type', async t => {
      const {token} = world.demo.json('token', 'create', '--tenant', 'valdehermoso', '--scope', 'open-data:write').value;
      const made = await world.demo.request('/api/3/action/package_create', {method: 'POST', headers: {'Content-Type': 'application/json', Authorization: token}, body: JSON.stringify({name: 'aforos-ajenos', title: 'Aforos ]]> & <otros>', owner_org: 'valdehermoso',
        resources: [{name: 'a', url: 'http://example.org/los aforos.csv?x="1"&y=ñ', mimetype: 'csv', format: 'CSV'}, {name: 'b', url: 'http://example.org/b.raro', format: 'RARO'}]})});
      assert.equal(made.status, 200, made.text);
      if (spawnSync('/usr/bin/python3', ['-c', 'import feedparser']).status !== 0) return t.skip('feedparser is not installed');
      for (const where of ['/es/datos/atom.xml', '/en/datos/atom.xml?q=aforos', '/ca/datos/aforos-ajenos/atom.xml', '/es/datos/fuentes/atom.xml']) {
        const script = `import sys,json,feedparser
f=feedparser.parse(sys.stdin.buffer.read()); print(json.dumps({'bad':f.bozo and str(f.bozo_exception),'version':f.version,'feed':f.feed,'entries':f.entries}, default=list))`;
        const {stdout, stderr} = spawnSync('/usr/bin/python3', ['-c', script], {input: (await get(where)).bytes, encoding: 'utf8'});
        const {bad, version, feed, entries} = JSON.parse(stdout || JSON.stringify({bad: stderr}));
        assert.deepEqual([bad, version], [false, 'atom10'], where);
        for (const part of [feed, ...entries]) assert.ok(part.id && part.title && part.updated_parsed && part.link, where);
        for (const {href, type} of entries.flatMap(({links}) => links)) assert.ok(!/[ "<>]/.test(href) && (type === undefined || /^[\w.+-]+\/[\w.+-]+$/.test(type)), `${href} ${type}`);
        if (where.includes('q=aforos')) assert.deepEqual(entries.find(({title}) => title.startsWith('Aforos')).links.filter(({rel}) => rel === 'enclosure').map(({type}) => type), ['text/csv', 'text/html'], 'feedparser says text/html where nothing is said');
      }
    });

    test('the examples of a resource run as they are copied', async t => {
      const page = (await get('/es/datos/fuentes')).text;
      const examples = [...page.matchAll(/<h3>([^<]+)<\/h3>\s*<pre class="code"[^>]*><code>([^<]*)<\/code>/g)].map(([, label, code]) => ({label, code: decode(code)}));
      assert.deepEqual(examples.map(({label}) => label), ['curl', 'Python', 'R', 'JavaScript']);
      const ways = {curl: ['sh', ['-s']], Python: ['python3', ['-']], R: ['Rscript', ['-']], JavaScript: ['node', ['-']]};
      for (const {label, code} of examples) {
        const [program, args] = ways[label];
        if (!has(program === 'sh' ? 'curl' : program)) { t.diagnostic(`${program} is not installed`); continue; }
        assert.ok(code.includes(`"http://127.0.0.1:${world.demo.port}/`), code);  // names below "localhost" are known to few programs
        for (const language of ['C', 'C.UTF-8']) {
          const done = await new Promise(resolve => {
            const child = spawn(program, args, {env: {...process.env, no_proxy: '127.0.0.1', LC_ALL: language}});
            let out = '', err = '';
            child.stdout.on('data', text => { out += text; });
            child.stderr.on('data', text => { err += text; });
            child.on('close', status => resolve({status, out, err}));
            child.stdin.end(`${code}\n`);
          });
          assert.equal(done.status, 0, `${label} in ${language}: ${done.err}`);
          assert.match(done.out, /Pilón|Pil\\u00f3n|Pil<U\+00F3>n/, `${label} in ${language}: ${done.out}${done.err}`);
        }
      }
    });

    test('export: a resource named by its dataset, in any format, all of it or a selection', () => {
      assert.equal(run('export', '--dataset', 'fuentes').stdout, 'fuente,año,caudal\r\n"Fuente ""de la <Villa>""",2020,1.5\r\nPilón,2021,0.8\r\nCaño & pila,2022,2\r\n');
      assert.equal(run('export', '--dataset', 'fuentes', '--recurso', 'fuentes.csv', '--formato', 'tsv', '--filtros', '{"año": {"gte": 2021}}', '--orden', 'año desc', '--campos', 'año').stdout, 'año\r\n2022\r\n2021\r\n');
      assert.equal(run('export', '--recurso', id, '--formato', 'ndjson', '--q', 'pilon').stdout, '{"fuente":"Pilón","año":2021,"caudal":0.8}\n');
      for (const wrong of [['--dataset', 'fuentes', '--formato', 'exe'], ['--dataset', 'fuentes', '--recurso', 'otro'], []]) assert.equal(run('export', ...wrong).code, 2, wrong.join(' '));
      assert.notEqual(run('export', '--dataset', 'fuentes', '--filtros', '{"nada": 1}').code, 0);
      assert.notEqual(run('export', '--dataset', 'no-hay').code, 0);
    });

    test('check: quality and errors of the whole catalogue; 1 where a harvester would refuse something published', () => {
      const before = world.demo.json('open-data', 'check', '--tenant', 'valdehermoso');
      const mine = before.value.datasets.find(({name}) => name === 'fuentes');
      assert.equal(mine.state, 'published');
      assert.deepEqual(mine.problems.filter(({severity}) => severity === 'error'), []);
      assert.ok(mine.points > 200 && mine.points <= 405);
      assert.equal(before.code, before.value.refused > 0 ? 1 : 0);
      const copy = world.demo.json('open-data', 'import', '--tenant', 'valdehermoso', '--dataset', 'fuentes-otra-vez', file('fuentes2.csv', fountains));
      assert.equal(copy.code, 0);
      assert.equal(run('publish', '--dataset', 'fuentes-otra-vez', '--titulo', 'Fuentes <públicas> & pilones', ...describe_it).code, 0);
      const after = world.demo.json('open-data', 'check', '--tenant', 'valdehermoso');
      assert.deepEqual([after.code, after.value.refused], [1, before.value.refused + 1], 'two with the same title');
      const told = run('check');
      assert.equal(told.code, 1);
      assert.match(told.stdout, /fuentes-otra-vez .*\n {2}error \/title: .*«fuentes».*Cambie el título/);
      assert.equal(run('publish', '--dataset', 'fuentes-otra-vez', '--titulo', 'Fuentes de otro tiempo').code, 0);
    });
  });
}
