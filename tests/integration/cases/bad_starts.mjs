// What a start that cannot be says, and that it leaves nothing half-made.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {concejo} from '../../support/demo.mjs';

export default function (world) {
  describe('bad starts', () => {
    const folder = change => {
      const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'concejo-mal-'));
      fs.chmodSync(dir, 0o755);
      if (change) {
        fs.cpSync(path.join(world.demo.dir, 'config'), path.join(dir, 'config'), {recursive: true});
        change(dir);
      }
      return dir;
    };

    test('a busy port: says which, and what to do', () => {
      const dir = folder(() => {});
      const {code, stderr} = concejo(['serve', '--dir', dir]);
      assert.ok(code === 1 || code === 2, `${code} ${stderr}`);
      assert.match(stderr, new RegExp(String(world.demo.port)));
      assert.ok(!fs.existsSync(path.join(dir, 'data/db/postmaster.pid')), 'no database left running');
      fs.rmSync(dir, {recursive: true, force: true});
    });

    test('a second server on the same folder is refused and the first goes on', async () => {
      const {code, stderr} = world.demo.concejo('serve');
      assert.equal(code, 1, stderr);
      assert.match(stderr, /ya hay un servidor en marcha/);
      assert.equal((await world.demo.request('/es/')).status, 200);
    });

    test('a configuration with errors: nothing is started', () => {
      const dir = folder(dir => fs.appendFileSync(path.join(dir, 'config/platform.yaml'), '\nhtpp: {}\n'));
      const {code, stderr} = concejo(['serve', '--dir', dir]);
      assert.equal(code, 2);
      assert.match(stderr, /platform\.yaml:\d+:\d+: error: .*htpp/);
      assert.match(stderr, /http/, 'with the nearest key');
      assert.ok(!fs.existsSync(path.join(dir, 'data')), 'nothing half-made');
      fs.rmSync(dir, {recursive: true, force: true});
    });

    test('no configuration at all: says where it was looked for', () => {
      const dir = folder();
      const {code, stderr} = concejo(['serve', '--dir', dir]);
      assert.ok(code === 1 || code === 2);
      assert.match(stderr, /platform\.yaml: error: no existe/);
      fs.rmSync(dir, {recursive: true, force: true});
    });

    test('commands on a folder without server say so', () => {
      const dir = folder(() => {});
      const {code, stderr} = concejo(['reload', '--dir', dir]);
      assert.equal(code, 1);
      assert.match(stderr, /marcha/);
      fs.rmSync(dir, {recursive: true, force: true});
    });
  });
}
