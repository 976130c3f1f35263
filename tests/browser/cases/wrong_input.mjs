// What is refused says why, next to what is wrong, and keeps what was typed.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {hook} from '../browser.mjs';
import {broken, day, encrypted, pdf} from '../../support/pdf.mjs';

export default function (world) {
  const upload = (bytes, name = 'documento.pdf') => ({name, mimeType: 'application/pdf', buffer: Buffer.from(bytes)});
  const typed = {titulo: 'Anuncio que se corrige', referencia: 'EXP 12/2026 «ñ» <b>', resumen: 'Dos líneas\nque deben quedarse.'};

  async function fill(page, {titulo = typed.titulo, file, desde, hasta} = {}) {
    await page.goto('/es/gestion/tablon/nuevo');
    await page.getByLabel('Título').fill(titulo);
    await page.getByLabel('Expediente o referencia').fill(typed.referencia);
    await hook(page, 'anuncio-mas').locator('summary').click();
    await page.getByLabel('Resumen', {exact: false}).fill(typed.resumen);
    if (desde) await page.getByLabel('Primer día de exposición').fill(desde);
    if (hasta) await page.getByLabel('Último día de exposición').fill(hasta);
    if (file) await page.getByLabel('Documento PDF').setInputFiles(file);
    await hook(page, 'accion-publicar').click();
  }

  async function refused(page, field, message, titulo = typed.titulo) {
    const summary = hook(page, 'error-summary');
    await summary.waitFor();
    assert.match(await summary.innerText(), message);
    assert.match(await page.title(), /^Error/);
    assert.match(await page.locator(`#${field}-e`).innerText(), message, 'said next to the field');
    assert.equal(await page.locator(`#${field}`).getAttribute('aria-invalid'), 'true');
    assert.ok((await page.locator(`#${field}`).getAttribute('aria-describedby')).includes(`${field}-e`));
    await summary.getByRole('link').first().click();
    assert.equal(await page.evaluate(() => document.activeElement.id), field, 'the summary leads to it');
    assert.equal(await page.getByLabel('Título').inputValue(), titulo);
    assert.equal(await page.getByLabel('Expediente o referencia').inputValue(), typed.referencia);
    assert.equal(await page.getByLabel('Resumen', {exact: false}).inputValue(), typed.resumen);
  }

  describe('wrong input', () => {
    const files = [
      ['a file that is no PDF', () => 'Esto no es un PDF', /no es un PDF/],
      ['an encrypted PDF', () => encrypted('secreto'), /cifrado|contraseña/],
      ['a broken PDF', () => broken('roto'), /dañado|incompleto/],
      ['an empty file', () => '', /vacío/],
    ];
    for (const [what, bytes, message] of files) {
      test(what, () => world.browser.with_page({as: 'secretaria'}, async page => {
        await fill(page, {file: upload(bytes())});
        await refused(page, 'documento', message);
      }));
    }

    test('no file', () => world.browser.with_page({as: 'secretaria'}, async page => {
      await fill(page);
      await refused(page, 'documento', /PDF/);
    }));

    test('no title: the file that came is kept, and correcting the title is enough', () => world.browser.with_page({as: 'secretaria'}, async page => {
      await fill(page, {titulo: '', file: upload(pdf('Sin título'))});
      await refused(page, 'titulo', /título/, '');
      await page.getByLabel('Título').fill('Ahora sí lo tiene');
      await hook(page, 'accion-publicar').click();
      await hook(page, 'hecho').waitFor();
    }));

    test('days the wrong way round', () => world.browser.with_page({as: 'secretaria'}, async page => {
      await fill(page, {file: upload(pdf('Fechas al revés')), desde: day(9).typed, hasta: day(2).typed});
      await refused(page, 'hasta', /.{10}/);
      assert.equal(await page.getByLabel('Primer día de exposición').inputValue(), day(9).typed);
    }));

    test('a day that is not in the calendar', () => world.browser.with_page({as: 'secretaria'}, async page => {
      await fill(page, {file: upload(pdf('Treinta de febrero')), desde: '30/02/2026'});
      await refused(page, 'desde', /dd\/mm\/aaaa/);
      assert.equal(await page.getByLabel('Primer día de exposición').inputValue(), '30/02/2026');
    }));

    test('the same PDF again: a warning with the other, and publishing it all the same', () => world.browser.with_page({as: 'secretaria'}, async page => {
      await fill(page, {titulo: 'Veladores otra vez', file: upload(world.veladores.bytes)});
      const warning = hook(page, 'anuncio-duplicado');
      await warning.waitFor();
      assert.match(await warning.innerText(), new RegExp(world.veladores.titulo));
      assert.equal(await page.getByLabel('Título').inputValue(), 'Veladores otra vez');
      await warning.getByRole('checkbox').check();
      await hook(page, 'accion-publicar').click();
      await hook(page, 'hecho').waitFor();
    }));

    test('hostile text is shown as text', () => world.browser.with_page({as: 'secretaria'}, async page => {
      const titulo = '<script>alert(1)</script> "comillas" & {{ampersand}}';
      await fill(page, {titulo, file: upload(pdf('Texto hostil'))});
      await hook(page, 'hecho').waitFor();
      await hook(page, 'anuncio-ver').click();
      assert.equal(await hook(page, 'anuncio-titulo').innerText(), titulo);
      for (const where of ['/es/tablon', '/es/buscar?q=comillas', `/es/buscar?q=${encodeURIComponent(titulo)}`]) {
        await page.goto(where);
        assert.ok((await page.locator('main').innerText()).includes('<script>') || where.includes('%3C'), where);
      }
    }));
  });
}
