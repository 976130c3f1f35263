// axe-core finds nothing, no contrast is left unreviewed, and nothing sticks out of a small screen.
import assert from 'node:assert/strict';
import {before, describe, test} from 'node:test';
import {overflowing, problems} from '../axe.mjs';
import {towns} from '../browser.mjs';

export default function (world) {
  describe('accessibility', () => {
    const pages = {
      home: {where: '/es/'}, board: {where: '/es/tablon'}, detail: {}, archive: {where: '/es/tablon/archivo'}, search: {where: '/es/buscar?q=ordenanza'}, 'search-none': {where: '/es/buscar?q=zzzz'},
      notice: {where: '/es/aviso-legal'}, privacy: {where: '/es/privacidad'}, cookies: {where: '/es/cookies'}, statement: {where: '/es/accesibilidad'}, about: {where: '/es/sobre-la-sede'}, map: {where: '/es/mapa-web'},
      api: {where: '/es/tablon/api'}, missing: {where: '/es/no-existe'}, login: {where: '/es/gestion/acceso'},
      'staff-home': {where: '/es/gestion', as: 'secretaria'}, 'staff-board': {where: '/es/gestion/tablon', as: 'secretaria'}, 'staff-form': {where: '/es/gestion/tablon/nuevo', as: 'secretaria'},
      'staff-sessions': {where: '/es/gestion/sesiones', as: 'secretaria'}, 'staff-password': {where: '/es/gestion/clave', as: 'secretaria'},
    };
    before(() => { pages.detail.where = world.veladores.path; });

    const visits = [];
    for (const name of Object.keys(pages)) visits.push({name, width: 1280}, {name, width: 375});
    for (const name of ['home', 'board', 'detail', 'staff-board', 'staff-form']) visits.push({name, width: 1280, dark: true}, {name, width: 375, dark: true});
    for (const name of ['home', 'board', 'detail']) visits.push({name, width: 1280, town: 'riomar'}, {name, width: 375, dark: true, town: 'riomar'});
    for (const {name, width, dark = false, town = 'valdehermoso'} of visits) {
      test(`${name} of ${town} at ${width}${dark ? ', dark' : ''}`, () => {
        const {where, as} = pages[name];
        if (name === 'detail' && town === 'riomar') return;
        return world.browser.with_page({width, dark, as, host: towns[town]}, async page => {
          await page.goto(where);
          await world.browser.shot(page, `${town}-${name}-${width}${dark ? '-dark' : ''}`);
          assert.deepEqual(await problems(page), []);
        });
      });
    }
    test('nothing sticks out at 320, in any language', async () => {
      const wrong = [];
      for (const as of [undefined, 'secretaria']) {
        await world.browser.with_page({width: 320, as}, async page => {
          for (const [name, {where, as: wants}] of Object.entries(pages).filter(([, {as: wants}]) => wants === as)) {
            for (const language of ['home', 'board', 'detail', 'staff-form'].includes(name) ? ['es', 'ca', 'gl', 'eu', 'en'] : ['es']) {
              await page.goto(where.replace('/es/', `/${language}/`));
              for (const element of await overflowing(page)) wrong.push(`${name} ${language}: ${element}`);
              if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) wrong.push(`${name} ${language}: scrolls sideways`);
            }
          }
        });
      }
      assert.deepEqual(wrong, []);
    });

    test('the staff form with errors has no violation either', () => world.browser.with_page({width: 375, as: 'secretaria'}, async page => {
      await page.goto('/es/gestion/tablon/nuevo');
      await page.locator('[data-c="accion-publicar"]').click();
      await page.locator('[data-c="error-summary"]').waitFor();
      await world.browser.shot(page, 'valdehermoso-staff-form-errors-375');
      assert.deepEqual(await problems(page), []);
    }));

    test('with text at 200 % nothing is cut', () => world.browser.with_page({width: 640}, async page => {
      for (const where of ['/es/', '/es/tablon']) {
        await page.goto(where);
        await page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
        assert.deepEqual(await overflowing(page), [], where);
      }
    }));
  });
}
