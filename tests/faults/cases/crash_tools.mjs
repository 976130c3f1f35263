// What the cases about crashes have in common.
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import {sleep} from '../../support/demo.mjs';
import {Connection, head} from '../raw.mjs';

/** One question to the running supervisor, without the cost of a process. */
export function ask({dir}, question) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(path.join(dir, 'run/admin.sock'));
    let said = '';
    socket.on('data', text => { said += text; });
    socket.on('end', () => resolve(JSON.parse(said)));
    socket.on('error', reject);
    socket.write(JSON.stringify(question) + '\n');
  });
}

/** Pids of the workers of a kind that serve, of the current generation. */
export async function serving(demo, kind = 'web') {
  const {generation, workers} = await ask(demo, {command: 'status'});
  return workers.filter(worker => worker.kind === kind && worker.ready && worker.generation === generation).map(({pid}) => pid);
}

/** Waits until `count` workers serve of which none is in `gone`; answers the ms it took. */
export async function replaced(demo, gone, count = 2, kind = 'web') {
  const start = Date.now();
  for (;;) {
    const now = await serving(demo, kind);
    if (now.length === count && !now.some(pid => gone.includes(pid))) return Date.now() - start;
    if (Date.now() - start > 60_000) throw Error(`workers after a minute: ${now}, without ${gone}`);
    await sleep(10);
  }
}

/** Waits for one of these workers to be gone; answers it. */
export async function fallen(demo, pids, kind = 'web') {
  for (const start = Date.now(); Date.now() - start < 60_000; await sleep(5)) {
    const now = await serving(demo, kind), gone = pids.filter(pid => !now.includes(pid));
    if (gone.length) return gone;
  }
  throw Error(`nobody fell of ${pids}`);
}

/** What `plugin list` tells of the plugin. */
export const told = ({demo, plugin}) => demo.json('plugin', 'list').value.plugins.find(({id}) => id === plugin);

/** Rows of the embedded database, columns between "|". */
export function sql({dir}, statement) {
  const socket = fs.readFileSync(path.join(dir, 'data/postgresql/pgdata/postmaster.pid'), 'utf8').split('\n')[4];
  const {status, stdout, stderr} = spawnSync('psql', ['-h', socket, '-U', 'concejo_root', '-d', 'concejo', '-Atc', statement], {encoding: 'utf8'});
  if (status !== 0) throw Error(stderr);
  return stdout.trim().split('\n');
}

/** Asks for the page on a connection of its own; a worker that dies gives an error and no status. */
export async function get(demo, where, host = 'valdehermoso') {
  const connection = await Connection.open(demo.port);
  try {
    await connection.write(head('GET', where, `${host}.localhost:${demo.port}`, 'Connection: close\r\n'));
    return await connection.answer();
  } finally {
    connection.close();
  }
}

/** Clients that ask for the other modules' pages over and over: {stop() -> {asked, failures: [{at, what}]}}. */
export function neighbours(demo, clients = 6) {
  const places = [['/es/', 'valdehermoso'], ['/es/tablon', 'valdehermoso'], ['/gl/tablon', 'riomar'], ['/es/buzon', 'riomar'], ['/api/tablon/v1/anuncios', 'valdehermoso']];
  let going = true, asked = 0;
  const failures = [];
  const working = Array.from({length: clients}, async (_, n) => {
    for (; going; ++n) {
      const [where, host] = places[n % places.length];
      ++asked;
      const what = await get(demo, where, host).then(({status}) => status === 200 ? undefined : `${where}: ${status}`, error => `${where}: ${error.message}`);
      if (what) failures.push({at: Date.now(), what});
      await sleep(2);
    }
  });
  return {
    get asked() { return asked; },
    failures,
    async stop() {
      going = false;
      await Promise.all(working);
      return {asked, failures};
    },
  };
}
