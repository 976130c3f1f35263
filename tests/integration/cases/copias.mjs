// Authentic copies, from the staff's form and from a shell: what each says of itself, and that a partial one keeps
// nothing of the rest. Judged by pdftotext, pdfimages, qpdf, zbarimg, concejo-verify, xmllint and xmlsec1.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {describe, test} from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import {program} from '../../support/demo.mjs';
import {Client, form, text_of} from '../../support/client.mjs';
import {pdf, scan} from '../../support/pdf.mjs';
import {publish} from '../../support/publish.mjs';
import {schema_errors, schemas, signature_errors} from '../../support/eni.mjs';

export default function (world) {
  const concejo = (...args) => world.demo.concejo(...args);
  const file = (name, bytes) => world.demo.put(name, bytes);
  const get = where => world.demo.request(where, {});
  const run = (name, ...args) => spawnSync(name, args, {encoding: 'latin1', maxBuffer: 1 << 28});
  const beside = name => path.join(path.dirname(program), name);
  const copy = (...args) => {
    const {code, value, stderr} = world.demo.json('evidence', 'copy', '--tenant', 'valdehermoso', ...args);
    assert.equal(code, 0, stderr);
    return value;
  };
  const document_of = async csv => (await get(`/es/verificar/${csv}/documento`)).bytes;
  const eni_of = async csv => (await get(`/es/verificar/${csv}/eni`)).text;
  const value_of = (xml, name) => xml.match(new RegExp(`<enidocmeta:${name}>([^<]*)<`))?.[1];
  const pems = () => {
    const schema = 'm_valdehermoso';
    const pem = name => file(`eni-${name}`, world.demo.sql(`SELECT pem FROM "${schema}".evidence_desarrollo WHERE nombre = '${name}'`));
    return [pem('raiz.pem'), pem('cadena.pem')];
  };

  describe('authentic copies', () => {
    let edict, original;

    test('an edict of three pages, one of them with data of a person', () => {
      const pages = ['Primera página, que todos pueden leer', 'SECRETO: María Pérez, DNI 00000000T', 'Tercera página, y pie de recurso'].map((text, n) => file(`hoja-${n}.pdf`, pdf(text)));
      original = path.join(world.demo.dir, 'tres.pdf');
      assert.equal(run('qpdf', '--empty', '--pages', ...pages, '--', original).status, 0);
      edict = publish(world.demo, fs.readFileSync(original), {titulo: 'Edicto del que se hacen copias'});
    });

    test('a copy with change of format has its own code on each page and says what it is a copy of', async () => {
      const made = copy(edict.csv);
      assert.equal(made.estado_elaboracion, 'EE02');
      assert.notEqual(made.csv, edict.csv);
      const where = file('ee02.pdf', await document_of(made.csv));
      assert.equal(run('qpdf', '--check', where).status, 0);
      const text = spawnSync('pdftotext', ['-layout', where, '-'], {encoding: 'utf8'}).stdout;
      assert.equal(text.split(made.csv_legible).length - 1, 3, 'once on each page');
      assert.match(text, /Copia electrónica auténtica con cambio de formato, expedida el [^]*por\s+Secretaría General/);
      assert.match(text, /SECRETO: María Pérez/, 'it is whole');
      assert.equal(run('pdftoppm', '-r', '200', '-png', where, path.join(world.demo.dir, 'ee02')).status, 0);
      for (const page of fs.readdirSync(world.demo.dir).filter(name => /^ee02-\d+\.png$/.test(name)))
        assert.equal(new URL(run('zbarimg', '--raw', '-q', path.join(world.demo.dir, page)).stdout.trim()).searchParams.get('csv'), made.csv);
      const page = (await get(`/es/verificar?csv=${made.csv}`)).text;
      for (const said of [/El documento es auténtico/, /Copia electrónica auténtica con cambio de formato/, /Expedida el/, new RegExp(made.identificador_documento_origen), /Secretaría General/]) assert.match(page, said);
      assert.doesNotMatch(page, /Copia con el código en cada página/, 'it has it already');
      const xml = await eni_of(made.csv);
      assert.equal(value_of(xml, 'ValorEstadoElaboracion'), 'EE02');
      assert.equal(value_of(xml, 'IdentificadorDocumentoOrigen'), value_of(await eni_of(edict.csv), 'Identificador'), 'NTI de copiado auténtico, III.5');
      assert.equal(value_of(xml, 'TipoDocumental'), value_of(await eni_of(edict.csv), 'TipoDocumental'));
    });

    test('a copy is logged as a seal, and the log does not give away its code', async () => {
      const made = copy(edict.csv);
      const size = Number((await get('/evidencia/checkpoint')).text.split('\n')[1]), entries = [];
      for (let at = 0; at * 256 < size; ++at) {
        const width = Math.min(256, size - at * 256);
        const {bytes} = await get(`/evidencia/tile/entries/${String(at).padStart(3, '0')}${width < 256 ? `.p/${width}` : ''}`);
        for (let i = 0; i < bytes.length;) { const n = bytes.readUInt16BE(i); entries.push(JSON.parse(bytes.subarray(i + 2, i + 2 + n))); i += 2 + n; }
      }
      const last = entries.filter(leaf => leaf.documento.startsWith('copia.')).at(-1);
      assert.equal(last.tipo, 'sello');
      assert.match(last.documento, /^copia\.[0-9a-f]{32}$/);
      assert.ok(!('csv' in last) && !JSON.stringify(entries).includes(made.csv));
      const bundle = file('copia.evidencia', (await get(`/es/verificar/${made.csv}/evidencia`)).bytes);
      const verdict = spawnSync(beside('concejo-verify'), ['--json', '--clave', file('clave-copias.pem', (await get('/evidencia/clave.pem')).bytes), bundle], {encoding: 'utf8'});
      assert.equal(verdict.status, 0, verdict.stdout);
      assert.equal(JSON.parse(verdict.stdout).veredicto, 'autentico');
    });

    test('a copy of some pages has nothing of the others, and whoever has the original can check it', async () => {
      const made = copy('--paginas', '1,3', edict.csv);
      assert.equal(made.estado_elaboracion, 'EE04');
      const where = file('ee04.pdf', await document_of(made.csv));
      const clear = path.join(world.demo.dir, 'ee04-claro.pdf');
      assert.equal(run('qpdf', '--qdf', '--object-streams=disable', where, clear).status, 0);
      const text = spawnSync('pdftotext', [where, '-'], {encoding: 'utf8'}).stdout;
      assert.match(text, /Primera página[^]*Tercera página/);
      assert.match(text, /Copia electrónica parcial auténtica/);
      for (const secret of ['SECRETO', 'Pérez', 'P\xe9rez', '00000000T', edict.csv]) {
        assert.ok(!text.includes(secret), secret);
        assert.ok(!fs.readFileSync(clear, 'latin1').includes(secret), secret);
      }
      const check = (...files) => { const {status, stdout} = run(beside('concejo-evidence'), 'check-extract', ...files); return [status, JSON.parse(stdout).veredicto]; };
      assert.deepEqual(check(where, original), [0, 'concuerda']);
      assert.deepEqual(check(where), [3, 'sin-original']);
      assert.deepEqual(check(where, file('hoja-otra.pdf', pdf('otra'))), [1, 'no-concuerda']);
      const statement = JSON.parse(run('qpdf', '--show-attachment=extracto.json', where).stdout);
      assert.deepEqual([statement.paginas, statement.enteras.map(one => one.pagina)], [3, [1, 3]]);
      const sum = spawnSync('sh', ['-c', `${statement.metodo} -f 3 -l 3 "$1" | sha256sum`, 'sh', original], {encoding: 'utf8'}).stdout;
      assert.equal(sum.slice(0, 64), statement.enteras[1].huella, 'with Poppler and sha256sum alone');
      const page = (await get(`/es/verificar?csv=${made.csv}`)).text;
      assert.match(page, /Copia electrónica parcial auténtica/);
      assert.match(page, /Páginas del original que contiene[^]*1,3/);
      const xml = await eni_of(made.csv);
      assert.equal(value_of(xml, 'ValorEstadoElaboracion'), 'EE04');
      assert.ok(!xml.includes(edict.csv), 'its reader does not come to have the original');
    });

    test('an area taken out of a page is black in the pixels, and the rest is there', async () => {
      const made = copy('--zonas', '2:10,15,190,30', edict.csv);
      const where = file('ee04-zona.pdf', await document_of(made.csv));
      const text = spawnSync('pdftotext', [where, '-'], {encoding: 'utf8'}).stdout;
      assert.match(text, /Primera página[^]*Tercera página/);
      assert.ok(!text.includes('SECRETO') && !text.includes('00000000T'));
      const clear = path.join(world.demo.dir, 'zona-claro.pdf');
      assert.equal(run('qpdf', '--qdf', '--object-streams=disable', where, clear).status, 0);
      assert.ok(!/SECRETO|00000000T/.test(fs.readFileSync(clear, 'latin1')));
      assert.match(run('pdfimages', '-list', where).stdout, /^\s+2\s+0\s+image/m);
      assert.equal(run('pdfimages', where, path.join(world.demo.dir, 'zona')).status, 0);
      const pixels = fs.readFileSync(path.join(world.demo.dir, fs.readdirSync(world.demo.dir).find(name => /^zona-000\.p[gp]m$/.test(name))));
      const [, kind, width, height] = pixels.toString('latin1', 0, 30).match(/^(P\d)\n(\d+) (\d+)\n/);
      const each = kind === 'P5' ? 1 : 3, at = (x, y) => pixels[pixels.length - (Number(height) - y) * Number(width) * each + x * each];
      assert.deepEqual([at(800, 200), at(800, 1500)], [0, 255]);
      assert.equal(run(beside('concejo-evidence'), 'check-extract', where, original).status, 0);
    });

    test('a name and a number are taken out by what they say', async () => {
      const made = copy('--titulo', 'Edicto, sin datos de nadie', '--textos', 'maría pérez; 00000000T', edict.csv);
      const where = file('ee04-textos.pdf', await document_of(made.csv));
      const text = spawnSync('pdftotext', [where, '-'], {encoding: 'utf8'}).stdout;
      assert.match(text, /Primera página[^]*Tercera página/);
      const clear = path.join(world.demo.dir, 'textos-claro.pdf');
      assert.equal(run('qpdf', '--qdf', '--object-streams=disable', where, clear).status, 0);
      assert.ok(!/P.rez|00000000T/.test(text + fs.readFileSync(clear, 'latin1')));
      assert.equal(run(beside('concejo-evidence'), 'check-extract', where, original).status, 0);
      assert.match((await get(`/es/verificar?csv=${made.csv}`)).text, /Edicto, sin datos de nadie/);
      assert.match(concejo('evidence', 'copy', '--tenant', 'valdehermoso', '--textos', 'no está', edict.csv).stderr, /no está en esas páginas/);
      assert.ok(!world.demo.sql("select string_agg(details::text, ' ') from concejo.audit where action = 'evidence.copia'").includes('00000000T'), 'what is taken out is not kept elsewhere');
    });

    test('what cannot be copied is refused with its reason', () => {
      const refused = (...args) => { const {code, stderr} = concejo('evidence', 'copy', '--tenant', 'valdehermoso', ...args); assert.equal(code, 1); return stderr; };
      assert.match(refused('--paginas', '1-3', edict.csv), /tiene que dejar fuera/);
      assert.match(refused('--paginas', '4', edict.csv), /no son de este documento/);
      assert.match(refused('--zonas', '2:1,2,3', edict.csv), /no están bien escritas/);
      assert.match(refused('000000000000000000000000000'), /Ningún documento/);
      assert.equal(concejo('evidence', 'copy', '--tenant', 'valdehermoso', 'nada').code, 2);
    });

    test('staff copy a scanned paper through the form; who did is audited, and the copy says the office', async () => {
      const clerk = await Client.of(world.demo, 'secretaria');
      const ask = async (values, bytes) => {
        const page = await clerk.get('/es/gestion/copias/nueva');
        const blank = form(page.text, 'copia-formulario');
        return clerk.follow(await clerk.submit(blank, values, bytes ? {escaneo: {name: 'papel.pdf', type: 'application/pdf', bytes}} : {escaneo: {name: '', type: 'application/octet-stream', bytes: Buffer.alloc(0)}}), blank.action);
      };
      const paper = {clase: 'EE03', titulo: 'Solicitud en papel de Juan', tipo_documental: 'TD14', de_ciudadano: 'si', referencia: '2026/PAPEL'};
      assert.match((await ask(paper)).text, /Elija el escaneo del papel/);
      assert.match((await ask(paper, scan(100))).text, /menos de 200 píxeles por pulgada/);
      assert.match((await ask(paper, pdf('no es un escaneo'))).text, /no es un escaneo/);
      assert.match((await ask({...paper, titulo: ''}, scan(200))).text, /Escriba el título/);
      assert.match((await ask({clase: 'EE04', csv: edict.csv})).text, /Diga qué páginas/);
      const done = await ask(paper, scan(200));
      assert.match(done.path, /hecha=/);
      const csv = text_of(done.text, 'copia-csv').replaceAll('-', '');
      const page = (await get(`/es/verificar?csv=${csv}`)).text;
      assert.match(page, /Copia electrónica auténtica de documento papel/);
      assert.match(page, /Un original en papel/);
      assert.doesNotMatch(page, /Elena Robles/);
      const xml = await eni_of(csv);
      assert.deepEqual(['ValorEstadoElaboracion', 'TipoDocumental', 'OrigenCiudadanoAdministracion'].map(name => value_of(xml, name)), ['EE03', 'TD14', 'false']);
      assert.equal(value_of(xml, 'IdentificadorDocumentoOrigen'), undefined);
      assert.match(world.demo.sql("select actor || details::text from concejo.audit where action = 'evidence.copia' order by id desc limit 1"), /^user:[^]*EE03/);
      const partial = await ask({clase: 'EE04', csv: edict.csv, paginas: '1'});
      assert.match(partial.path, /hecha=/);
      assert.match(partial.text, /Edicto del que se hacen copias \(páginas 1\)/);
    });

    test('the pages are shown under a grid, with what is taken out; others may not see them', async () => {
      const clerk = await Client.of(world.demo, 'secretaria');
      const see = async values => {
        const blank = form((await clerk.get('/es/gestion/copias/nueva')).text, 'copia-formulario');
        return clerk.submit(blank, {clase: 'EE04', csv: edict.csv, accion: 'ver', ...values}, {escaneo: {name: '', type: 'application/octet-stream', bytes: Buffer.alloc(0)}});
      };
      const page = (await see({paginas: '1,3', areas: '3: 20,35, 100,12\r\n1:1,2,3,4'})).text;
      const pictures = [...page.matchAll(/<img src="([^"]*copias\/[^"\/]*\/pagina[^"]*)"/g)].map(([, src]) => src.replaceAll('&amp;', '&').replaceAll('&#x3D;', '='));
      assert.equal(pictures.length, 2, page);
      const pixel = async (where, x, y) => {
        const answer = await clerk.get(where);
        assert.equal(answer.headers['content-type'], 'image/png');
        const ppm = spawnSync('pngtopnm', [], {input: answer.bytes, maxBuffer: 1 << 26}).stdout, [, wide, tall] = ppm.toString('latin1', 0, 30).match(/^P6\s(\d+) (\d+)\s255\s/).map(Number);
        const at = ppm.length - 3 * (wide * tall - (Math.round(y / 25.4 * 80) * wide + Math.round(x / 25.4 * 80)));
        return [...ppm.subarray(at, at + 3)];
      };
      assert.deepEqual((await pixel(pictures[1], 14, 44)), [255, 255, 255]);
      const [r, g, b] = await pixel(pictures[1], 24, 44);
      assert.ok(r > 180 && g < 180 && b < 200, `red where something is taken out, and not ${[r, g, b]}`);
      assert.match((await see({paginas: '9'})).text, /no son de este documento/);
      assert.match((await see({areas: 'dos'})).text, /no están bien escritas/);
      assert.match((await see({csv: 'nada'})).text, /Escriba el código del original/);
      assert.equal((await clerk.get(`/es/gestion/copias/${edict.csv}/pagina?n=99`)).status, 404);
      const river = await Client.of(world.demo, 'secretaria', 'riomar.localhost');
      assert.equal((await river.get(pictures[0])).status, 404);
      assert.equal((await (await Client.of(world.demo, 'redaccion')).get(pictures[0])).status, 403);
      assert.equal((await get(pictures[0])).status, 303);
    });

    test('only who may: the board\'s writer may not, and everybody sees which posts do', async () => {
      const writer = await Client.of(world.demo, 'redaccion');
      assert.equal((await writer.get('/es/gestion/copias')).status, 403);
      const page = await get('/es/copias-autenticas');
      assert.match(text_of(page.text, 'funcionarios-habilitados'), /Secretaría General Oficina de asistencia/);
    });

    test('a copy that was issued cannot be altered in the tables', () => {
      const schema = 'm_valdehermoso';
      for (const statement of ["SET estado = 'EE02'", "SET declaracion = ''"]) assert.throws(() => world.demo.sql(`UPDATE "${schema}".evidence_copia ${statement}`), /no cambia ni se borra/);
      assert.throws(() => world.demo.sql(`DELETE FROM "${schema}".evidence_copia`), /no cambia ni se borra/);
      // but for erasure: the statement tells, to whoever guesses, what its pages said
      const kept = csv => world.demo.sql(`SELECT length(declaracion) > 0, secreto IS NOT NULL FROM "${schema}".evidence_copia WHERE csv = '${csv}'`);
      const gone = copy('--paginas', '1', edict.csv).csv;
      assert.equal(kept(gone), 't|t');
      assert.equal(concejo('evidence', 'erase', '--tenant', 'valdehermoso', '--motivo', 'Solicitud', gone).code, 0);
      assert.equal(kept(gone), 'f|f');
      world.demo.sql(`UPDATE "${schema}".evidence_copia SET secreto = NULL WHERE numero = (SELECT max(numero) FROM "${schema}".evidence_copia)`);
    });

    test('the ENI documents of copies satisfy the official schema and xmlsec1', {skip: schemas ? false : 'CONCEJO_CONFORMANCE is not set'}, async () => {
      const [root, chain] = pems();
      for (const args of [[edict.csv], ['--paginas', '2', edict.csv]]) {
        const where = file('copia.eni.xml', await eni_of(copy(...args).csv));
        assert.equal(schema_errors('documento', where), '');
        assert.equal(signature_errors('documento', where, root, chain), '');
      }
    });

    test('a PDF with signatures inside is copied as it is seen, without them and with the seal of who copies', {skip: schemas ? false : 'CONCEJO_CONFORMANCE is not set'}, async () => {
      const signed = path.join(process.env.CONCEJO_CONFORMANCE, 'signed-samples/afirma-pades_basic.pdf');
      const {csv} = publish(world.demo, fs.readFileSync(signed), {titulo: 'Firmado por dentro'});
      const where = file('firmado-copia.pdf', await document_of(copy(csv).csv));
      const judged = run('pdfsig', '-nocert', where).stdout;
      assert.equal(judged.match(/Signature #/g).length, 2); // the seal, and the timestamp over all of it
      assert.match(judged, /Signature #1:\n.*\n  - Signer Certificate Common Name: SELLO DE DESARROLLO\n[^]*Signature is Valid[^]*Signature #2:[^]*TSA DE DESARROLLO[^]*Total document signed/);
      assert.ok(run('pdftotext', where, '-').stdout.length > 200);
    });
  });
}
