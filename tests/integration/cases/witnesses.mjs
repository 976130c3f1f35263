// Witnesses (c2sp.org/tlog-witness), on both sides: a log of somebody else's asks a municipality for cosignatures, and somebody
// else's witness follows a municipality's log. Both are written once more in support/tlog.mjs.
import assert from 'node:assert/strict';
import http from 'node:http';
import {spawnSync} from 'node:child_process';
import {after, before, describe, test} from 'node:test';
import path from 'node:path';
import {program, until} from '../../support/demo.mjs';
import {consistency, consistent, good_signatures, leaf, parse_note, parse_vkey, root, sha256, signer} from '../../support/tlog.mjs';
import {pdf} from '../../support/pdf.mjs';
import {publish as published} from '../../support/publish.mjs';

const host = 'riomar.localhost';

/** Somebody else's witness: what its specification asks, and nothing more. */
class Witness {
  constructor() {
    this.key = signer('testigo.prueba.example/t1', 4);
    this.seen = {size: 0, root: sha256('')};
    this.asked = [];
    this.server = http.createServer(async (request, reply) => {
      let body = '';
      for await (const piece of request) body += piece;
      const [status, answer] = request.url === '/w/add-checkpoint' ? this.answer(body) : [404, ''];
      this.asked.push(status);
      reply.writeHead(status, {'Content-Type': status === 409 ? 'text/x.tlog.size' : 'text/plain'}).end(answer);
    });
  }
  answer(body) {
    const at = body.indexOf('\n\n');
    const [first, ...proof] = body.slice(0, at).split('\n');
    const old = Number(first.match(/^old (0|[1-9]\d*)$/)[1]), note = parse_note(body.slice(at + 2));
    if (!this.logs.some(vkey => vkey.name === note.origin)) return [404, ''];
    if (!this.logs.some(vkey => good_signatures(note, vkey).length)) return [403, ''];
    if (old > note.size) return [400, ''];
    if (old !== this.seen.size) return [409, `${this.seen.size}\n`];
    if (old === 0 ? proof.length : !consistent(old, note.size, this.seen.root, note.root, proof.map(line => Buffer.from(line, 'base64')))) return [422, ''];
    this.seen = {size: note.size, root: note.root};
    return [200, this.key.cosign(note.body)];
  }
}

export default function (world) {
  const concejo = (...args) => world.demo.concejo(...args);
  const get = where => world.demo.request(where, {host});
  const file = (name, bytes) => world.demo.put(name, bytes);
  const publish = titulo => published(world.demo, pdf(titulo), {tenant: 'riomar', titulo});
  const own_keys = async () => (await get('/evidencia/clave')).text.split('\n').filter(line => line && !line.startsWith('#'));

  describe('witnesses', () => {
    const log = signer('sede.otra.example/evidencia', 1), leaves = Array.from({length: 80}, (_, n) => leaf(`hoja ${n}`));
    const witness = new Witness();
    let restore;
    const checkpoint = (size, by = log, hashes = leaves, name = log.name) => by.note(`${name}\n${size}\n${root(hashes.slice(0, size)).toString('base64')}\n`);
    const ask = (old, note, proof) => world.demo.request('/evidencia/add-checkpoint', {host, method: 'POST', headers: {'Content-Type': 'text/plain'},
      body: `old ${old}\n${proof.map(hash => `${hash.toString('base64')}\n`).join('')}\n${note}`});
    const grow = (from, to) => ask(from, checkpoint(to), from ? consistency(from, leaves.slice(0, to)) : []);
    const schema = 'm_riomar';

    before(async () => {
      publish('Edicto de antes de tener testigos');
      witness.logs = (await own_keys()).map(parse_vkey);
      await new Promise(resolve => { witness.server.listen(0, '127.0.0.1', resolve); });
      const port = witness.server.address().port;
      restore = world.demo.edit('municipios/riomar.yaml', text => text
        .replace('\nmodulos:\n', `\nsalida:\n  servidores: ['127.0.0.1:${port}']\nmodulos:\n`)
        .replace('  evidence:\n    activo: true\n', `  evidence:\n    activo: true\n    testigo_de:\n      - {clave: "${log.vkey}"}\n    testigos:\n      - {clave: "${witness.key.vkey}", direccion: "http://127.0.0.1:${port}/w"}\n`));
      assert.equal(concejo('reload').code, 0);
    });
    after(() => {
      witness.server.close();
      restore?.();
      concejo('reload');
    });

    test('a municipality cosigns a log that it follows, and answers what the specification says', async () => {
      const vkey = parse_vkey((await get('/evidencia/testigo')).text);
      assert.deepEqual([vkey.type, vkey.name.endsWith('/evidencia/testigo')], [4, true]);
      assert.equal((await get(`/evidencia/testigo/${sha256(log.name).toString('hex')}/checkpoint`)).status, 404, 'nothing cosigned yet');
      const first = await grow(0, 7);
      assert.equal(first.status, 200, first.text);
      const note = parse_note(checkpoint(7) + first.text), [cosignature] = good_signatures(note, vkey);
      assert.ok(cosignature, 'a cosignature of its key on that checkpoint');
      assert.ok(Math.abs(cosignature.time - Date.now() / 1000) < 60);
      for (const [from, to] of [[7, 7], [7, 8], [8, 33]]) assert.equal((await grow(from, to)).status, 200, `${from} to ${to}`);

      const stale = await grow(8, 40);
      assert.deepEqual([stale.status, stale.text, stale.headers['content-type']], [409, '33\n', 'text/x.tlog.size']);
      assert.equal((await grow(0, 40)).text, '33\n');
      assert.equal((await ask(50, checkpoint(40), [])).status, 400);
      assert.equal((await ask(33, checkpoint(40), [])).status, 422);
      assert.equal((await ask(33, checkpoint(40), consistency(32, leaves.slice(0, 40)))).status, 422);
      assert.equal((await ask(33, checkpoint(40, signer(log.name, 1)), consistency(33, leaves.slice(0, 40)))).status, 403, 'another key');
      assert.equal((await ask(0, checkpoint(3, log, leaves, 'sede.nadie.example/evidencia'), [])).status, 404);
      for (const body of ['', 'old 33\n', 'old x\n\nx', 'vieja 1\n\n']) {
        assert.equal((await world.demo.request('/evidencia/add-checkpoint', {host, method: 'POST', body})).status, 400, body);
      }
      assert.equal((await world.demo.request('/evidencia/add-checkpoint', {host, method: 'POST', body: 'x'.repeat(400_000)})).status, 413);
      assert.equal((await world.demo.request('/evidencia/add-checkpoint', {method: 'POST', body: `old 0\n\n${checkpoint(3)}`})).status, 404, 'valdehermoso follows nobody');
    });

    test('what it cosigned it remembers: two at once are not both believed, nor is another history', async () => {
      const both = await Promise.all([grow(33, 50), grow(33, 60)]);
      assert.deepEqual(both.map(answer => answer.status).sort(), [200, 409]);
      const size = both[0].status === 200 ? 50 : 60;
      assert.equal((await grow(size, 70)).status, 200);
      assert.equal(concejo('reload').code, 0);
      assert.equal((await grow(size, 80)).text, '70\n');

      const other = [...leaves];
      other[20] = leaf('otra historia');
      assert.equal((await ask(70, checkpoint(80, log, other), consistency(70, other))).status, 422);
      assert.equal(world.demo.sql(`SELECT count(*) FROM "${schema}".evidence_bifurcacion`), '0', 'a wrong proof is no proof against the log');
      assert.equal((await ask(70, checkpoint(70, log, other), [])).status, 422);
      const [kept, known] = world.demo.sql(`SELECT encode(convert_to(nota, 'UTF8'), 'base64') || '|' || encode(convert_to(conocida, 'UTF8'), 'base64') FROM "${schema}".evidence_bifurcacion`).replaceAll('\n', '').split('|').map(text => parse_note(Buffer.from(text, 'base64').toString()));
      assert.deepEqual([kept.size, known.size, kept.root.equals(known.root)], [70, 70, false]);
      for (const note of [kept, known]) assert.equal(good_signatures(note, parse_vkey(log.vkey)).length, 1, 'anybody can see who signed both');
      assert.equal((await grow(70, 80)).status, 200, 'the history that it knew goes on');
      const monitored = parse_note((await get(`/evidencia/testigo/${sha256(log.name).toString('hex')}/checkpoint`)).text);
      assert.equal(monitored.size, 80);
      assert.equal(good_signatures(monitored, parse_vkey((await get('/evidencia/testigo')).text)).length, 1);
      assert.equal(good_signatures(monitored, parse_vkey(log.vkey)).length, 1);
      assert.throws(() => world.demo.sql(`UPDATE "${schema}".evidence_testimonio SET tamano = 5`), /solo crece/);
    });

    test('somebody else\'s witness cosigns what is published; the checkpoint and the evidence carry it', async () => {
      const edict = publish('Edicto con un testigo');
      const vkey = parse_vkey(witness.key.vkey);
      const note = await until('the witness cosigns', async () => {
        const found = parse_note((await get('/evidencia/checkpoint')).text);
        return good_signatures(found, vkey).length && found;
      });
      assert.deepEqual([witness.seen.size, witness.seen.root.equals(note.root)], [note.size, true]);
      assert.ok((await own_keys()).map(parse_vkey).some(own => own.id === note.signatures[0].id), 'the log signs first');
      const keys = file('claves', `${(await own_keys()).join('\n')}\n${witness.key.vkey}\n`);
      const verdict = await until('a stamped and witnessed checkpoint', async () => {
        const bundle = file('testigo.evidencia', (await get(`/es/verificar/${edict.csv}/evidencia`)).bytes);
        const told = JSON.parse(spawnSync(path.join(path.dirname(program), 'concejo-verify'), ['--json', '--clave', keys, bundle], {encoding: 'utf8'}).stdout);
        return told.comprobado.some(line => line.id === 'witnessed') && told;
      });
      assert.equal(verdict.veredicto, 'autentico', JSON.stringify(verdict.fallos));
      assert.equal(concejo('evidence', 'check', '--tenant', 'riomar').code, 0);
    });

    test('the witness tells the size that it knows, and is asked again from there', async () => {
      world.demo.sql(`DELETE FROM "${schema}".evidence_testigo`);
      witness.asked = [];
      publish('Edicto tras olvidar lo que sabía el testigo');
      await until('asked twice', () => witness.asked.includes(200));
      assert.deepEqual(witness.asked.slice(0, 2), [409, 200]);
    });

    test('a log that forks or shrinks is refused, and whoever looks after it is told', async () => {
      const {size, root: right} = witness.seen;
      witness.seen = {size, root: leaf('lo que el testigo vio era otra cosa')};
      publish('Edicto de un registro bifurcado');
      const check = () => concejo('evidence', 'check', '--tenant', 'riomar');
      await until('it is seen', () => check().code === 1);
      assert.match(check().stderr, /se ha bifurcado/);
      assert.match(world.demo.json('evidence', 'check', '--tenant', 'riomar').value.testigos[0], /bifurcado/);

      witness.seen = {size: size + 500, root: right};
      publish('Edicto de un registro que ha menguado');
      await until('it is seen too', () => /ha menguado/.test(check().stderr));
      assert.match(check().stderr, new RegExp(`vio ${size + 500} anotaciones`));

      witness.seen = {size, root: right};
      world.demo.sql(`DELETE FROM "${schema}".evidence_testigo`);
      publish('Edicto de un registro que vuelve a ser el que era');
      await until('the witness agrees again', () => world.demo.sql(`SELECT string_agg(estado, '') FROM "${schema}".evidence_testigo`) === 'conforme');
      assert.equal(check().code, 0);
    });
  });
}
