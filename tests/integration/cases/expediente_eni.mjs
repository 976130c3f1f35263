// An expediente of the ENI, written and read: its signed index by the official schemas and xmlsec1, its documents by the
// index, and what is said of one that was altered on the way.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {spawnSync} from 'node:child_process';
import {describe, test} from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import {program, sleep} from '../../support/demo.mjs';
import {pdf, scan} from '../../support/pdf.mjs';
import {publish as published} from '../../support/publish.mjs';
import {schema_errors, schemas, signature_errors} from '../../support/eni.mjs';

export default function (world) {
  const concejo = (...args) => world.demo.concejo(...args);
  const file = (name, bytes) => world.demo.put(name, bytes);
  const publish = titulo => published(world.demo, pdf(titulo), {titulo, referencia: 'OBRAS/2026-17'}).csv;
  const expediente = (...args) => spawnSync(program, ['evidence', 'expediente', '--tenant', 'valdehermoso', ...args, '--dir', world.demo.dir], {maxBuffer: 1 << 28});
  const zip = (name, names) => {
    const where = path.join(world.demo.dir, name);
    fs.rmSync(where, {force: true});
    const {status, stderr} = spawnSync('python3', ['-m', 'zipfile', '-c', where, ...names], {encoding: 'utf8'});
    assert.equal(status, 0, stderr);
    return where;
  };
  const imported = where => { const {code, value} = world.demo.json('evidence', 'import', '--tenant', 'valdehermoso', where); return {code, ...value}; };
  const codes = report => report.hallazgos.filter(one => one.efecto !== 'dato').map(one => one.codigo);

  describe('an expediente of the ENI', () => {
    let folder, whole;
    const at = name => path.join(folder, name);

    test('it holds what was sealed under a reference, in order, and not the copies given of it', () => {
      const first = publish('Licencia de obras: solicitud'), second = publish('Licencia de obras: resolución');
      assert.equal(concejo('evidence', 'copy', '--tenant', 'valdehermoso', '--json', first).code, 0);
      const paper = world.demo.json('evidence', 'copy-paper', '--tenant', 'valdehermoso', '--titulo', 'Plano en papel', '--referencia', 'OBRAS/2026-17', '--de-ciudadano', file('plano.pdf', scan(200)));
      assert.equal(paper.code, 0, paper.stderr);
      const made = expediente('--referencia', 'OBRAS/2026-17', '--clasificacion', 'L01099999_PRO_OBRAS', '--interesados', '00000000T, 00000001R');
      assert.equal(made.status, 0, String(made.stderr));
      whole = file('expediente.zip', made.stdout);
      folder = fs.mkdtempSync(path.join(world.demo.dir, 'expediente-'));
      assert.equal(spawnSync('python3', ['-m', 'zipfile', '-e', whole, folder]).status, 0);
      assert.deepEqual(fs.readdirSync(folder).sort(), ['documento-001.eni.xml', 'documento-002.eni.xml', 'documento-003.eni.xml', 'expediente.eni.xml']);
      const index = fs.readFileSync(at('expediente.eni.xml'), 'utf8');
      const all = name => [...index.matchAll(new RegExp(`<eni\\w+:${name}>([^<]*)<`, 'g'))].map(([, text]) => text);
      assert.deepEqual(all('Identificador'), [`ES_L01099999_${new Date().getUTCFullYear()}_EXP_OBRAS202617`]);
      assert.deepEqual([all('Estado'), all('Clasificacion'), all('Interesado')], [['E03'], ['L01099999_PRO_OBRAS'], ['00000000T', '00000001R']]);
      const files = [1, 2, 3].map(n => fs.readFileSync(at(`documento-00${n}.eni.xml`)));
      assert.deepEqual(all('ValorHuella'), files.map(bytes => createHash('sha256').update(bytes).digest('base64')));
      assert.deepEqual(all('IdentificadorDocumento'), files.map(bytes => bytes.toString().match(/<enidocmeta:Identificador>([^<]*)</)[1]));
      assert.ok(!index.includes(first) && !index.includes(second) && !index.includes(paper.value.csv), 'no code of its documents');
    });

    test('its files satisfy the official schemas and xmlsec1', {skip: schemas ? false : 'CONCEJO_CONFORMANCE is not set'}, () => {
      const schema = 'm_valdehermoso';
      const [root, chain] = ['raiz.pem', 'cadena.pem'].map(name => file(`expediente-${name}`, world.demo.sql(`SELECT pem FROM "${schema}".evidence_desarrollo WHERE nombre = '${name}'`)));
      assert.equal(schema_errors('expediente', at('expediente.eni.xml')), '');
      assert.equal(signature_errors('expediente', at('expediente.eni.xml'), root, chain), '');
      const altered = file('indice-cambiado.xml', fs.readFileSync(at('expediente.eni.xml'), 'utf8').replace('>E03<', '>E01<'));
      assert.notEqual(signature_errors('expediente', altered, root, chain), '');
      for (const n of [1, 2, 3]) {
        assert.equal(schema_errors('documento', at(`documento-00${n}.eni.xml`)), '');
        assert.equal(signature_errors('documento', at(`documento-00${n}.eni.xml`), root, chain), '');
      }
    });

    test('what came back is read: signatures, hashes of the index, and nothing to object: what is needed to check it travels in it', async () => {
      let report = imported(whole);
      assert.deepEqual([report.tipo, report.documentos.map(one => one.huella)], ['expediente', ['correcta', 'correcta', 'correcta']]);
      assert.deepEqual(codes(report), []);
      const remade = () => file('completo.zip', expediente('--referencia', 'OBRAS/2026-17', '--clasificacion', 'L01099999_PRO_OBRAS').stdout);
      for (let n = 0; n < 60 && report.code !== 0; ++n, await sleep(500)) report = imported(remade());  // seals get their timestamps by themselves
      assert.deepEqual([report.code, report.veredicto], [0, 'correcto'], JSON.stringify(report).slice(0, 3000));
      const [once, twice] = [report, imported(remade())].map(one => one.documentos.map(document => document.identificador));
      assert.deepEqual(once, twice);
      const said = concejo('evidence', 'import', '--tenant', 'valdehermoso', remade()).stdout;
      assert.match(said, /Expediente ES_L01099999_\d{4}_EXP_OBRAS202617: correcto/);
      assert.match(said, /Documento ES_L01099999/);
      assert.equal(imported(at('documento-001.eni.xml')).tipo, 'documento');
    });

    test('altered on the way: a document, the index, one that lacks, one too many, no ENI at all', () => {
      const names = fs.readdirSync(folder).map(at);
      const text = fs.readFileSync(at('documento-001.eni.xml'), 'utf8');
      const changed = file('documento-001-cambiado.xml', text.replace(/>TD\d\d</, '>TD01<'));
      let report = imported(zip('cambiado.zip', [...names.filter(name => !name.includes('001')), changed]));
      assert.deepEqual([report.code, report.documentos[0].veredicto], [1, 'incorrecto']);
      const index = file('indice-otro.xml', fs.readFileSync(at('expediente.eni.xml'), 'utf8').replace('L01099999_PRO_OBRAS', 'L01099999_PRO_OTRAS'));
      report = imported(zip('indice.zip', [index, ...names.filter(name => name.includes('documento'))]));
      assert.equal(report.code, 1);
      report = imported(zip('falta.zip', names.filter(name => !name.includes('002'))));
      assert.deepEqual([report.code, codes(report)], [3, ['document_missing']]);
      assert.match(concejo('evidence', 'import', '--tenant', 'valdehermoso', file('nada.xml', '<nada/>')).stdout, /No es un documento ni un expediente ENI/);
      assert.equal(imported(file('bomba.xml', '<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>')).code, 1);
    });

    test('wrong words are told with what to write', () => {
      const said = (...args) => { const {status, stderr} = expediente(...args); return [status, String(stderr)]; };
      assert.equal(said('--clasificacion', 'x')[0], 2);
      assert.match(said('--clasificacion', 'x', '--referencia', 'no hay')[1], /Ningún documento sellado tiene esa referencia/);
      assert.match(said('--clasificacion', 'x', '--referencia', 'OBRAS/2026-17', '--estado', 'E09')[1], /E01/);
      assert.match(said('--clasificacion', 'x', '--referencia', 'OBRAS/2026-17', '--apertura', '2026-02-30')[1], /AAAA-MM-DD/);
    });
  });
}
