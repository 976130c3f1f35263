// `usuario:` of platform.yaml: root starts the server, and nothing of it that meets the network stays root.
import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {after, before, describe, test} from 'node:test';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {Bare, concejo, program, rawRequest} from '../../support/demo.mjs';

const account = 'nobody';
const skip = process.getuid() !== 0 && 'only root can become another user';

/** Real, effective, saved and file system ids: none may lead back. */
const ids_of = (pid, key) => [...new Set(fs.readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`^${key}:\\s+(.*)$`, 'm'))[1].split(/\s+/))].map(Number);

/** The program where that user can reach it: as it is, or installed elsewhere when the checkout is root's alone. */
function reachable() {
  const share = path.resolve(path.dirname(program), '../share/concejo/config/platform.schema.yaml');
  if (spawnSync('setpriv', ['--reuid', account, '--clear-groups', 'test', '-r', fs.realpathSync(share)]).status === 0) return {program};
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'concejo-instalado-'));
  fs.chmodSync(folder, 0o755);
  execFileSync('cmake', ['--install', path.resolve(path.dirname(program), '..'), '--prefix', folder], {stdio: 'ignore'});
  return {program: path.join(folder, 'bin/concejo'), folder};
}

export default function () {
  describe('usuario: as root', {skip}, () => {
    let bare, wanted, status, place;
    before(async () => {
      wanted = Number(execFileSync('id', ['-u', account], {encoding: 'utf8'}));
      place = reachable();
      bare = await Bare.make(text => `${text}\nusuario: ${account}\n`);
      bare.program = place.program;
      await bare.up();
      status = JSON.parse(concejo(['status', '--json', '--dir', bare.dir]).stdout);
    });
    after(async () => {
      await bare?.remove();
      if (place?.folder) fs.rmSync(place.folder, {recursive: true, force: true});
    });

    test('a page answers', async () => {
      const {status: code, text} = await rawRequest(bare.port, '/es/', {host: `valdehermoso.localhost:${bare.port}`});
      assert.equal(code, 200);
      assert.match(text, /Valdehermoso/);
    });

    test('web and job workers are that user, for good and without groups of root', () => {
      assert.deepEqual([...new Set(status.workers.map(worker => worker.kind))].sort(), ['job', 'web']);
      for (const {pid, kind} of status.workers) {
        assert.deepEqual(ids_of(pid, 'Uid'), [wanted], `${kind} ${pid}`);
        assert.ok(!ids_of(pid, 'Gid').includes(0), `${kind} ${pid}`);
        const groups = fs.readFileSync(`/proc/${pid}/status`, 'utf8').match(/^Groups:\s*(.*)$/m)[1].split(/\s+/);
        assert.ok(!groups.includes('0'), `${kind} ${pid}: ${groups}`);
      }
    });

    test('PostgreSQL is that user, and so are its files', () => {
      const pgdata = path.join(bare.dir, 'data/postgresql/pgdata');
      const pid = Number(fs.readFileSync(path.join(pgdata, 'postmaster.pid'), 'utf8').split('\n')[0]);
      assert.deepEqual(ids_of(pid, 'Uid'), [wanted]);
      assert.equal(fs.statSync(pgdata).uid, wanted);
      assert.equal(fs.statSync(path.join(bare.dir, 'data/blobs')).uid, wanted);
    });

    test('commands beside it work and leave nothing of root in its folders', () => {
      const {code, stderr} = concejo(['user', 'add', '--dir', bare.dir, '--tenant', 'valdehermoso', '--login', 'ana', '--role', 'redaccion'], {input: 'tres tristes tigres 44\n', by: place.program});
      assert.equal(code, 0, stderr);
      for (const entry of fs.readdirSync(path.join(bare.dir, 'data'))) assert.equal(fs.statSync(path.join(bare.dir, 'data', entry)).uid, wanted, entry);
    });

    test('a user that does not exist is refused by name', async () => {
      const other = await Bare.make(text => `${text}\nusuario: nadie_con_este_nombre\n`);
      await assert.rejects(other.up(), /ended with 2[^]*nadie_con_este_nombre[^]*adduser/);
      await other.remove();
    });
  });
}
