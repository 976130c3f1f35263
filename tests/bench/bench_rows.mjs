// What a page of rows costs by CKAN's API, and the page of a dataset: processor time of all workers and of PostgreSQL, beside
// PostgreSQL's own for the same SELECT asked by pgbench.
//   node bench_rows.mjs FILE.csv [calls] [rounds]
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import {workers_of, postmaster_of} from '../faults/processes.mjs';
import {Demo, sleep, unlimited} from '../support/demo.mjs';

const [file, calls = 2000, rounds = 3] = process.argv.slice(2);
if (!file) { console.error('node bench_rows.mjs FILE.csv [calls] [rounds]'); process.exit(2); }
const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
/** Milliseconds on a processor, of all threads. */
const used = pid => {
  try {
    return fs.readdirSync(`/proc/${pid}/task`).reduce((all, task) => all + Number(fs.readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]), 0) / 1e6;
  } catch { return 0; }
};
const children = pid => spawnSync('pgrep', ['-P', String(pid)], {encoding: 'utf8'}).stdout.trim().split('\n').map(Number);
/** Of children that have ended, in hundredths of a second. */
const ended = pid => { const words = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' '); return (Number(words[13]) + Number(words[14])) * 10; };

const demo = await Demo.start({platform: unlimited});
try {
  const about = demo.json('open-data', 'import', '--tenant', 'valdehermoso', '--dataset', 'bench', '--titulo', 'Banco', '--descripcion', 'Filas con las que se mide lo que cuesta servirlas.', '--sector', 'hacienda', '--palabras', 'medida', '--publicar', file).value;
  for (let quiet = 0; quiet < 6; await sleep(300))
    quiet = demo.sql("select count(*) from pg_stat_activity where pid <> pg_backend_pid() and (state = 'active' or backend_type = 'autovacuum worker')") === '0' ? quiet + 1 : 0;
  const postmaster = postmaster_of(demo), agent = new http.Agent({keepAlive: true, maxSockets: 1});
  const get = where => new Promise((resolve, reject) => {
    http.get({host: '127.0.0.1', port: demo.port, path: where, agent, headers: {Host: `valdehermoso.localhost:${demo.port}`}}, answer => {
      if (answer.statusCode !== 200) reject(Error(`${answer.statusCode} of ${where}`));
      answer.resume().on('end', resolve);
    }).on('error', reject);
  });
  const measured = async (times, address) => {
    for (let n = 0; n < 40; ++n) await get(address(n));
    const all = [...workers_of(demo).filter(({kind}) => kind === 'web').map(({pid}) => pid), ...children(postmaster)], before = all.map(used);
    for (let n = 0; n < times; ++n) await get(address(n));
    return all.reduce((sum, pid, i) => sum + Math.max(0, used(pid) - before[i]), 0) / times;
  };
  const table = demo.sql("select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where relname like 'open_data_t%' and relkind = 'r' and relname ~ '[0-9]$' order by relpages desc limit 1");
  const list = ['_id', ...about.columns.map(({name}) => name)].map(name => `"${name.replaceAll('"', '""')}"`).join(', ');
  const bare = async statement => {
    const script = path.join(demo.dir, 'bench.sql'), as = os.userInfo().uid === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];
    fs.writeFileSync(script, `\\set n random(0, ${about.rows_accepted - 200})\nselect ${list} from ${table} ${statement}\n`, {mode: 0o644});
    const before = ended(postmaster);
    const [command, ...args] = [...as, '/usr/lib/postgresql/15/bin/pgbench', '-n', '-M', 'extended', '-t', String(calls), '-f', script, '-h', path.join(demo.dir, 'run/pg'), '-U', 'concejo_root', 'concejo'];
    const {status, stderr} = spawnSync(command, args, {encoding: 'utf8'});
    if (status !== 0) throw Error(stderr);
    await sleep(500);  // its backend ends after it
    return (ended(postmaster) - before) / calls;
  };
  const page = `/api/3/action/datastore_search?resource_id=${about.resource_id}&limit=100`, any = n => n * 7919 % (about.rows_accepted - 200);
  // A path of many queries is kept no more: the page that is cached has another one.
  const kinds = {
    'rows with total': [() => measured(calls, n => `${page}&offset=${n % 50 * 100}`), () => bare('order by _id limit 100 offset :n % 50 * 100;')],
    'rows by key, at any depth': [() => measured(calls, n => `${page}&include_total=false&filters=${encodeURIComponent(`{"_id":{"gt":${any(n)}}}`)}`), () => bare('where _id > :n order by _id limit 100;')],
    'dataset, cached': [() => measured(calls, () => '/es/datos/bench')],
    'dataset, made anew': [() => measured(Math.min(calls, 300), n => `/en/datos/bench?n=${n}&${Math.random()}`)],
  };
  const figures = {};
  for (let round = 0; round < rounds; ++round)
    for (const [name, [ours, base]] of Object.entries(kinds)) {
      const one = figures[name] ??= {ours: [], bare: []};
      one.ours.push(await ours());
      if (base) one.bare.push(await base());
    }
  for (const [name, {ours, bare: base}] of Object.entries(figures))
    console.log(`${name}: ${median(ours).toFixed(3)} ms of processor` + (base.length ? `, ${(median(ours) / median(base)).toFixed(1)} x the bare SELECT (${median(base).toFixed(3)} ms)` : ''));
} finally {
  await demo.remove();
}
