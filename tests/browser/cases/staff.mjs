// The secretary's day: in with the second factor, a real PDF on the board, one for later, one withdrawn.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {describe, test} from 'node:test';
import {publish} from '../../support/publish.mjs';
import {hook, towns} from '../browser.mjs';
import {form, next_code} from '../../support/client.mjs';
import {day, pdf} from '../../support/pdf.mjs';

export default function (world) {
  const upload = (name, bytes) => ({name, mimeType: 'application/pdf', buffer: bytes});

  describe('staff', () => {
    test('the secretary logs in with her second factor and publishes in six interactions and a minute', async t => {
      await world.browser.with_page({}, async page => {
        const {password, totp_secret} = world.demo.credentials.valdehermoso.secretaria;
        await page.goto('/es/');
        await page.getByRole('link', {name: 'Acceso del personal'}).click();
        await page.getByLabel('Usuario').fill('secretaria');
        await page.getByLabel('Contraseña').fill(password);
        await page.getByRole('button', {name: 'Entrar'}).click();
        await page.getByLabel('Código de seis cifras').fill(await next_code(totp_secret));
        await page.getByRole('button', {name: 'Verificar'}).click();
        await hook(page, 'staff-shell').waitFor();

        const bytes = pdf('Edicto. Aprobaci\u00f3n definitiva de la ordenanza de veladores de la plaza.');
        world.veladores = {titulo: 'Ordenanza de veladores de la plaza: aprobación definitiva', sha256: createHash('sha256').update(bytes).digest('hex'), bytes};
        const start = Date.now();
        let interactions = 0;
        const step = async action => { ++interactions; await action; };
        await step(hook(page, 'staff-menu').getByRole('link', {name: 'Tablón de anuncios'}).click());
        await step(hook(page, 'anuncio-nuevo').click());
        await step(page.getByLabel('Título').fill(world.veladores.titulo));
        await step(page.getByLabel('Documento PDF').setInputFiles(upload('ordenanza-veladores.pdf', bytes)));
        await step(hook(page, 'accion-publicar').click());
        await hook(page, 'hecho').waitFor();
        const seconds = (Date.now() - start) / 1000;
        t.diagnostic(`${interactions} interactions, ${seconds.toFixed(1)} s`);
        assert.ok(interactions <= 6);
        assert.ok(seconds < 60);
        assert.equal(await hook(page, 'hecho').innerText(), 'El anuncio está publicado.');
        assert.equal(await hook(page, 'sha256').innerText(), world.veladores.sha256);
        assert.match(await hook(page, 'anuncio-historial').innerText(), /Publicó el anuncio/);
        await hook(page, 'anuncio-ver').click();
        assert.equal(await hook(page, 'anuncio-titulo').innerText(), world.veladores.titulo);
        world.veladores.path = new URL(page.url()).pathname;
      });
    });

    test('Riomar sees none of it', async () => {
      await world.browser.with_page({host: towns.riomar}, async page => {
        for (const where of ['/es/', '/es/tablon', '/es/buscar?q=veladores', '/es/tablon/archivo?q=veladores']) {
          await page.goto(where);
          assert.ok(!(await page.locator('body').innerText()).includes('veladores'), where);
        }
      });
    });

    test('a draft is previewed, edited and published; only then does the public see it', async () => {
      await world.browser.with_page({as: 'secretaria'}, async page => {
        await page.goto('/es/gestion/tablon/nuevo');
        await page.getByLabel('Título').fill('Bases de la feria del queso');
        await page.getByLabel('Documento PDF').setInputFiles(upload('bases.pdf', pdf('Bases de la feria del queso')));
        await hook(page, 'accion-previsualizar').click();
        assert.match(await hook(page, 'hecho').innerText(), /Así se verá/);
        assert.equal((await hook(page, 'anuncio-estado').innerText()).trim(), 'Borrador');
        assert.ok(!(await world.demo.request('/es/tablon')).text.includes('feria del queso'));
        await hook(page, 'anuncio-editar').click();
        assert.equal(await page.getByLabel('Título').inputValue(), 'Bases de la feria del queso');
        await page.getByLabel('Título').fill('Bases de la feria del queso de oveja');
        await hook(page, 'accion-publicar').click();
        assert.match(await hook(page, 'hecho').innerText(), /publicado/);
        assert.ok((await world.demo.request('/es/tablon')).text.includes('feria del queso de oveja'));
      });
    });

    test('what is scheduled is invisible to the public until its moment', async () => {
      await world.browser.with_page({as: 'secretaria'}, async page => {
        await page.goto('/es/gestion/tablon/nuevo');
        await page.getByLabel('Título').fill('Convocatoria reservada hasta mañana');
        await page.getByLabel('Documento PDF').setInputFiles(upload('convocatoria.pdf', pdf('Convocatoria reservada')));
        await hook(page, 'anuncio-mas').locator('summary').click();
        await page.getByLabel('Programar: día de publicación').fill(day(1).typed);
        await page.getByLabel('Programar: hora').fill('09:00');
        await hook(page, 'accion-programar').click();
        assert.match(await hook(page, 'hecho').innerText(), /programado/);
        assert.equal((await hook(page, 'anuncio-estado').innerText()).trim(), 'Programado');
        const id = page.url().match(/[0-9a-f-]{36}/)[0];
        assert.equal((await world.demo.request(`/id/anuncio/${id}`)).status, 404);
        assert.equal((await world.demo.request(`/api/tablon/v1/anuncios/${id}`)).status, 404);
        for (const where of ['/es/', '/es/tablon', '/es/tablon/archivo', '/es/buscar?q=reservada', '/es/tablon/atom.xml', '/api/tablon/v1/anuncios?ambito=todos&limite=200', '/sitemap.xml']) {
          assert.ok(!(await world.demo.request(where)).text.includes('reservada hasta mañana'), where);
        }
      });
    });

    test('sending twice registers once, by double click and by two requests at the same moment', async () => {
      const count = async titulo => (await (await world.browser.person('secretaria')).get(`/es/gestion/tablon?q=${encodeURIComponent(titulo)}`)).text.match(/href="\/es\/gestion\/tablon\/[0-9a-f-]{36}"/g)?.length ?? 0;
      await world.browser.with_page({as: 'secretaria'}, async page => {
        await page.goto('/es/gestion/tablon/nuevo');
        await page.getByLabel('Título').fill('Bando pulsado dos veces');
        await page.getByLabel('Documento PDF').setInputFiles(upload('bando.pdf', pdf('Bando pulsado dos veces')));
        await hook(page, 'accion-publicar').dblclick();
        await hook(page, 'hecho').waitFor();
      });
      assert.equal(await count('pulsado dos veces'), 1);
      const person = await world.browser.person('secretaria');
      const blank = form((await person.get('/es/gestion/tablon/nuevo')).text, 'anuncio-formulario');
      const send = () => person.submit(blank, {titulo: 'Bando enviado a la vez', accion: 'publicar'}, {documento: {name: 'b.pdf', type: 'application/pdf', bytes: pdf('Bando enviado a la vez')}});
      const [one, two] = await Promise.all([send(), send()]);
      const places = [one, two].filter(answer => answer.status === 303).map(answer => answer.headers.location);
      assert.ok(places.length >= 1 && new Set(places).size === 1, JSON.stringify([one.status, two.status, places]));
      assert.equal(await count('enviado a la vez'), 1);
    });

    test('a withdrawal needs its reason, says it to everybody, and keeps the page', async () => {
      const {url} = publish(world.demo, pdf('Edicto con un error'), {titulo: 'Edicto con un error de fecha', desde: day(0), hasta: day(10)});
      const where = new URL(url).pathname;
      await world.browser.with_page({as: 'secretaria'}, async page => {
        await page.goto('/es/gestion/tablon?q=error+de+fecha');
        await page.getByRole('link', {name: 'Edicto con un error de fecha'}).click();
        await hook(page, 'anuncio-retirar').click();
        await hook(page, 'accion-retirar').click();
        assert.match(await hook(page, 'error-summary').innerText(), /otivo/);
        await page.getByLabel('Motivo').fill('La fecha del pleno estaba equivocada');
        await hook(page, 'accion-retirar').click();
        assert.match(await hook(page, 'hecho').innerText(), /retirado/);
        await page.goto(where);
        assert.match(await hook(page, 'anuncio-retirado').innerText(), /La fecha del pleno estaba equivocada/);
        assert.equal(await hook(page, 'anuncio-archivo').count(), 0);
      });
    });

    test('who drafts does not publish: neither the button nor the request', async () => {
      await world.browser.with_page({as: 'redaccion'}, async page => {
        await page.goto('/es/gestion/tablon/nuevo');
        assert.equal(await hook(page, 'accion-publicar').count(), 0);
        await page.getByLabel('Título').fill('Borrador de redacción');
        await page.getByLabel('Documento PDF').setInputFiles(upload('r.pdf', pdf('Borrador de redacción')));
        await hook(page, 'accion-guardar').click();
        assert.match(await hook(page, 'hecho').innerText(), /guardado/);
      });
      const person = await world.browser.person('redaccion');
      const answer = await person.publish({titulo: 'Colado', pdf: pdf('Colado'), accion: 'publicar'});
      assert.equal(answer.status, 422);
      assert.ok(!(await world.demo.request('/es/tablon')).text.includes('Colado'));
    });
  });
}
