// A plugin that falls while it starts: the generation is refused and the old one stays; the first start says who it is; in safe
// mode the rest serves.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {describe, test} from 'node:test';
import {get, neighbours, replaced, serving, told} from './crash_tools.mjs';

export default function (world) {
  describe('a plugin that falls while it starts', () => {
    const order = text => fs.writeFileSync(world.orders, text);

    for (const how of ['abort', 'exit']) {
      test(`${how}: a reload is refused, naming it, and the old generation serves on`, {timeout: 60_000}, async () => {
        const {demo} = world, others = world.others = neighbours(demo, 3), before = await serving(demo);
        order(`arranque ${how}`);
        const {code, stderr} = demo.concejo('reload');
        assert.equal(code, 1);
        assert.match(stderr, /es\.prueba\.averias.*al arrancar/);
        assert.match(stderr, /--safe/);
        assert.deepEqual(await serving(demo), before);
        assert.equal((await get(demo, '/es/averias/bien')).status, 200);
        assert.deepEqual((await others.stop()).failures, []);
        assert.equal(told(world).recent_crashes, 0, 'a generation that never served counts for nothing');
        fs.rmSync(world.orders);
      });
    }

    test('a worker that cannot be replaced because of it: left out after three times, and everything else serves', {timeout: 120_000}, async t => {
      const {demo} = world, before = await serving(demo);
      order('arranque abort');
      process.kill(before[0], 'SIGKILL');
      const took = await replaced(demo, [before[0]]);
      t.diagnostic(`two workers again after three crashes at start: ${took} ms`);
      const [{tenant, reason, crashes}] = told(world).quarantine;
      assert.deepEqual({tenant, reason, crashes}, {tenant: null, reason: 'SIGABRT', crashes: 3});
      const others = world.others = neighbours(demo, 3);
      for (let n = 0; n < 20; ++n) assert.equal((await get(demo, '/es/averias/bien')).status, 503, 'whichever worker answers');
      assert.deepEqual((await others.stop()).failures, []);
    });

    test('it cannot be restored while it still falls; it can once it does not', {timeout: 120_000}, async () => {
      const {demo} = world;
      assert.equal(demo.concejo('plugin', 'restore', world.plugin).code, 1);
      assert.equal((await get(demo, '/es/tablon')).status, 200);
      assert.equal((await get(demo, '/es/averias/bien')).status, 503);
      assert.equal(told(world).quarantine.length, 1, 'still there');
      fs.rmSync(world.orders);
      const {code, stderr} = demo.concejo('plugin', 'restore', world.plugin);
      assert.equal(code, 0, stderr);
      for (let n = 0; n < 10; ++n) assert.equal((await get(demo, '/es/averias/bien')).status, 200);
    });

    test('a first start fails with who it was; in safe mode the modules of modo_seguro serve', {timeout: 240_000}, async () => {
      const {demo} = world;
      await demo.stop();
      order('arranque segv');
      await assert.rejects(demo.up(['serve']), error => {
        assert.match(error.message, /ended with 1/);
        assert.match(error.message, /«es\.prueba\.averias» hace caer el proceso al arrancar \(SIGSEGV\)/);
        return true;
      });
      await demo.up(['serve', '--safe']);
      assert.equal((await get(demo, '/es/tablon')).status, 200);
      const kept = await get(demo, '/es/averias/bien');
      assert.equal(kept.status, 503, 'not "gone": its module is only not there now');
      assert.ok(Number(kept.fields['retry-after']) > 0);
      assert.equal((await get(demo, '/es/buzon', 'riomar')).status, 503);
      const reloaded = demo.concejo('reload');
      assert.equal(reloaded.code, 0, reloaded.stderr);
      assert.equal((await get(demo, '/es/averias/bien')).status, 503, 'safe mode stays until the next start');
      await demo.stop();
      fs.rmSync(world.orders);
      await demo.up(['serve']);
      assert.equal((await get(demo, '/es/averias/bien')).status, 200);
    });
  });
}
