// What a first visit costs: bytes on the wire and requests, with nothing in the browser yet.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {towns} from '../browser.mjs';

const most_bytes = 90 * 1024, most_requests = 10;

export default function (world) {
  describe('first visit', () => {
    for (const [town, host] of Object.entries(towns)) {
      for (const where of ['/', '/es/tablon', '/es/buscar?q=presupuesto', '/es/accesibilidad', '/es/gestion/acceso']) {
        test(`${town} ${where}: at most 90 KB and 10 requests, all from its origin`, async t => {
          await world.browser.with_page({host, width: 375}, async (page, context) => {
            const network = await context.newCDPSession(page);
            await network.send('Network.enable');
            let bytes = 0, requests = 0;
            network.on('Network.requestWillBeSent', ({request}) => { if (!request.url.startsWith('data:')) ++requests; });
            network.on('Network.loadingFinished', ({encodedDataLength}) => { bytes += encodedDataLength; });
            await page.goto(where, {waitUntil: 'networkidle'});
            t.diagnostic(`${town} ${where}: ${(bytes / 1024).toFixed(1)} KB, ${requests} requests`);
            assert.ok(bytes > 5_000, 'measured');
            assert.ok(bytes <= most_bytes, `${bytes} bytes`);
            assert.ok(requests <= most_requests, `${requests} requests`);
          });
        });
      }
    }
  });
}
