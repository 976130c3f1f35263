// The pages of the administration in a browser: a module goes and comes back, by keyboard and without JavaScript.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import fs from 'node:fs';
import {hook, towns} from '../browser.mjs';
import {overflowing, problems} from '../axe.mjs';

const as = 'administracion';

export default function (world) {
  describe('administration', () => {
    const read = () => fs.readFileSync(world.demo.file('municipios/riomar.yaml'), 'utf8');
    const buzon = async () => (await world.demo.request('/es/buzon', {host: towns.riomar})).status;
    const apply = async page => {
      await Promise.all([page.waitForURL(/hecho=1/), hook(page, 'module-apply').getByRole('button').click()]);
    };

    for (const script of [true, false]) {
      test(`a module is switched off and on${script ? '' : ' without JavaScript'}: citizens lose it and get it back`, () => world.browser.with_page({host: towns.riomar, as, script}, async page => {
        const before = read();
        await page.goto('/es/gestion');
        if (script) await hook(page, 'staff-menu').getByRole('link', {name: 'Módulos'}).click();
        else await page.goto('/es/gestion/modulos');
        await page.getByRole('link', {name: 'es.riomar.buzon'}).click();
        await page.getByRole('button', {name: 'Apagar el módulo…'}).click();
        assert.match(await hook(page, 'diff').innerText(), /activo: false/);
        await apply(page);
        assert.equal(await buzon(), 404);
        await page.getByRole('button', {name: 'Activar el módulo…'}).click();
        await apply(page);
        assert.equal(await hook(page, 'module-state').innerText(), 'Activo');
        assert.equal(await buzon(), 200);
        assert.equal(read(), before);
      }));
    }

    test('by keyboard alone, as far as the difference', () => world.browser.with_page({host: towns.riomar, as}, async page => {
      await page.goto('/es/gestion/modulos/sede');
      const area = page.getByLabel('Ajustes en YAML');
      await area.focus();
      await page.keyboard.press('Control+End');
      await page.keyboard.type('dias_exposicion_mal: 3');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await hook(page, 'error-summary').waitFor();
      assert.match(await page.getByLabel('Ajustes en YAML').inputValue(), /dias_exposicion_mal: 3/);
      await hook(page, 'error-summary').getByRole('link').click();
      assert.equal(await page.evaluate(() => document.activeElement.id), 'ajustes');
    }));

    for (const width of [1280, 390]) {
      test(`what is sent and answered is accessible and fits, at ${width} px`, () => world.browser.with_page({host: towns.riomar, as, width}, async page => {
        const look = async name => {
          assert.deepEqual(await problems(page), [], name);
          assert.deepEqual(await overflowing(page), [], name);
          await world.browser.shot(page, `admin-${name}-${width}`);
        };
        for (const [name, where] of [['modules', 'modulos'], ['module', 'modulos/sede'], ['users', 'usuarios'], ['user-new', 'usuarios/nuevo'], ['audit', 'auditoria'], ['audit-entry', 'auditoria/1'], ['health', 'salud']]) {
          await page.goto(`/es/gestion/${where}`);
          await look(name);
        }
        await page.goto('/es/gestion/modulos/sede');
        await page.getByLabel('Ajustes en YAML').fill('activo: true\norganos: [Alcaldía, Pleno]\norgano_por_defecto: Pleno\ndias_exposicion: 20\n');
        await page.getByRole('button', {name: 'Revisar el cambio'}).click();
        await hook(page, 'diff').waitFor();
        await look('review');
        await page.getByLabel('Ajustes en YAML').fill('activo: true\ndias_exposicion: mucho\norganoss: []\n');
        await page.getByRole('button', {name: 'Revisar otra vez'}).click();
        await hook(page, 'problems').waitFor();
        await look('review-wrong');
        await page.goto('/es/gestion/usuarios');
        await page.getByRole('link', {name: 'redaccion'}).click();
        await look('user');
        await page.goto('/es/gestion/auditoria');
        await hook(page, 'verify').click();
        await hook(page, 'chain').waitFor();
        await look('audit-verified');
      }));
      test(`the installation's pages, at ${width} px`, () => world.browser.with_page({as, width}, async page => {
        const look = async name => {
          assert.deepEqual(await problems(page), [], name);
          assert.deepEqual(await overflowing(page), [], name);
          await world.browser.shot(page, `admin-${name}-${width}`);
        };
        for (const [name, where] of [['tenants', 'municipios'], ['tenant-new', 'municipios/nuevo'], ['plugins', 'complementos'], ['tenant-modules', 'municipios/riomar/modulos']]) {
          await page.goto(`/es/gestion/instalacion/${where}`);
          await look(name);
        }
        await page.goto('/es/gestion/instalacion/municipios/nuevo');
        await page.getByLabel('Nombre oficial').fill('Ayuntamiento de Villanueva');
        await page.getByLabel('Nombre corto').fill('villanueva');
        await page.getByLabel('Código INE').fill('28999');
        await page.getByLabel('Dominios').fill('villanueva.localhost');
        await page.getByRole('button', {name: 'Ver el archivo antes de crearlo'}).click();
        await hook(page, 'tenant-create').waitFor();
        await look('tenant-review');
      }));
    }
  });
}
