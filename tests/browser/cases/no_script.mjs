// Everything works without JavaScript: reading, searching, logging in, publishing.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {hook} from '../browser.mjs';
import {next_code} from '../../support/client.mjs';
import {pdf} from '../../support/pdf.mjs';

export default function (world) {
  describe('without JavaScript', () => {
    test('a citizen reads, searches and changes language on a phone', async () => {
      await world.browser.with_page({script: false, width: 375}, async page => {
        await page.goto('/es/');
        await hook(page, 'nav').getByRole('link', {name: 'Tablón'}).click();
        await hook(page, 'tablon-buscar').getByLabel('Palabras o número').fill('veladores');
        await hook(page, 'tablon-buscar').getByRole('button', {name: 'Buscar'}).click();
        await page.getByRole('link', {name: world.veladores.titulo}).first().click();
        assert.equal(await hook(page, 'sha256').first().innerText(), world.veladores.sha256);
        await hook(page, 'languages').locator('a[hreflang="en"]').click();
        assert.equal(await page.locator('html').getAttribute('lang'), 'en');
      });
    });

    test('the secretary logs in, publishes and logs out', async () => {
      await world.browser.with_page({script: false}, async page => {
        const {password, totp_secret} = world.demo.credentials.valdehermoso.administracion;
        await page.goto('/es/gestion');
        await page.getByLabel('Usuario').fill('administracion');
        await page.getByLabel('Contraseña').fill(password);
        await page.getByRole('button', {name: 'Entrar'}).click();
        await page.getByLabel('Código de seis cifras').fill(await next_code(totp_secret));
        await page.getByRole('button', {name: 'Verificar'}).click();
        await page.goto('/es/gestion/tablon/nuevo');
        await page.getByLabel('Título').fill('Publicado sin JavaScript');
        await page.getByLabel('Documento PDF').setInputFiles({name: 'sin.pdf', mimeType: 'application/pdf', buffer: pdf('Publicado sin JavaScript')});
        await hook(page, 'accion-publicar').click();
        assert.match(await hook(page, 'hecho').innerText(), /publicado/);
        await hook(page, 'logout').click();
        await page.goto('/es/gestion');
        assert.equal(await page.getByLabel('Usuario').count(), 1, 'logged out');
      });
      assert.ok((await world.demo.request('/es/tablon')).text.includes('Publicado sin JavaScript'));
    });
  });
}
