// Requests a minute, for real: the loopback is a trusted proxy here, and each X-Forwarded-For an address of its own.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {Client, form} from '../../support/client.mjs';
import {sleep} from '../../support/demo.mjs';

const workers = 2; // each counts by itself

export default function (world) {
  describe('rates', () => {
    const from = (address, where, options = {}) => world.demo.request(where, {...options, headers: {'X-Forwarded-For': address, ...options.headers}});
    /** Asks until 429, and answers how many went before. */
    async function until_refused(ask) {
      for (let n = 0; n < 40; ++n) {
        const answer = await ask(n);
        if (answer.status === 429) return {n, answer};
      }
      return assert.fail('never refused');
    }

    test('pages: after the minute\'s share comes 429 with Retry-After, to that address alone', async () => {
      const address = '198.51.100.1';
      const {n, answer} = await until_refused(turn => from(address, `/es/no-existe-${turn}`));
      assert.ok(n >= 3 && n <= 3 * workers, `${n} pages`);
      assert.match(answer.headers['retry-after'], /^\d+$/);
      assert.ok(Number(answer.headers['retry-after']) >= 1 && Number(answer.headers['retry-after']) <= 20, answer.headers['retry-after']);
      assert.match(answer.headers['content-type'], /text\/html/);
      assert.match(answer.text, /data-c="error-page"/);
      assert.match(answer.headers['cache-control'], /no-store/);
      assert.equal((await from('198.51.100.2', '/es/no-existe')).status, 404, 'another address');
      assert.equal((await from(address, '/-/live')).status, 200, 'health is never limited');
    });

    test('programs get problem+json', async () => {
      const {answer} = await until_refused(turn => from('198.51.100.3', `/api/tablon/v1/anuncios/no-${turn}`));
      assert.match(answer.headers['content-type'], /application\/problem\+json/);
      assert.equal(JSON.parse(answer.text).status, 429);
      assert.ok(Number(answer.headers['retry-after']) > 0);
    });

    test('what was told is true: after Retry-After the address is served again', async () => {
      const address = '2001:db8::1';
      const {answer} = await until_refused(turn => from(address, `/es/no-existe-${turn}`));
      // one worker has had enough of it: all of them together let no more through than they let one client
      const others = [];
      for (let n = 0; n < 12; ++n) others.push((await from(`2001:db8::ffff:${n}`, '/es/no-existe')).status);
      assert.ok(others.filter(status => status !== 429).length <= 3 * (workers - 1), `the same /64 is the same client: ${others}`);
      await sleep(1000 * Number(answer.headers['retry-after']) + 100);
      // the other worker may have another time: one of a few tries meets the one that answered
      const later = [];
      for (let n = 0; n < 6; ++n) later.push((await from(address, '/es/no-existe')).status);
      assert.ok(later.includes(404), later.join());
    });

    test('passwords: an address that tries many accounts waits', async () => {
      const headers = {'X-Forwarded-For': '198.51.100.9'};
      const person = new Client(world.demo);  // the form's cookie comes over the loopback, the guesses do not
      const login = form((await person.get('/es/gestion')).text, 'login');
      const body = turn => new URLSearchParams([...login.fields.filter(([name]) => !['usuario', 'clave'].includes(name)), ['usuario', `nadie-${turn}`], ['clave', 'lo que sea 123']]).toString();
      const {n, answer} = await until_refused(turn => person.send(login.action, {method: 'POST', body: body(turn), headers: {...headers, 'Content-Type': 'application/x-www-form-urlencoded'}}));
      assert.ok(n >= 3 && n <= 4 * workers, `${n} guesses`);
      assert.ok(Number(answer.headers['retry-after']) > 0);
      assert.match(answer.text, /data-c="error-page"/);
    });
  });
}
