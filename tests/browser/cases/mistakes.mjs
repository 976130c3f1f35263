// What people do: send twice, go back, come back too late, choose the wrong file, two of them at once.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import {publish} from '../../support/publish.mjs';
import {hook, towns} from '../browser.mjs';
import {Client, form} from '../../support/client.mjs';
import {day, pdf} from '../../support/pdf.mjs';

export default function (world) {
  const upload = (name, bytes) => ({name, mimeType: 'application/pdf', buffer: bytes});

  describe('mistakes', () => {
    test('a file over the limit is told before it is sent, and by the server where there is no JavaScript', async () => {
      const file = path.join(world.demo.dir, 'enorme.pdf');
      fs.writeFileSync(file, Buffer.concat([pdf('Enorme'), Buffer.alloc(20 << 20, 32)]));  // Riomar takes 20 MB
      for (const script of [true, false]) {
        await world.browser.with_page({host: towns.riomar, as: 'secretaria', script}, async page => {
          await page.goto('/es/gestion/tablon/nuevo');
          await page.getByLabel('Título').fill('Demasiado grande');
          await page.getByLabel('Documento PDF').setInputFiles(file);
          if (script) {
            assert.match(await page.locator('.file output').first().innerText(), /más de 20 MB/);
            assert.equal(await page.getByLabel('Documento PDF').evaluate(input => input.files.length), 0);
            await page.getByLabel('Documento PDF').setInputFiles(upload('bien.pdf', pdf('Bien')));
            assert.equal(await page.locator('.file output').first().innerText(), 'bien.pdf');
          } else {
            await hook(page, 'accion-publicar').click();
            assert.match(await page.locator('#documento-e').innerText(), /más de 20 MB/);
            assert.equal(await page.getByLabel('Título').inputValue(), 'Demasiado grande');
          }
        });
      }
      fs.rmSync(file);
    });

    test('everything that is wrong is told in one round, from top to bottom', () => world.browser.with_page({as: 'secretaria'}, async page => {
      await page.goto('/es/gestion/tablon/nuevo');
      await page.getByLabel('Último día de exposición').fill('ayer');
      await hook(page, 'accion-programar').click();
      const fields = await hook(page, 'error-summary').getByRole('link').evaluateAll(all => all.map(link => link.getAttribute('href')));
      assert.deepEqual(fields, ['#titulo', '#documento', '#hasta', '#fecha_programada']);
      for (const field of fields) assert.ok(await page.locator(`${field}-e`).isVisible(), `${field}: said next to it, and the folded part is open`);
    }));

    test('back after publishing gives an empty form, and reloading the result sends nothing again', () => world.browser.with_page({as: 'secretaria'}, async page => {
      await page.goto('/es/gestion/tablon');
      await hook(page, 'anuncio-nuevo').click();
      await page.getByLabel('Título').fill('Publicado y vuelto atrás');
      await page.getByLabel('Documento PDF').setInputFiles(upload('atras.pdf', pdf('Publicado y vuelto atrás')));
      await hook(page, 'accion-publicar').click();
      await hook(page, 'hecho').waitFor();
      await page.reload();
      await page.goBack();
      assert.equal(await page.getByLabel('Documento PDF').evaluate(input => input.files.length), 0);
      await page.getByLabel('Título').fill('Publicado y vuelto atrás');
      await page.getByLabel('Documento PDF').setInputFiles(upload('atras.pdf', pdf('Publicado y vuelto atrás')));
      await hook(page, 'accion-publicar').click();
      await hook(page, 'anuncio-duplicado').waitFor();
      await page.goto('/es/gestion/tablon?q=vuelto+atr%C3%A1s');
      assert.equal(await hook(page, 'table').locator('tbody tr').count(), 1);
    }));

    test('whose session ended is told that nothing was saved, and comes back to the form', () => world.browser.with_page({as: 'secretaria'}, async (page, context) => {
      await page.goto('/es/gestion/tablon/nuevo');
      await page.getByLabel('Título').fill('Escrito despacio');
      await context.clearCookies();
      await hook(page, 'accion-guardar').click();
      assert.match(await hook(page, 'login-notice').innerText(), /no se ha guardado/);
      assert.equal(await page.locator('input[name=next]').inputValue(), '/es/gestion/tablon/nuevo');
      await page.locator('[data-c="languages"] a[hreflang="eu"]').click();
      assert.equal(await page.locator('input[name=next]').inputValue(), '/eu/gestion/tablon/nuevo', 'in the language chosen meanwhile');
    }));

    test('two people with the same announcement: the second is told, in her language', async () => {
      const {id} = publish(world.demo, pdf('De dos a la vez'), {titulo: 'Edicto que retiran dos personas', desde: day(0), hasta: day(10)});
      const person = await world.browser.person('secretaria');
      const read = async () => form((await person.get(`/en/gestion/tablon/${id}/retirar`)).text, 'retirar-formulario');
      const [one, two] = [await read(), await read()];
      assert.equal((await person.submit(one, {motivo: 'Error', organo: 'Alcaldía'})).status, 303);
      const late = await person.submit(two, {motivo: 'Error', organo: 'Alcaldía'});
      assert.ok([409, 422].includes(late.status), String(late.status));
      assert.match(late.text, /<html lang="en"/);
      assert.doesNotMatch(late.text, /lo que está publicado|ya no está publicado/);
    });

    test('an answer given twice to a suggestion: the conflict is told in the language of the page', async () => {
      const citizen = new Client(world.demo, towns.riomar);
      const asked = form((await citizen.get('/es/buzon')).text, 'buzon-form');
      const sent = await citizen.submit(asked, {asunto: 'calles', texto: 'Una farola no luce.'}, {});
      assert.equal(sent.status, 303);
      const clerk = await world.browser.person('secretaria', towns.riomar);
      const list = await clerk.get('/eu/gestion/buzon');
      const where = list.text.match(/href="(\/eu\/gestion\/buzon\/\d+)"/)[1];
      const answer_form = html => form(html, 'buzon-answer-form');
      const [one, two] = [answer_form((await clerk.get(where)).text), answer_form((await clerk.get(where)).text)];
      assert.equal((await clerk.submit(one, {respuesta: 'Konponduta.'})).status, 303);
      const late = await clerk.submit(two, {respuesta: 'Berriz konponduta.'});
      assert.equal(late.status, 409);
      assert.match(late.text, /data-c="error-page"/);
      assert.match(late.text, />409</);
      const detail = late.text.match(/<p data-c="error-detail">([^<]*)</)[1];
      assert.doesNotMatch(detail, /sugerencia/, 'in Basque');
      assert.match(late.text, /href="\/eu\/gestion"/, 'a way back to the work');
    });
  });
}
