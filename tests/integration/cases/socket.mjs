// The protocol of systemd's socket activation (sd_listen_fds(3)), spoken by this test instead of systemd.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import net from 'node:net';
import {Bare, rawRequest} from '../../support/demo.mjs';

const listening = () => new Promise((resolve, reject) => {
  const server = net.createServer();
  server.once('error', reject);
  server.listen(0, '127.0.0.1', () => resolve(server));
});
/** A shell keeps its process id through exec, so that LISTEN_PID is right. */
const activated = (count = '1', pid = '$$') => ['/bin/sh', '-c', `LISTEN_PID=${pid} LISTEN_FDS=${count} exec "$@"`, 'sh'];

export default function () {
  describe('a socket that is handed over', () => {
    let bare, port, early;
    before(async () => {
      bare = await Bare.make();
      const server = await listening();
      ({port} = server.address());
      const ready = bare.up({before: activated(), handle: server._handle});
      server.close();  // ours: the server has its own, and the kernel keeps who comes meanwhile waiting
      early = rawRequest(port, '/-/live', {host: 'x'});
      assert.equal(await ready, port, 'it serves there and not at http.puerto');
    });
    after(() => bare?.remove());

    test('who connected before it served is answered', async () => assert.equal((await early).status, 200));

    test('the configured port is left alone, and the difference is told', async () => {
      await assert.rejects(rawRequest(bare.port, '/-/live', {host: 'x'}), {code: 'ECONNREFUSED'});
      assert.match(bare.log, new RegExp(`${port}.*http\\.puerto.*${bare.port}`));
    });

    test('it goes on through a reload', async () => {
      bare.child.kill('SIGHUP');
      for (let n = 0; n < 50; ++n) assert.equal((await rawRequest(port, '/-/live', {host: 'x'})).status, 200);
    });
  });

  describe('what cannot be taken over', () => {
    const refused = async (options, message) => {
      const bare = await Bare.make();
      await assert.rejects(bare.up(options), message);
      await bare.remove();
    };

    test('two sockets: exit 2, and what to do', async () => {
      const server = await listening();
      await refused({before: activated('2'), handle: server._handle}, /ended with 2[^]*LISTEN_FDS[^]*ListenStream/);
      server.close();
    });

    test('a descriptor that is no listening TCP socket: exit 2, and what to use', async () => {
      await refused({before: activated(), handle: 'pipe'}, /ended with 2[^]*LISTEN_FDS[^]*ListenStream/);
    });

    test('variables meant for another process are none of ours', async () => {
      const bare = await Bare.make();
      assert.equal(await bare.up({before: activated('1', '1')}), bare.port);
      await bare.remove();
    });
  });
}
