// An hour's mixed work pressed together: citizens, staff, uploads, mistakes, people who go away half way. Memory stays
// flat and no descriptor is left open. CONCEJO_FULL=1: ten minutes; otherwise a sample.
import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import fs from 'node:fs';
import {after, before, describe, test} from 'node:test';
import {Client} from '../support/client.mjs';
import {Demo, sleep, unlimited} from '../support/demo.mjs';
import {day, pdf} from '../support/pdf.mjs';
import {workers_of} from './processes.mjs';
import {Connection, head, slow_upload} from './raw.mjs';

const full = process.env.CONCEJO_FULL === '1';
const seconds = full ? 600 : 20;

/** {memory: KiB of its own, descriptors} */
function weigh(pid) {
  const memory = Number(fs.readFileSync(`/proc/${pid}/status`, 'utf8').match(/^RssAnon:\s*(\d+)/m)[1]);
  return {memory, descriptors: fs.readdirSync(`/proc/${pid}/fd`).length};
}

/** Growth from the middle third of what was seen to the last, as a part of it: the first third still warms up. */
function growth(values) {
  const third = Math.floor(values.length / 3), mean = list => list.reduce((a, b) => a + b, 0) / list.length;
  const middle = mean(values.slice(third, 2 * third));
  return mean(values.slice(2 * third)) / middle - 1;
}

describe('soak', () => {
  let demo;
  before(async () => { demo = await Demo.start({platform: unlimited}); });
  after(() => demo?.remove());

  test(`${seconds} s of everything: memory flat, no descriptor left`, {timeout: (seconds + 240) * 1000}, async t => {
    const host = `valdehermoso.localhost:${demo.port}`, counts = {}, failures = [];
    const processes = () => [{kind: 'supervisor', pid: demo.child.pid}, ...workers_of(demo)];
    const going_until = () => Date.now() < until;
    let until = Date.now() + (full ? 60_000 : 5000); // warm up first: caches fill, threads make their arenas, pools their connections
    const clerk = new Client(demo);
    await clerk.login('secretaria');

    const pages = ['/es/', '/es/tablon', '/gl/', '/eu/tablon', '/es/buscar?q=pleno', '/api/tablon/v1/anuncios', '/es/no-existe', '/es/mapa-web'];
    const one_of = list => list[Math.floor(Math.random() * list.length)];
    const work = {
      pages: async () => { const {status} = await demo.request(one_of(pages)); if (status !== 200 && status !== 404) throw Error(`status ${status}`); },
      'other municipality': async () => { const {status} = await demo.request(one_of(['/gl/', '/es/tablon']), {host: 'riomar.localhost'}); if (status !== 200) throw Error(`status ${status}`); },
      unknown: async () => { const {status} = await demo.request('/', {host: 'nadie.example'}); if (status !== 421) throw Error(`status ${status}`); },
      staff: async () => { const {status} = await clerk.send(one_of(['/es/gestion', '/es/gestion/tablon', '/es/gestion/tablon/nuevo'])); if (status !== 200) throw Error(`status ${status}`); await sleep(50); },
      publish: async () => {
        const page = await clerk.publish({titulo: `Edicto ${randomBytes(6).toString('hex')}`, pdf: pdf(randomBytes(9).toString('hex')), desde: day(0).typed, hasta: day(5).typed});
        if (page.status !== 200) throw Error(`status ${page.status} at ${page.path}`);
        await sleep(300);
      },
      'not a PDF': async () => { const {status} = await clerk.publish({titulo: 'Roto', pdf: randomBytes(2000), desde: day(0).typed, hasta: day(5).typed}); if (status !== 400 && status !== 422) throw Error(`status ${status}`); await sleep(300); },
      upload: () => slow_upload(demo.port, host, 300_000, 400),
      'goes away': async () => {
        const connection = await Connection.open(demo.port);
        await connection.write(head(one_of(['GET', 'POST']), one_of(pages), host).slice(0, one_of([10, 40, undefined])));
        await sleep(one_of([0, 20]));
        connection.close();
        await sleep(20);
      },
      nonsense: async () => {
        const connection = await Connection.open(demo.port);
        await connection.write(randomBytes(200));
        await connection.answer().catch(() => {});
        connection.close();
        await sleep(50);
      },
    };
    const client = (kind, act) => (async () => {
      while (going_until()) {
        try {
          await act();
          counts[kind] = (counts[kind] ?? 0) + 1;
        } catch (error) {
          failures.push(`${kind}: ${error.message}`);
          await sleep(100);
        }
      }
    })();
    const all = () => Promise.all(Object.entries(work).map(([kind, act]) => client(kind, act)));
    await all();
    await sleep(1000);
    const idle = new Map(processes().map(({pid}) => [pid, weigh(pid).descriptors]));

    const seen = new Map(processes().map(process => [process.pid, {...process, weights: []}]));
    until = Date.now() + seconds * 1000;
    const watch = (async () => {
      while (going_until()) {
        for (const [pid, {weights}] of seen) weights.push(weigh(pid).memory);
        await sleep(Math.max(200, seconds * 5));
      }
    })();
    await Promise.all([all(), watch]);

    assert.deepEqual(failures.slice(0, 5), []);
    t.diagnostic(JSON.stringify(counts));
    assert.deepEqual(processes().map(({pid}) => pid).sort(), [...seen.keys()].sort(), 'no process was replaced');
    let left = [];
    for (let wait = 0; wait < 100; ++wait) { // kept connections run out after 15 s
      left = [...idle].map(([pid, before]) => ({kind: seen.get(pid).kind, before, after: weigh(pid).descriptors})).filter(({before, after}) => after > before + 3);
      if (left.length === 0) break;
      await sleep(200);
    }
    assert.deepEqual(left, [], 'descriptors');
    for (const {kind, weights} of seen.values()) {
      const grown = growth(weights);
      t.diagnostic(`${kind}: ${(weights.at(-1) / 1024).toFixed(1)} MiB, ${(grown * 100).toFixed(1)} % from the middle third to the last`);
      if (full) assert.ok(grown < 0.05, `${kind} grows: KiB ${weights.join(' ')}`);
    }
  });
});
