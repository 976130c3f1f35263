// The staff's page of jobs: live where there is JavaScript, on reload where there is none; in five languages.
import assert from 'node:assert/strict';
import {before, describe, test} from 'node:test';
import {hook} from '../browser.mjs';
import {problems} from '../axe.mjs';

const as = 'administracion';

export default function (world) {
  describe('jobs', () => {
    let tenant, running, dead;
    const sql = statement => world.demo.sql(statement);
    const queue = (columns, values) => Number(sql(`insert into concejo.jobs (tenant, plugin, kind, ${columns}) values ('${tenant}', 'sede', 'prueba', ${values}) returning id`));
    const row = (page, id) => page.locator(`tr[data-id="${id}"]`);
    const told = () => sql(`select pg_notify('concejo_jobs', '${tenant}')`);
    before(() => {
      tenant = world.demo.json('tenant', 'list').value.tenants.find(one => one.slug === 'valdehermoso').id;
      running = queue('state, attempts, lease_token, lease_until, progress_done, progress_total, message', "'running', 1, gen_random_uuid(), now() + interval '1 day', 10, 40, 'Leyendo'");
      dead = queue('state, attempts, last_error, finished_at', "'dead', 8, 'no hay manera de conectar con el servidor', now()");
    });

    test('progress moves by itself, a finished job changes its row, a new one appears: without reloading', async () => {
      await world.browser.with_page({as}, async page => {
        await page.goto('/es/gestion');
        await hook(page, 'staff-menu').getByRole('link', {name: 'Trabajos en segundo plano'}).click();
        await page.evaluate(() => { window.stayed = true; });
        const bar = row(page, running).getByRole('progressbar');
        assert.equal(await bar.getAttribute('value'), '25');
        sql(`update concejo.jobs set progress_done = 30, message = 'Casi' where id = ${running}`);
        told();
        await row(page, running).getByText('30 / 40 · Casi').waitFor();
        assert.equal(await bar.evaluate(element => element.value), 75);
        const fresh = queue('run_at', "now() + interval '1 day'");
        await row(page, fresh).getByText('En espera').waitFor();
        await row(page, fresh).getByRole('button', {name: /Cancelar/}).click();
        await hook(page, 'hecho').waitFor();
        await row(page, fresh).getByText('Cancelado').waitFor();
        assert.equal(sql(`select state from concejo.jobs where id = ${fresh}`), 'cancelled');
      });
    });

    test('whoever stands on a button stays there when the list is renewed', async () => {
      await world.browser.with_page({as}, async page => {
        await page.goto('/es/gestion/trabajos');
        await page.evaluate(() => { window.stayed = true; });
        const button = row(page, dead).getByRole('button', {name: /Apartar/});
        await button.focus();
        const other = queue('run_at', "now() + interval '1 day'");
        await row(page, other).waitFor();
        assert.ok(await button.evaluate(element => element === document.activeElement));
        assert.ok(await page.evaluate(() => window.stayed), 'the page was not loaded again');
        sql(`delete from concejo.jobs where id = ${other}`);
      });
    });

    test('without JavaScript: the same on reload, and the buttons work', async () => {
      await world.browser.with_page({as, script: false}, async page => {
        await page.goto('/es/gestion/trabajos');
        sql(`update concejo.jobs set progress_done = 36 where id = ${running}`);
        await page.reload();
        assert.equal(await row(page, running).getByRole('progressbar').getAttribute('value'), '90');
        await row(page, running).getByRole('button', {name: /Cancelar/}).click();
        assert.match(await hook(page, 'hecho').innerText(), /pare/);
        await row(page, running).getByText('Parando').waitFor();
        await page.goto('/es/gestion/trabajos?estado=perdidos');
        await row(page, dead).getByRole('button', {name: /Apartar/}).click();
        assert.match(await hook(page, 'hecho').innerText(), /apartado/);
      });
    });

    for (const [language, width, dark] of [['es', 1280, false], ['es', 375, false], ['es', 1280, true], ['ca', 375, true], ['gl', 1280, false], ['eu', 375, false], ['en', 1280, false]]) {
      test(`axe finds nothing in ${language} at ${width}${dark ? ', dark' : ''}`, async () => {
        if (sql(`select state from concejo.jobs where id = ${dead}`) !== 'dead') sql(`update concejo.jobs set state = 'dead' where id = ${dead}`);
        await world.browser.with_page({as, width, dark}, async page => {
          await page.goto(`/${language}/gestion/trabajos`);
          await world.browser.shot(page, `jobs-${language}-${width}${dark ? '-dark' : ''}`);
          assert.deepEqual(await problems(page), []);
          assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
          await page.goto(`/${language}/gestion/trabajos?estado=apartados`);
          await hook(page, 'jobs-none').or(hook(page, 'job').first()).waitFor();
          assert.deepEqual(await problems(page), []);
        });
      });
    }
  });
}
