// Large files in the form of the staff: they go ahead of it, over cuts, over leaving the page, and the form waits for them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {describe, test} from 'node:test';
import {hook} from '../browser.mjs';
import {pdf} from '../../support/pdf.mjs';

export default function (world) {
  const cuts = {as: 'secretaria', pardon: /ERR_(FAILED|INTERNET_DISCONNECTED|ABORTED)/};
  const line = page => hook(page, 'upload');

  const large = (name, bytes) => {
    const file = path.join(world.demo.dir, name);
    fs.writeFileSync(file, Buffer.alloc(bytes, 'Informe de superficies, una línea tras otra.\n'));
    return file;
  };
  const open_form = async (page, titulo) => {
    await page.goto('/es/gestion/tablon/nuevo');
    if (titulo) {
      await page.getByLabel('Título').fill(titulo);
      await page.getByLabel('Documento PDF').setInputFiles({name: 'edicto.pdf', mimeType: 'application/pdf', buffer: pdf(titulo)});
    }
    if (!await hook(page, 'anuncio-mas').evaluate(details => details.open)) await hook(page, 'anuncio-mas').locator('summary').click();
  };
  const offsets = page => {
    const seen = [];
    page.on('request', request => { if (request.method() === 'PATCH') seen.push(Number(request.headers()['upload-offset'])); });
    return seen;
  };

  describe('large files', () => {
    test('a file goes ahead of the form, is cut twice and arrives; the form only names it', async () => {
      await world.browser.with_page(cuts, async page => {
        await open_form(page, 'Anuncio con un plano grande');
        let patches = 0;
        await page.route('**/-/subidas/*', route => route.request().method() === 'PATCH' && [1, 3].includes(++patches) ? route.abort('internetdisconnected') : route.continue());
        await page.getByLabel('Anexos').setInputFiles(large('superficies.txt', 9 << 20));
        await line(page).and(page.locator('[data-state="done"]')).waitFor({timeout: 60_000});
        assert.ok(patches >= 5, `${patches} pieces`);
        assert.match(await line(page).innerText(), /superficies\.txt[\s\S]*Subido/);
        await world.browser.shot(page, 'subida-hecha');
        const sent = page.waitForRequest(request => request.method() === 'POST' && request.isNavigationRequest());
        await hook(page, 'accion-publicar').click();
        assert.ok(Number((await sent).headers()['content-length'] ?? 0) < 1 << 20, 'the file does not go twice');
        await hook(page, 'hecho').waitFor();
        assert.match(await page.locator('main').innerText(), /superficies\.txt/);
      });
    });

    test('the form that is sent too early waits for its files', async () => {
      await world.browser.with_page(cuts, async page => {
        await open_form(page, 'Anuncio con un anexo que tarda');
        await page.route('**/-/subidas/*', async route => {
          if (route.request().method() === 'PATCH') await new Promise(resolve => setTimeout(resolve, 400));
          await route.continue();
        });
        await page.getByLabel('Anexos').setInputFiles(large('tarda.txt', 5 << 20));
        await hook(page, 'accion-publicar').click();
        await hook(page, 'hecho').waitFor({timeout: 60_000});
        assert.match(await page.locator('main').innerText(), /tarda\.txt/);
      });
    });

    test('a person who leaves the page goes on where the upload was', async () => {
      await world.browser.with_page(cuts, async page => {
        const file = large('a-medias.txt', 13 << 20);
        await open_form(page);
        let patches = 0;
        await page.route('**/-/subidas/*', route => route.request().method() === 'PATCH' && ++patches > 2 ? route.abort('internetdisconnected') : route.continue());
        await page.getByLabel('Anexos').setInputFiles(file);
        await line(page).getByText('Sin conexión: seguirá donde se cortó').waitFor({timeout: 30_000});
        // The latest rule comes first; without a moment in which a piece would get through.
        await page.route('**/-/subidas/*', route => route.request().method() === 'PATCH' ? route.abort('internetdisconnected') : route.continue());
        await open_form(page, 'Anuncio retomado');
        await line(page).getByText('Elija otra vez este archivo para seguir donde se cortó').waitFor();
        await page.unroute('**/-/subidas/*');
        const seen = offsets(page);
        await page.getByLabel('Anexos').setInputFiles(file);
        await line(page).and(page.locator('[data-state="done"]')).waitFor({timeout: 60_000});
        assert.equal(await line(page).count(), 1);
        assert.equal(seen[0], 8 << 20, 'the pieces that had arrived are not sent again');
        await hook(page, 'accion-publicar').click();
        await hook(page, 'hecho').waitFor();
        assert.match(await page.locator('main').innerText(), /a-medias\.txt/);
      });
    });

    test('a finished upload is still there after a reload, and can be taken out', async () => {
      await world.browser.with_page(cuts, async page => {
        await open_form(page);
        await page.getByLabel('Anexos').setInputFiles(large('quitado.txt', 2 << 20));
        await line(page).and(page.locator('[data-state="done"]')).waitFor();
        await page.reload();
        await line(page).and(page.locator('[data-state="done"]')).waitFor({state: 'attached'});
        await open_form(page);
        const gone = page.waitForResponse(answer => answer.request().method() === 'DELETE');
        await line(page).getByRole('button', {name: 'Quitar quitado.txt'}).click();
        assert.equal((await gone).status(), 204);
        assert.equal(await line(page).count(), 0);
        await page.reload();
        assert.equal(await line(page).count(), 0);
      });
    });

    test('what the server does not want goes with the form, as it always did', async () => {
      await world.browser.with_page({as: 'secretaria', pardon: /status of 413/}, async page => {
        await open_form(page);
        await page.route('**/-/subidas', route => route.fulfill({status: 413, body: 'No queda espacio.'}));
        await page.getByLabel('Anexos').setInputFiles(large('rechazado.txt', 2 << 20));
        await line(page).getByText('No queda espacio. No se ha podido subir por partes: se enviará con el formulario').waitFor();
        assert.equal(await page.getByLabel('Anexos').evaluate(input => input.files.length), 1);
      });
    });
  });
}
