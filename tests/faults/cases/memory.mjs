// What a generation of workers weighs: the twentieth as much as the second.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {describe, test} from 'node:test';
import {sleep} from '../../support/demo.mjs';
import {workers_of} from '../processes.mjs';

/** Resident memory and the part of it that is no file's, in KiB. */
function memory_of(pid) {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8'), value = name => Number(status.match(new RegExp(`^${name}:\\s*(\\d+)`, 'm'))[1]);
  return {resident: value('VmRSS'), own: value('RssAnon')};
}
const places = ['/es/', '/es/tablon', '/gl/', '/es/buscar?q=pleno', '/api/tablon/v1/anuncios', '/es/no-existe'];

export default function (world) {
  describe('memory', () => {
    test('20 generations after the same work: equal within 5 %', {timeout: 240_000}, async t => {
      const {demo} = world, weights = [], own = [];
      for (let n = 0; n < 20; ++n) {
        await demo.reload();
        // Every connection is a new one, and both workers take their share of 240.
        for (let round = 0; round < 40; ++round) await Promise.all(places.map(where => demo.request(where)));
        let web = [];
        for (let wait = 0; wait < 400; ++wait) { // the generation before may still be draining
          const workers = workers_of(demo);
          const latest = Math.max(...workers.map(worker => worker.generation));
          web = workers.filter(worker => worker.kind === 'web' && worker.generation === latest);
          if (web.length >= 2) break;
          await sleep(50);
        }
        const each = web.map(({pid}) => memory_of(pid)), mean = what => each.reduce((sum, one) => sum + one[what], 0) / each.length;
        weights.push(mean('resident'));
        own.push(mean('own'));
      }
      const settled = weights.slice(1).sort((a, b) => a - b), median = settled[Math.floor(settled.length / 2)];
      const range = list => `${(Math.min(...list) / 1024).toFixed(1)} to ${(Math.max(...list) / 1024).toFixed(1)} MiB`;
      t.diagnostic(`a web worker's resident memory: ${range(settled)}; of its own: ${range(own.slice(1))}`);
      assert.ok(settled.every(weight => Math.abs(weight / median - 1) <= 0.05), `KiB by generation: ${weights.map(Math.round).join(' ')}`);
    });
  });
}
