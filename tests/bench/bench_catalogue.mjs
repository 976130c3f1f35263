// A catalogue of many datasets, gathered from two sources with hostile texts: how long a round takes, how long each page of it, how much
// memory a worker has afterwards, and what Jena says of the whole with the official shapes (CONCEJO_CONFORMANCE).
//   node tests/bench/bench_catalogue.mjs [DATASETS] (1000; CONCEJO_BIN: the program; CONCEJO_KEEP: a folder for Jena's reports)
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import {Demo, program, unlimited} from '../support/demo.mjs';
import {ckan_answer, turtle_page} from '../support/generated_catalogue.mjs';
import {datasets_in, has_shapes, validate, whole_catalogue} from '../support/shacl.mjs';
import {workers_of} from '../faults/processes.mjs';

const count = Number(process.argv[2] ?? 1000);
const seconds = since => Number(process.hrtime.bigint() - since) / 1e9, now = () => process.hrtime.bigint();
const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const memory = (pid, field) => Number(fs.readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`^${field}:\\s*(\\d+)`, 'm'))[1]) / 1024;
const ticks = pid => { const words = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' '); return (Number(words[11]) + Number(words[12])) * 10; };

const of_ckan = Math.ceil(count * 0.7), of_dcat = count - of_ckan;
const server = http.createServer((request, reply) => {
  const {pathname, searchParams} = new URL(request.url, 'http://x'), dcat = pathname.endsWith('.ttl');
  const body = dcat ? turtle_page(of_dcat, Number(searchParams.get('page') ?? 1), `http://${request.headers.host}/otro.ttl`) : JSON.stringify(ckan_answer(of_ckan, searchParams));
  reply.writeHead(200, {'Content-Type': dcat ? 'text/turtle' : 'application/json'}).end(body);
});
await new Promise(done => { server.listen(0, '127.0.0.1', done); });
const demo = await Demo.start({platform: unlimited});
const figures = {datasets: count};
try {
  demo.edit('municipios/valdehermoso.yaml', text => text.replace('\nmodulos:\n', `\nsalida:\n  servidores: ['127.0.0.1:${server.address().port}']\nmodulos:\n`)
    .replace(/\n {2}open-data:\n {4}activo: true\n/, `$&    fuentes: [{nombre: muchos, tipo: ckan, direccion: "http://127.0.0.1:${server.address().port}", dir3: L01280796}, {nombre: otro, tipo: dcat, direccion: "http://127.0.0.1:${server.address().port}/otro.ttl"}]\n`));
  if (demo.concejo('reload').code !== 0) throw Error(demo.concejo('config', 'check').stderr);
  for (const what of ['first_round_s', 'round_without_changes_s']) {
    const begun = now();
    const child = spawn(program, ['open-data', 'harvest', '--json', '--dir', demo.dir, '--tenant', 'valdehermoso'], {stdio: ['ignore', 'pipe', 'inherit']});
    let said = '';
    child.stdout.on('data', piece => { said += piece; });
    await once(child, 'close');
    figures[what] = seconds(begun);
    figures[what.replace('_s', '')] = JSON.parse(said).sources.map(({tally}) => tally);
  }
  const workers = () => workers_of(demo).filter(({kind}) => kind === 'web').map(({pid}) => pid);
  const measured = async (name, address, times = 15) => {
    const wall = [], before = workers().reduce((all, pid) => all + ticks(pid), 0);
    let bytes = 0;
    for (let n = 0; n < times; ++n) {
      const begun = now(), answer = await demo.request(address(n));
      if (answer.status !== 200) throw Error(`${answer.status} of ${address(n)}`);
      wall.push(seconds(begun) * 1000), bytes = answer.bytes.length;
    }
    figures[name] = {wall_ms: median(wall), worker_cpu_ms: (workers().reduce((all, pid) => all + ticks(pid), 0) - before) / times, bytes};
  };
  figures.worker_mib_before = Math.max(...workers().map(pid => memory(pid, 'RssAnon')));
  for (const [name, where] of [['page_ttl', '/catalog.ttl'], ['page_rdf', '/catalog.rdf'], ['page_jsonld', '/catalog.jsonld'], ['page_nti', '/catalogo/nti.rdf']]) await measured(name, n => `${where}?page=1&otra=${n}`);
  await measured('catalogue_page', n => `/es/datos?pagina=${1 + n}`);
  await measured('catalogue_page_cached', () => '/es/datos');
  await measured('catalogue_facet', n => `/es/datos?etiqueta=palabra+${n}`, 11);
  await measured('catalogue_words', n => `/es/datos?q=conjunto+${n}`);
  const names = JSON.parse((await demo.request('/api/3/action/package_list?limit=100')).text).result;
  await measured('dataset_page', n => `/es/datos/${names[n]}`);
  figures.worker_mib_after = Math.max(...workers().map(pid => memory(pid, 'RssAnon')));
  // What the demonstration's own ones do not say of themselves.
  for (const {name} of demo.json('open-data', 'list', '--tenant', 'valdehermoso').value.datasets.filter(one => one.state === 'published' && one.resources.some(({version}) => version > 0)))
    if (demo.concejo('open-data', 'publish', '--tenant', 'valdehermoso', '--dataset', name, '--desde', '2020-01-01').code !== 0) throw Error(name);
  if (has_shapes)
    for (const [document, where, profiles] of [['es', '/catalog.rdf', ['dcat-ap-es-1.0.0', 'dcat-ap-3.0.0']], ['nti', '/catalogo/nti.rdf', ['nti-risp-1.0.0']]]) {
      const whole = await whole_catalogue(page => demo.request(`${where}?page=${page}`)), file = path.join(demo.dir, `${document}.nt`);
      fs.writeFileSync(file, whole);
      for (const profile of profiles) {
        const begun = now(), {report, ...verdict} = validate(file, profile);
        figures[`shacl_${profile}`] = {...verdict, datasets: datasets_in(whole), seconds: seconds(begun)};
        if (process.env.CONCEJO_KEEP) fs.writeFileSync(path.join(process.env.CONCEJO_KEEP, `${profile}.ttl`), report), fs.writeFileSync(path.join(process.env.CONCEJO_KEEP, `${document}.nt`), whole);
      }
    }
} finally {
  console.log(JSON.stringify(figures, null, 2));
  await demo.remove();
  server.close();
}
