// The server is killed with a municipality's file half written, written and not yet read, or about to go back. What is on the
// disk afterwards is a whole file, nothing is left beside it, and the next start serves what it says.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {once} from 'node:events';
import {after, before, describe, test} from 'node:test';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import {Bare, concejo, rawRequest} from '../../support/demo.mjs';

export default function () {
  describe('settings that change in a server that is killed', () => {
    const place = {command: 'config', tenant: 'valdehermoso', module: 'sede', by: 'user:prueba'};
    let bare, file, old, wanted, change;
    const folder = () => path.dirname(file);
    const text = () => fs.readFileSync(file, 'utf8');
    const unfinished = () => fs.readdirSync(folder()).filter(name => name.endsWith('.tmp'));

    async function say(question) {
      const link = net.connect(path.join(bare.dir, 'run/admin.sock'));
      await once(link, 'connect');
      link.on('error', () => {});  // the other side dies
      link.write(JSON.stringify(question) + '\n');
      return link;
    }
    async function ask(question) {
      let said = '';
      for await (const piece of await say(question)) said += piece;
      return JSON.parse(said);
    }
    /** Sends the change and kills at the moment; nothing else runs meanwhile in this process, so it is not missed. */
    async function killed_when(moment) {
      const link = await say(change);
      for (const until = Date.now() + 30_000; !moment();) if (Date.now() > until) throw Error('the moment does not come');
      bare.child.kill('SIGKILL');
      await bare.gone;
      link.destroy();
    }
    async function agrees() {
      const left = text();
      assert.ok([old, wanted].includes(left), `half a file:\n${left}`);
      await bare.up();
      assert.deepEqual(fs.readdirSync(folder()).filter(name => !name.endsWith('.yaml')), [], 'nothing is left beside it');
      assert.equal(text(), left, 'to start changes nothing');
      const told = await ask({...place, ask: 'module'});
      assert.deepEqual([told.ok, told.active, told.sha256, told.problems], [true, left === old, createHash('sha256').update(left).digest('hex'), []]);
      const page = await rawRequest(bare.port, '/es/tablon', {host: `valdehermoso.localhost:${bare.port}`});
      assert.equal(page.status, left === old ? 200 : 404);
      if (left === old) return;
      fs.writeFileSync(file, old);
      const {code, stderr} = concejo(['reload', '--dir', bare.dir]);
      assert.equal(code, 0, stderr);
    }

    before(async () => {
      bare = await Bare.make();
      file = path.join(bare.dir, 'config/municipios/valdehermoso.yaml');
      await bare.up();
      old = text();
      const {body, sha256} = await ask({...place, ask: 'module'});
      change = {...place, ask: 'write', sha256, body: body.replace('activo: true', 'activo: false')};
      wanted = old.replace(/(\n  sede:\n    activo: )true/, '$1false');
      assert.notEqual(wanted, old);
    });
    after(() => bare?.remove());

    test('in the middle of the file: the old one is there', async () => {
      // One byte more than the old one: the system ends the process that writes it.
      const {status, stderr} = spawnSync('prlimit', ['--pid', String(bare.child.pid), '--core=0', `--fsize=${Buffer.byteLength(old)}`], {encoding: 'utf8'});
      assert.equal(status, 0, stderr);
      const link = await say(change);
      assert.equal((await bare.gone).signal, 'SIGXFSZ');
      link.destroy();
      assert.equal(text(), old);
      const [half, ...more] = unfinished();
      assert.deepEqual(more, []);
      assert.equal(fs.readFileSync(path.join(folder(), half), 'utf8'), wanted.slice(0, -1), 'it was under way');
      await agrees();
    });

    test('its workers have the port for a moment: the next server waits for it', async () => {
      const workers = fs.readFileSync(`/proc/${bare.child.pid}/task/${bare.child.pid}/children`, 'utf8').trim().split(' ').map(Number);
      for (const pid of workers) process.kill(pid, 'SIGSTOP');
      bare.child.kill('SIGKILL');
      await bare.gone;
      setTimeout(() => { for (const pid of workers) process.kill(pid, 'SIGCONT'); }, 1500);
      await bare.up();
    });

    test('as the file appears', async () => {
      await killed_when(() => unfinished().length > 0 || text() !== old);
      await agrees();
    });

    test('once it is there and nobody has read it', async () => {
      await killed_when(() => text() !== old);
      assert.equal(text(), wanted);
      await agrees();
    });

    for (const [what, moment] of [['before it is refused', () => () => text() !== old],
      ['as the old one comes back', () => { let there = false; return () => (there ||= text() !== old) && (unfinished().length > 0 || text() === old); }]]) {
      test(`with a reload that cannot be, ${what}`, async () => {
        const platform = path.join(bare.dir, 'config/platform.yaml'), good = fs.readFileSync(platform, 'utf8');
        fs.writeFileSync(platform, `${good}\nbase_de_datos:\n  principal: {conexion: 'host=127.0.0.1 port=1 dbname=no'}\ndefecto: {base_de_datos: principal}\n`);
        try {
          await killed_when(moment());
        } finally {
          fs.writeFileSync(platform, good);
        }
        await agrees();
      });
    }

    test('and where nobody kills it, the change is served', async () => {
      const done = await ask(change);
      assert.equal(done.ok, true, done.error);
      assert.equal(text(), wanted);
      const page = await rawRequest(bare.port, '/es/tablon', {host: `valdehermoso.localhost:${bare.port}`});
      assert.equal(page.status, 404);
    });
  });
}
