// A catalogue of many datasets, gathered from a source with hostile texts: how long a round takes, how long each page of it, how much
// memory a worker has afterwards, and what Jena says of the whole with the official shapes (CONCEJO_CONFORMANCE).
//   node tests/bench/bench_catalogue.mjs [DATASETS] (1000; CONCEJO_BIN: the program)
import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {Demo, program, unlimited} from '../support/demo.mjs';
import {workers_of} from '../faults/processes.mjs';

const count = Number(process.argv[2] ?? 1000), root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const seconds = since => Number(process.hrtime.bigint() - since) / 1e9, now = () => process.hrtime.bigint();
const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const memory = (pid, field) => Number(fs.readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`^${field}:\\s*(\\d+)`, 'm'))[1]) / 1024;
const ticks = pid => { const words = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' '); return (Number(words[11]) + Number(words[12])) * 10; };

const hostile = ['<script>alert(1)</script> & "comillas" ]]>', 'barra \\ y """ tres', 'emoji 👩🏽‍🌾🏛️ 𝒳', 'derecha \u202Eabc\u202C שלום', 'control \u0001\u0008\u001B', 'varias\r\nlíneas\t@es . <http://x>', '{"@id": "x"} %s %n {valor}', 'ñ á ü ç €'];
const pick = (list, n) => list[n % list.length];
const packages = Array.from({length: count}, (_, n) => ({
  id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`, name: `conjunto-${n}`, title: `Conjunto ${n} ${pick(hostile, n)}`, state: 'active', type: 'dataset', private: false,
  notes: `Lo que contiene el conjunto número ${n}, de dónde sale y cada cuánto cambia. ${pick(hostile, n + 3)}`, license_id: pick(['cc-by', 'cc-zero', 'odc-odbl', 'cc-by-sa'], n), organization: {name: `area-${n % 7}`, title: `Área ${n % 7}`},
  extras: [{key: 'frequency', value: pick(['ANNUAL', 'MONTHLY', 'P1D', 'IRREG'], n)}, {key: 'theme', value: pick(['turismo', 'hacienda', 'medio-ambiente', 'transporte', 'Cultura y ocio'], n)}, {key: 'temporal_start', value: '2020-01-01'}, {key: 'temporal_end', value: '2025-12-31'}],
  tags: [n % 11, n % 13, n % 17].map(tag => ({name: `palabra ${tag}`, display_name: `palabra ${tag}`})), groups: [], metadata_created: '2026-01-02T03:04:05.000006', metadata_modified: `2026-0${1 + n % 9}-03T04:05:06.000007`,
  resources: ['CSV', 'JSON', 'XLSX'].slice(0, 1 + n % 3).map((format, i) => ({id: `00000000-0000-4000-9000-${String(n * 10 + i).padStart(12, '0')}`, name: `Archivo ${pick(hostile, n + i)}`, description: `Una fila por cada elemento, en ${format}`, format, size: 1000 + n, url: `https://archivos.ejemplo.es/${n}/${i}.${format.toLowerCase()}`, created: '2026-01-02T03:04:05.000006'})),
}));
const server = http.createServer((request, reply) => {
  const asked = new URL(request.url, 'http://x').searchParams, start = Number(asked.get('start'));
  reply.writeHead(200, {'Content-Type': 'application/json'}).end(JSON.stringify({success: true, result: {count, results: packages.slice(start, start + Number(asked.get('rows')))}}));
});
await new Promise(done => { server.listen(0, '127.0.0.1', done); });
const demo = await Demo.start({platform: unlimited});
const figures = {datasets: count};
try {
  demo.edit('municipios/valdehermoso.yaml', text => text.replace('\nmodulos:\n', `\nsalida:\n  servidores: ['127.0.0.1:${server.address().port}']\nmodulos:\n`)
    .replace(/\n {2}open-data:\n {4}activo: true\n/, `$&    fuentes: [{nombre: muchos, tipo: ckan, direccion: "http://127.0.0.1:${server.address().port}", dir3: L01280796}]\n`));
  if (demo.concejo('reload').code !== 0) throw Error(demo.concejo('config', 'check').stderr);
  for (const what of ['first_round_s', 'round_without_changes_s']) {
    const begun = now();
    const child = spawn(program, ['open-data', 'harvest', '--json', '--dir', demo.dir, '--tenant', 'valdehermoso'], {stdio: ['ignore', 'pipe', 'inherit']});
    let said = '';
    child.stdout.on('data', piece => { said += piece; });
    await once(child, 'close');
    figures[what] = seconds(begun);
    figures[what.replace('_s', '')] = JSON.parse(said).sources[0].tally;
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
  const whole = {};
  for (const [name, where] of [['es', '/catalog.rdf'], ['nti', '/catalogo/nti.rdf']]) {
    whole[name] = '';
    for (let page = 1; ; ++page) {
      const answer = await demo.request(`${where}?page=${page}`);
      if (answer.status !== 200) break;
      const {stdout} = spawnSync('rapper', ['-q', '-i', 'rdfxml', '-o', 'ntriples', '-I', 'http://x/', '-'], {input: answer.bytes, encoding: 'utf8', maxBuffer: 1 << 28});
      whole[name] += stdout.replaceAll('_:genid', `_:p${page}genid`);
    }
  }
  const data = process.env.CONCEJO_CONFORMANCE && path.join(process.env.CONCEJO_CONFORMANCE, 'dcat');
  const shapes = (folder, wanted) => fs.readdirSync(path.join(data, folder)).filter(name => wanted.test(name) && !name.includes('imports')).map(name => path.join(data, folder, name));
  if (data)
    for (const [name, document, files] of [['dcat_ap_es', 'es', shapes('dcat-ap-es-1.0.0', /^shacl_.*ttl$/)], ['dcat_ap_eu', 'es', shapes('dcat-ap-3.0.0', /^(shapes|range)\.ttl$/)], ['nti_risp', 'nti', shapes('nti-risp-1.0.0', /shape.*ttl$/)]]) {
      const file = path.join(demo.dir, `${name}.nt`);
      fs.writeFileSync(file, whole[document]);
      const begun = now();
      const {stdout, stderr} = spawnSync(path.join(root, 'plugins/open-data/dcat/shacl.sh'), ['validate', file, ...files], {encoding: 'utf8', maxBuffer: 1 << 28});
      if (!stdout.includes('sh:conforms')) throw Error(stderr);
      figures[`shacl_${name}`] = {violations: stdout.split('sh:Violation').length - 1, warnings: stdout.split('sh:Warning').length - 1, datasets: new Set(whole[document].match(/^<[^>]+> <http:\/\/www.w3.org\/1999\/02\/22-rdf-syntax-ns#type> <http:\/\/www.w3.org\/ns\/dcat#Dataset>/gm)).size, seconds: seconds(begun),
        about: [...new Set([...stdout.matchAll(/sh:resultPath\s+(\S+)/g)].map(([, property]) => property))]};
    }
} finally {
  console.log(JSON.stringify(figures, null, 2));
  await demo.remove();
  server.close();
}
