// Jobs of a plugin in quarantine wait, and run once it is restored.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {describe, test} from 'node:test';
import {sleep} from '../../support/demo.mjs';
import {fallen, get, neighbours, replaced, serving, told} from './crash_tools.mjs';

export default function (world) {
  describe('jobs that break', () => {
    const jobs = state => world.demo.json('jobs', 'list', '--tenant', 'valdehermoso', ...(state ? ['--state', state] : [])).value.jobs.filter(({kind}) => kind === 'romper');

    test('three of them put the plugin in quarantine, web pages included, and the next one waits', {timeout: 120_000}, async () => {
      const {demo} = world, others = world.others = neighbours(demo, 3);
      fs.writeFileSync(world.orders, 'trabajos abort');
      for (let n = 0; n < 3; ++n) {
        const before = await serving(demo, 'job');
        assert.equal(before.length, 1);
        assert.equal((await get(demo, '/api/averias/encola/uno')).status, 200);
        await replaced(demo, await fallen(demo, before, 'job'), 1, 'job');
      }
      assert.deepEqual((await others.stop()).failures, [], 'no page notices');
      const [{tenant, reason}] = told(world).quarantine;
      assert.deepEqual({tenant, reason}, {tenant: 'valdehermoso', reason: 'SIGABRT'});
      assert.equal((await get(demo, '/es/averias/bien')).status, 503);
    });

    test('it waits with its attempts whole, and is done after the restore', {timeout: 180_000}, async () => {
      const {demo} = world;
      const fell = jobs('running').length;
      assert.equal(fell, 3, 'until their leases run out');
      // Leases run out after a minute; the jobs are then waiting, not tried and not dead.
      for (const start = Date.now(); jobs('waiting').length < 3; await sleep(1000)) assert.ok(Date.now() - start < 100_000, JSON.stringify(jobs('')));
      await sleep(2000);
      const pid = await serving(demo, 'job');
      for (const job of jobs('waiting')) assert.equal(job.attempts, 1, JSON.stringify(job));
      assert.deepEqual(await serving(demo, 'job'), pid, 'nobody falls any more');
      fs.rmSync(world.orders);
      assert.equal(demo.json('plugin', 'restore', world.plugin).value.ok, true);
      for (const start = Date.now(); jobs('done').length < 3; await sleep(1000)) assert.ok(Date.now() - start < 60_000, JSON.stringify(jobs('')));
    });
  });
}
