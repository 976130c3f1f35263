// A plugin that aborts on one request in a thousand, under load: once it is kept out everything else serves without an error.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {describe, test} from 'node:test';
import {sleep} from '../../support/demo.mjs';
import {get, neighbours, told} from './crash_tools.mjs';

const clients = 6;

export default function (world) {
  describe('one request in a thousand', () => {
    test('until it is in quarantine for all, and then 0 errors', {timeout: 300_000}, async t => {
      const {demo} = world, others = world.others = neighbours(demo, clients);
      let going = true, asked = 0, cut = 0, kept = 0;
      const users = Array.from({length: clients}, async (_, n) => {
        for (; going; ++n) {
          const answer = await get(demo, '/es/averias/azar', n % 2 ? 'riomar' : 'valdehermoso').catch(() => undefined);
          ++asked;
          if (!answer) ++cut;
          else if (answer.status === 503) ++kept;
          else assert.equal(answer.status, 200);
        }
      });
      const start = Date.now();
      // Two municipalities suffer: at the latest with the second one's first crash it is for all.
      for (;;) {
        const {quarantine} = told(world);
        if (quarantine.length && quarantine[0].tenant === null) break;
        assert.ok(Date.now() - start < 240_000, JSON.stringify(quarantine));
        await sleep(100);
      }
      await sleep(500);
      const lost = others.failures.length, crashes = told(world).recent_crashes;
      await sleep(world.full ? 30_000 : 4000);
      going = false;
      await Promise.all(users);
      const {failures} = await others.stop();
      assert.equal(failures.length, lost, `no error after quarantine: ${JSON.stringify(failures.slice(lost))}`);
      assert.ok(failures.length + cut <= crashes * 2 * clients, 'what was in flight in the workers that fell, and no more');
      assert.ok(failures.every(({what}) => !/: \d+$/.test(what)), JSON.stringify(failures));
      assert.ok(kept > 0);
      const gaps = failures.map(({at}) => at).sort((a, b) => a - b);
      t.diagnostic(`${asked} requests to it, ${others.asked} to others; ${crashes} crashes cut ${cut} and ${failures.length} of them; others' failures within ${gaps.length ? gaps.at(-1) - gaps[0] : 0} ms in all`);
    });

    test('a new supervisor remembers', {timeout: 240_000}, async () => {
      const {demo} = world;
      assert.deepEqual(await demo.stop(), {code: 0, signal: null});
      assert.equal(told(world).quarantine[0].tenant, null, 'also told while nothing runs');
      assert.ok(fs.existsSync(path.join(demo.dir, 'data/cuarentena.json')));
      await demo.up(['serve']);
      for (const host of ['valdehermoso', 'riomar']) {
        assert.equal((await get(demo, '/es/averias/bien', host)).status, 503);
        assert.equal((await get(demo, '/es/tablon', host)).status, 200);
      }
    });

    test('restored, it serves again everywhere', async () => {
      const {demo} = world;
      const answer = demo.concejo('plugin', 'restore', world.plugin);
      assert.equal(answer.code, 0, answer.stderr);
      for (const host of ['valdehermoso', 'riomar']) assert.equal((await get(demo, '/es/averias/bien', host)).status, 200);
      assert.equal(demo.concejo('plugin', 'restore', world.plugin).code, 1, 'nothing left to lift');
    });
  });
}
