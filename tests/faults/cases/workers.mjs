// A worker that dies is replaced; only what it had in hand is lost.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {sleep} from '../../support/demo.mjs';
import {workers_of} from '../processes.mjs';

export default function (world) {
  describe('workers', () => {
    for (const kind of ['web', 'job']) {
      test(`a ${kind} worker killed with -9 is replaced, and the others serve meanwhile`, async () => {
        let before;
        for (let n = 0; n < 400; ++n) {  // older generations may still be draining
          before = workers_of(world.demo).filter(worker => worker.kind === kind);
          if (new Set(before.map(worker => worker.generation)).size === 1) break;
          await sleep(100);
        }
        assert.ok(before.length >= (kind === 'web' ? 2 : 1), JSON.stringify(before));
        const victim = before[0];
        process.kill(victim.pid, 'SIGKILL');
        const start = Date.now();
        let now = [];
        while (Date.now() - start < 15_000) {
          now = workers_of(world.demo).filter(worker => worker.kind === kind && worker.pid !== victim.pid);
          if (now.length === before.length) break;
          await sleep(50);
        }
        assert.equal(now.length, before.length, 'as many as before');
        for (let n = 0; n < 50; ++n) assert.equal((await world.demo.request('/es/tablon')).status, 200);
        assert.equal((await world.demo.request('/-/ready')).status, 200);
      });
    }

    test('every web worker killed at once: back by itself', async () => {
      for (const {pid, kind} of workers_of(world.demo)) if (kind === 'web') process.kill(pid, 'SIGKILL');
      let answered = false;
      for (let n = 0; n < 300 && !answered; ++n) {
        answered = await world.demo.request('/es/tablon').then(answer => answer.status === 200, () => false);
        if (!answered) await sleep(50);
      }
      assert.ok(answered);
    });
  });
}
