// Both nodes up: keys, sessions, cached pages, schedules and uploads are the installation's, not a node's.
import assert from 'node:assert/strict';
import {before, describe, test} from 'node:test';
import {Client, form} from '../../support/client.mjs';
import {sleep} from '../../support/demo.mjs';
import {day, pdf} from '../../support/pdf.mjs';
import {metadata, tus} from '../../uploads/support.mjs';
import {host} from '../nodes.mjs';

const chunk = 'application/offset+octet-stream';

export default function (world) {
  describe('together', () => {
    let one, two;
    before(() => {
      [one, two] = world.nodes;
      const password = 'tres palabras sin relacion';
      const added = one.json('user', 'add', '--tenant', 'valdehermoso', '--login', 'secretaria', '--role', 'secretaria', '--totp', {input: `${password}\n`});
      world.credentials = {valdehermoso: {secretaria: {password, totp_secret: added.totp_secret}}};
      world.token = two.json('token', 'create', '--tenant', 'valdehermoso', '--scope', 'es.prueba.nodos.apuntar', '--scope', 'subidas.enviar', '--name', 'pruebas').token;
    });

    test('two nodes that start on an empty server make everything once', async () => {
      const doubled = world.postgres.sql('select count(*) from (select tenant, plugin, version from concejo.migrations_done group by 1, 2, 3 having count(*) > 1) d');
      assert.equal(doubled, '0');
      for (const node of world.nodes) {
        assert.equal((await world.door(node.port).request('/es/tablon')).status, 200);
        assert.doesNotMatch(node.program.log, /"level":"(error|warning)"/);
      }
    });

    test('every request of a person may go to another node: the forms, the second factor and the session are good at both', async () => {
      world.clerk = new Client(world.door([one.port, two.port]));
      await world.clerk.login('secretaria');
      for (let n = 0; n < 6; ++n) assert.equal((await world.clerk.get('/es/gestion/tablon')).status, 200);
    });

    test('what is published at one is seen at the other at once, though it had the page in its cache; so is its withdrawal', async t => {
      const board = async () => (await world.door(two.port).request('/es/tablon')).text;
      for (let n = 0; n < 8; ++n) assert.doesNotMatch(await board(), /Edicto de los dos/);
      const until = async (wanted, what) => {
        for (const start = Date.now(); ; await sleep(5)) {
          // Whichever of its workers answers.
          const seen = [];
          for (let n = 0; n < 4; ++n) seen.push(await board());
          if (seen.every(wanted)) return Date.now() - start;
          assert.ok(Date.now() - start < 2000, `${what}: not after two seconds`);
        }
      };
      const clerk = new Client(world.door(one.port));
      clerk.cookies = world.clerk.cookies;
      const done = await clerk.publish({titulo: 'Edicto de los dos', pdf: pdf('De los dos'), desde: day(0).typed, hasta: day(9).typed});
      assert.match(done.path, /hecho=publicado/, done.text.slice(0, 2000));
      const shown = await until(text => text.includes('Edicto de los dos'), 'published');
      const id = done.path.match(/tablon\/([0-9a-f-]{36})/)[1];
      const asked = form((await clerk.get(`/es/gestion/tablon/${id}/retirar`)).text, 'retirar-formulario');
      assert.equal((await clerk.submit(asked, {motivo: 'Error', organo: 'Alcaldía'})).status, 303);
      const page = (await world.door(two.port).request(`/id/anuncio/${id}`)).headers.location.replace(/^https?:\/\/[^/]+/, '');
      assert.match((await world.door(two.port).request(page)).text, /data-c="anuncio-retirado"/);
      const gone = await until(text => !text.includes('Edicto de los dos'), 'withdrawn');
      t.diagnostic(`seen at the other node after ${shown} ms, gone after ${gone} ms`);
    });

    test('a schedule runs once, not once for each node', async () => {
      await sleep(3000);
      const ran = Number(world.postgres.sql("select count(*) from m_valdehermoso.nodos_hecho where que = 'toque'"));
      const seconds = (Date.now() - world.since) / 1000;
      assert.ok(ran >= 1 && ran <= seconds + 2, `${ran} in ${seconds} s`);
    });

    test('an upload goes on at the node that has it, through HAProxy, whoever else is served by the other', async () => {
      const door = world.door(), ask = (where, method, headers, body) => tus(door, world.token, where, method, headers, body);
      const begun = await Promise.all(Array.from({length: 6}, async () => {
        const made = await ask('/api/subidas', 'POST', {'Upload-Length': String(3 << 20), 'Upload-Metadata': metadata({filename: 'acta.bin'})});
        assert.equal(made.status, 201, made.text);
        return made.headers.location;
      }));
      for (let at = 0; at < 3 << 20; at += 1 << 20) {
        for (const where of begun) {
          assert.equal((await ask(where, 'HEAD')).headers['upload-offset'], String(at));
          assert.equal((await ask(where, 'PATCH', {'Upload-Offset': String(at), 'Content-Type': chunk}, Buffer.alloc(1 << 20, 5))).status, 204);
        }
      }
      // Once complete it is a content of the installation, and any node knows it.
      for (const node of world.nodes) {
        const known = JSON.parse((await tus(world.door(node.port), world.token, begun[0], 'GET')).text);
        assert.equal(known.complete, true);
      }
      const unfinished = (await tus(world.door(one.port), world.token, '/api/subidas', 'POST', {'Upload-Length': '10'})).headers.location;
      assert.equal((await tus(world.door(two.port), world.token, unfinished, 'HEAD')).status, 404, 'the client begins again');
      assert.ok(host);
    });
  });
}
