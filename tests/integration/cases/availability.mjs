// What was exposed, who saw it, and the certificate that comes out of it. The witness of these tests is not ours: it signs its
// notes with node's own Ed25519. The certificate is judged by pdfsig, pdftotext and qpdf.
import assert from 'node:assert/strict';
import {createHash, generateKeyPairSync, sign} from 'node:crypto';
import {spawnSync} from 'node:child_process';
import {describe, test} from 'node:test';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import {program, sleep} from '../../support/demo.mjs';
import {form} from '../../support/client.mjs';
import {sign_in} from '../samples.mjs';
import {day, pdf} from '../../support/pdf.mjs';
import {publish as published} from '../../support/publish.mjs';

const sha256 = bytes => createHash('sha256').update(bytes).digest();
const iso = ms => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

/** A key as c2sp.org/signed-note has it, and notes signed with it. */
class Witness {
  constructor(name) {
    this.name = name;
    this.pair = generateKeyPairSync('ed25519');
    this.raw = this.pair.publicKey.export({type: 'spki', format: 'der'}).subarray(-32);
    this.id = sha256(Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(1), this.raw])).subarray(0, 4);
  }
  get vkey() { return `${this.name}+${this.id.toString('hex')}+${Buffer.concat([Buffer.of(1), this.raw]).toString('base64')}`; }
  note(text) { return `${text}\n— ${this.name} ${Buffer.concat([this.id, sign(null, Buffer.from(text), this.pair.privateKey)]).toString('base64')}\n`; }
  round(sede, when, samples, cadence = 300) {
    return this.note(`${JSON.stringify({cadencia: cadence, fecha: iso(when), muestras: samples, sede, testigo: this.name, tipo: 'ronda', v: 1})}\n`);
  }
}

export default function (world) {
  const concejo = (...args) => world.demo.concejo(...args);
  const file = (name, bytes) => world.demo.put(name, bytes);
  const get = (where, host) => world.demo.request(where, {host});
  const run = (command, ...args) => { const {status, stdout, stderr} = spawnSync(command, args, {encoding: 'utf8', maxBuffer: 1 << 26}); return {status, text: stdout + stderr}; };
  const publish = (titulo, from = 0) => published(world.demo, pdf(titulo), {titulo, desde: day(from)});
  const bundle = async csv => {
    const folder = fs.mkdtempSync(path.join(world.demo.dir, 'disponible-'));
    const where = file('disponible.evidencia', (await get(`/es/verificar/${csv}/evidencia`)).bytes);
    assert.equal(run('python3', '-m', 'zipfile', '-e', where, folder).status, 0);
    const seen = fs.existsSync(path.join(folder, 'disponibilidad.json')) ? JSON.parse(fs.readFileSync(path.join(folder, 'disponibilidad.json'), 'utf8')) : null;
    const leaves = fs.readdirSync(folder).filter(name => /^hoja-\d+\.json$/.test(name)).sort().map(name => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')));
    return {where, seen, leaves};
  };
  const until = async (what, ready) => {
    for (let n = 0; n < 200; ++n) { const got = await what(); if (ready(got)) return got; await sleep(150); }
    return assert.fail('it never came');
  };
  const testify = (body, host = 'localhost') => world.demo.request('/evidencia/testimonio', {host, method: 'POST', headers: {'content-type': 'text/plain'}, body});

  describe('availability', () => {
    let edict, origin;
    const witness = new Witness('sede.vecino.example/evidencia');

    test('what is published is looked at in its public address at once: a leaf, the page and the bundle tell it', async () => {
      edict = publish('Edicto que se vigila');
      const {seen, leaves, where} = await until(() => bundle(edict.csv), got => got.leaves.length > 1);
      origin = seen.testigos[0].nombre;
      assert.deepEqual([seen.csv, seen.terminada, seen.interrupciones, seen.testigos.length, seen.testigos[0].distintas], [edict.csv, false, [], 1, 0]);
      assert.deepEqual(leaves.map(leaf => [leaf.tipo, leaf.resultado, leaf.testigo]), [['publicacion', undefined, undefined], ['disponibilidad', 'visible', origin]]);
      assert.ok(Math.abs(Date.parse(seen.primera_visible) - Date.parse(seen.desde)) < 30_000);
      const verdict = run(path.join(path.dirname(program), 'concejo-verify'), where);
      assert.equal(verdict.status, 0, verdict.text);
      assert.match(verdict.text, new RegExp(origin.split('/')[0]));
      assert.match((await get(`/es/verificar?csv=${edict.csv}`)).text, /Visto por primera vez/);
      assert.match((await get(`/eu/verificar?csv=${edict.csv}`)).text, /<dd>[^<]*<\/dd>/);
    });

    test('the list for witnesses has the address of the file itself, its digest, and nothing of the other municipality', async () => {
      const list = JSON.parse((await get('/evidencia/expuesto.json')).text);
      assert.equal(list.origen, origin);
      const ours = list.documentos.find(one => one.csv === edict.csv);
      const there = await get(new URL(ours.url).pathname);
      assert.equal(there.status, 200);
      assert.equal(sha256(there.bytes).toString('hex'), ours.sha256);
      const theirs = JSON.parse((await get('/evidencia/expuesto.json', 'riomar.localhost')).text);
      assert.ok(!theirs.documentos.some(one => one.csv === edict.csv));
    });

    test('a scheduled edict is not watched before it is exposed, and the log does not give its code away', async () => {
      const later = publish('Edicto que aún no se expone', 3);
      assert.ok(!JSON.parse((await get('/evidencia/expuesto.json')).text).documentos.some(one => one.csv === later.csv));
      const size = Number((await get('/evidencia/checkpoint')).text.split('\n')[1]);
      for (let at = 0; at * 256 < size; ++at) {
        const width = Math.min(256, size - at * 256), tile = await get(`/evidencia/tile/entries/${String(at).padStart(3, '0')}${width < 256 ? `.p/${width}` : ''}`);
        assert.equal(tile.status, 200);
        assert.ok(!tile.bytes.includes(later.csv), 'whoever has the code has the document');
      }
    });

    test('a witness is heard once, and only one that the municipality knows; what it saw becomes leaves', async () => {
      const now = Date.now();
      const strangers = witness.round(origin, now, {visible: [edict.csv]});
      assert.equal((await testify(strangers)).status, 403, 'nobody knows it yet');
      const restore = world.demo.edit('municipios/valdehermoso.yaml', text => text.replace('    sello_de_tiempo:\n', `    disponibilidad:\n      testigos: ["${witness.vkey}"]\n    sello_de_tiempo:\n`));
      try {
        assert.equal(concejo('reload').code, 0);
        assert.equal((await testify(strangers)).status, 204);
        assert.equal((await testify(strangers)).status, 409, 'the same once more');
        assert.equal((await testify(witness.round(origin, now - 3_600_000, {visible: [edict.csv]}))).status, 409, 'an hour late');
        assert.equal((await testify(witness.round('sede.otra.example/evidencia', now + 1000, {visible: [edict.csv]}))).status, 400, 'of another sede');
        assert.equal((await testify(witness.round(origin, now + 1000, {visible: [edict.csv]}), 'riomar.localhost')).status, 403, 'to another sede');
        assert.equal((await testify(new Witness(witness.name).round(origin, now + 1000, {visible: [edict.csv]}))).status, 403, 'another key under its name');
        assert.equal((await testify(witness.round(origin, now + 1000, {visible: [edict.csv]}).replace('visible', 'ausente'))).status, 403, 'other words than the signed ones');
        assert.equal((await testify(witness.round(origin, now + 1000, {visible: ['00000000000000000000000000!']}))).status, 400);
        assert.equal((await testify(witness.round(origin, now + 1000, {visible: [edict.csv]}, 1))).status, 400, 'a cadence of a second');
        for (const junk of ['', 'x', '{}', '\n— a b\n', 'x'.repeat(100_000), '\u0000\n', witness.note('[]\n'), witness.note('{"tipo":"ronda"}\n')]) assert.equal((await testify(junk)).status, 400, junk.slice(0, 20));
        await sleep(1100);
        const gone = Date.now();
        assert.equal((await testify(witness.round(origin, gone, {ausente: [edict.csv]}))).status, 204);
        await sleep(1100);
        const {seen, leaves, where} = await until(() => bundle(edict.csv), got => got.leaves.some(leaf => leaf.resultado === 'ausente'));
        assert.deepEqual(leaves.filter(leaf => leaf.testigo === witness.name).map(leaf => leaf.resultado), ['visible', 'ausente']);
        const theirs = seen.testigos.find(one => one.nombre === witness.name);
        assert.deepEqual([theirs.muestras, theirs.visibles], [2, 1]);
        assert.equal(seen.interrupciones.length, 1);
        assert.deepEqual([seen.interrupciones[0].visto, seen.interrupciones[0].desde <= iso(gone)], ['ausente', true]);
        assert.ok(seen.testimonios.includes(strangers), 'the witness\'s own words, as signed');
        assert.equal(run(path.join(path.dirname(program), 'concejo-verify'), where).status, 0);
        assert.equal(concejo('evidence', 'check', '--tenant', 'valdehermoso').code, 0);
      } finally {
        restore();
        assert.equal(concejo('reload').code, 0);
      }
    });

    test('one sede is the witness of another', async () => {
      const address = new URL(edict.url).origin;
      const before = ['valdehermoso', 'riomar'].map(name => world.demo.edit(`municipios/${name}.yaml`, text => {
        if (name === 'riomar') return text.replace(/^( {2}evidence:\n {4}activo: true\n)/m, `$1    disponibilidad:\n      testigo_de: [${address}]\n`) + `\nsalida:\n  servidores: ["${new URL(address).host}"]\n  redes_privadas: [127.0.0.1]\n`;
        const key = concejo('evidence', 'key', '--tenant', 'riomar').stdout.split('\n')[0];
        return text.replace('    sello_de_tiempo:\n', `    disponibilidad:\n      testigos: ["${key}"]\n    sello_de_tiempo:\n`);
      }));
      try {
        assert.equal(concejo('reload').code, 0, concejo('config', 'check').stderr);
        assert.equal(concejo('evidence', 'watch', '--tenant', 'riomar').code, 0);
        const {seen} = await until(() => bundle(edict.csv), got => got.seen.testigos.some(one => one.nombre.startsWith('riomar')));
        assert.equal(seen.testigos.find(one => one.nombre.startsWith('riomar')).visibles, 1);
      } finally {
        for (const restore of before) restore();
        assert.equal(concejo('reload').code, 0);
      }
    });

    test("another sede's list fills no disk: what is too large is not asked for, and an answer that goes on is cut", async () => {
      const small = Buffer.from('un edicto'), asked = [];
      const codes = JSON.parse((await get('/evidencia/expuesto.json')).text).documentos.slice(0, 3).map(one => one.csv);
      let testimony, sent = 0;
      const sede = http.createServer((request, response) => {
        asked.push(request.url);
        if (request.url === '/evidencia/expuesto.json') return response.end(JSON.stringify({origen: 'sede.ajena.example/evidencia', documentos: [
          {csv: codes[0], url: `${base}/a`, bytes: small.length, sha256: sha256(small).toString('hex')},
          {csv: codes[1], url: `${base}/enorme`, bytes: (64 << 20) + 1, sha256: '0'.repeat(64)},
          {csv: codes[2], url: `${base}/sin-fin`, bytes: 10, sha256: '0'.repeat(64)},
          {csv: codes[2], url: 'http://127.0.0.1:1/de-otro', bytes: 10, sha256: '0'.repeat(64)}]}));
        if (request.url === '/a') return response.end(small);
        if (request.method === 'POST') return request.on('data', bytes => { testimony = (testimony ?? '') + bytes; }).on('end', () => response.end());
        const more = () => { while (!response.destroyed && response.write(Buffer.alloc(65536))) sent += 65536; };
        response.on('drain', more);
        more();
      });
      await new Promise(resolve => sede.listen(0, '127.0.0.1', resolve));
      const base = `http://127.0.0.1:${sede.address().port}`;
      const restore = world.demo.edit('municipios/riomar.yaml', text => text.replace(/^( {2}evidence:\n {4}activo: true\n)/m, `$1    disponibilidad:\n      testigo_de: [${base}]\n`) + `\nsalida:\n  servidores: ["${new URL(base).host}"]\n  redes_privadas: [127.0.0.1]\n`);
      try {
        assert.equal(concejo('reload').code, 0, concejo('config', 'check').stderr);
        assert.equal(concejo('evidence', 'watch', '--tenant', 'riomar').code, 0);
        await until(() => testimony, Boolean);
        const seen = JSON.parse(testimony.split('\n')[0]);
        assert.deepEqual(seen.muestras, {distinto: [codes[2]], visible: [codes[0]]}, testimony);
        assert.ok(!asked.includes('/enorme'), 'too large to be asked for');
        assert.ok(sent < 32 << 20, `${sent} bytes were taken`);
      } finally {
        sede.closeAllConnections();
        sede.close();
        restore();
        assert.equal(concejo('reload').code, 0);
      }
    });

    test('the certificate: sealed inside, its code verifiable, what was seen in words, and the gaps', async () => {
      const {code, stdout, stderr} = concejo('evidence', 'diligencia', '--json', '--tenant', 'valdehermoso', edict.csv);
      assert.equal(code, 0, stderr);
      const {csv} = JSON.parse(stdout);
      const there = await get(`/es/verificar/${csv}/documento`);
      const where = file('diligencia.pdf', there.bytes);
      const text = run('pdftotext', '-layout', where, '-').text;
      for (const words of [/Diligencia de exposición/, /Edicto que se vigila/, /La exposición no ha terminado/, /sede\.vecino\.example/, /No estaba/, /artículo 41/, new RegExp(csv.match(/.{1,4}/g).join('-'))]) assert.match(text, words);
      const judged = run('pdfsig', '-nocert', where);
      assert.match(judged.text, /Signature is Valid/);
      assert.match(judged.text, /Signature #2:[^]*TSA DE DESARROLLO[^]*Total document signed/); // what was added for the long term is dated as well
      assert.equal(run('qpdf', '--check', where).status, 0);
      assert.equal(JSON.parse(concejo('evidence', 'validate', where, '--json', '--tenant', 'valdehermoso').stdout).signatures.length, 2);
      assert.match((await get(`/es/verificar?csv=${csv}`)).text, /El documento es auténtico/);
      const unknown = concejo('evidence', 'diligencia', '--tenant', 'valdehermoso', csv);
      assert.equal(unknown.code, 1);
      assert.match(unknown.stderr, /no consta ninguna exposición/);
    });

    test('the staff see it and issue it; nobody else', async () => {
      const sessions = await sign_in(world);
      const clerk = sessions['valdehermoso secretaria'];
      const list = await clerk.get('/es/gestion/disponibilidad');
      assert.match(list.text, /Edicto que se vigila/);
      const page = await clerk.get(`/es/gestion/disponibilidad/${edict.csv}`);
      assert.match(page.text, /sede\.vecino\.example/);
      const asked = form(page.text, 'expedir-diligencia'), done = await clerk.follow(await clerk.submit(asked, {}), asked.action);
      assert.match(done.text, /La diligencia está expedida/);
      assert.equal(done.text.match(/data-c="diligencias"[^]*?<\/ul>/)[0].match(/<li>/g).length, 2);
      assert.notEqual((await get(`/es/gestion/disponibilidad/${edict.csv}`)).status, 200);
      assert.equal((await sessions['riomar secretaria'].get(`/es/gestion/disponibilidad/${edict.csv}`)).status, 404);
    });
  });
}
