// Many municipalities on one installation: each figure, and what one of them costs.
//   node tests/bench/bench_tenants.mjs [MUNICIPALITIES] (1000; CONCEJO_BIN: the program)
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {Bare, program, rawRequest} from '../support/demo.mjs';
import {workers_of} from '../faults/processes.mjs';

const count = Number(process.argv[2] ?? 1000);
const seconds = since => (Number(process.hrtime.bigint() - since) / 1e9);
const now = () => process.hrtime.bigint();
const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const own_memory = pid => Number(fs.readFileSync(`/proc/${pid}/status`, 'utf8').match(/^RssAnon:\s*(\d+)/m)[1]) / 1024;

const bare = await Bare.make();
const town = fs.readFileSync(path.join(bare.dir, 'config/municipios/valdehermoso.yaml'), 'utf8');
const host = n => `m${n}.localhost`;
for (let n = 1; n < count; ++n) {
  fs.writeFileSync(path.join(bare.dir, `config/municipios/m${n}.yaml`), town
    .replace('id: valdehermoso', `id: m${n}`).replace(/\n  ine: .*/, '').replace(/\n  dir3: .*/, '').replace(/\n  nif: .*/, '')
    .replace(/dominios: \[.*\]/, `dominios: [${host(n)}]`).replace('Ayuntamiento de Valdehermoso', `Ayuntamiento ${n}`));
}
const figures = {municipalities: count};
try {
  let start = now();
  const checked = spawnSync(program, ['config', 'check', '--dir', bare.dir], {encoding: 'utf8'});
  if (checked.status !== 0) throw Error(checked.stdout + checked.stderr);
  figures.config_check_s = seconds(start);

  for (const what of ['first_start_with_all_migrations_s', 'next_start_s']) {
    start = now();
    await bare.up({patience: 1800});
    figures[what] = seconds(start);
    if (what === 'next_start_s') break;
    bare.child.kill('SIGTERM');
    await bare.gone;
  }
  const weigh = kind => Math.max(...workers_of(bare).filter(worker => worker.kind === kind).map(({pid}) => own_memory(pid)));
  figures.web_worker_mib_at_start = weigh('web');
  figures.job_worker_mib = weigh('job');

  const ask = async n => {
    const begun = now();
    const {status} = await rawRequest(bare.port, '/es/tablon', {host: `${host(n)}:${bare.port}`});
    if (status !== 200) throw Error(`status ${status} of ${host(n)}`);
    return seconds(begun) * 1000;
  };
  const first = [], again = [], one = [];
  const asked = Array.from({length: Math.min(300, count - 1)}, () => 1 + Math.floor(Math.random() * (count - 1)));
  for (const n of asked) first.push(await ask(n));
  for (const n of asked) again.push(await ask(n));
  for (let n = 0; n < asked.length; ++n) one.push(await ask(1));
  figures.random_one_first_time_ms = median(first);
  figures.random_one_again_ms = median(again);
  figures.always_the_same_ms = median(one);
  figures.web_worker_mib_after = weigh('web');

  start = now();
  const reloaded = spawnSync(program, ['reload', '--dir', bare.dir], {encoding: 'utf8'});
  if (reloaded.status !== 0) throw Error(reloaded.stderr);
  figures.reload_s = seconds(start);
} finally {
  await bare.remove();
}
for (const [name, value] of Object.entries(figures)) figures[name] = Number.isInteger(value) ? value : Number(value.toFixed(2));
console.log(JSON.stringify(figures, null, 1));
