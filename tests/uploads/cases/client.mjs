// A peer's real client: tus-js-client, whole, over a line that is cut, and across the death of workers and server.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import {PassThrough} from 'node:stream';
import {afterEach, before, describe, test} from 'node:test';
import * as tus_client from 'tus-js-client';
import {sleep} from '../../support/demo.mjs';
import {workers_of} from '../../faults/processes.mjs';
import {blob_file, chunk, host, key, line, sample, sha256sum, tus} from '../support.mjs';

export default function (world) {
  describe('tus-js-client', () => {
    let token, source, relay;
    before(() => { token = key(world.demo); });
    afterEach(() => { source?.remove(); relay?.close(); source = relay = undefined; });

    /** Sends the file; answers its address when the client says that it is done. */
    const send = (port, options = {}, input = fs.createReadStream(source.file)) => new Promise((resolve, reject) => {
      const upload = new tus_client.Upload(input, {
        endpoint: `http://127.0.0.1:${port}/api/subidas`, uploadSize: source.bytes,
        headers: {Authorization: `Bearer ${token}`, Host: `${host}:${world.demo.port}`},
        metadata: {filename: 'acta.bin', filetype: 'application/octet-stream'},
        retryDelays: Array(400).fill(100), onError: reject,
        onSuccess: () => resolve(new URL(upload.url).pathname), ...options});
      options.began?.(upload);
      upload.start();
    });
    const stored = async where => {
      const known = JSON.parse((await tus(world.demo, token, where, 'GET')).text);
      assert.equal(known.complete, true);
      assert.equal(known.sha256, source.sha256, 'as sha256sum says of the file that was sent');
      assert.equal(sha256sum(blob_file(world.demo, known.sha256)), source.sha256);
    };

    test('a file whole, in one request', async () => {
      source = sample(24 << 20);
      await stored(await send(world.demo.port));
    });

    test('in chunks', async () => {
      source = sample((5 << 20) + 17);
      await stored(await send(world.demo.port, {chunkSize: 1 << 20}));
    });

    test('the length told at the end', async () => {
      source = sample((3 << 20) + 1);
      // A recorder's stream: of a file's, this client announces whole chunks even where the file ends.
      const stream = fs.createReadStream(source.file).pipe(new PassThrough());
      await stored(await send(world.demo.port, {uploadSize: undefined, uploadLengthDeferred: true, chunkSize: 1 << 20}, stream));
    });

    test('cut 20 times at random places, and a worker killed in the middle', async () => {
      source = sample(64 << 20);
      let killed = 0;
      // Twenty pieces of at most 3 MiB never reach the end of 64, so every one of them is cut.
      const next = () => (!relay || relay.cuts.length < 20 ? 1 + Math.floor(Math.random() * (3 << 20)) : undefined);
      relay = await line(world.demo.port, next);
      const kill = () => {
        if (killed > 0 || relay.cuts.length < 10) return;
        ++killed;
        for (const {pid, kind} of workers_of(world.demo)) if (kind === 'web') process.kill(pid, 'SIGKILL');
      };
      await stored(await send(relay.port, {onProgress: kill}));
      assert.ok(relay.cuts.length >= 20, `${relay.cuts.length} cuts`);
      assert.equal(killed, 1);
    });

    test('across a restart of the whole server', async () => {
      source = sample(48 << 20);
      let restarted;
      const restart = sent => {
        if (restarted || sent < 8 << 20) return;
        restarted = (async () => {
          world.demo.child.kill('SIGKILL');
          await world.demo.gone;
          await world.demo.up();
        })();
      };
      // The line is slow enough for the server to die in the middle of it.
      const where = await send(world.demo.port, {chunkSize: 4 << 20, onProgress: restart, onChunkComplete: () => {}});
      assert.ok(restarted);
      await restarted;
      await stored(where);
    });

    // The workers are stopped first, so that it can be counted where every byte is: in the file, in the sockets' queues, or in
    // the hands of a worker. Only the last kind may be lost besides what had not reached the machine's receiving side.
    test('kill -9 in the middle of a PATCH: what was told is there, and what a worker had read but for its last piece', async () => {
      const most_in_hand = 64 << 10;
      for (let n = 0; n < 3; ++n) {
        const total = 64 << 20;
        const made = await tus(world.demo, token, '/api/subidas', 'POST', {'Upload-Length': String(total)});
        const where = made.headers.location;
        let told = 0;
        for (; told < 3 << 20; told += 1 << 20)
          assert.equal((await tus(world.demo, token, where, 'PATCH', {'Upload-Offset': String(told), 'Content-Type': chunk}, Buffer.alloc(1 << 20, n))).status, 204);
        const sender = await stream(world.demo.port, where, told, total - told);
        while (sender.sent() < (2 + n) << 20) await sleep(2);
        const seen = await offset_of(where);
        const workers = workers_of(world.demo).filter(({kind}) => kind === 'web');
        for (const {pid} of workers) process.kill(pid, 'SIGSTOP');
        await sender.stalled();
        const taken = await settled(() => told + sender.sent() - queued(sender.port, world.demo.port));
        for (const {pid} of workers) process.kill(pid, 'SIGKILL');
        sender.destroy();
        const there = await offset_of(where);
        assert.ok(there >= Math.max(told, seen), `${there} of ${told} and ${seen} that were told`);
        const lost = taken - there;
        assert.ok(lost <= most_in_hand, `${lost} bytes`);
        world.lost = Math.max(world.lost ?? 0, lost);
        await tus(world.demo, token, where, 'DELETE');
      }
      console.log(`# kill -9 in the middle of a PATCH: at most ${world.lost} bytes that a worker had read were not there`);
    });

    test('a client that comes back before its old connection is known to be dead goes on at once', async () => {
      const made = await tus(world.demo, token, '/api/subidas', 'POST', {'Upload-Length': String(8 << 20)});
      const where = made.headers.location;
      const sender = await stream(world.demo.port, where, 0, 8 << 20, 1 << 20);  // then silence, without closing
      let there = 0;
      for (let n = 0; n < 200 && there < 1 << 20; ++n) { there = await offset_of(where); await sleep(10); }
      assert.equal(there, 1 << 20);
      const rest = Buffer.alloc(7 << 20, 9);
      const again = await tus(world.demo, token, where, 'PATCH', {'Upload-Offset': String(there), 'Content-Type': chunk}, rest);
      assert.equal(again.status, 204, again.text);
      sender.write(Buffer.alloc(1000, 1));  // the old one wakes up: it is out of line
      await sleep(200);
      sender.destroy();
      assert.equal(JSON.parse((await tus(world.demo, token, where, 'GET')).text).complete, true);
      const {createHash} = await import('node:crypto');
      const expected = createHash('sha256').update(Buffer.alloc(1 << 20, 7)).update(rest).digest('hex');
      assert.equal(JSON.parse((await tus(world.demo, token, where, 'GET')).text).sha256, expected);
    });

    async function offset_of(where) {
      for (let n = 0; n < 200; ++n) {
        const answer = await tus(world.demo, token, where, 'HEAD').catch(() => undefined);
        if (answer?.status === 200) return Number(answer.headers['upload-offset']);
        await sleep(50);
      }
      throw Error(`${where} does not answer`);
    }

    /** A PATCH that goes on until it is destroyed; of 7s, `most` of them. */
    async function stream(port, where, offset, length, most = length) {
      const socket = net.connect({host: '127.0.0.1', port});
      await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
      socket.on('error', () => {}).resume();
      const piece = Buffer.alloc(16 << 10, 7);
      let sent = 0, last = Date.now();
      // One at a time: what was sent has left this process, but for one piece at most.
      const more = () => { if (sent < most && !socket.destroyed) socket.write(piece, error => { if (!error) { sent += piece.length; last = Date.now(); more(); } }); };
      socket.write(`PATCH ${where} HTTP/1.1\r\nHost: ${host}:${port}\r\nAuthorization: Bearer ${token}\r\nTus-Resumable: 1.0.0\r\n` +
        `Upload-Offset: ${offset}\r\nContent-Type: ${chunk}\r\nContent-Length: ${length}\r\n\r\n`, more);
      return {
        port: socket.localPort, sent: () => sent, write: bytes => socket.write(bytes), destroy: () => socket.destroy(),
        /** Nobody reads any more, and everything on the way is full. */
        stalled: async () => { while (sent < most && Date.now() - last < 500) await sleep(20); },
      };
    }

    /** What two looks, one after the other, agree on: the two sides are not read at one instant. */
    async function settled(look) {
      for (let before = look(); ; ) {
        await sleep(100);
        const now = look();
        if (now === before) return now;
        before = now;
      }
    }

    /** Bytes of one connection of this machine that are in either side's queue. */
    function queued(client, server) {
      const hex = port => port.toString(16).toUpperCase().padStart(4, '0');
      let bytes = 0;
      for (const line of fs.readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1)) {
        const [, local = '', remote = '', state, queues = ''] = line.trim().split(/\s+/);
        const [tx, rx] = queues.split(':').map(text => parseInt(text, 16));
        if (local.endsWith(`:${hex(client)}`) && remote.endsWith(`:${hex(server)}`) && state === '01') bytes += tx;
        if (local.endsWith(`:${hex(server)}`) && remote.endsWith(`:${hex(client)}`) && state === '01') bytes += rx;
      }
      return bytes;
    }
  });
}
