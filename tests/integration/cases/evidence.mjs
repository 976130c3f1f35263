// From a published edict to a proof that stands without the server. Judged by concejo-verify, openssl, and RFC 6962 written
// once more here.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {spawn, spawnSync} from 'node:child_process';
import {describe, test} from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import {program, sleep} from '../../support/demo.mjs';
import {Client, form} from '../../support/client.mjs';
import {day, pdf} from '../../support/pdf.mjs';
import {schema_errors} from '../../support/eni.mjs';
import {publish as published} from '../../support/publish.mjs';

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const samples = process.env.CONCEJO_CONFORMANCE && path.join(process.env.CONCEJO_CONFORMANCE, 'signed-samples');
const node = (left, right) => sha256(Buffer.of(1), left, right);

/** Root of the tree of RFC 6962 §2.1, straight from its definition. */
function root(leaves) {
  if (leaves.length === 0) return sha256('');
  if (leaves.length === 1) return sha256(Buffer.of(0), leaves[0]);
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return node(root(leaves.slice(0, k)), root(leaves.slice(k)));
}

export default function (world) {
  const concejo = (...args) => world.demo.concejo(...args);
  const file = (name, bytes) => world.demo.put(name, bytes);
  const publish = titulo => { const bytes = pdf(titulo); return {...published(world.demo, bytes, {titulo}), bytes}; };
  const get = (where, host) => world.demo.request(where, {host});
  const bundle_of = async csv => (await get(`/es/verificar/${csv}/evidencia`)).bytes;
  const verify = (bytes, ...more) => {
    const {status, stdout, stderr} = spawnSync(path.join(path.dirname(program), 'concejo-verify'), ['--json', ...more, file('prueba.evidencia', bytes)], {encoding: 'utf8'});
    return {status, stderr, ...(stdout && JSON.parse(stdout))};
  };
  const unzip = bytes => {
    const folder = fs.mkdtempSync(path.join(world.demo.dir, 'evidencia-'));
    const {status, stderr} = spawnSync('python3', ['-m', 'zipfile', '-e', file('abrir.zip', bytes), folder], {encoding: 'utf8'});
    assert.equal(status, 0, stderr);
    return name => path.join(folder, name);
  };
  const openssl = (...args) => {
    const {status, stdout, stderr} = spawnSync('openssl', args, {encoding: 'utf8'});
    assert.equal(status, 0, `openssl ${args.join(' ')}: ${stderr}`);
    return stdout + stderr;
  };
  /** Every leaf, out of the tiles that anybody may read. */
  const leaves = async size => {
    const all = [];
    for (let at = 0; at * 256 < size; ++at) {
      const width = Math.min(256, size - at * 256);
      const {status, bytes} = await get(`/evidencia/tile/entries/${String(at).padStart(3, '0')}${width < 256 ? `.p/${width}` : ''}`);
      assert.equal(status, 200);
      for (let i = 0; i < bytes.length;) { const n = bytes.readUInt16BE(i); all.push(bytes.subarray(i + 2, i + 2 + n)); i += 2 + n; }
    }
    return all;
  };
  const checkpoint = async () => {
    const {text} = await get('/evidencia/checkpoint');
    const [origin, size, hash] = text.split('\n');
    return {text, origin, size: Number(size), root: hash};
  };

  describe('evidence', () => {
    let edict;

    test('what is published gets a code; its page shows it; the code says who sealed it', async () => {
      edict = publish('Edicto con código seguro de verificación');
      assert.match(edict.csv, /^[0-9A-HJKMNP-TV-Z]{27}$/);
      const grouped = edict.csv.match(/.{1,4}/g).join('-');
      const page = await get(new URL(edict.url).pathname);
      assert.ok(page.text.includes(grouped));
      for (const typed of [edict.csv, grouped, grouped.toLowerCase(), grouped.replaceAll('0', 'O').replaceAll('1', 'l').replaceAll('-', ' ')]) {
        const {status, text} = await get(`/es/verificar?csv=${encodeURIComponent(typed)}`);
        assert.equal(status, 200, typed);
        assert.match(text, /El documento es auténtico/);
        assert.ok(text.includes(edict.sha256));
        // NTI de documento electrónico, VIII.c: the mandatory metadata, named and told
        for (const words of ['data-c="metadatos-eni"', '_EVI', 'EE01 · Original', 'TD08 · Publicación', 'L01099999 · ', 'TF04']) assert.ok(text.includes(words), words);
      }
      const copy = await get(`/es/verificar/${edict.csv}/documento`);
      assert.deepEqual(copy.bytes, edict.bytes);
      assert.match((await get('/es/verificar')).text, /data-c="desarrollo"/, 'development keys are said to be so');
    });

    test('a wrong letter is a typing error, an unknown code is not; another municipality knows nothing', async () => {
      const other = edict.csv[5] === '7' ? '8' : '7';
      const wrong = await get(`/es/verificar?csv=${edict.csv.slice(0, 5)}${other}${edict.csv.slice(6)}`);
      assert.equal(wrong.status, 422);
      assert.match(wrong.text, /no está bien escrito/);
      for (const where of [`/es/verificar?csv=${edict.csv}`, `/es/verificar/${edict.csv}/documento`, `/es/verificar/${edict.csv}/evidencia`]) {
        assert.equal((await get(where, 'riomar.localhost')).status, 404, where);
      }
      assert.equal((await get('/es/verificar?csv=00000000000000000000000000')).status, 422);
      assert.equal((await get('/es/verificar?csv=000000000000000000000000000')).status, 404, 'well formed, and nobody\'s');
      assert.equal((await get(`/es/verificar?csv=${'%27%3B--'.repeat(9)}`)).status, 422);
    });

    test('the timestamps come by themselves; the bundle satisfies concejo-verify, openssl cms and openssl ts', async () => {
      let bundle, names = '';
      for (let n = 0; n < 300 && !/punto-de-control\.txt\.1\.tsr/.test(names); ++n) {
        bundle = await bundle_of(edict.csv);
        names = bundle.toString('latin1');
        if (!/punto-de-control\.txt\.1\.tsr/.test(names)) await sleep(200);
      }
      assert.match(names, /punto-de-control\.txt\.1\.tsr/);
      const key = file('clave.pem', (await get('/evidencia/clave.pem')).bytes);
      assert.equal(verify(bundle).veredicto, 'integro');
      const known = verify(bundle, '--clave', key);
      assert.deepEqual([known.status, known.veredicto], [0, 'autentico'], JSON.stringify(known.fallos));
      assert.equal(verify(bundle, '--clave', file('clave-nombre', (await get('/evidencia/clave')).bytes)).veredicto, 'autentico');

      const at = unzip(bundle);
      assert.deepEqual(fs.readFileSync(at('documento.pdf')), edict.bytes);
      const chain = file('cadena.pem', openssl('pkcs7', '-inform', 'DER', '-in', at('documento.pdf.1.p7s'), '-print_certs'));
      const root_only = file('raiz.pem', fs.readFileSync(chain, 'utf8').match(/-----BEGIN[^]*?END CERTIFICATE-----/g).map(one => `${one}\n`).find(one => /subject=(.*)\nissuer=\1\n/.test(spawnSync('openssl', ['x509', '-noout', '-subject', '-issuer'], {input: one, encoding: 'utf8'}).stdout)));
      assert.match(openssl('cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', at('documento.pdf.1.p7s'), '-content', at('documento.pdf'), '-CAfile', root_only, '-purpose', 'any', '-out', '/dev/null'), /successful/i);
      assert.match(openssl('ts', '-verify', '-data', at('punto-de-control.txt'), '-in', at('punto-de-control.txt.1.tsr'), '-CAfile', root_only, '-untrusted', chain), /Verification: OK/);
      openssl('pkeyutl', '-verify', '-rawin', '-pubin', '-inkey', key, '-in', at('manifiesto.sha256'), '-sigfile', at('manifiesto.firma'));

      for (const place of [40, Math.floor(bundle.length / 2), bundle.length - 30]) {
        const altered = Buffer.from(bundle);
        altered[place] ^= 1;
        assert.notEqual(verify(altered, '--clave', key).status, 0, `byte ${place}`);
      }
      const by_command = spawnSync(program, ['evidence', 'bundle', '--tenant', 'valdehermoso', edict.csv, '--dir', world.demo.dir], {maxBuffer: 1 << 27});
      assert.equal(by_command.status, 0, String(by_command.stderr));
      assert.equal(verify(by_command.stdout, '--clave', key).veredicto, 'autentico');
    });

    test('the seal in the bundle reaches B-LT: openssl checks every certificate against lists that travel in it', async () => {
      let judged;
      for (let n = 0; n < 150; ++n) {
        const at = unzip(await bundle_of(edict.csv));
        const chain = spawnSync('openssl', ['pkcs7', '-inform', 'DER', '-in', at('documento.pdf.1.p7s'), '-print_certs'], {encoding: 'utf8'}).stdout;
        const root_only = file('raiz-lt.pem', chain.match(/-----BEGIN[^]*?END CERTIFICATE-----/g).map(one => `${one}\n`).find(one => /subject=(.*)\nissuer=\1\n/.test(spawnSync('openssl', ['x509', '-noout', '-subject', '-issuer'], {input: one, encoding: 'utf8'}).stdout)));
        judged = spawnSync('openssl', ['cms', '-verify', '-cades', '-binary', '-crl_check_all', '-inform', 'DER', '-in', at('documento.pdf.1.p7s'), '-content', at('documento.pdf'), '-CAfile', root_only, '-purpose', 'any', '-out', '/dev/null'], {encoding: 'utf8'});
        if (judged.status === 0) break;
        assert.match(judged.stderr, /unable to get certificate CRL/);
        await sleep(200);
      }
      assert.equal(judged.status, 0, judged.stderr);
    });

    test('the log is what RFC 6962 says of its entries, and its checkpoint is signed', async () => {
      const head = await checkpoint();
      const all = await leaves(head.size);
      assert.equal(all.length, head.size);
      assert.equal(root(all).toString('base64'), head.root);
      const [body, signatures] = head.text.split('\n\n');
      const bytes = Buffer.from(signatures.split(' ')[2], 'base64').subarray(4);
      openssl('pkeyutl', '-verify', '-rawin', '-pubin', '-inkey', file('clave.pem', (await get('/evidencia/clave.pem')).bytes), '-in', file('cuerpo', `${body}\n`), '-sigfile', file('firma', bytes));
      const about = all.map(leaf => JSON.parse(leaf)).filter(leaf => leaf.csv === edict.csv);
      assert.equal(about.length, 1);
      assert.deepEqual([about[0].tipo, about[0].documento.startsWith('sede.')], ['publicacion', true]);
      const first = await get('/evidencia/tile/0/000' + (head.size < 256 ? `.p/${head.size}` : ''));
      assert.equal(first.bytes.subarray(0, 32).toString('hex'), sha256(Buffer.of(0), all[0]).toString('hex'));
      assert.equal((await get('/evidencia/tile/0/999')).status, 404);
      assert.equal((await get('/evidencia/tile/0/zzz')).status, 404);
      assert.equal((await get(`/evidencia/tile/entries/000.p/${(head.size % 256) + 1}`)).status, head.size < 255 ? 404 : 200, 'nothing that no checkpoint holds');
    });

    test('a citizen compares a file: ours, another, an evidence file, an altered one; nothing chosen', async () => {
      const citizen = new Client(world.demo);
      const compare = async (name, bytes) => {
        const asked = form((await citizen.get('/es/verificar')).text, 'verificar-archivo');
        return citizen.submit(asked, {}, bytes ? {archivo: {name, type: 'application/octet-stream', bytes}} : {});
      };
      assert.match((await compare('descargado.pdf', edict.bytes)).text, /El documento es auténtico/);
      assert.match((await compare('otro.pdf', pdf('otro'))).text, /no es ninguno de los que selló/);
      const bundle = await bundle_of(edict.csv);
      assert.match((await compare('a.evidencia', bundle)).text, /El archivo de evidencia es auténtico/);
      const altered = Buffer.from(bundle);
      altered[Math.floor(bundle.length / 3)] ^= 1;
      assert.match((await compare('a.evidencia', altered)).text, /no es válido/);
      assert.match((await compare('a.evidencia', Buffer.from('PK nada'))).text, /no es válido/);
      for (const name of ['a.evidencia (1)', 'A.EVIDENCIA', 'a.zip']) assert.match((await compare(name, bundle)).text, /El archivo de evidencia es auténtico/, name);
      assert.match((await compare('a.zip', altered)).text, /no es válido/);
      const [theirs] = JSON.parse((await get('/evidencia/expuesto.json', 'riomar.localhost')).text).documentos;
      assert.match((await compare('ajeno.evidencia', (await get(`/es/verificar/${theirs.csv}/evidencia`, 'riomar.localhost')).bytes)).text, /está íntegro, pero no es de este municipio/);
      const none = await compare('', undefined);
      assert.equal(none.status, 422);
      assert.match(none.text, /Elija un archivo/);
    });

    test('what was withdrawn is still told, and no more offered', async () => {
      const gone = publish('Edicto que se retira con su código');
      const {code, stderr} = concejo('sede', 'withdraw', '--tenant', 'valdehermoso', '--anuncio', gone.id, '--motivo', 'Error en la base');
      assert.equal(code, 0, stderr);
      assert.match((await get(`/es/verificar?csv=${gone.csv}`)).text, /fue retirado/);
      assert.equal((await get(`/es/verificar/${gone.csv}/documento`)).status, 404);
      assert.equal((await get(`/es/verificar/${gone.csv}/evidencia`)).status, 404);
      const head = await checkpoint();
      const said = (await leaves(head.size)).map(leaf => JSON.parse(leaf));
      const first = said.findIndex(leaf => leaf.csv === gone.csv);
      const later = said.filter(leaf => leaf.documento === said[first].documento && leaf.tipo !== 'disponibilidad');
      assert.deepEqual(later.map(leaf => leaf.tipo), ['publicacion', 'retirada']);
    });

    test('killed while publishing, again and again: what was acknowledged is sealed once, the rest not at all', async () => {
      const words = n => ['sede', 'publish', '--json', '--tenant', 'valdehermoso', '--tipo', 'edicto', '--titulo', `Edicto interrumpido ${n}`, '--desde', day(0).iso, '--hasta', day(20).iso, file(`corte-${n}.pdf`, pdf(`corte ${n}`)), '--dir', world.demo.dir];
      const acknowledged = [];
      for (let n = 0; n < 24; ++n) {
        const child = spawn(program, words(n), {stdio: ['ignore', 'pipe', 'ignore']});
        let said = '';
        child.stdout.on('data', piece => { said += piece; });
        const ended = new Promise(resolve => child.once('close', resolve));
        if (n % 4 !== 3) setTimeout(() => child.kill('SIGKILL'), 40 + (n * 37) % 400);
        await ended;
        if (said.includes('"csv"')) acknowledged.push(JSON.parse(said).csv);
      }
      assert.ok(acknowledged.length >= 6);
      const schema = 'm_valdehermoso';
      const count = what => Number(world.demo.sql(`SELECT count(*) FROM ${what.replaceAll('@', `"${schema}".`)}`));
      for (const csv of acknowledged) assert.equal(count(`@evidence_documento WHERE csv = '${csv}' AND length(firma) > 0`), 1, csv);
      assert.equal(count('@sede_sello s WHERE NOT EXISTS (SELECT 1 FROM @evidence_documento d WHERE d.csv = s.csv)'), 0);
      assert.equal(count("@evidence_documento d WHERE documento LIKE 'sede.%' AND NOT EXISTS (SELECT 1 FROM @sede_sello s WHERE s.csv = d.csv)"), 0);
      const said = (await leaves((await checkpoint()).size)).map(leaf => JSON.parse(leaf)).filter(leaf => leaf.csv);
      assert.equal(new Set(said.map(leaf => leaf.documento)).size, said.length, 'no document twice');
      const more = Promise.all([24, 25, 26, 27].map(n => new Promise(resolve => spawn(program, words(n), {stdio: 'ignore'}).once('close', resolve))));
      for (let n = 0; n < 6; ++n) {
        const {code, stderr} = concejo('evidence', 'check', '--tenant', 'valdehermoso');
        assert.equal(code, 0, `while others publish: ${stderr}`);
      }
      assert.deepEqual(await more, [0, 0, 0, 0]);
    });

    test('whoever has the database cannot change the past unseen, and nothing more is sealed on it', async () => {
      const schema = 'm_valdehermoso';
      const table = name => `"${schema}".${name}`;
      for (const statement of [`UPDATE ${table('evidence_hoja')} SET entrada = 'x' WHERE indice = 1`, `DELETE FROM ${table('evidence_nodo')} WHERE nivel = 0 AND indice = 2`,
        `UPDATE ${table('evidence_documento')} SET sha256 = repeat('0', 64)`, `UPDATE ${table('evidence_registro')} SET tamano = 0`]) {
        assert.throws(() => world.demo.sql(statement), /no se cambia|solo crece|no cambia/, statement);
      }
      const tamper = (change, undo, visit) => {
        world.demo.sql(`SET session_replication_role = replica; ${change}`);
        try { visit(); } finally { world.demo.sql(`SET session_replication_role = replica; ${undo}`); }
      };
      tamper(`UPDATE ${table('evidence_hoja')} SET entrada = replace(entrada, 'publicacion', 'publicacioN') WHERE indice = 1`, `UPDATE ${table('evidence_hoja')} SET entrada = replace(entrada, 'publicacioN', 'publicacion') WHERE indice = 1`, () => {
        assert.equal(concejo('evidence', 'check', '--tenant', 'valdehermoso').code, 1);
      });
      // with what somebody kept: a checkpoint, a bundle
      const compare = kept => concejo('evidence', 'compare', '--tenant', 'valdehermoso', kept);
      const head = await checkpoint(), kept = file('guardado.txt', head.text);
      assert.match(compare(kept).stdout, new RegExp(`Continúa lo guardado: sus primeras ${head.size} anotaciones`));
      assert.equal(compare(file('guardado.evidencia', await bundle_of(edict.csv))).code, 0);
      assert.equal(compare(file('nada.txt', 'nada')).code, 2);
      assert.match(compare(file('ajeno.txt', (await get('/evidencia/checkpoint', 'riomar.localhost')).bytes)).stderr, /es de otro registro, «riomar/);
      assert.match(compare(file('falso.txt', head.text.slice(0, -10) + (head.text.at(-10) === 'A' ? 'B' : 'A') + head.text.slice(-9))).stderr, /no lo firmó este registro/);
      const swap = (a, b) => `UPDATE ${table('evidence_hoja')} SET indice = 1000000 + CASE indice WHEN ${a} THEN ${b} ELSE ${a} END WHERE indice IN (${a}, ${b}); UPDATE ${table('evidence_hoja')} SET indice = indice - 1000000 WHERE indice >= 1000000`;
      tamper(swap(2, 3), swap(2, 3), () => assert.deepEqual([compare(kept).code, /se ha bifurcado/.test(compare(kept).stderr)], [1, true]));
      tamper(`CREATE TABLE public.borrada AS SELECT * FROM ${table('evidence_hoja')} WHERE indice = 4; DELETE FROM ${table('evidence_hoja')} WHERE indice = 4`, `INSERT INTO ${table('evidence_hoja')} SELECT * FROM public.borrada; DROP TABLE public.borrada`, () => {
        const {code, value} = world.demo.json('evidence', 'check', '--tenant', 'valdehermoso');
        assert.deepEqual([code, value.raiz_correcta, value.fallos[0]], [1, false, 'Faltan anotaciones.']);
      });
      const shorter = world.demo.sql(`SELECT max(tamano) FROM ${table('evidence_punto')} WHERE tamano < ${head.size} AND EXISTS (SELECT 1 FROM ${table('evidence_documento')} WHERE hoja >= tamano)`);
      const newest = {evidence_hoja: `indice >= ${shorter}`, evidence_punto: `tamano > ${shorter}`, evidence_nodo: `(indice + 1) * 256::numeric ^ nivel > ${shorter}`};
      const each = make => Object.entries(newest).map(make).join('; ');
      tamper(`${each(([name, which]) => `CREATE TABLE public.${name} AS SELECT * FROM ${table(name)} WHERE ${which}; DELETE FROM ${table(name)} WHERE ${which}`)}; CREATE TABLE public.tamano AS SELECT tamano FROM ${table('evidence_registro')}; UPDATE ${table('evidence_registro')} SET tamano = ${shorter}`,
        `${each(([name, which]) => `DELETE FROM ${table(name)} WHERE ${which}; INSERT INTO ${table(name)} SELECT * FROM public.${name}; DROP TABLE public.${name}`)}; UPDATE ${table('evidence_registro')} r SET tamano = t.tamano FROM public.tamano t; DROP TABLE public.tamano`, () => {
          const alone = concejo('evidence', 'check', '--tenant', 'valdehermoso');
          assert.deepEqual([alone.code, /El documento \w{27} no es el que se anotó/.test(alone.stderr)], [1, true], 'its documents tell on it');
          assert.match(compare(kept).stderr, new RegExp(`ha menguado: lo guardado tiene ${head.size} anotaciones y ahora hay ${shorter}`));
        });
      const leaf = Number(world.demo.sql(`SELECT hoja FROM ${table('evidence_documento')} WHERE csv = '${edict.csv}'`));
      assert.match((await get(`/es/verificar?csv=${edict.csv}`)).text, new RegExp(`anotación ${leaf + 1}<`));
      tamper(`CREATE TABLE public.documento AS SELECT * FROM ${table('evidence_documento')} WHERE csv = '${edict.csv}'; DELETE FROM ${table('evidence_documento')} WHERE csv = '${edict.csv}'`, `INSERT INTO ${table('evidence_documento')} SELECT * FROM public.documento; DROP TABLE public.documento`, () => {
        assert.match(concejo('evidence', 'check', '--tenant', 'valdehermoso').stderr, new RegExp(`Falta el documento de la anotación ${leaf + 1}\\.`), 'people count from 1');
      });
      assert.equal(compare(kept).code, 0);
      const last = world.demo.sql(`SELECT max(indice) FROM ${table('evidence_hoja')}`);  // jobs append meanwhile
      tamper(`UPDATE ${table('evidence_nodo')} SET hash = decode(repeat('ab', 32), 'hex') WHERE nivel = 0 AND indice = ${last}`,
        `UPDATE ${table('evidence_nodo')} n SET hash = sha256('\\x00'::bytea || convert_to(h.entrada, 'UTF8')) FROM ${table('evidence_hoja')} h WHERE n.nivel = 0 AND n.indice = ${last} AND h.indice = ${last}`, () => {
          const {code, stderr} = concejo('sede', 'publish', '--json', '--tenant', 'valdehermoso', '--tipo', 'edicto', '--titulo', 'Sobre un registro alterado', '--desde', day(0).iso, '--hasta', day(20).iso, file('alterado.pdf', pdf('alterado')));
          assert.notEqual(code, 0);
          assert.match(stderr, /registro de publicación está alterado/);
        });
      assert.equal(concejo('evidence', 'check', '--tenant', 'valdehermoso').code, 0);
    });

    test('what a PDF hides is shown before it is published, and confirmed by who publishes it', async () => {
      const plain = file('limpio.pdf', pdf('Con un adjunto que nadie ve'));
      const where = path.join(world.demo.dir, 'adjunto.pdf');
      assert.equal(spawnSync('qpdf', [plain, '--add-attachment', file('nominas.txt', 'privado'), '--', where]).status, 0);
      const clerk = await Client.of(world.demo, 'secretaria');
      const titulo = 'Edicto con un adjunto oculto';
      const asked = await clerk.publish({titulo, pdf: fs.readFileSync(where), desde: day(0).typed, hasta: day(9).typed});
      assert.equal(asked.status, 422);
      assert.match(asked.text, /data-c="datos-ocultos"[^]*nominas\.txt/);
      const again = form(asked.text, 'anuncio-formulario');
      const confirmed = asked.text.match(/id="confirmar_ocultos" name="confirmar_ocultos" value="([0-9a-f]{64})"/)[1];
      const done = await clerk.follow(await clerk.submit(again, {accion: 'publicar', confirmar_ocultos: confirmed}, {}), again.action);
      assert.match(done.path, /hecho=publicado/);
      const draft = await clerk.publish({titulo: 'Otro, en borrador', accion: 'borrador', pdf: fs.readFileSync(where), desde: day(0).typed, hasta: day(9).typed});
      assert.match(draft.text, /data-c="datos-ocultos"/, 'a draft says so beside its button');
      const other = await clerk.publish({titulo: 'Sin nada oculto', pdf: pdf('Sin nada oculto'), desde: day(0).typed, hasta: day(9).typed});
      assert.match(other.path, /hecho=publicado/, 'nothing is asked where nothing is hidden');
    });

    test('a file that was altered after it was signed is not published unseen', {skip: samples ? false : 'CONCEJO_CONFORMANCE is not set'}, async () => {
      const clerk = await Client.of(world.demo, 'secretaria');
      const asked = async name => (await clerk.publish({titulo: `Edicto firmado ${name}`, pdf: fs.readFileSync(path.join(samples, name)), desde: day(0).typed, hasta: day(9).typed})).text;
      const altered = await asked('dss-modified_after_signature.pdf');
      assert.match(altered, /data-c="datos-ocultos"[^]*Lleva una firma que no vale/);
      assert.doesNotMatch(await asked('own-PAdES-BT-x2-DocTimeStamp-PDFA1b.pdf'), /Lleva una firma que no vale/);
    });

    test('signatures of others are judged: good, unknown, and changed afterwards', {skip: samples ? false : 'CONCEJO_CONFORMANCE is not set'}, () => {
      const judged = name => { const {code, value} = world.demo.json('evidence', 'validate', '--tenant', 'riomar', path.join(samples, name)); return [code, value.verdict]; };
      assert.deepEqual(judged('dss-modified_after_signature.pdf'), [1, 'total-failed']);
      assert.deepEqual(judged('dss-pdf-signed-corrupted.pdf')[0], 1);
      assert.equal(judged('afirma-pades_basic.pdf')[0], 3, 'of an authority that nobody here trusts');
      assert.equal(concejo('evidence', 'validate', '--tenant', 'riomar', file('nada.pdf', 'nada')).code, 1);
      assert.match(concejo('evidence', 'validate', '--tenant', 'riomar', path.join(samples, 'dss-modified_after_signature.pdf')).stdout, /Alguna firma no vale/);
      const stamped = concejo('evidence', 'validate', '--tenant', 'riomar', path.join(samples, 'own-PAdES-BT-x2-DocTimeStamp-PDFA1b.pdf')).stdout;
      assert.match(stamped, /\(PAdES B-[^)]*[^ ]\)/);
      assert.match(stamped, /\(DocTimeStamp\)/);
    });

    test('the copy carries the code and a QR on every page, and the QR leads to the verification', async () => {
      const answer = await get(`/es/verificar/${edict.csv}/copia`);
      assert.equal(answer.status, 200);
      const copy = file('copia.pdf', answer.bytes);
      assert.equal(spawnSync('qpdf', ['--check', copy]).status, 0);
      const text = spawnSync('pdftotext', [copy, '-'], {encoding: 'utf8'}).stdout;
      assert.ok(text.includes(edict.csv.match(/.{1,4}/g).join('-')), text);
      assert.match(text, /Código seguro de verificación/);
      assert.equal(spawnSync('pdftoppm', ['-r', '200', '-png', copy, path.join(world.demo.dir, 'copia')]).status, 0);
      const pages = fs.readdirSync(world.demo.dir).filter(name => /^copia-\d+\.png$/.test(name));
      assert.ok(pages.length > 0);
      const seen = spawnSync('pdfsig', ['-nocert', copy], {encoding: 'utf8'}).stdout;
      assert.match(seen, /Signature #1:[^]*SELLO DE DESARROLLO[^]*Signature is Valid[^]*Signature #2:[^]*TSA DE DESARROLLO[^]*Total document signed/);
      const judged = JSON.parse(world.demo.concejo('evidence', 'validate', copy, '--json', '--tenant', 'valdehermoso').stdout);
      assert.equal(judged.signatures[0].level, 'B-LTA', JSON.stringify(judged));
      assert.deepEqual((await get(`/es/verificar/${edict.csv}/copia`)).bytes, answer.bytes); // made once
      assert.notDeepEqual((await get(`/ca/verificar/${edict.csv}/copia`)).bytes, answer.bytes);
      for (const page of pages) {
        const address = spawnSync('zbarimg', ['--raw', '-q', path.join(world.demo.dir, page)], {encoding: 'utf8'}).stdout.trim();
        const where = new URL(address);
        assert.equal(where.searchParams.get('csv'), edict.csv);
        assert.match((await get(where.pathname + where.search)).text, /El documento es auténtico/);
      }
      const citizen = new Client(world.demo), asked = form((await citizen.get('/es/verificar')).text, 'verificar-archivo');
      assert.match((await citizen.submit(asked, {}, {archivo: {name: 'copia.pdf', type: 'application/pdf', bytes: answer.bytes}})).text, /El documento es auténtico[^]*Es la copia con código/);
    });

    test('the ENI document satisfies the official schema and xmlsec1; one changed letter of its metadata does not', {skip: samples ? false : 'CONCEJO_CONFORMANCE is not set'}, async () => {
      const eni = path.join(process.env.CONCEJO_CONFORMANCE, 'eni');
      const citizen = new Client(world.demo), xml = (await get(`/es/verificar/${edict.csv}/eni`)).bytes;
      const where = file('documento.eni.xml', xml);
      const valid = spawnSync('xmllint', ['--nonet', '--noout', '--huge', '--schema', path.join(eni, 'eni-xsd/documentoEni.xsd'), where], {encoding: 'utf8', env: {...process.env, XML_CATALOG_FILES: path.join(eni, 'catalog.xml')}});
      assert.equal(valid.status, 0, valid.stderr);
      // -EPES, NTI de Política de firma III.4.3: the digest of the policy is the one that AutoFirma declares
      const policy = text => ['Identifier', 'DigestValue'].map(name => text.match(/<xades:SigPolicyId>[^]*?<\/xades:SigPolicyHash>/)[0].match(new RegExp(`<(?:xades|ds):${name}[^>]*>([^<]*)<`))[1]);
      assert.deepEqual(policy(xml.toString()), policy(fs.readFileSync(path.join(samples, 'afirma-xades_epes_detached.xsig'), 'utf8')));
      assert.match(xml.toString(), new RegExp(`>ES_L01099999_${new Date().getFullYear()}_EVI[0-9A-Z]{27}<`));
      assert.ok(!xml.toString().match(/<enidocmeta:metadatos[^]*<\/enidocmeta:metadatos>/)[0].includes(edict.csv), 'an identifier is quoted everywhere, and the code opens the document');
      const judge = name => {
        const space = 'http://administracionelectronica.gob.es/ENI/XSD/v1.0/documento-e';
        return spawnSync('xmlsec1', ['--verify', '--trusted-pem', path.join(world.demo.dir, 'raiz.pem'), '--untrusted-pem', path.join(world.demo.dir, 'cadena.pem'), '--id-attr:Id', `${space}/contenido:contenido`,
          '--id-attr:Id', `${space}/metadatos:metadatos`, '--id-attr:Id', 'http://uri.etsi.org/01903/v1.3.2#:SignedProperties', name], {encoding: 'utf8'});
      };
      assert.equal(judge(where).status, 0, judge(where).stderr);
      // once its seal has its timestamp and its material, it is made for the long term, and once for all
      let made = '', again = '';
      for (let n = 0; n < 100; ++n, await sleep(200)) {
        [made, again] = [await get(`/es/verificar/${edict.csv}/eni`), await get(`/es/verificar/${edict.csv}/eni`)].map(one => one.text);
        if (made === again) break;
      }
      assert.ok(made === again, 'two downloads differ');
      for (const part of ['SignatureTimeStamp', 'RevocationValues', 'ArchiveTimeStamp']) assert.ok(made.includes(`:${part}`), part);
      const kept = file('guardado.eni.xml', made), asked = form((await citizen.get('/es/verificar')).text, 'verificar-archivo');
      assert.equal(judge(kept).status, 0, judge(kept).stderr);
      assert.equal(schema_errors('documento', kept), '');
      assert.match(concejo('evidence', 'import', '--tenant', 'valdehermoso', kept).stdout, /^Documento ES_L01099999_\w+: correcto$/m, 'whoever receives it needs to ask nobody');
      assert.match((await citizen.submit(asked, {}, {archivo: {name: 'a.xml', type: 'application/xml', bytes: Buffer.from(made)}})).text, /Es el documento ENI que este municipio hizo de él/);
      assert.notEqual(judge(file('cambiado.eni.xml', xml.toString().replace('>TD08<', '>TD09<'))).status, 0);
      assert.equal(concejo('evidence', 'eni', '--tenant', 'valdehermoso', edict.csv).stdout.length > 1000, true);
    });

    test('development keys in files, as a command makes them', () => {
      const folder = path.join(world.demo.dir, 'pki-nueva');
      assert.equal(concejo('evidence', 'pki', '--tenant', 'riomar', folder).code, 0);
      assert.match(openssl('x509', '-noout', '-subject', '-in', path.join(folder, 'sello.pem')), /DESARROLLO/);
      assert.equal(concejo('evidence', 'pki', '--tenant', 'riomar', folder).code, 1, 'nothing is overwritten');
      assert.equal(fs.statSync(path.join(folder, 'sello.key')).mode & 0o777, 0o600);
    });
  });
}
