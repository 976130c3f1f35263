// What https://tus.io/protocols/resumable-upload (1.0.0) asks of a server, request by request.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {before, describe, test} from 'node:test';
import {blob_file, chunk, host, key, metadata, sha256sum, tus} from '../support.mjs';

const root = '/api/subidas';

export default function (world) {
  describe('tus 1.0.0', () => {
    let token;
    const ask = (where, method, headers, body) => tus(world.demo, token, where, method, headers, body);
    const create = async (bytes, headers = {}) => {
      const answer = await ask(root, 'POST', {'Upload-Length': String(bytes), ...headers});
      assert.equal(answer.status, 201, answer.text);
      return answer.headers.location;
    };
    const patch = (where, offset, body, headers = {}) => ask(where, 'PATCH', {'Upload-Offset': String(offset), 'Content-Type': chunk, ...headers}, body);
    const head = async where => Number((await ask(where, 'HEAD')).headers['upload-offset']);
    before(() => { token = key(world.demo); });

    test('OPTIONS says what there is, without anybody having to log in', async () => {
      const answer = await world.demo.request(root, {host, method: 'OPTIONS'});
      assert.ok([200, 204].includes(answer.status));
      assert.equal(answer.headers['tus-version'], '1.0.0');
      for (const extension of ['creation', 'creation-with-upload', 'expiration', 'checksum', 'termination'])
        assert.ok(answer.headers['tus-extension'].split(',').includes(extension), extension);
      assert.ok(answer.headers['tus-checksum-algorithm'].split(',').includes('sha1'));
      assert.ok(Number(answer.headers['tus-max-size']) > 0);
    });

    test('another version: 412, and nothing happens', async () => {
      const where = await create(5);
      for (const version of ['0.2.2', '', '1.0.1']) {
        const answer = await patch(where, 0, 'hola\n', {'Tus-Resumable': version});
        assert.equal(answer.status, 412);
        assert.equal(answer.headers['tus-version'], '1.0.0');
      }
      assert.equal((await ask(root, 'POST', {'Upload-Length': '5', 'Tus-Resumable': '2.0.0'})).status, 412);
      assert.equal((await ask(where, 'HEAD', {'Tus-Resumable': '2.0.0'})).status, 412);
      assert.equal((await ask(where, 'DELETE', {'Tus-Resumable': '2.0.0'})).status, 412);
      assert.equal(await head(where), 0);
    });

    test('creation: Location, metadata as it was sent, expiry as an HTTP date', async () => {
      const sent = `${metadata({filename: 'Acta del 3 de mayo – ñandú.pdf', filetype: 'application/pdf'})},is_confidential`;
      const made = await ask(root, 'POST', {'Upload-Length': '100', 'Upload-Metadata': sent});
      assert.equal(made.status, 201);
      assert.equal(made.headers['tus-resumable'], '1.0.0');
      assert.match(made.headers['upload-expires'], /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/);
      const hours = (new Date(made.headers['upload-expires']) - Date.now()) / 3_600_000;
      assert.ok(hours > 23.9 && hours < 24.1, String(hours));
      const asked = await ask(made.headers.location, 'HEAD');
      assert.equal(asked.status, 200);
      assert.equal(asked.headers['upload-offset'], '0');
      assert.equal(asked.headers['upload-length'], '100');
      assert.equal(asked.headers['upload-metadata'], sent);
      assert.match(asked.headers['cache-control'], /no-store/);
    });

    test('creation refused: without a length, with two, too long, with nonsense', async () => {
      const status = async headers => (await ask(root, 'POST', headers)).status;
      assert.equal(await status({}), 400);
      assert.equal(await status({'Upload-Length': '-1'}), 400);
      assert.equal(await status({'Upload-Length': '5x'}), 400);
      assert.equal(await status({'Upload-Length': '99999999999999999999'}), 400);
      assert.equal(await status({'Upload-Length': '5', 'Upload-Defer-Length': '1'}), 400);
      assert.equal(await status({'Upload-Defer-Length': '2'}), 400);
      assert.equal(await status({'Upload-Length': String(2 ** 50)}), 413);
      for (const wrong of ['filename not*base64', ' ,', 'a YQ==,a Yg==', `k ${'A'.repeat(5000)}`])
        assert.equal(await status({'Upload-Length': '5', 'Upload-Metadata': wrong}), 400, wrong);
    });

    test('PATCH: the right place, the right type, not one byte too many', async () => {
      const where = await create(11);
      assert.equal((await patch(where, 0, 'hola ', {'Content-Type': 'text/plain'})).status, 415);
      assert.equal((await ask(where, 'PATCH', {'Content-Type': chunk}, 'hola ')).status, 400);
      const first = await patch(where, 0, 'hola ');
      assert.equal(first.status, 204);
      assert.equal(first.headers['upload-offset'], '5');
      assert.ok(first.headers['upload-expires']);
      for (const wrong of [0, 4, 6, 11]) assert.equal((await patch(where, wrong, 'x')).status, 409, String(wrong));
      assert.equal((await patch(where, 5, 'demasiado')).status, 413);
      assert.equal(await head(where), 5);
      assert.equal((await patch(where, 5, 'mundo\n')).headers['upload-offset'], '11');
      assert.equal(await head(where), 11);
      const known = JSON.parse((await ask(where, 'GET')).text);
      assert.deepEqual([known.complete, known.sha256], [true, createHash('sha256').update('hola mundo\n').digest('hex')]);
      assert.equal(sha256sum(blob_file(world.demo, known.sha256)), known.sha256);
      assert.notEqual((await patch(where, 11, 'x')).status, 204, 'a complete upload takes no more');
    });

    test('PATCH in HTTP chunks, and POST with X-HTTP-Method-Override', async () => {
      const where = await create(10);
      const chunked = await world.demo.request(where, {host, method: 'PATCH', body: 'hola ', headers: {
        'Tus-Resumable': '1.0.0', Authorization: `Bearer ${token}`, 'Upload-Offset': '0', 'Content-Type': chunk, 'Transfer-Encoding': 'chunked'}});
      assert.equal(chunked.status, 204, chunked.text);
      const other = await ask(where, 'POST', {'X-HTTP-Method-Override': 'PATCH', 'Upload-Offset': '5', 'Content-Type': chunk}, 'mundo');
      assert.equal(other.status, 204);
      assert.equal(other.headers['upload-offset'], '10');
      assert.equal((await ask(where, 'POST', {'X-HTTP-Method-Override': 'DELETE'})).status, 204);
      assert.equal((await ask(where, 'POST', {'X-HTTP-Method-Override': 'TRACE'})).status, 405);
    });

    test('an upload of nothing is complete at once', async () => {
      const where = await create(0);
      const known = JSON.parse((await ask(where, 'GET')).text);
      assert.deepEqual([known.complete, known.sha256], [true, createHash('sha256').digest('hex')]);
    });

    test('creation-with-upload', async () => {
      const whole = await ask(root, 'POST', {'Upload-Length': '4', 'Content-Type': chunk}, 'todo');
      assert.equal(whole.status, 201, whole.text);
      assert.equal(whole.headers['upload-offset'], '4');
      const part = await ask(root, 'POST', {'Upload-Length': '8', 'Content-Type': chunk}, 'part');
      assert.equal(part.headers['upload-offset'], '4');
      assert.equal((await patch(part.headers.location, 4, 'es!!')).status, 204);
      assert.equal((await ask(root, 'POST', {'Upload-Length': '8', 'Content-Type': 'text/plain'}, 'x')).status, 415);
      assert.equal((await ask(root, 'POST', {'Upload-Length': '2', 'Content-Type': chunk}, 'xxx')).status, 413);
    });

    test('creation-defer-length', async () => {
      const made = await ask(root, 'POST', {'Upload-Defer-Length': '1'});
      const where = made.headers.location;
      assert.equal((await patch(where, 0, 'primero ')).status, 204);
      const unknown = await ask(where, 'HEAD');
      assert.equal(unknown.headers['upload-defer-length'], '1');
      assert.equal(unknown.headers['upload-length'], undefined);
      assert.equal((await patch(where, 8, 'fin', {'Upload-Length': '11'})).status, 204);
      const told = await ask(where, 'HEAD');
      assert.deepEqual([told.headers['upload-offset'], told.headers['upload-length']], ['11', '11']);
      assert.equal(JSON.parse((await ask(where, 'GET')).text).sha256, createHash('sha256').update('primero fin').digest('hex'));
    });

    test('checksum: right, wrong, unknown', async () => {
      const where = await create(11);
      const sum = (algorithm, text) => `${algorithm} ${createHash(algorithm).update(text).digest('base64')}`;
      assert.equal((await patch(where, 0, 'hola ', {'Upload-Checksum': sum('sha1', 'hola ')})).status, 204);
      assert.equal((await patch(where, 5, 'mundo\n', {'Upload-Checksum': sum('sha1', 'otra cosa')})).status, 460);
      assert.equal(await head(where), 5, 'a chunk that is wrong is dropped');
      for (const wrong of ['crc32 AAAA', 'sha1 AAAA', 'sha1', 'SHA1 Kq5sNclPz7QV2+lfQIuc6R7oRu0='])
        assert.equal((await patch(where, 5, 'mundo\n', {'Upload-Checksum': wrong})).status, 400, wrong);
      assert.equal((await patch(where, 5, 'mun', {'Upload-Checksum': sum('sha256', 'mun')})).status, 204);
      assert.equal((await patch(where, 8, 'do\n', {'Upload-Checksum': sum('sha512', 'do\n')})).status, 204);
      assert.equal(await head(where), 11);
    });

    test('the example of the specification: sha1 of "hello world"', async () => {
      const where = await create(11);
      assert.equal((await patch(where, 0, 'hello world', {'Upload-Checksum': 'sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0='})).status, 204);
    });

    test('termination: 204, then it is not there', async () => {
      const where = await create(5);
      await patch(where, 0, 'ho');
      assert.equal((await ask(where, 'DELETE')).status, 204);
      assert.ok([404, 410].includes((await ask(where, 'HEAD')).status));
      assert.ok([404, 410].includes((await patch(where, 2, 'la!')).status));
      assert.ok([404, 410].includes((await ask(where, 'DELETE')).status));
      assert.equal((await ask(where, 'HEAD')).headers['upload-offset'], undefined);
    });

    test('nobody else reaches an upload: another key, no key, another municipality, an invented address', async () => {
      const where = await create(5);
      const other = key(world.demo, {name: 'otra'});
      assert.equal((await tus(world.demo, other, where, 'HEAD')).status, 404);
      assert.equal((await tus(world.demo, other, where, 'PATCH', {'Upload-Offset': '0', 'Content-Type': chunk}, 'intru')).status, 404);
      assert.equal((await tus(world.demo, other, where, 'DELETE')).status, 404);
      assert.equal((await tus(world.demo, null, where, 'PATCH', {'Upload-Offset': '0', 'Content-Type': chunk}, 'intru')).status, 401);
      assert.equal((await tus(world.demo, null, root, 'POST', {'Upload-Length': '5'})).status, 401);
      const reader = key(world.demo, {scope: 'sede.anuncios.editar', name: 'sin permiso'});
      assert.equal((await tus(world.demo, reader, root, 'POST', {'Upload-Length': '5'})).status, 403);
      const elsewhere = await world.demo.request(where, {host: 'riomar.localhost', method: 'HEAD', headers: {'Tus-Resumable': '1.0.0', Authorization: `Bearer ${token}`}});
      assert.equal(elsewhere.status, 401);
      for (const invented of [`${root}/${'0'.repeat(32)}`, `${root}/..%2f..%2fetc%2fpasswd`, `${root}/x`])
        assert.ok([400, 404].includes((await ask(invented, 'GET')).status), invented);
      assert.equal(await head(where), 0);
    });

    test('what does not fit in the municipality\'s quota is refused, saying so', async () => {
      const back = world.demo.edit('municipios/valdehermoso.yaml', text => `${text}\nficheros: {cuota_mib: 1}\n`);
      const reload = () => { const done = world.demo.concejo('reload'); assert.equal(done.code, 0, done.stderr); };
      reload();
      try {
        const full = await ask(root, 'POST', {'Upload-Length': String(2 << 20)});
        assert.equal(full.status, 413);
        assert.match(full.text, /ocupa 2 MiB y al municipio le quedan \d de los 1 MiB.*ficheros\.cuota_mib/);
      } finally {
        back();
        reload();
      }
      assert.equal((await ask(root, 'POST', {'Upload-Length': String(2 << 20)})).status, 201);
    });

    test('a person or key has so many uploads at a time', async () => {
      const mine = key(world.demo, {name: 'muchas'});
      const status = async () => (await tus(world.demo, mine, root, 'POST', {'Upload-Length': '5'})).status;
      for (let n = 0; n < 20; ++n) assert.equal(await status(), 201);
      assert.equal(await status(), 429);
    });
  });
}
