// A file loaded whole (understood, converted, COPY, key, the original kept, commit) beside psql's COPY of the same file into a table
// of the same types, without key, in the same cluster. node bench_load.mjs FILE.csv [rounds]; FILE: comma, header, ISO dates.
import {spawnSync} from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import {Demo, program} from '../support/demo.mjs';

const [file, rounds = 3] = process.argv.slice(2);
if (!file) { console.error('node bench_load.mjs FILE.csv [rounds]'); process.exit(2); }
const types = {text: 'text', integer: 'bigint', numeric: 'numeric', boolean: 'boolean', date: 'date', time: 'time', timestamp: 'timestamp'};
const seconds = work => { const from = process.hrtime.bigint(); work(); return Number(process.hrtime.bigint() - from) / 1e9; };
const demo = await Demo.start();
try {
  const load = () => {
    const {stdout, stderr} = spawnSync(program, ['open-data', 'import', '--dir', demo.dir, '--tenant', 'valdehermoso', '--dataset', 'bench', '--json', file], {encoding: 'utf8', maxBuffer: 1 << 26});
    if (!stdout) throw Error(stderr);
    return JSON.parse(stdout);
  };
  const {columns, rows_accepted} = load();
  const as = os.userInfo().uid === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', 'psql'] : ['psql'];
  const psql = (...words) => {
    const [command, ...args] = [...as, '-X', '-q', '-h', path.join(demo.dir, 'run/pg'), '-U', 'concejo_root', '-d', 'concejo', '-v', 'ON_ERROR_STOP=1', ...words];
    const {status, stderr} = spawnSync(command, args, {encoding: 'utf8'});
    if (status !== 0) throw Error(stderr);
  };
  for (let round = 0; round < rounds; ++round) {
    psql('-c', `drop schema if exists bench cascade; create schema bench; create table bench.t (${columns.map(({name, type}) => `"${name.replaceAll('"', '""')}" ${types[type]}`).join(', ')})`);
    const bare = seconds(() => psql('-c', `\\copy bench.t from '${file}' with (format csv, header)`)), ours = seconds(load);
    console.log(`${rows_accepted} rows: psql COPY ${bare.toFixed(2)} s, import ${ours.toFixed(2)} s: ${(bare / ours * 100).toFixed(0)} % of its rate`);
  }
} finally {
  await demo.remove();
}
