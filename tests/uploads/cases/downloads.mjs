// A large annex goes ahead of its form, is published, and comes back: whole, in part, and not at all once a byte of it has
// changed where it is stored. `store` says where that is, for stores of files.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import {after, before, describe, test} from 'node:test';
import {Client, form} from '../../support/client.mjs';
import {sleep} from '../../support/demo.mjs';
import {day, pdf} from '../../support/pdf.mjs';
import {chunk, host, metadata, sample, sha256sum} from '../support.mjs';

export default function (world, store) {
  describe(`stored files, ${store.name}`, () => {
    const name = 'plano de «La Ñora» 100%.txt';
    let clerk, source, address, stored, received;
    const curl = (...words) => {
      const answer = spawnSync('curl', ['-sS', '-H', `Host: ${host}:${world.demo.port}`, '-o', received, '-w', '%{http_code}', ...words, `http://127.0.0.1:${world.demo.port}${address}`], {encoding: 'utf8'});
      return {exit: answer.status, status: Number(answer.stdout), bytes: fs.existsSync(received) ? fs.readFileSync(received) : Buffer.alloc(0)};
    };
    const head = headers => world.demo.request(address, {host, method: 'HEAD', headers});
    const flip = at => {
      fs.chmodSync(stored, 0o600);
      const file = fs.openSync(stored, 'r+'), byte = Buffer.alloc(1);
      fs.readSync(file, byte, 0, 1, at);
      byte[0] ^= 1;
      fs.writeSync(file, byte, 0, 1, at);
      fs.closeSync(file);
    };

    before(async () => {
      source = sample((20 << 20) + 12_345);
      const text = fs.readFileSync(source.file).map(byte => 33 + byte % 90);  // an annex of text has no zeros
      fs.writeFileSync(source.file, text);
      source.sha256 = sha256sum(source.file);
      received = source.file + '.received';
      clerk = new Client(world.demo, host);
      await clerk.login('secretaria');
    });
    after(() => source?.remove());

    test('a person uploads with the session and the token of the form, and publishes', async () => {
      const page = await clerk.get('/es/gestion/tablon/nuevo');
      assert.match(page.text, /data-c="uploads"/);
      const blank = form(page.text, 'anuncio-formulario');
      const token = Object.fromEntries(blank.fields).csrf_token;
      const bytes = fs.readFileSync(source.file);
      const tus = (where, method, headers, body) => clerk.send(where, {method, body, headers: {
        'Tus-Resumable': '1.0.0', 'X-CSRF-Token': token, 'Content-Length': String(body?.length ?? 0), ...headers}});
      const creation = {'Upload-Length': String(bytes.length), 'Upload-Metadata': metadata({filename: name, filetype: 'text/plain'})};
      assert.equal((await clerk.send('/-/subidas', {method: 'POST', headers: {'Tus-Resumable': '1.0.0', ...creation}})).status, 403, 'without the token');
      assert.equal((await world.demo.request('/-/subidas', {host, method: 'POST', headers: {'Tus-Resumable': '1.0.0', ...creation}})).status, 403, 'without a session');
      assert.equal((await tus('/-/subidas', 'POST', {...creation, Origin: 'https://otra.example'})).status, 403, 'from another site');
      const made = await tus('/-/subidas', 'POST', creation);
      assert.equal(made.status, 201, made.text);
      const where = made.headers.location;
      const pdf_file = {documento: {name: 'edicto.pdf', type: 'application/pdf', bytes: pdf(`Con anexo grande ${store.name}`)}};
      const values = {titulo: `Anuncio con anexo grande, ${store.name}`, accion: 'publicar', desde: day(0).typed, hasta: day(9).typed, 'anexos.subida': where.split('/').at(-1)};
      const early = await clerk.submit(blank, values, pdf_file);
      assert.equal(early.status, 422);
      assert.match(early.text, /no llegó entero/);
      for (let at = 0; at < bytes.length; at += 4 << 20)
        assert.equal((await tus(where, 'PATCH', {'Upload-Offset': String(at), 'Content-Type': chunk}, bytes.subarray(at, at + (4 << 20)))).status, 204);
      const again = form((await clerk.get('/es/gestion/tablon/nuevo')).text, 'anuncio-formulario');
      const done = await clerk.follow(await clerk.submit(again, values, pdf_file), again.action);
      assert.match(done.path, /hecho=publicado/, done.text.slice(0, 3000));
      assert.equal((await tus(where, 'HEAD', {})).status, 404, 'taken');
      address = [...done.text.matchAll(/href="([^"]*archivo\/[^"]*)"/g)].map(found => found[1]).find(href => href.includes('.txt'));
      assert.ok(address, 'the annex is on the page of the staff');
      const published = done.text.match(/data-c="ver-publico"[^>]*href="([^"]+)"|href="([^"]+)"[^>]*data-c="ver-publico"/);
      const id = done.path.match(/tablon\/([0-9a-f-]{36})/)[1];
      const permanent = (await world.demo.request(`/id/anuncio/${id}`, {host})).headers.location.replace(/^https?:\/\/[^/]+/, '');
      const shown = await world.demo.request(permanent, {host});
      address = [...shown.text.matchAll(/href="([^"]+)"[^>]*data-c="anuncio-archivo"/g)].map(found => found[1]).find(href => href.includes('.txt'));
      assert.ok(address, `the annex is on the public page ${published ?? ''}`);
      address = address.replace(/^https?:\/\/[^/]+/, '');
      if (!store.file) return;
      stored = store.file(world.demo, source.sha256);
      assert.ok(stored, 'the content is in the store');
      assert.equal(sha256sum(stored), source.sha256);
    });

    test('whole, and in part, as curl asks for it', () => {
      assert.equal(curl().status, 200);
      assert.equal(sha256sum(received), source.sha256);
      const all = fs.readFileSync(source.file);
      for (const [range, from, to] of [['0-0', 0, 1], ['65535-65536', 65535, 65537], ['1000000-4999999', 1000000, 5000000], ['-100', all.length - 100, all.length], [`${all.length - 5}-`, all.length - 5, all.length]]) {
        const part = curl('-r', range);
        assert.equal(part.status, 206, range);
        assert.ok(part.bytes.equals(all.subarray(from, to)), range);
      }
      const several = curl('-r', '0-9,20-29');
      assert.deepEqual([several.status, several.bytes.length], [200, all.length], 'several ranges: all of it');
      assert.equal(curl('-r', `${all.length}-`).status, 416);
      assert.equal(curl('-H', 'If-Range: "otra"', '-r', '0-9').status, 200);
      assert.equal(curl('-H', `If-Range: "${source.sha256}"`, '-r', '0-9').status, 206);
      assert.equal(curl('-H', `If-None-Match: "${source.sha256}"`).status, 304);
    });

    test('an interrupted download goes on where it was', () => {
      fs.writeFileSync(received, fs.readFileSync(source.file).subarray(0, 7_654_321));
      const answer = curl('-C', '-');
      assert.equal(answer.status, 206);
      assert.equal(sha256sum(received), source.sha256);
    });

    test('its name, with whatever characters', async () => {
      const answer = await head({});
      assert.equal(answer.headers['content-length'], String(source.bytes));
      assert.equal(answer.headers.etag, `"${source.sha256}"`);
      const disposition = answer.headers['content-disposition'];
      const [, exact] = disposition.match(/filename\*=UTF-8''([^;]+)/);
      assert.equal(decodeURIComponent(exact), name);
      assert.match(disposition, /^attachment; filename="[ -~]*";/);
    });

    test('a flipped byte is never served; log, audit and doctor tell', {skip: !store.file && 'this store keeps no files'}, async () => {
      const all = fs.readFileSync(source.file), at = 10_000_000;
      flip(at);
      const cut = curl();
      assert.notEqual(cut.exit, 0, 'curl sees that it is not whole');
      assert.ok(cut.bytes.length <= at && cut.bytes.equals(all.subarray(0, cut.bytes.length)), `${cut.bytes.length} good bytes`);
      assert.equal(curl('-r', '0-999999').status, 206, 'what is good is served');
      assert.ok(curl('-r', '11000000-11999999').bytes.equals(all.subarray(11000000, 12000000)));
      assert.equal(curl('-r', `${at}-${at}`).status, 500);
      assert.equal(curl('-r', `${at - 10}-${at - 5}`).status, 500, 'another byte of that block');
      const told = new RegExp(`"fichero dañado[^\\n]*${source.sha256}`);
      for (let n = 0; n < 100 && !told.test(world.demo.log); ++n) await sleep(50);
      assert.match(world.demo.log, told);
      const doctor = world.demo.json('doctor', '--ficheros');
      const files = doctor.value.checks.find(check => check.check === 'ficheros');
      assert.equal(doctor.code, 1);
      assert.equal(files.ok, false);
      assert.ok(files.text.includes(source.sha256), files.text);
      const quick = world.demo.json('doctor').value.checks.find(check => check.check === 'ficheros');
      assert.equal(quick.ok, false, 'known without reading it again');
      flip(at);
      assert.equal(curl().status, 200);
      assert.equal(sha256sum(received), source.sha256);
      const healthy = world.demo.json('doctor', '--ficheros').value.checks.find(check => check.check === 'ficheros');
      assert.equal(healthy.ok, true, healthy.text);
      flip(3);
      assert.equal(curl().status, 500, 'the first block: not even a beginning');
      flip(3);
    });
  });
}
