// What clerks get wrong, and put right: files that are no table, types by clicking, the sheet of a workbook, a page that is old by
// now, a resource removed by accident, a dataset withdrawn. Workbooks by LibreOffice.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import {describe, test} from 'node:test';
import {overflowing, problems} from '../axe.mjs';
import {hook} from '../browser.mjs';

const grants = extra => Buffer.from(`Subvenciones concedidas;;;\r\nN\xba;Fecha;Importe (\x80);Entidad\r\n0012;03/02/2025;1.034,50;Pe\xf1a\r\n0013;14/02/2025;12,00;Club\r\n0014;15/02/2025;2.500,00;Coro\r\n${extra}`, 'latin1');
const typo = '0015;31/02/2025;pendiente;Otra\r\n';

export default function (world) {
  describe('open data at the clerk\'s desk', () => {
    const here = '/es/gestion/datos/subvenciones-de-prueba';
    const start = async (page, title, file) => {
      await page.goto('/es/gestion/datos/nuevo');
      await page.fill('#titulo', title);
      await page.setInputFiles('#archivo', file);
      await hook(page, 'accion-cargar').click();
      await page.waitForLoadState();
    };
    const again = async (page, name, buffer) => {
      await page.goto(here);
      await page.setInputFiles('#archivo', {name, mimeType: 'text/csv', buffer});
      await page.getByRole('button', {name: 'Cargar el archivo'}).click();
      await hook(page, 'hecho').waitFor();
    };
    const type_of = (page, column) => hook(page, 'datos-columnas').getByLabel(`Tipo de ${column}`);

    test('what is no table is refused with a sentence, and makes no dataset', () => world.browser.with_page({as: 'secretaria'}, async page => {
      for (const [name, bytes, said] of [['acta.pdf', '%PDF-1.7\n1 0 obj\n', /^Es un PDF/], ['foto.csv', '\x89PNG\r\n\x1a\n', /^Es un PDF, una imagen/], ['tabla.xls', '<html><table></table></html>', /una página web/], ['nada.csv', '', /no tiene ninguna fila/],
        ['roto.xlsx', 'PK\x03\x04x', /^La hoja de cálculo está incompleta/]]) {
        await start(page, 'Mal elegido', {name, mimeType: 'text/csv', buffer: Buffer.from(bytes, 'latin1')});
        assert.match(await page.title(), /^Error/, name);
        assert.match(await hook(page, 'error-summary').getByRole('link').innerText(), said, name);
        assert.equal(await page.inputValue('#titulo'), 'Mal elegido');
      }
      await page.goto('/es/gestion/datos?q=elegido');
      assert.equal(await page.getByRole('link', {name: 'Mal elegido'}).count(), 0);
    }));

    test('a document is kept as it is, where the clerk says so: a file to download, beside a table, replaced by its next', async () => {
      const pdf = text => ({name: 'Plano del término.pdf', mimeType: 'application/pdf', buffer: Buffer.from(`%PDF-1.7\n${text}\n%%EOF\n`)});
      const as_it_is = page => page.getByLabel('Guardarlo tal cual, sin leerlo como tabla');
      await world.browser.with_page({as: 'secretaria', width: 390}, async page => {
        await start(page, 'Planos de prueba', pdf('uno'));
        assert.match(await hook(page, 'error-summary').innerText(), /marque que se guarde tal cual/);
        await as_it_is(page).check();
        await page.setInputFiles('#archivo', pdf('uno'));
        await hook(page, 'accion-cargar').click();
        await hook(page, 'hecho').waitFor();
        assert.match(await hook(page, 'hecho').innerText(), /se ofrece para descargar, tal cual/);
        assert.match(await hook(page, 'datos-tal-cual').innerText(), /Plano del término\.pdf/);
        assert.equal(await hook(page, 'datos-columnas').count(), 0);
        await world.browser.shot(page, 'gestion-tal-cual-390');
        assert.deepEqual([await overflowing(page), await problems(page)], [[], []]);
        for (const [file, kept] of [[pdf('dos'), true], [{name: 'lugares.csv', mimeType: 'text/csv', buffer: grants('')}, false]]) {
          await page.setInputFiles('#archivo', file);
          await as_it_is(page).setChecked(kept);
          await page.getByRole('button', {name: 'Cargar el archivo'}).click();
          await hook(page, 'hecho').waitFor();
        }
        assert.equal(await hook(page, 'datos-recurso').count(), 2, 'the second plan took the place of the first');
        assert.equal(await hook(page, 'datos-columnas').count(), 1);
      });
      const {status, text} = await world.demo.request('/es/datos/planos-de-prueba');
      assert.equal(status, 404, text);
      await world.browser.with_page({as: 'secretaria'}, async page => {
        await page.goto('/es/datos/planos-de-prueba');
        const shown = hook(page, 'datos-recurso').filter({hasText: 'PDF'});
        const [download] = await Promise.all([page.waitForEvent('download'), shown.getByRole('link', {name: 'El archivo, como se publicó'}).click()]);
        assert.match(fs.readFileSync(await download.path(), 'latin1'), /^%PDF-1\.7\ndos/);
        assert.equal(await shown.locator('table').count(), 0);
        assert.deepEqual(await problems(page), []);
      });
    });

    test('the address of a file instead of the file, with scripts and without: what is wrong is said and stays typed; put right, it is there', async () => {
      const server = http.createServer((request, reply) => {
        if (request.url !== '/aforos_de_salas.csv') return reply.writeHead(404).end();
        reply.writeHead(200, {'Content-Type': 'text/csv'}).end('sala;aforo\nMayor;120\nMenor;40\n');
      });
      await new Promise(done => { server.listen(0, '127.0.0.1', done); });
      const {port} = server.address(), restore = world.demo.edit('municipios/valdehermoso.yaml', text => text.replace('\nmodulos:\n', `\nsalida:\n  servidores: ['127.0.0.1:${port}']\nmodulos:\n`));
      try {
        assert.equal(world.demo.concejo('reload').code, 0);
        for (const [width, script] of [[1280, true], [390, true], [391, false]]) await world.browser.with_page({as: 'secretaria', width, script}, async page => {
          const look = async name => { await world.browser.shot(page, `gestion-${name}-${width}`); if (script) assert.deepEqual([await overflowing(page), await problems(page)], [[], []], name); };
          await page.goto('/es/gestion/datos/nuevo');
          await page.fill('#titulo', `Salas desde una dirección ${width}`);
          await page.fill('#direccion', `127.0.0.1:${port}/salas.csv`);
          await page.selectOption('#cada', 'week');
          await hook(page, 'accion-cargar').click();
          assert.match(await hook(page, 'error-summary').innerText(), /empiece por https/);
          assert.equal(await page.inputValue('#cada'), 'week');
          await look('direccion-mal');
          await page.fill('#direccion', `http://127.0.0.1:${port}/salas.csv`);
          await hook(page, 'accion-cargar').click();
          await hook(page, 'descarga-fallo').waitFor();  // the page renews itself until then
          assert.match(await hook(page, 'descarga-fallo').innerText(), /contesta 404/);
          assert.equal(await page.inputValue('#direccion'), `http://127.0.0.1:${port}/salas.csv`);
          await look('descarga-fallo');
          await page.goto(`/es/gestion/datos/salas-desde-una-direccion-${width}`);
          await look('por-descargar');
          await hook(page, 'datos-por-descargar').getByRole('link').click();
          await page.fill('#direccion', `http://127.0.0.1:${port}/aforos_de_salas.csv`);
          await hook(page, 'accion-descargar-otra-vez').click();
          await hook(page, 'hecho').waitFor();
          assert.match(await hook(page, 'datos-recurso').innerText(), /Aforos de salas/);
          assert.equal(await type_of(page, 'aforo').inputValue(), 'integer');
          await look('descargado');
        });
      } finally {
        restore();
        world.demo.concejo('reload');
        server.close();
      }
    });

    test('types are put right by clicking, commas and all, and stay so for the next file', () => world.browser.with_page({as: 'secretaria', width: 390}, async page => {
      await start(page, 'Subvenciones de prueba', {name: 'subvenciones.csv', mimeType: 'text/csv', buffer: grants(typo)});
      assert.equal(await type_of(page, 'Fecha').inputValue(), 'text');
      await type_of(page, 'Fecha').selectOption('date');
      await type_of(page, 'Importe (€)').selectOption('numeric');
      await hook(page, 'accion-columnas').click();
      await hook(page, 'hecho').waitFor();
      assert.match(await hook(page, 'datos-entendido').innerText(), /4 leídas, 3 cargadas, 1 rechazada\b/);
      assert.match(await hook(page, 'datos-columnas').innerText(), /1\.034,50 · 12,00 · 2\.500,00/);
      await again(page, 'subvenciones.csv', grants(typo.replace('0015', '0016') + '0017;16/02/2025;1,5;Banda\r\n'));
      assert.equal(await type_of(page, 'Importe (€)').inputValue(), 'numeric');
      assert.match(await hook(page, 'datos-entendido').innerText(), /5 leídas, 4 cargadas, 1 rechazada\b/);
      assert.deepEqual([await overflowing(page), await problems(page)], [[], []]);
      await world.browser.shot(page, 'gestion-tipos-390');
    }));

    test('columns that are of an older file by now are not written over the new one\'s', () => world.browser.with_page({as: 'secretaria'}, async page => {
      await page.goto(here);
      await hook(page, 'datos-columnas').getByLabel('Título de Fecha').fill('Fecha de concesión');
      const other = await page.context().newPage();
      await again(other, 'subvenciones.csv', grants(''));
      await other.close();
      await hook(page, 'accion-columnas').click();
      assert.match(await hook(page, 'error-summary').innerText(), /cambió mientras tanto/);
      assert.equal(await hook(page, 'datos-columnas').getByLabel('Título de Fecha').inputValue(), 'Fecha de concesión', 'it is not to be typed again');
      await hook(page, 'accion-columnas').click();
      await hook(page, 'hecho').waitFor();
      assert.equal(await hook(page, 'datos-columnas').getByLabel('Título de Fecha').inputValue(), 'Fecha de concesión');
      assert.deepEqual(await problems(page), []);
    }));

    test('of a workbook with several sheets the clerk says which, with the keyboard; the hidden one is not it', () => world.browser.with_page({as: 'secretaria', script: false}, async page => {
      const file = ending => ({name: `lugares.${ending}`, mimeType: 'application/octet-stream', buffer: fs.readFileSync(new URL(`../../support/libreoffice/lugares.${ending}`, import.meta.url))});
      for (const ending of ['ods', 'xlsx']) {
        await start(page, `Libro ${ending}`, file(ending));
        const sheet = page.getByLabel('Hoja del libro');
        assert.equal(await sheet.inputValue(), 'Datos 2024');
        assert.match(await hook(page, 'datos-columnas').innerText(), /Peñón de Ifach/);
        await sheet.focus();
        await page.keyboard.press('ArrowDown');
        assert.equal(await sheet.inputValue(), 'Datos 2023');
        await hook(page, 'accion-columnas').focus();
        await page.keyboard.press('Enter');
        await hook(page, 'hecho').waitFor();
        assert.equal(await sheet.inputValue(), 'Datos 2023');
        assert.doesNotMatch(await hook(page, 'datos-columnas').innerText(), /Peñón/);
        await page.setInputFiles('#archivo', file(ending));
        await page.getByRole('button', {name: 'Cargar el archivo'}).click();
        await hook(page, 'hecho').waitFor();
        assert.equal(await sheet.inputValue(), 'Datos 2023', 'the next file is read from the same sheet');
      }
      await world.browser.shot(page, 'gestion-hoja');
    }));

    test('rows that a program wrote are seen and named like those of a file', () => world.browser.with_page({as: 'secretaria'}, async page => {
      const {token} = world.demo.json('token', 'create', '--tenant', 'valdehermoso', '--scope', 'open-data:write').value;
      const {status, text} = await world.demo.request('/api/3/action/datastore_create', {method: 'POST', headers: {'Content-Type': 'application/json', Authorization: token},
        body: JSON.stringify({resource: {package_id: 'libro-ods', name: 'Aforos'}, records: [{calle: 'Mayor', coches: 12}]})});
      assert.equal(status, 200, text);
      await page.goto('/es/gestion/datos/libro-ods');
      const mine = hook(page, 'datos-recurso').filter({hasText: 'Aforos'});
      await mine.getByLabel('Título de calle').fill('Calle del aforo');
      await mine.locator('[data-c="accion-columnas"]').click();
      await hook(page, 'hecho').waitFor();
      assert.equal(await mine.getByLabel('Título de calle').inputValue(), 'Calle del aforo');
      assert.deepEqual(await problems(page), []);
    }));

    test('columns are explained in two languages, on a telephone', () => world.browser.with_page({as: 'secretaria', width: 390}, async page => {
      await page.goto(here);
      await hook(page, 'datos-diccionario-enlace').first().click();
      await page.getByLabel('Qué significa Entidad').fill('A quién se concede.');
      assert.deepEqual([await overflowing(page), await problems(page)], [[], []]);
      await hook(page, 'accion-guardar').click();
      await hook(page, 'hecho').waitFor();
      await hook(page, 'datos-diccionario-enlace').first().click();
      await hook(page, 'tabs').getByRole('link', {name: 'Euskara'}).click();
      assert.match(await hook(page, 'datos-diccionario').innerText(), /A quién se concede\./, 'what is to be translated');
      await page.getByLabel('Qué significa Entidad').fill('Nori ematen zaion.');
      assert.deepEqual([await overflowing(page), await problems(page)], [[], []]);
      await world.browser.shot(page, 'gestion-diccionario-390');
      await hook(page, 'accion-guardar').click();
      await hook(page, 'hecho').waitFor();
    }));

    test('days are written as people do; published, it says what it is; the second resource is removed only when meant', () => world.browser.with_page({as: 'secretaria'}, async page => {
      await page.goto(`${here}/descripcion`);
      await page.fill('#notas_es', 'Subvenciones concedidas por el ayuntamiento, con su fecha, su importe y su entidad.');
      await page.selectOption('#sector', 'hacienda');
      await page.selectOption('#frecuencia', 'ANNUAL');
      await page.fill('#desde', '31/02/2025');
      await hook(page, 'accion-guardar').click();
      assert.match(await hook(page, 'error-summary').innerText(), /dd\/mm\/aaaa/);
      await page.fill('#desde', '1/2/2025');
      await page.fill('#hasta', '2025-02-28');
      await hook(page, 'accion-guardar').click();
      await again(page, 'otras.csv', grants(''));
      await hook(page, 'accion-publicar').click();
      await hook(page, 'hecho').waitFor();
      await page.goto('/es/datos/subvenciones-de-prueba');
      assert.match(await hook(page, 'facts').innerText(), /1 de febrero de 2025[\s\S]*28 de febrero de 2025[\s\S]*Hacienda/);
      assert.equal(await hook(page, 'datos-recurso').count(), 2);
      assert.deepEqual(await problems(page), []);
      await page.goto(here);
      const last = hook(page, 'datos-recurso').last();
      assert.equal(await last.getByRole('button', {name: 'Quitarlo'}).isVisible(), false);
      await last.getByText(/^Quitar este recurso/).click();
      await last.getByRole('button', {name: 'Quitarlo'}).click();
      await hook(page, 'hecho').waitFor();
      assert.equal(await hook(page, 'datos-recurso').count(), 1);
    }));

    test('the rows are sorted on a phone; past the last page is the last page', () => world.browser.with_page({width: 390}, async page => {
      await page.goto('/es/datos/subvenciones-de-prueba');
      await hook(page, 'datos-vistas').getByRole('link', {name: /Ver la tabla/}).click();
      await page.getByLabel('Ordenar por').selectOption({label: 'Importe (€)'});
      await page.getByLabel('Sentido').selectOption('desc');
      await page.getByRole('button', {name: 'Filtrar'}).click();
      assert.match(await hook(page, 'table').locator('tbody tr').first().innerText(), /2\.500,00/);
      await page.goto(`${page.url().replace(/\?.*/, '')}?pagina=150`);
      assert.equal(await hook(page, 'table').locator('tbody tr').count(), 3);
      assert.deepEqual([await overflowing(page), await problems(page)], [[], []]);
    }));

    test('withdrawn, its pages say so and why, on a phone and in the dark', async () => {
      let table;
      await world.browser.with_page({as: 'secretaria'}, async page => {
        await page.goto('/es/datos/subvenciones-de-prueba');
        table = await hook(page, 'datos-vistas').getByRole('link', {name: /Ver la tabla/}).getAttribute('href');
        await page.goto(here);
        await page.fill('#motivo', 'Tenía un error');
        await hook(page, 'datos-retirar').getByRole('button', {name: 'Retirar'}).click();
        await hook(page, 'hecho').waitFor();
      });
      for (const [width, dark] of [[320, true], [1280, false]])
        await world.browser.with_page({width, dark}, async page => {
          assert.equal((await page.goto(table)).status(), 410);
          assert.match(await hook(page, 'datos-retirado').innerText(), /se retiró el \d.*\. Tenía un error/);
          await world.browser.shot(page, `retirado-${width}`);
          assert.deepEqual([await overflowing(page), await problems(page)], [[], []]);
          await hook(page, 'datos-retirado-volver').focus();
          await page.keyboard.press('Enter');
          await page.waitForURL(/\/es\/datos\/subvenciones-de-prueba$/);
          await hook(page, 'datos-retirado').waitFor();
        });
    });
  });
}
