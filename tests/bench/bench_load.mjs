// A file loaded whole (understood, converted, COPY, key, the original kept, commit) beside psql's COPY of the same file into a table
// of the same types, without key, in the same cluster. node bench_load.mjs FILE.csv [rounds]; FILE: comma, header, ISO dates, CRLF.
// Each round is of a file of its own (the last line is there once more), for a content that is stored already need not be written.
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {Demo, program, sleep} from '../support/demo.mjs';

const [file, rounds = 3] = process.argv.slice(2);
if (!file) { console.error('node bench_load.mjs FILE.csv [rounds]'); process.exit(2); }
const types = {text: 'text', integer: 'bigint', numeric: 'numeric', boolean: 'boolean', date: 'date', time: 'time', timestamp: 'timestamp'};
const seconds = work => { const from = process.hrtime.bigint(); work(); return Number(process.hrtime.bigint() - from) / 1e9; };
const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const demo = await Demo.start();
const mine = path.join(demo.dir, path.basename(file)), ratios = [];
/** What the load before left to do (columns counted by a job, statistics) is none of the next one's. */
const calm = async () => {
  for (let quiet = 0; quiet < 4; await sleep(250))
    quiet = demo.sql("select count(*) from pg_stat_activity where pid <> pg_backend_pid() and (state = 'active' or backend_type = 'autovacuum worker')") === '0' ? quiet + 1 : 0;
  demo.sql('checkpoint');
  spawnSync('sync');
};
try {
  fs.copyFileSync(file, mine);
  fs.chmodSync(mine, 0o644);
  const end = Buffer.alloc(Math.min(1 << 16, fs.statSync(mine).size)), descriptor = fs.openSync(mine, 'r');
  fs.readSync(descriptor, end, 0, end.length, fs.statSync(mine).size - end.length);
  fs.closeSync(descriptor);
  const last = end.subarray(end.lastIndexOf('\n', -2) + 1);
  const load = () => {
    const {stdout, stderr} = spawnSync(program, ['open-data', 'import', '--dir', demo.dir, '--tenant', 'valdehermoso', '--dataset', 'bench', '--json', mine], {encoding: 'utf8', maxBuffer: 1 << 26});
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
    fs.appendFileSync(mine, last);
    psql('-c', `drop schema if exists bench cascade; create schema bench; create table bench.t (${columns.map(({name, type}) => `"${name.replaceAll('"', '""')}" ${types[type]}`).join(', ')})`);
    const took = {};
    const steps = {bare: () => psql('-c', `\\copy bench.t from '${mine}' with (format csv, header)`), ours: load};
    for (const step of round % 2 ? ['ours', 'bare'] : ['bare', 'ours']) { await calm(); took[step] = seconds(steps[step]); }
    ratios.push(took.bare / took.ours);
    console.log(`${rows_accepted} rows: psql COPY ${took.bare.toFixed(2)} s, import ${took.ours.toFixed(2)} s: ${(ratios.at(-1) * 100).toFixed(0)} % of its rate`);
  }
  console.log(`median: ${(median(ratios) * 100).toFixed(0)} % of its rate`);
} finally {
  await demo.remove();
}
