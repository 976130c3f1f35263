// axe-core finds nothing, and no contrast is left unreviewed, on a desktop, in the dark, and where a query or an error changes a
// page. Every page as it comes, in every language and at 320 px: every_page.mjs.
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
      'staff-outbox': {where: '/es/gestion/envios', as: 'administracion'},
    };
    before(() => { pages.detail.where = world.veladores.path; });

    const visits = [];
    for (const name of Object.keys(pages)) visits.push({name, width: 1280});
    for (const name of ['search', 'search-none', 'missing']) visits.push({name, width: 320});
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
          assert.deepEqual(await overflowing(page), []);
        });
      });
    }

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
