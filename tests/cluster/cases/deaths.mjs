// Under load a whole node is killed, then the other, and the database is stopped as if its machine had lost its power: what was
// acknowledged is there, whole, and once.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {sleep} from '../../support/demo.mjs';
import {Load, sha256} from '../load.mjs';

const tables = 'm_valdehermoso';

export default function (world) {
  describe('deaths', () => {
    let load;
    const sql = text => world.postgres.sql(text);
    const writing_again = async (count, limit = 30_000) => {
      const start = Date.now(), before = count();
      while (count() < before + 10) { assert.ok(Date.now() - start < limit, 'nobody writes any more'); await sleep(20); }
      return Date.now() - start;
    };
    const acknowledged = () => load.ledger.size;
    /** Jobs that a node has in hand. */
    const held_by = node => Number(sql(`select count(*) from concejo.jobs where state = 'running' and kind = 'lento' and worker ~ '\\m${node.workers('job')[0].pid}\\M'`));

    test('a node dies, all of it: the other goes on, and takes its jobs when their lease is over', {timeout: 120_000}, async t => {
      const [one, two] = world.nodes;
      load = new Load(world.door(), world.token);
      load.start({programs: 8, people: [world.clerk.cookies, world.clerk.cookies], readers: 3});
      await sleep(1500);
      await Promise.all(Array.from({length: 8}, (_, n) => load.note(`lento-${n}`, {lento: '1'})));
      let held = 0;
      for (let n = 0; n < 100 && held === 0; ++n) { held = held_by(one); if (!held) await sleep(30); }
      const failed = load.failures.length;
      await one.die();
      const died = Date.now();
      const pause = await writing_again(acknowledged);
      assert.ok(held > 0, 'it had jobs in hand');
      const left = () => Number(sql("select count(*) from concejo.jobs where kind = 'lento' and state in ('waiting', 'running')"));
      while (left() > 0) { assert.ok(Date.now() - died < 40_000, 'its jobs wait for ever'); await sleep(100); }
      const taken = Number(sql("select count(*) from concejo.jobs where kind = 'lento' and attempts > 1"));
      assert.ok(taken >= held, `${taken} of ${held} jobs began again at the other node`);
      assert.ok(two.workers().length > 0);
      t.diagnostic(`10 more acknowledged ${pause} ms after the death; ${held} jobs in hand, all done ${Date.now() - died} ms after it (leases of 6 s); ${load.failures.length - failed} reads failed of ${load.reads}`);
    });

    test('it comes back, and reloads under load', {timeout: 120_000}, async t => {
      const [one] = world.nodes, failed = load.failures.length;
      const start = Date.now();
      await one.up();
      t.diagnostic(`serving again after ${Date.now() - start} ms`);
      await sleep(3000);  // until HAProxy has seen it twice
      const reloaded = one.concejo('reload');
      assert.equal(reloaded.code, 0, reloaded.stderr);
      await writing_again(acknowledged);
      assert.deepEqual(load.failures.slice(failed), [], 'nobody notices');
    });

    test('then the other dies, and meanwhile the database stops at once and recovers', {timeout: 120_000}, async t => {
      const [one, two] = world.nodes;
      await two.die();
      const pause = await writing_again(acknowledged);
      await world.postgres.crash();
      const recovered = await writing_again(acknowledged);
      await load.stop();
      assert.ok(one.workers().length > 0);
      t.diagnostic(`10 more acknowledged ${pause} ms after the death, and ${recovered} ms after the database's; sent again: ${JSON.stringify(load.repeated)}; ${load.failures.length} of ${load.reads} reads failed: ${JSON.stringify([...new Set(load.failures.map(({what}) => what))])}`);
    });

    test('the ledger equals the database, and every file comes whole from the survivor', {timeout: 60_000}, async t => {
      const door = world.door(world.nodes[0].port);
      const stored = new Map(sql(`select clave || ' ' || blob from ${tables}.nodos_apunte`).split('\n').map(line => line.split(' ')));
      assert.equal(Number(sql(`select count(*) from ${tables}.nodos_apunte`)), stored.size, 'none twice');
      assert.deepEqual([...load.ledger].sort(), [...stored].sort());
      const edicts = new Map(sql(`select titulo || '|' || id from ${tables}.sede_anuncio where titulo ~ '^Edicto [0-9]+-'`).split('\n').map(line => line.split('|')));
      assert.deepEqual([...load.edicts].sort(), [...edicts].sort());
      for (const [key, sum] of load.ledger) {
        const answer = await door.request(`/api/nodos/apuntes/${key}`);
        assert.equal(answer.status, 200, key);
        assert.equal(sha256(answer.bytes), sum, key);
      }
      t.diagnostic(`${load.ledger.size} entries with their files and ${load.edicts.size} edicts acknowledged`);
    });

    test('every job and event was done once', {timeout: 60_000}, async () => {
      const left = () => Number(sql("select count(*) from concejo.jobs where state in ('waiting', 'running') and kind <> 'toque'"));
      for (const start = Date.now(); left() > 0; await sleep(100)) assert.ok(Date.now() - start < 40_000, `${left()} jobs left`);
      assert.equal(sql("select count(*) from concejo.jobs where state = 'dead'"), '0');
      const done = kind => sql(`select clave from ${tables}.nodos_hecho where que ${kind} order by clave collate "C"`).split('\n').filter(Boolean);
      assert.deepEqual(done("in ('anota', 'lento')"), [...load.ledger.keys()].sort());
      const published = new Set(load.edicts.values());
      assert.deepEqual(done("= 'suceso'").filter(id => published.has(id)), [...published].sort());
    });

    test('the second node comes back to what the first one knows', {timeout: 120_000}, async () => {
      const [one, two] = world.nodes;
      await two.up();
      const answers = await Promise.all([one, two].map(node => world.door(node.port).request('/es/nodos/cuenta')));
      assert.deepEqual(answers.map(({text}) => text), Array(2).fill(String(load.ledger.size)));
      assert.equal((await world.clerk.get('/es/gestion/tablon')).status, 200, 'the session has outlived both');
    });
  });
}
