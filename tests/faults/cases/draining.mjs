// SIGTERM: what is in flight is answered whole, then it ends well.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {describe, test} from 'node:test';
import {sleep} from '../../support/demo.mjs';
import {slow_download, slow_upload} from '../raw.mjs';
import {workers_of} from '../processes.mjs';

export default function (world) {
  describe('stop', () => {
    test('SIGTERM with an upload and a download in flight: both end well, new ones are refused, exit 0', {timeout: 90_000}, async () => {
      const {demo} = world, host = `valdehermoso.localhost:${demo.port}`;
      const page = (await demo.request(new URL(world.large.url).pathname)).text;
      const file = page.match(/href="([^"]+)"[^>]*data-c="anuncio-archivo"/)[1];
      const upload = slow_upload(demo.port, host, 600_000, 4000);
      const download = slow_download(demo.port, host, file, 30);
      await sleep(700);
      const ended = demo.stop('SIGTERM');
      await sleep(1500);
      await assert.rejects(demo.request('/es/'), 'nobody is let in any more');
      await upload;
      assert.equal(createHash('sha256').update(await download).digest('hex'), world.large.sha256);
      assert.deepEqual(await ended, {code: 0, signal: null});
      assert.deepEqual(workers_of(demo), []);
    });

    test('and everything is there at the next start', async () => {
      await world.demo.up();
      assert.ok((await world.demo.request('/es/tablon')).text.includes('Plano grande'));
    });
  });
}
