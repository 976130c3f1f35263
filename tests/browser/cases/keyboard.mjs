// Only the keyboard: the way in, the focus that is seen, a whole publication.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {hook} from '../browser.mjs';
import {pdf} from '../../support/pdf.mjs';

export default function (world) {
  const focused = page => page.evaluate(() => {
    const {id, dataset, tagName, textContent, name} = document.activeElement;
    return {id, name, hook: dataset.c, tag: tagName, text: textContent.trim()};
  });

  /** Tab until `wanted` has the focus; every stop on the way must be seen. */
  async function tab_to(page, wanted) {
    for (let n = 0; n < 80; ++n) {
      await page.keyboard.press('Tab');
      const now = await focused(page);
      const seen = await page.evaluate(() => {
        const element = document.activeElement, own = getComputedStyle(element), box = element.getBoundingClientRect();
        const ring = style => (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
        return element === document.body || (box.width > 0 && box.height > 0 && (ring(own) || ring(getComputedStyle(element.parentElement))));
      });
      assert.ok(seen, `the focus is seen on ${JSON.stringify(now)}`);
      if (wanted(now)) return now;
    }
    assert.fail(`never reached: ${wanted}`);
  }

  describe('keyboard', () => {
    test('the first stop leads to the content', () => world.browser.with_page({}, async page => {
      for (const where of ['/es/', '/es/tablon', '/es/gestion/acceso']) {
        await page.goto(where);
        await page.keyboard.press('Tab');
        assert.equal((await focused(page)).hook, 'skip', where);
        await page.keyboard.press('Enter');
        assert.equal(new URL(page.url()).hash, '#contenido');
        assert.equal((await focused(page)).id, 'contenido');
      }
    }));

    test('a citizen reaches an announcement', () => world.browser.with_page({}, async page => {
      await page.goto('/es/tablon');
      await tab_to(page, now => now.text === world.veladores.titulo);
      await page.keyboard.press('Enter');
      await hook(page, 'anuncio').waitFor();
      await tab_to(page, now => now.hook === 'anuncio-archivo');
    }));

    test('the secretary publishes', () => world.browser.with_page({as: 'secretaria'}, async page => {
      await page.goto('/es/gestion/tablon');
      await tab_to(page, now => now.hook === 'anuncio-nuevo');
      await page.keyboard.press('Enter');
      await hook(page, 'anuncio-formulario').waitFor();
      await tab_to(page, now => now.id === 'titulo');
      await page.keyboard.type('Publicado con el teclado');
      await tab_to(page, now => now.id === 'documento');
      const opened = page.waitForEvent('filechooser', {timeout: 30_000});
      opened.catch(() => {});
      await page.keyboard.press('Space');
      // A browser short of processor time forgets that a key was pressed before it asks for the file: then a person presses again.
      const again = setTimeout(() => page.keyboard.press('Space').catch(() => {}), 8_000);
      const chooser = await opened.finally(() => clearTimeout(again));
      await chooser.setFiles({name: 'teclado.pdf', mimeType: 'application/pdf', buffer: pdf('Publicado con el teclado')});
      await tab_to(page, now => now.hook === 'accion-publicar');
      await page.keyboard.press('Enter');
      await hook(page, 'hecho').waitFor();
      assert.match(await hook(page, 'hecho').innerText(), /publicado/);
    }));

    test('the menu of the phone opens and closes with the keyboard', () => world.browser.with_page({width: 375}, async page => {
      await page.goto('/es/');
      await tab_to(page, now => now.tag === 'BUTTON' && /Menú/.test(now.text));
      const button = page.locator('.menu-btn').first();
      assert.equal(await button.getAttribute('aria-expanded'), 'false');
      await page.keyboard.press('Enter');
      assert.equal(await button.getAttribute('aria-expanded'), 'true');
      await tab_to(page, now => now.text === 'Tablón');
    }));
  });
}
