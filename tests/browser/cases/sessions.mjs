// Open sessions, logging out everywhere, and what happens to who guesses passwords.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {hook} from '../browser.mjs';
import {sleep} from '../../support/demo.mjs';
import {Client, form} from '../../support/client.mjs';

export default function (world) {
  describe('sessions', () => {
    test('the cookie is of this host, not for scripts, and its value changes at login', async () => {
      const person = new Client(world.demo);
      const login = form((await person.get('/es/gestion')).text, 'login');
      const before = new Map(person.cookies);
      assert.ok(login.fields.some(([name, value]) => name === 'csrf_token' && value.length > 20));
      await person.login('secretaria');
      const fresh = [...person.cookies].filter(([name, value]) => before.get(name) !== value);
      assert.ok(fresh.length > 0);
      await world.browser.with_page({as: 'secretaria'}, async page => {
        await page.goto('/es/gestion');
        assert.equal(await page.evaluate(() => document.cookie.split('; ').filter(cookie => /ses/i.test(cookie)).join()), '', 'scripts do not see it');
      });
      world.elsewhere = person;
    });

    test('the list shows every device; log out everywhere leaves only this one', async () => {
      await world.browser.with_page({as: 'secretaria'}, async page => {
        await page.goto('/es/gestion/sesiones');
        assert.ok(await hook(page, 'sessions').locator('li').count() >= 2);
        assert.equal(await hook(page, 'sessions').getByText('Esta sesión').count(), 1);
        assert.equal((await world.elsewhere.send('/es/gestion/tablon')).status, 200);
        await page.getByRole('button', {name: 'Cerrar todas las demás'}).click();
        assert.equal(await hook(page, 'sessions').locator('li').count(), 1);
        assert.equal((await world.elsewhere.send('/es/gestion/tablon')).status, 303, 'the other device is out');
        await hook(page, 'logout').click();
        await page.waitForURL(url => !url.pathname.endsWith('/sesiones'));
        await page.waitForLoadState();
        await page.goto('/es/gestion/tablon');
        assert.equal(await page.getByLabel('Usuario').count(), 1, 'out here too');
      });
      world.browser.people.clear();
    });

    test('after logging in one is where one wanted to go, and never on another site', async () => {
      const person = new Client(world.demo);
      const asked = await person.get('/es/gestion/tablon/nuevo');
      assert.match(asked.path, /volver=/);
      const elsewhere = await person.get('/es/gestion/acceso?volver=https%3A%2F%2Fmalo.example%2F');
      const goes_to = page => form(page.text, 'login').fields.filter(([name]) => name === 'next');
      assert.equal(goes_to(asked)[0][1], '/es/gestion/tablon/nuevo');
      assert.deepEqual(goes_to(elsewhere), []);
      const slashes = await person.get('/es/gestion/acceso?volver=%2F%2Fmalo.example');
      assert.deepEqual(goes_to(slashes), []);
    });

    test('who guesses has to wait, and the right password does not help meanwhile', async () => {
      const key = 'caballo grapa pila 42';
      const added = world.demo.concejo('user', 'add', '--tenant', 'valdehermoso', '--login', 'bloqueable', '--role', 'redaccion', {input: `${key}\n`});
      assert.equal(added.code, 0, added.stderr);
      await world.browser.with_page({}, async page => {
        await page.goto('/es/gestion/acceso');
        const attempt = async clave => {
          await page.getByLabel('Usuario').fill('bloqueable');
          await page.getByLabel('Contraseña').fill(clave);
          await page.getByRole('button', {name: 'Entrar'}).click();
          await page.waitForLoadState();
          return await hook(page, 'error-summary').count() ? await hook(page, 'error-summary').innerText() : '';
        };
        assert.match(await attempt('no es esta'), /no son correctos/);
        assert.equal(await page.getByLabel('Usuario').inputValue(), 'bloqueable', 'the name stays');
        assert.equal(await page.getByLabel('Contraseña').inputValue(), '', 'the password does not');
      });
      // After a few failures the next one waits a second or two; after five the account rests for a minute.
      const guesser = new Client(world.demo);
      const guess = async clave => guesser.submit(form((await guesser.get('/es/gestion')).text, 'login'), {usuario: 'bloqueable', clave});
      let answer, seconds = 0;
      for (let n = 0; n < 12 && seconds < 20; ++n) {
        answer = await guess(`tampoco ${n}`);
        seconds = answer.status === 429 ? Number(answer.headers['retry-after']) : 0;
        if (seconds && seconds < 20) await sleep(1000 * seconds);
      }
      assert.equal(answer.status, 429);
      assert.match(answer.text, /Demasiados intentos/);
      const right = await guess(key);
      assert.equal(right.status, 429);
      assert.match(right.text, /Demasiados intentos/);
      const nobody = new Client(world.demo);
      const login = form((await nobody.get('/es/gestion')).text, 'login');
      const unknown = await nobody.submit(login, {usuario: 'no-existe', clave: 'lo que sea 123'});
      assert.equal(unknown.status, 422, 'whether an account exists is not told');
      assert.match(unknown.text, /no son correctos/);
    });
  });
}
