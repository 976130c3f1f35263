// What happens to sealed documents as the years go by: another key for the log. Judged by concejo-verify.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {after, before, describe, test} from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import {program, sleep} from '../../support/demo.mjs';
import {good_signatures, parse_note, parse_vkey} from '../../support/tlog.mjs';
import {day, pdf} from '../../support/pdf.mjs';

const host = 'riomar.localhost';

export default function (world) {
  const concejo = (...args) => world.demo.concejo(...args);
  const get = where => world.demo.request(where, {host});
  const file = (name, bytes) => { const where = path.join(world.demo.dir, name); fs.writeFileSync(where, bytes); return where; };
  const until = async (what, is) => {
    for (let n = 0; n < 150; ++n) { const found = await is(); if (found) return found; await sleep(200); }
    assert.fail(what);
  };
  const publish = titulo => {
    const bytes = pdf(titulo);
    const {code, stdout, stderr} = concejo('sede', 'publish', '--json', '--tenant', 'riomar', '--tipo', 'edicto', '--titulo', titulo, '--desde', day(0).iso, '--hasta', day(20).iso, file('guardado.pdf', bytes));
    assert.equal(code, 0, stderr);
    return {...JSON.parse(stdout), bytes};
  };
  const bundle_of = async csv => (await get(`/es/verificar/${csv}/evidencia`)).bytes;
  const verify = (bytes, ...more) => {
    const {status, stdout} = spawnSync(path.join(path.dirname(program), 'concejo-verify'), ['--json', ...more, file('guardado.evidencia', bytes)], {encoding: 'utf8'});
    return {status, ...JSON.parse(stdout)};
  };
  const schema = () => world.demo.sql("SELECT nspname FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid WHERE c.relname = 'evidence_hoja' AND nspname LIKE '%riomar%'");
  const stamped = csv => until('the signature has its timestamp', () => world.demo.sql(`SELECT sello IS NOT NULL FROM "${schema()}".evidence_documento WHERE csv = '${csv}'`) === 't');

  describe('another key for the log', () => {
    let edict, old_bundle, old_key, restore;
    const openssl = (...args) => { const {status, stdout, stderr} = spawnSync('openssl', args, {encoding: 'utf8'}); assert.equal(status, 0, stderr); return stdout; };
    const keys = async () => (await get('/evidencia/clave')).text.split('\n').filter(line => line && !line.startsWith('#'));
    before(async () => {
      edict = publish('Edicto de antes de cambiar la clave');
      await stamped(edict.csv);
      [old_key] = await keys();
      old_bundle = await bundle_of(edict.csv);
      const folder = path.join(world.demo.dir, 'pki-rotacion'), secrets = world.demo.file('secretos/riomar');
      assert.equal(concejo('evidence', 'pki', '--tenant', 'riomar', folder).code, 0);
      fs.mkdirSync(secrets, {recursive: true, mode: 0o700});
      fs.copyFileSync(path.join(folder, 'sello.key'), path.join(secrets, 'sello-clave'));
      fs.chmodSync(path.join(secrets, 'sello-clave'), 0o600);
      fs.writeFileSync(path.join(secrets, 'registro-clave'), openssl('genpkey', '-algorithm', 'ed25519'), {mode: 0o600});
      const certificates = ['sello.pem', 'cadena.pem'].map(name => fs.readFileSync(path.join(folder, name), 'utf8')).join('').trimEnd();
      restore = world.demo.edit('municipios/riomar.yaml', text => text.replace('  evidence:\n    activo: true\n',
        `  evidence:\n    activo: true\n    sello:\n      clave: !secret sello-clave\n      certificados: |\n${certificates.replace(/^/gm, '        ')}\n    registro:\n      clave: !secret registro-clave\n`));
      const {code, stderr} = concejo('reload');
      assert.equal(code, 0, stderr);
    });
    after(() => { restore?.(); concejo('reload'); });
    const by = vkey => file('una-clave', `${vkey}\n`);

    test('signs at once what the old one signed; old evidence is still good under the old key', async () => {
      const [present, ...older] = await keys();
      assert.notEqual(present, old_key);
      assert.ok(older.includes(old_key));
      const note = parse_note((await get('/evidencia/checkpoint')).text);
      assert.equal(note.signatures[0].id, parse_vkey(present).id);
      for (const key of [present, old_key]) assert.equal(good_signatures(note, parse_vkey(key)).length, 1);
      assert.equal(verify(old_bundle, '--clave', by(old_key)).veredicto, 'autentico');
      assert.equal(verify(old_bundle, '--clave', by(present)).veredicto, 'rechazado');
      const fresh = await bundle_of(edict.csv);
      assert.equal(verify(fresh, '--clave', by(present)).veredicto, 'autentico');
      assert.equal(verify(fresh, '--clave', file('todas', (await get('/evidencia/clave')).bytes)).veredicto, 'autentico');
      assert.equal(concejo('evidence', 'check', '--tenant', 'riomar').code, 0);
    });

    test('signs what comes next, and every key is told with its date', async () => {
      const next = publish('Edicto de después de cambiar la clave');
      const [present] = await keys();
      const note = parse_note((await get('/evidencia/checkpoint')).text);
      assert.equal(good_signatures(note, parse_vkey(present)).length, 1);
      assert.equal(good_signatures(note, parse_vkey(old_key)).length, 0);
      assert.equal(verify(await bundle_of(next.csv), '--clave', by(present)).veredicto, 'autentico');
      assert.equal(verify(await bundle_of(edict.csv), '--clave', by(present)).veredicto, 'autentico');
      const told = concejo('evidence', 'key', '--all', '--tenant', 'riomar').stdout;
      assert.equal(told, (await get('/evidencia/clave')).text);
      assert.match(told, /^# 20\d\d-\d\d-\d\dT[\d:]+Z\n\S+\n# 20/);
      assert.ok(told.includes(`${old_key}\n`));
      assert.equal(concejo('evidence', 'check', '--tenant', 'riomar').code, 0);
    });
  });
}
