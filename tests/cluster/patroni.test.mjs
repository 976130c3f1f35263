// The two nodes on Debian's Patroni: the machine of the primary dies under load, and comes back as the other's standby. Takes more than a
// minute and packages that only this needs: with CONCEJO_FULL=1 (tests/run.sh --full).
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import fs from 'node:fs';
import {Client} from '../support/client.mjs';
import {freePort, sleep} from '../support/demo.mjs';
import {s3_server} from '../uploads/s3_server.mjs';
import {Load} from './load.mjs';
import {configuration, Door, Node, Proxy} from './nodes.mjs';
import {missing, Patroni} from './patroni.mjs';

const skip = process.env.CONCEJO_FULL !== '1' ? 'CONCEJO_FULL=1 runs it' : missing() ? `not installed: ${missing()}` : false;
describe('two nodes on Patroni', {skip}, () => {
  let patroni, s3, config, nodes, proxy, door, load;
  before(async () => {
    [patroni, s3] = await Promise.all([Patroni.start(), s3_server()]);
    const port = await freePort();
    config = configuration({database: `host=127.0.0.1 port=${patroni.port} dbname=concejo user=concejo password=x`, s3, proxy: port});
    nodes = [await Node.make('nodo1', config), await Node.make('nodo2', config)];
    proxy = await Proxy.start(port, nodes);
    await Promise.all(nodes.map(node => node.up()));
    const password = 'tres palabras sin relacion';
    const {totp_secret} = nodes[0].json('user', 'add', '--tenant', 'valdehermoso', '--login', 'secretaria', '--role', 'secretaria', '--totp', {input: `${password}\n`});
    const {token} = nodes[1].json('token', 'create', '--tenant', 'valdehermoso', '--scope', 'es.prueba.nodos.apuntar', '--name', 'pruebas');
    door = new Door(port, port, {valdehermoso: {secretaria: {password, totp_secret}}});
    load = new Load(door, token);
    // the proxy looks every few seconds whether there are nodes
    for (const start = Date.now(); (await door.request('/-/ready')).status !== 200; await sleep(100)) assert.ok(Date.now() - start < 60_000, 'the proxy finds no node');
  });
  after(async () => {
    for (const one of [proxy, ...(nodes ?? []), patroni]) await one?.remove();
    await s3?.stop();
    if (config) fs.rmSync(config, {recursive: true, force: true});
  });

  test('the primary dies under load: the standby takes over, and nothing that was acknowledged is missing', {timeout: 240_000}, async t => {
    const clerk = new Client(door);
    await clerk.login('secretaria');
    load.start({programs: 8, people: [clerk.cookies], readers: 2});
    await sleep(3000);
    const rounds = [];
    for (let n = 0; n < 2; ++n) {
      const primary = await patroni.leader(), before = load.ledger.size, start = Date.now();
      await patroni.die(primary);
      while (load.ledger.size < before + 20) { assert.ok(Date.now() - start < 60_000, 'nobody writes any more'); await sleep(50); }
      rounds.push({dead: primary.name, writing_again_ms: Date.now() - start});
      patroni.start_member(primary);
      await patroni.replicated();
      rounds.at(-1).standby_again_ms = Date.now() - start;
      await sleep(1500);
    }
    await load.stop();
    const stored = patroni.sql("select clave || ' ' || blob from m_valdehermoso.nodos_apunte order by clave collate \"C\"").split('\n');
    assert.deepEqual(stored, [...load.ledger].map(([key, sum]) => `${key} ${sum}`).sort());
    const edicts = patroni.sql("select titulo || '|' || id from m_valdehermoso.sede_anuncio where titulo ~ '^Edicto [0-9]+-'").split('\n').filter(Boolean).sort();
    assert.deepEqual(edicts, [...load.edicts].map(([titulo, id]) => `${titulo}|${id}`).sort());
    t.diagnostic(`${load.ledger.size} entries and ${load.edicts.size} edicts acknowledged; ${JSON.stringify(rounds)}; sent again: ${JSON.stringify(load.repeated)}; ${load.failures.length} of ${load.reads} reads failed`);
  });

  test('every job was done once', {timeout: 90_000}, async () => {
    const left = () => Number(patroni.sql("select count(*) from concejo.jobs where state in ('waiting', 'running') and kind <> 'toque'"));
    for (const start = Date.now(); left() > 0; await sleep(200)) assert.ok(Date.now() - start < 60_000, `${left()} jobs left`);
    const done = patroni.sql("select clave from m_valdehermoso.nodos_hecho where que = 'anota' order by clave collate \"C\"").split('\n');
    assert.deepEqual(done, [...load.ledger.keys()].sort());
  });
});
