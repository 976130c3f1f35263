// A copy made while people work, everything destroyed, and everything back. Judges: tar, sha256sum and pg_dump's own text.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {describe, test, before, after} from 'node:test';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {Client} from '../../support/client.mjs';
import {concejo, Demo, freePort, sleep} from '../../support/demo.mjs';

export default function (world) {
  describe('copies', () => {
    let folder, whole;
    const run = (...words) => { const {status, stdout, stderr} = spawnSync(words[0], words.slice(1), {encoding: 'utf8', maxBuffer: 1 << 28}); assert.equal(status, 0, stderr); return stdout; };
    const unpack = file => { const to = fs.mkdtempSync(path.join(folder, 'x-')); run('tar', '--zstd', '-xf', file, '-C', to); return to; };
    const in_place = (dir, ...args) => concejo([...args, '--dir', dir]);
    /** What must be equal: the schema as pg_dump tells it, the kernel's rows, the files. Seals and pg_dump's own key differ each time. */
    const content = root => {
      const all = {};
      for (const entry of fs.readdirSync(root, {recursive: true})) {
        const file = path.join(root, entry);
        if (!fs.statSync(file).isFile() || entry === 'SHA256SUMS') continue;
        let text = fs.readFileSync(file, 'latin1');
        if (entry.endsWith('datos.sql')) text = text.replace(/^\\(un)?restrict .*$/gm, '');
        if (entry.endsWith('users.tsv')) text = text.split('\n').map(line => line.split('\t').filter((_, i) => i !== 7).join('\t')).join('\n');
        if (/audit(_chain)?\.tsv$/.test(entry)) text = text.split('\n').slice(0, -1).map(line => line.split('\t').filter((_, i) => entry.endsWith('chain.tsv') ? i !== 2 : i !== 0).join('\t')).join('\n');
        else if (entry.endsWith('.tsv')) text = text.split('\n').sort().join('\n'); // a row that was changed stands elsewhere in its table
        all[entry] = text;
      }
      return all;
    };

    before(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'concejo-copia-')); fs.chmodSync(folder, 0o755); });
    after(() => fs.rmSync(folder, {recursive: true, force: true, maxRetries: 5}));

    test('of the whole installation, beside the running server; tar and sha256sum agree', async () => {
      // A job that runs at that moment is one that waits, where it is put back.
      for (let n = 0; n < 100 && world.demo.sql("select count(*) from concejo.jobs where state = 'running' or state = 'waiting' and run_at < now() + interval '5 s'") !== '0'; ++n) await sleep(200);
      whole = path.join(folder, 'todo.tar.zst');
      const {code, value, stderr} = world.demo.json('backup', `--to=${whole}`);
      assert.equal(code, 0, stderr);
      assert.deepEqual(value.tenants.map(tenant => tenant.slug), ['riomar', 'valdehermoso']);
      for (const tenant of value.tenants) { assert.ok(tenant.files > 10); assert.deepEqual(tenant.damaged, []); }
      assert.equal(fs.statSync(whole).mode & 0o777, 0o600, 'nobody else reads it');
      const root = unpack(whole);
      run('sh', '-c', `cd '${root}' && sha256sum --check --strict --quiet SHA256SUMS`);
      for (const slug of ['riomar', 'valdehermoso']) {
        const files = path.join(root, 'municipios', slug, 'ficheros');
        for (const line of run('sh', '-c', `cd '${files}' && sha256sum *`).trim().split('\n')) assert.equal(...line.split('  '));
      }
      assert.equal(world.demo.concejo('backup', 'verify', whole).code, 0);
      assert.equal(world.demo.concejo('backup', '--to', whole).code, 1, 'an earlier copy is never written over');
    });

    test('put back where there was nothing: every row and file equal, and people sign in as before', async () => {
      const dir = path.join(folder, 'nueva');
      const {code, stderr} = in_place(dir, 'restore', whole);
      assert.equal(code, 0, stderr);
      const again = path.join(folder, 'otra-vez.tar.zst');
      assert.equal(in_place(dir, 'backup', '--to', again).code, 0);
      const [was, is] = [content(unpack(whole)), content(unpack(again))];
      assert.deepEqual(Object.keys(is).sort(), Object.keys(was).sort());
      for (const [name, text] of Object.entries(was)) {
        // The audit record goes on: it now also tells of the restoration. Its chain says the order; numbers of entries that
        // were written side by side may not have followed it.
        if (name.endsWith('audit_chain.tsv')) assert.ok(is[name].startsWith(text), name);
        else if (name.endsWith('audit.tsv')) assert.deepEqual(text.split('\n').filter(line => !is[name].split('\n').includes(line)), [], name);
        else assert.equal(is[name] === text, true, name);
      }

      const file = path.join(dir, 'config/platform.yaml');
      const port = await freePort();
      fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(/puerto: \d+/, `puerto: ${port}`));
      fs.copyFileSync(path.join(world.demo.dir, 'demo-credentials.json'), path.join(dir, 'demo-credentials.json'));
      const restored = Object.assign(new Demo(), {dir, port, env: {}, kept: dir});
      await restored.up(['serve']);
      try {
        assert.ok((await restored.request('/es/tablon?q=integraci%C3%B3n')).text.includes('Edicto de la prueba de integración'));
        const client = new Client(restored);
        await client.login('secretaria');
        assert.equal((await client.get('/es/gestion')).status, 200, 'password and second factor are the same');
      } finally {
        await restored.stop();
      }

      const refused = in_place(dir, 'restore', whole);
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /ya tiene datos.*--replace/);
      assert.equal(in_place(dir, 'restore', whole, '--tenant', 'riomar', '--replace').code, 0);
    });

    test('a municipality leaves with everything, and is at home where others live', () => {
      const taken = path.join(folder, 'riomar.tar.zst');
      assert.equal(world.demo.concejo('tenant', 'export', '--tenant', 'riomar', '--to', taken).code, 0);
      const names = run('tar', '--zstd', '-tf', taken);
      assert.ok(!names.includes('valdehermoso') && !names.includes('instalacion/'), 'nothing of the others');
      assert.ok(!run('sh', '-c', `tar --zstd -xOf '${taken}' | grep -c 'm_valdehermoso' || true`).trim().replace(/^0$/, ''));

      // Another installation, whose ids are already taken by its own municipality.
      const dir = path.join(folder, 'vecina');
      fs.mkdirSync(path.join(dir, 'config/municipios'), {recursive: true});
      for (const name of ['platform.yaml', 'municipios/valdehermoso.yaml']) fs.copyFileSync(world.demo.file(name), path.join(dir, 'config', name));
      assert.equal(in_place(dir, 'restore', whole, '--tenant', 'valdehermoso').code, 0);
      const {code, stderr} = in_place(dir, 'tenant', 'import', taken);
      assert.equal(code, 0, stderr);
      const titles = where => JSON.parse(concejo(['sede', 'list', '--tenant', 'riomar', '--dir', where, '--json']).stdout).anuncios.map(({id, estado}) => `${id} ${estado}`).sort();
      assert.deepEqual(titles(dir), titles(world.demo.dir));
      const there = content(unpack(taken));
      const copy = path.join(folder, 'vecina.tar.zst');
      assert.equal(in_place(dir, 'tenant', 'export', '--tenant', 'riomar', '--to', copy).code, 0);
      const here = content(unpack(copy));
      for (const name of Object.keys(there).filter(name => /ficheros|datos\.sql|users|blobs/.test(name))) assert.equal(here[name] === there[name], true, name);
      assert.ok(here['municipios/riomar/plataforma/audit_chain.tsv'].startsWith(there['municipios/riomar/plataforma/audit_chain.tsv']), 'the same chain of hashes under other ids');
    });

    test('a copy that is cut, altered or no copy is refused before anything is touched', () => {
      const bytes = fs.readFileSync(whole);
      const cases = {cut: bytes.subarray(0, bytes.length * 0.7 | 0), altered: Buffer.from(bytes), none: Buffer.from('esto no es una copia')};
      cases.altered[bytes.length / 2 | 0] ^= 1;
      for (const [name, content] of Object.entries(cases)) {
        const file = path.join(folder, `${name}.tar.zst`);
        fs.writeFileSync(file, content);
        assert.equal(world.demo.concejo('backup', 'verify', file).code, 1, name);
        const dir = path.join(folder, `de-${name}`);
        const {code, stderr} = in_place(dir, 'restore', file);
        assert.notEqual(code, 0);
        assert.match(stderr, /copia/);
        assert.ok(!fs.existsSync(dir), 'nothing half-made');
      }
    });

    test('a stored file that was altered on the disk is named, and does not keep the rest from being copied', () => {
      const blobs = path.join(world.demo.dir, 'data/blobs');
      const file = fs.readdirSync(blobs, {recursive: true}).map(name => path.join(blobs, name)).find(name => /\/riomar\/.*[0-9a-f]{64}$/.test(name));
      const before = fs.readFileSync(file);
      const altered = Buffer.from(before);
      altered[altered.length >> 1] ^= 1;
      fs.chmodSync(file, 0o640);
      fs.writeFileSync(file, altered);
      try {
        const {code, value} = world.demo.json('backup', `--to=${path.join(folder, 'con-danos.tar.zst')}`);
        assert.equal(code, 1);
        assert.deepEqual(value.tenants.find(tenant => tenant.slug === 'riomar').damaged, [path.basename(file)]);
      } finally {
        fs.writeFileSync(file, before);
        fs.chmodSync(file, 0o440);
      }
    });
  });
}
