// The demonstration stops, starts and is killed, and loses nothing.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import {sleep} from '../../support/demo.mjs';

export default function (world) {
  const all = () => world.demo.json('sede', 'list', '--tenant', 'valdehermoso').value.anuncios.map(({id, numero, estado}) => `${id} ${numero} ${estado}`).sort();

  describe('continuity', () => {
    test('SIGTERM ends it with 0; the command line works without a server; demo continues', async () => {
      const [before, credentials] = [all(), world.demo.credentials];
      assert.deepEqual(await world.demo.stop('SIGTERM'), {code: 0, signal: null});
      await assert.rejects(world.demo.request('/es/'), /ECONNREFUSED/);
      assert.deepEqual(all(), before, 'listed with a database of its own');
      await world.demo.up();
      assert.deepEqual(world.demo.credentials, credentials);
      assert.deepEqual(all(), before);
      assert.equal((await world.demo.request(new URL(world.published.url).pathname)).status, 200);
    });

    test('Ctrl-C ends it as well', async () => {
      assert.deepEqual(await world.demo.stop('SIGINT'), {code: 0, signal: null});
      await world.demo.up();
    });

    test('kill -9 of the supervisor: its workers leave, and the next start has everything', async () => {
      const before = all();
      const {gone} = world.demo;
      world.demo.child.kill('SIGKILL');
      await gone;
      await world.demo.up();
      assert.deepEqual(all(), before);
      assert.ok((await world.demo.request('/es/tablon?q=integraci%C3%B3n')).text.includes('Edicto de la prueba de integración'));
      const others = () => fs.readdirSync('/proc').filter(pid => /^\d+$/.test(pid)).filter(pid => {
        try {
          const words = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
          return words.includes('worker') && words.includes(world.demo.dir) && !fs.readFileSync(`/proc/${pid}/status`, 'utf8').includes(`PPid:\t${world.demo.child.pid}\n`);
        } catch { return false; }
      });
      for (const end = Date.now() + 20_000; others().length > 0 && Date.now() < end;) await sleep(200);  // they end what they are doing
      assert.deepEqual(others(), [], 'no worker of the dead one is left');
    });

    test('the way of demo is the way of serve: the same folder serves', async () => {
      await world.demo.stop();
      await world.demo.up(['serve']);
      assert.equal((await world.demo.request('/es/')).status, 200);
      assert.ok(fs.existsSync(path.join(world.demo.dir, 'data')));
    });
  });
}
