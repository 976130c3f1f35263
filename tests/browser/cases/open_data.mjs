// A spreadsheet as it comes, from the clerk's desk to the citizen's download: with the mouse, with the keyboard, on a phone.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {overflowing, problems} from '../axe.mjs';
import {hook} from '../browser.mjs';

const nasty = Buffer.from('Centro de mayores;;;\r\nTalleres;;;\r\n;;;\r\nC\xf3digo;Taller;Empieza;Precio (\x80)\r\n0007;Memoria;03/02/2026;1.034,50\r\n0008;"Teatro; y danza";14/02/2026;12\r\nTOTAL;;;1.046,50\r\n', 'latin1');

export default function (world) {
  describe('open data', () => {
    test('the clerk drops the file, sees what was understood, describes it and publishes', () => world.browser.with_page({as: 'secretaria'}, async page => {
      await page.goto('/es/gestion/datos');
      await hook(page, 'datos-nuevo').click();
      await hook(page, 'accion-cargar').click();
      await hook(page, 'error-summary').waitFor();
      assert.match(await page.title(), /^Error/);
      await page.fill('#titulo', 'Talleres para mayores');
      await page.setInputFiles('#archivo', {name: 'talleres.csv', mimeType: 'text/csv', buffer: nasty});
      await hook(page, 'accion-cargar').click();
      await hook(page, 'datos-entendido').waitFor();
      assert.match(await hook(page, 'datos-entendido').innerText(), /windows-1252/);
      assert.match(await hook(page, 'datos-rechazadas').innerText(), /totales/);
      assert.match(await hook(page, 'datos-falta').innerText(), /descripción/);
      assert.deepEqual(await problems(page), []);
      await hook(page, 'datos-describir').click();
      await page.fill('#notas_es', 'Talleres del centro de mayores, con el día en que empiezan y lo que cuestan.');
      await page.fill('#palabras', 'mayores, talleres');
      await page.selectOption('#sector', {index: 2});
      await page.selectOption('#frecuencia', 'ANNUAL');
      await hook(page, 'accion-guardar').click();
      await hook(page, 'accion-publicar').click();
      await hook(page, 'hecho').waitFor();
      assert.match(await hook(page, 'datos-estado').innerText(), /Publicado/);
    }));

    test('who programs copies an example with the keyboard, on a phone', () => world.browser.with_page({width: 320}, async page => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.goto('/es/datos/contratos-menores');
      await page.getByText('Para programas: la API con ejemplos').focus();
      await page.keyboard.press('Enter');
      const examples = hook(page, 'datos-ejemplos'), copy = examples.getByRole('button', {name: 'Copiar'});
      assert.equal(await copy.count(), 4);
      await copy.nth(1).focus();
      await page.keyboard.press('Enter');
      await examples.getByText('Copiado').waitFor();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await examples.locator('pre').nth(1).innerText());
      assert.match(await examples.locator('pre').nth(1).innerText(), /urlopen/);
      await world.browser.shot(page, 'datos-ejemplos');
      assert.deepEqual(await problems(page), []);
      assert.deepEqual(await overflowing(page), []);
      await page.context().clearPermissions();
      await copy.first().click();
      assert.match(await page.evaluate(() => String(getSelection())), /^(curl "http|)/);
    }));

    test('the citizen finds it, reads its rows in his language and takes them', () => world.browser.with_page({width: 375}, async page => {
      await page.goto('/es/datos?q=taller');
      await page.getByRole('link', {name: 'Talleres para mayores'}).click();
      await hook(page, 'datos-ficha').waitFor();
      assert.match(await hook(page, 'datos-recurso').innerText(), /1\.034,50/);
      assert.deepEqual(await overflowing(page), []);
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', {name: 'CSV', exact: true}).click()]);
      assert.equal(download.suggestedFilename(), 'talleres.csv');
      await page.getByText('Qué significa cada columna').focus();
      await page.keyboard.press('Enter');
      assert.match(await hook(page, 'datos-recurso').innerText(), /Número/);
      assert.deepEqual(await problems(page), []);
    }));

    test('without a script and with the keyboard: the table, a chart and its file, the score', () => world.browser.with_page({script: false}, async page => {
      await page.goto('/es/datos/talleres-para-mayores');
      await hook(page, 'datos-vistas').getByRole('link', {name: /Ver la tabla/}).focus();
      await page.keyboard.press('Enter');
      await hook(page, 'datos-filtrar').getByLabel('Columna').selectOption('Taller');
      await hook(page, 'datos-filtrar').getByLabel('Valor').fill('téatro');
      await page.keyboard.press('Enter');
      await hook(page, 'datos-condiciones').waitFor();
      assert.match(await hook(page, 'datos-total').innerText(), /^1 fila$/);
      assert.match(await hook(page, 'datos-condiciones').innerText(), /Taller contiene «téatro»/);
      await hook(page, 'datos-condiciones').getByRole('link').click();
      await hook(page, 'datos-condiciones').waitFor({state: 'detached'});
      assert.match(await hook(page, 'datos-total').innerText(), /^2 filas$/);
      await hook(page, 'tabs').getByRole('link', {name: 'Hacer un gráfico'}).click();
      await hook(page, 'datos-elegir').getByLabel('Por').selectOption('Taller');
      await page.getByRole('button', {name: 'Dibujar'}).click();
      await hook(page, 'datos-grafico').waitFor();
      const [file] = await Promise.all([page.waitForEvent('download'), hook(page, 'datos-svg').click()]);
      assert.equal(file.suggestedFilename(), 'talleres-para-mayores.svg');
      await page.goto('/es/datos/talleres-para-mayores');
      await hook(page, 'datos-calidad').click();
      assert.equal(await hook(page, 'datos-dimension').count(), 5);
    }));

    test('a keyword leads to what else has it; heads that sort look like it, say how, and sort with the keyboard', () => world.browser.with_page({}, async page => {
      await page.goto('/es/datos/talleres-para-mayores');
      await hook(page, 'datos-palabras').getByRole('link', {name: 'talleres'}).click();
      await page.waitForURL(/\/es\/datos\?etiqueta=talleres$/);
      await page.getByRole('link', {name: 'Talleres para mayores'}).click();
      await hook(page, 'datos-vistas').getByRole('link', {name: /Ver la tabla/}).click();
      const head = hook(page, 'table').getByRole('columnheader', {name: 'Precio (€)'}), link = head.getByRole('link');
      for (const [sort, icon] of [[null, 'arrows-sort'], ['ascending', 'sort-ascending'], ['descending', 'sort-descending']]) {
        assert.equal(await head.getAttribute('aria-sort'), sort);
        const use = link.locator('svg use');
        assert.ok((await use.getAttribute('href')).endsWith(`#${icon}`));
        assert.ok(await use.evaluate(one => one.getBBox().width > 0), `${icon} is drawn`);
        assert.match(await link.evaluate(one => getComputedStyle(one).textDecorationLine), /underline/);
        assert.deepEqual(await problems(page), []);
        await world.browser.shot(page, `tabla-${icon}`);
        await link.focus();
        await page.keyboard.press('Enter');
        await page.waitForLoadState();
      }
    }));

    test('data followed by mail with the keyboard, without a script, on a phone; and left', async () => {
      const undo = world.demo.edit('platform.yaml', text => `${text}\ncorreo:\n  servidor: localhost\n  puerto: 9\n  cifrado: ninguno\n  remitente: datos@valdehermoso.example\n`);
      const reload = () => { const {code, stderr} = world.demo.concejo('reload'); assert.equal(code, 0, stderr); };
      reload();
      try {
        await world.browser.with_page({width: 320, script: false}, async page => {
          await page.goto('/es/datos/talleres-para-mayores');
          await hook(page, 'datos-seguir-enlace').focus();
          await page.keyboard.press('Enter');
          await page.getByLabel('Su correo electrónico').fill('ana');
          await page.keyboard.press('Enter');
          await hook(page, 'error-summary').waitFor();
          assert.match(await page.title(), /^Error/);
          assert.match(await page.getByLabel('Su correo electrónico').getAttribute('aria-describedby'), /correo-e/);
          await page.getByLabel('Su correo electrónico').fill('ana@example.es');
          await page.keyboard.press('Enter');
          await page.getByRole('heading', {name: 'Mire su correo'}).waitFor();
          const sql = text => world.demo.sql(text.replaceAll('open_data', 'm_valdehermoso.open_data'));
          sql(`UPDATE open_data_follow_request SET token = encode(sha256('${'d'.repeat(32)}'), 'hex') WHERE address = 'ana@example.es'`);  // as the mail has it
          await page.goto(`/es/seguir-datos/confirmar/${'d'.repeat(32)}`);
          await hook(page, 'accion-seguir').focus();
          await page.keyboard.press('Enter');
          await hook(page, 'hecho').waitFor();
          assert.match(await hook(page, 'datos-seguidos').innerText(), /Talleres para mayores/);
          await hook(page, 'datos-dejar-todo').focus();
          await page.keyboard.press('Enter');
          await page.getByRole('heading', {name: 'Ya no recibirá correos'}).waitFor();
          assert.equal(sql("SELECT count(*) FROM open_data_follower WHERE address = 'ana@example.es'"), '0');
        });
        await world.browser.with_page({width: 320}, async page => {
          world.demo.sql(`INSERT INTO m_valdehermoso.open_data_follower (address, language, key) VALUES ('eva@example.es', 'es', '${'e'.repeat(32)}');
            INSERT INTO m_valdehermoso.open_data_following (follower, kind, object) SELECT f.id, w.kind, w.object FROM m_valdehermoso.open_data_follower f, (VALUES ('catalogue', ''), ('sector', 'transporte')) w (kind, object) WHERE f.address = 'eva@example.es'`);
          for (const where of ['/es/datos/talleres-para-mayores/seguir', '/eu/seguir-datos?sector=transporte', '/es/seguir-datos/enviado', `/ca/seguir-datos/lista/${'e'.repeat(32)}`, '/en/seguir-datos/baja']) {
            await page.goto(where);
            assert.deepEqual(await overflowing(page), [], where);
            assert.deepEqual(await problems(page), [], where);
            await world.browser.shot(page, `seguir${where.replace(/\W+/g, '-')}`);
          }
        });
      } finally { undo(); reload(); }
    });

    test('drawings keep their letters on a phone and their contrast in the dark; the map is reached with the keyboard', async () => {
      for (const dark of [false, true])
        await world.browser.with_page({width: 320, dark}, async page => {
          for (const view of ['/es/datos/contratos-menores', '/es/datos/lugares']) {
            await page.goto(view);
            const views = await hook(page, 'datos-vistas').getByRole('link').evaluateAll(links => links.map(link => link.getAttribute('href')));
            for (const where of [view, ...views]) {
              await page.goto(where);
              await page.evaluate(() => document.querySelectorAll('details').forEach(details => { details.open = true; }));
              assert.deepEqual(await overflowing(page), [], where);
              assert.deepEqual(await problems(page), [], where);
              for (const letters of await page.locator('svg.viz text:visible').evaluateAll(all => all.map(text => text.getBoundingClientRect().height))) assert.ok(letters > 9, `${where}: ${letters}`);
            }
          }
          await page.goto(await page.url());
          const group = hook(page, 'datos-mapa').locator('svg:visible a').first();
          await group.focus();
          await page.keyboard.press('Enter');
          await page.waitForURL(/caja=/);
          await page.getByRole('link', {name: 'Ver el mapa entero'}).waitFor();
        });
    });
  });
}
