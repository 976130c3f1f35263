// What a generation of workers weighs: the twentieth as much as the second.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {describe, test} from 'node:test';
import {sleep} from '../../support/demo.mjs';
import {workers_of} from '../processes.mjs';

/** Memory of its own (not of files that all map), in KiB. */
const own_memory = pid => Number(fs.readFileSync(`/proc/${pid}/status`, 'utf8').match(/^RssAnon:\s*(\d+)/m)[1]);
const places = ['/es/', '/es/tablon', '/gl/', '/es/buscar?q=pleno', '/api/tablon/v1/anuncios', '/es/no-existe'];

export default function (world) {
  describe('memory', () => {
    test('20 generations after the same work: equal within 5 %', {timeout: 240_000}, async t => {
      const {demo} = world, weights = [];
      for (let n = 0; n < 20; ++n) {
        assert.equal(demo.concejo('reload').code, 0);
        // Every connection is a new one, and both workers take their share of 120.
        for (let round = 0; round < 20; ++round) await Promise.all(places.map(where => demo.request(where)));
        let web = [];
        for (let wait = 0; wait < 400; ++wait) { // the generation before may still be draining
          const workers = workers_of(demo);
          const latest = Math.max(...workers.map(worker => worker.generation));
          web = workers.filter(worker => worker.kind === 'web' && worker.generation === latest);
          if (web.length >= 2) break;
          await sleep(50);
        }
        weights.push(web.reduce((sum, {pid}) => sum + own_memory(pid), 0) / web.length);
      }
      const settled = weights.slice(1), mean = settled.reduce((a, b) => a + b) / settled.length;
      t.diagnostic(`own memory of a web worker: ${(mean / 1024).toFixed(1)} MiB on average, from ${(Math.min(...settled) / 1024).toFixed(1)} to ${(Math.max(...settled) / 1024).toFixed(1)}`);
      assert.ok(Math.max(...settled) / Math.min(...settled) <= 1.05, `KiB by generation: ${weights.map(Math.round).join(' ')}`);
    });
  });
}
