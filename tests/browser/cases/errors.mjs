// Errors are pages of the municipality, in its theme and the visitor's language, with the same headers as the rest.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {hook, towns} from '../browser.mjs';

export default function (world) {
  const page_of = (answer, status) => {
    assert.equal(answer.status, status);
    assert.match(answer.headers['content-type'], /^text\/html; charset=utf-8/);
    assert.match(answer.headers['content-security-policy'], /default-src 'self'/);
    assert.doesNotMatch(answer.headers['content-security-policy'], /unsafe/);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.match(answer.headers['cache-control'], /no-store/);
    assert.match(answer.text, /data-c="error-page"/);
    if (status !== 421) assert.match(answer.text, new RegExp(`>${status}<`));
  };

  describe('errors', () => {
    test('404 in the theme and the language, with a way on', () => world.browser.with_page({host: towns.riomar}, async page => {
      const answer = await page.goto('/eu/no-existe');
      assert.equal(answer.status(), 404);
      assert.equal(await page.locator('html').getAttribute('lang'), 'eu');
      assert.match(await page.locator('header').first().innerText(), /Riomar/);
      await hook(page, 'error-page').locator('a.btn').first().click();
      assert.equal(new URL(page.url()).pathname, '/eu/');
    }));

    test('404, 405, 403, 413 and 400 in HTML for people', async () => {
      page_of(await world.demo.request('/es/tablon/2099-00001'), 404);
      const method = await world.demo.request('/es/tablon', {method: 'DELETE'});
      page_of(method, 405);
      assert.match(method.headers.allow, /GET/);
      page_of(await (await world.browser.person('redaccion')).send('/es/gestion/tablon/00000000-0000-4000-8000-000000000000/retirar'), 403);
      const form = {'Content-Type': 'application/x-www-form-urlencoded'};
      page_of(await world.demo.request('/es/gestion/acceso', {method: 'POST', headers: form, body: 'usuario=secretaria&clave=x'}), 403);
      page_of(await world.demo.request('/es/gestion/acceso', {method: 'POST', headers: {...form, 'Content-Length': String(9 << 20), Expect: '100-continue'}, body: ''}).catch(error => { throw error; }), 413);
    });

    test('the same errors as problem+json for programs', async () => {
      for (const [where, method, status] of [['/api/tablon/v1/anuncios/2099-00001', 'GET', 404], ['/api/no/existe', 'GET', 404], ['/api/tablon/v1/anuncios', 'DELETE', 405]]) {
        const answer = await world.demo.request(where, {method});
        assert.equal(answer.status, status, where);
        assert.match(answer.headers['content-type'], /application\/problem\+json/);
        assert.equal(JSON.parse(answer.text).status, status);
      }
    });

    test('421 says nothing of anybody and still is a page', async () => {
      const answer = await world.demo.request('/es/', {host: 'desconocido.localhost'});
      page_of(answer, 421);
      assert.doesNotMatch(answer.text, /Valdehermoso|Riomar/);
    });

    test('an error shows its reference and never what happened inside', async () => {
      const answer = await world.demo.request('/es/tablon/%27%20or%201=1--');
      assert.equal(answer.status, 404);
      assert.doesNotMatch(answer.text, /SELECT|postgres|exception|std::/i);
      assert.match(answer.text, /<code>[\w-]+<\/code>/);
      assert.ok(answer.text.includes(answer.headers['x-request-id']), 'the reference of the log');
    });
  });
}
