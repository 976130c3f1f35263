// Each way of breaking is blamed on the plugin, the worker is replaced, and the third time the plugin is kept out: for the
// municipality where it broke, while the others go on.
import assert from 'node:assert/strict';
import {afterEach, describe, test} from 'node:test';
import {sleep} from '../../support/demo.mjs';
import {fallen, get, neighbours, replaced, serving, sql, told} from './crash_tools.mjs';

const clients = 6;

export default function (world) {
  describe('a plugin that breaks', () => {
    // What a case leaves behind when it fails must not make the next ones fail.
    afterEach(() => { world.demo.concejo('plugin', 'restore', world.plugin); });

    for (const ways of [[['abort', 'SIGABRT'], ['segv', 'SIGSEGV'], ['smash', 'SIGABRT']], [['deep', 'SIGSEGV'], ['throw', 'SIGABRT'], ['exit', 'exit']]]) {
      test(`${ways.map(([how]) => how)}: only requests in that worker fail, and the third time it is kept out`, {timeout: 120_000}, async t => {
        const {demo} = world, others = world.others = neighbours(demo, clients), times = [];
        await sleep(500);
        assert.deepEqual(others.failures, []);
        for (const [how] of ways) {
          const before = await serving(demo), failed = others.failures.length;
          assert.equal(before.length, 2);
          await assert.rejects(get(demo, `/es/averias/${how}`), 'nobody answers for it');
          const gone = await fallen(demo, before);
          assert.equal(gone.length, 1, 'one worker');
          times.push(await replaced(demo, gone));
          await sleep(300);
          const lost = others.failures.slice(failed);
          assert.ok(lost.length <= clients, `at most what was in flight: ${JSON.stringify(lost)}`);
          assert.ok(lost.every(({what}) => !/: \d+$/.test(what)), `cut off, never answered wrongly: ${JSON.stringify(lost)}`);
        }
        const {quarantine} = told(world);
        assert.equal(quarantine.length, 1);
        assert.equal(quarantine[0].tenant, 'valdehermoso');
        assert.equal(quarantine[0].crashes, 3);
        assert.equal(quarantine[0].reason, ways[2][1]);
        assert.equal(demo.concejo('doctor').code, 1, 'the doctor tells');
        const failed = others.failures.length;
        for (let n = 0; n < 20; ++n) {
          const kept = await get(demo, `/es/averias/${ways[0][0]}`);
          assert.equal(kept.status, 503);
          assert.ok(Number(kept.fields['retry-after']) > 0);
          assert.equal((await get(demo, '/es/averias/bien', 'riomar')).status, 200, 'the other municipality goes on');
        }
        const {asked, failures} = await others.stop();
        assert.equal(failures.length, failed, 'and nobody else notices');
        t.diagnostic(`${asked} requests of others, ${failures.length} lost with three workers; a worker serves again ${times} ms after`);
        assert.equal(demo.json('plugin', 'restore', world.plugin).value.ok, true);
        assert.deepEqual(told(world).quarantine, []);
        for (let n = 0; n < 20; ++n) assert.equal((await get(demo, '/es/averias/bien')).status, 200);
      });
    }

    test('the log names who fell, by what, for whom', async () => {
      const lines = world.demo.log.split('\n').filter(line => line.includes('ha hecho caer un proceso'));
      assert.equal(lines.length, 6);
      for (const signal of ['SIGABRT', 'SIGSEGV', 'exit']) assert.ok(lines.some(line => line.includes(signal) && line.includes(world.plugin)), signal);
    });

    test('the audit says who was put in quarantine and who came out', async () => {
      const rows = () => sql(world.demo, "select action, object, result, details->>'why' from concejo.audit where action like 'plugin.%' and tenant <> '' order by id");
      const expected = ['plugin.quarantine|SIGABRT', 'plugin.restore|SIGABRT', 'plugin.quarantine|exit', 'plugin.restore|exit']
        .map(row => row.replace('|', `|${world.plugin}|ok|`));
      for (let n = 0; n < 100 && rows().length < expected.length; ++n) await sleep(200);
      assert.deepEqual(rows(), expected);
    });

    test('the administrator gets one message for each quarantine', () => {
      const mails = sql(world.demo, "select payload->>'recipient', payload->>'subject' from concejo.outbox where kind = 'correo' and payload->>'subject' like '%cuarentena%' order by id");
      assert.equal(mails.length, 2, mails.join('\n'));
      for (const mail of mails) assert.equal(mail, `guardia@valdehermoso.example|El complemento «${world.plugin}» está en cuarentena en Ayuntamiento de Valdehermoso`);
    });

    test('a page of its own says so: themed, in the visitor\'s language, to be asked again', async () => {
      const {demo} = world;
      for (let n = 0; n < 3; ++n) {
        const before = await serving(demo);
        await get(demo, '/es/averias/guardada/1');
        await assert.rejects(get(demo, '/es/averias/abort'));
        await replaced(demo, await fallen(demo, before));
      }
      for (const where of ['/es/averias/bien', '/es/averias/guardada/1', '/ca/averias/bien', '/en/averias/bien']) {
        const {status, fields, body} = await get(demo, where);
        assert.equal(status, 503, where);
        assert.equal(fields['retry-after'], '300');
        assert.match(fields['content-type'], /^text\/html/);
        assert.match(body.toString(), new RegExp(`<html[^>]*lang="${where.slice(1, 3)}"`));
        assert.match(body.toString(), /data-c="error-page"/);
      }
      const api = await get(demo, '/api/averias/bien');
      assert.equal(api.status, 503);
      assert.match(api.fields['content-type'], /problem\+json/);
      assert.equal(demo.json('plugin', 'restore', world.plugin, '--tenant', 'riomar').code, 1, 'not there');
      assert.equal(demo.json('plugin', 'restore', world.plugin, '--tenant', 'valdehermoso').value.ok, true);
      assert.equal((await get(demo, '/es/averias/guardada/1')).status, 200);
    });

    test('one that hangs is answered 503 in time; its worker is killed and the hang is its fault', {timeout: 120_000}, async t => {
      const {demo} = world, times = [];
      for (let n = 0; n < 3; ++n) {
        const before = await serving(demo), start = Date.now();
        assert.equal((await get(demo, '/es/averias/hang')).status, 503);
        const gone = await fallen(demo, before);
        times.push(Date.now() - start);
        await replaced(demo, gone);
      }
      const [{reason, tenant}] = told(world).quarantine;
      assert.deepEqual({reason, tenant}, {reason: 'colgado', tenant: 'valdehermoso'});
      t.diagnostic(`handlers may take 3 s; hung workers were killed after ${times} ms`);
      assert.equal(demo.json('plugin', 'restore', world.plugin).value.ok, true);
    });

    test('a worker that somebody kills is nobody\'s fault', async () => {
      const before = await serving(world.demo);
      process.kill(before[0], 'SIGKILL');
      await replaced(world.demo, [before[0]]);
      assert.equal(told(world).recent_crashes, 0);
    });
  });
}
