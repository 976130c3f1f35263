// What happens to sealed documents as the years go by: evidence records (RFC 4998), another key for the log, erasure for data
// protection. Judged by concejo-verify, by a reading of RFC 4998 in Python and by openssl.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {after, before, describe, test} from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {program, until} from '../../support/demo.mjs';
import {good_signatures, parse_note, parse_vkey} from '../../support/tlog.mjs';
import {pdf} from '../../support/pdf.mjs';
import {publish as published} from '../../support/publish.mjs';

const judge = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../plugins/evidence/archive/ers_judge.py');
const host = 'riomar.localhost';

export default function (world) {
  const concejo = (...args) => world.demo.concejo(...args);
  const get = where => world.demo.request(where, {host});
  const file = (name, bytes) => world.demo.put(name, bytes);
  const publish = titulo => { const bytes = pdf(titulo); return {...published(world.demo, bytes, {tenant: 'riomar', titulo}), bytes}; };
  const bundle_of = async csv => (await get(`/es/verificar/${csv}/evidencia`)).bytes;
  const verify = (bytes, ...more) => {
    const {status, stdout} = spawnSync(path.join(path.dirname(program), 'concejo-verify'), ['--json', ...more, file('guardado.evidencia', bytes)], {encoding: 'utf8'});
    return {status, ...JSON.parse(stdout)};
  };
  const unzip = bytes => {
    const folder = fs.mkdtempSync(path.join(world.demo.dir, 'guardado-'));
    assert.equal(spawnSync('python3', ['-m', 'zipfile', '-e', file('abrir.zip', bytes), folder]).status, 0);
    return name => path.join(folder, name);
  };
  const schema = 'm_riomar';
  const stamped = csv => until('the signature has its timestamp', () => world.demo.sql(`SELECT sello IS NOT NULL FROM "${schema}".evidence_documento WHERE csv = '${csv}'`) === 't');
  const renew = (...more) => {
    const {code, value, stderr} = world.demo.json('evidence', 'renew', '--tenant', 'riomar', ...more);
    assert.equal(code, 0, stderr);
    return value;
  };
  /** The digest functions of the record's timestamps, in order, as Python finds them for the document and for its signature. */
  const proven = at => ['documento.pdf', 'documento.pdf.1.p7s'].map(name => {
    const {status, stdout, stderr} = spawnSync('python3', [judge, at('documento.pdf.1.ers'), at(name)], {encoding: 'utf8'});
    assert.equal(status, 0, `${name}: ${stderr}`);
    return stdout.trim().split('\n').map(line => line.split(' ')[0]);
  });

  describe('evidence records', () => {
    let edict, key, roots;
    before(async () => {
      edict = publish('Edicto que se archiva');
      await stamped(edict.csv);
      key = file('clave-riomar', (await get('/evidencia/clave')).bytes);
      roots = file('raiz-riomar.pem', `${world.demo.sql(`SELECT pem FROM "${schema}".evidence_desarrollo WHERE nombre = 'raiz.pem'`)}\n`);
    });
    const judged = async () => {
      const bytes = await bundle_of(edict.csv);
      const told = verify(bytes, '--clave', key, '--raiz', roots);
      assert.equal(told.veredicto, 'autentico', JSON.stringify(told.fallos));
      const ids = told.comprobado.map(line => line.id);
      assert.ok(ids.includes('record_good') && ids.includes('record_covers'), ids.join(' '));
      return unzip(bytes);
    };

    test('one timestamp reaches all that was sealed, each with a record of its own', async () => {
      assert.equal(verify(await bundle_of(edict.csv), '--clave', key).comprobado.some(line => line.id === 'record_good'), false);
      const told = renew();
      assert.ok(told.documentos >= 1);
      assert.deepEqual([told.sellos_renovados, told.resumidos_de_nuevo], [0, 0]);
      assert.equal(world.demo.sql(`SELECT count(*) FROM "${schema}".evidence_arbol`), '1');
      const at = await judged();
      assert.deepEqual(proven(at), [['sha256'], ['sha256']]);
      const other = spawnSync('python3', [judge, at('documento.pdf.1.ers'), at('metadatos.json')]);
      assert.equal(other.status, 1, 'of nothing else');
      assert.deepEqual(renew(), {documentos: 0, sellos_renovados: 0, resumidos_de_nuevo: 0}, 'nothing is due');
    });

    test('its timestamps are renewed by the next one', async () => {
      const fresh = publish('Edicto de otra noche');
      await stamped(fresh.csv);
      const told = renew('--all');
      assert.deepEqual([told.documentos, told.sellos_renovados], [1, 1]);
      assert.equal(renew('--all').sellos_renovados, 1, 'the last one holds all the others');
      assert.deepEqual(proven(await judged()), [['sha256', 'sha256', 'sha256'], ['sha256', 'sha256', 'sha256']]);
      assert.throws(() => world.demo.sql(`UPDATE "${schema}".evidence_arbol SET siguiente = NULL, lista = NULL`), /no cambian/);
      assert.throws(() => world.demo.sql(`DELETE FROM "${schema}".evidence_archivado`), /no cambian/);
    });

    test('another hash function: everything is hashed again, over the records that there are', async () => {
      const restore = world.demo.edit('municipios/riomar.yaml', text => text.replace('  evidence:\n    activo: true\n', '  evidence:\n    activo: true\n    archivo:\n      resumen: SHA512\n'));
      try {
        assert.equal(concejo('reload').code, 0);
        const told = renew();
        assert.ok(told.resumidos_de_nuevo >= 2);
        assert.equal(told.documentos, 0);
        assert.deepEqual(proven(await judged())[0], ['sha256', 'sha256', 'sha256', 'sha512']);
        assert.equal(renew('--all').sellos_renovados, 1, 'the old trees are of no more use');
        assert.deepEqual(proven(await judged())[1], ['sha256', 'sha256', 'sha256', 'sha512', 'sha512']);
      } finally {
        restore();
        concejo('reload');
      }
    });
  });

  describe('erasure for data protection', () => {
    test('content, texts and salt go; leaf and seal stay, and everybody is told', async () => {
      const edict = publish('Edicto con el nombre de una persona');
      await stamped(edict.csv);
      renew();
      const erase = (...more) => concejo('evidence', 'erase', '--tenant', 'riomar', ...more);
      assert.equal(erase('--motivo', 'x', 'nada').code, 2);
      assert.equal(erase(edict.csv).code, 2, 'a reason is asked for');
      const shown = erase('--motivo', 'Solicitud 2026/17', edict.csv);
      assert.equal(shown.code, 1);
      assert.match(shown.stderr, /retírelo antes/);
      assert.equal(concejo('sede', 'withdraw', '--tenant', 'riomar', '--anuncio', edict.id, '--motivo', 'Datos personales').code, 0);
      const size = parse_note((await get('/evidencia/checkpoint')).text).size;
      const done = erase('--motivo', 'Solicitud 2026/17', edict.csv);
      assert.equal(done.code, 0, done.stderr);
      assert.match(done.stdout, /Los bytes de su contenido salen del disco un día después.*copias de seguridad/);

      const row = world.demo.sql(`SELECT sal IS NULL, nombre || titulo || direccion || metadatos::text, length(firma) > 0, sello IS NOT NULL, suprimido_en IS NOT NULL FROM "${schema}".evidence_documento WHERE csv = '${edict.csv}'`);
      assert.equal(row, 't|{}|t|t|t');
      assert.equal(parse_note((await get('/evidencia/checkpoint')).text).size, size, 'no leaf goes and none comes');
      assert.equal(concejo('evidence', 'check', '--tenant', 'riomar').code, 0);
      const page = (await get(`/es/verificar?csv=${edict.csv}`)).text;
      assert.match(page, /se suprimió por protección de datos/);
      for (const gone of ['nombre de una persona', edict.sha256, `/verificar/${edict.csv}/documento`]) assert.ok(!page.includes(gone), gone);
      for (const what of ['documento', 'evidencia', 'copia']) {
        const answer = await get(`/es/verificar/${edict.csv}/${what}`);
        assert.equal(answer.status, 404, what);
        assert.match(answer.text, /se suprimió por protección de datos/);
      }
      const bundle = concejo('evidence', 'bundle', '--tenant', 'riomar', edict.csv);
      assert.equal(bundle.code, 1);
      assert.match(bundle.stderr, /se suprimió por protección de datos/);
      assert.match(world.demo.sql("SELECT details::text FROM concejo.audit WHERE action = 'evidence.suprimir' ORDER BY id DESC LIMIT 1"), /Solicitud 2026\/17/);
      assert.equal(erase('--motivo', 'otra vez', edict.csv).code, 0, 'again changes nothing');
      assert.throws(() => world.demo.sql(`UPDATE "${schema}".evidence_documento SET titulo = 'x' WHERE csv = '${edict.csv}'`), /no cambia/);
      assert.throws(() => world.demo.sql(`UPDATE "${schema}".evidence_documento SET titulo = '', nombre = '', direccion = '', metadatos = '{}', suprimido_en = now() WHERE sal IS NOT NULL`), /no cambia/, 'not without the salt');
      renew('--all');
    });
  });

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
