// What machines read: site map, robots, feed link, permanent addresses.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {describe, test} from 'node:test';
import {towns} from '../browser.mjs';

export default function (world) {
  describe('indexing', () => {
    for (const [town, host] of Object.entries(towns)) {
      test(`${town}: the site map is well-formed, absolute, and every address in it answers`, async () => {
        const map = await world.demo.request('/sitemap.xml', {host});
        assert.match(map.headers['content-type'], /xml/);
        execFileSync('xmllint', ['--nonet', '--noout', '-'], {input: map.bytes});
        const places = [...map.text.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, place]) => place.replaceAll('&amp;', '&'));
        assert.ok(places.length > 30, String(places.length));
        assert.equal(new Set(places).size, places.length, 'none twice');
        for (const place of places) assert.ok(place.startsWith(`http://${host}:${world.demo.port}/`), place);
        const sample = places.filter((_, n) => n % Math.ceil(places.length / 60) === 0);
        for (const place of sample) {
          const {pathname, search} = new URL(place);
          assert.equal((await world.demo.request(pathname + search, {host})).status, 200, place);
        }
      });

      test(`${town}: robots.txt names the site map; staff pages say noindex`, async () => {
        const robots = await world.demo.request('/robots.txt', {host});
        assert.equal(robots.status, 200);
        assert.match(robots.text, new RegExp(`^Sitemap: http://${host}:${world.demo.port}/sitemap\\.xml$`, 'm'));
        assert.match(robots.text, /^Disallow: \/$/m, 'a demonstration is not indexed');
        const board = (await world.demo.request('/es/tablon', {host})).text;
        assert.match(board, /<link rel="alternate" type="application\/atom\+xml" href="\/es\/tablon\/atom\.xml"/);
        const staff = await (await world.browser.person('secretaria', host)).get('/es/gestion/tablon');
        assert.match(staff.text, /<meta name="robots" content="noindex">/);
      });
    }

    test('an address with a slash too many or a tracker leads to the one there is', async () => {
      const moved = await world.demo.request('/es/tablon/');
      assert.ok([301, 308].includes(moved.status), String(moved.status));
      assert.equal(new URL(moved.headers.location, 'http://x').pathname, '/es/tablon');
      const page = await world.demo.request('/es/tablon?utm_source=correo&fbclid=1');
      assert.ok(!page.text.includes('utm_source'));
    });

    test('a page not changed answers 304 to its ETag', async () => {
      // The official time is in every page: a minute may end between the two requests, two do not.
      let first, second;
      for (let n = 0; n < 2 && second?.status !== 304; ++n) {
        first = await world.demo.request('/es/tablon');
        assert.ok(first.headers.etag);
        second = await world.demo.request('/es/tablon', {headers: {'If-None-Match': first.headers.etag}});
      }
      assert.equal(second.status, 304);
      assert.equal(second.bytes.length, 0);
    });
  });
}
