// A store that computes the signature itself refuses another secret, and then nothing is taken for stored.
import assert from 'node:assert/strict';
import {before, describe, test} from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import {chunk, key, tus} from '../support.mjs';

export default function (world) {
  describe('a secret that is not the store\'s', () => {
    let token;
    const reload = secret => {
      fs.writeFileSync(path.join(world.dir, 'config/secretos/s3'), `${secret}\n`);
      const {code, stderr} = world.demo.concejo('reload');
      assert.equal(code, 0, stderr);
    };
    const send = async text => {
      const made = await tus(world.demo, token, '/api/subidas', 'POST', {'Upload-Length': String(text.length)});
      assert.equal(made.status, 201, made.text);
      return {where: made.headers.location, sent: await tus(world.demo, token, made.headers.location, 'PATCH', {'Upload-Offset': '0', 'Content-Type': chunk}, text)};
    };
    before(() => { token = key(world.demo, {name: 'firmas'}); });

    test('is refused, which is told and lost by nobody: with the right one the same upload ends', async () => {
      assert.equal((await send('con la clave buena')).sent.status, 204);
      reload('otra');
      const {where, sent} = await send('con la clave mala');
      assert.ok(sent.status >= 500, String(sent.status));
      assert.match(world.demo.log, /S3[^\n]*(403|SignatureDoesNotMatch|firma|clave)/i);
      reload(world.s3.keys.secret);
      const known = JSON.parse((await tus(world.demo, token, where, 'GET')).text);
      assert.equal(known.complete, true);
      assert.match(known.sha256, /^[0-9a-f]{64}$/);
    });
  });
}
