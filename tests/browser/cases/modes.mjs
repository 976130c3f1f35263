// Other ways of looking: high contrast, no movement, four times as large, on paper.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {describe, test} from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import {overflowing, problems} from '../axe.mjs';
import {hook} from '../browser.mjs';

export default function (world) {
  describe('ways of looking', () => {
    /** What tells one link from its neighbour when backgrounds and shadows are gone. */
    const marks = locator => locator.evaluate(element => {
      const {borderBlockEndWidth, borderBlockEndColor, borderInlineStartWidth, borderInlineStartColor, borderBlockStartWidth, outlineStyle} = getComputedStyle(element);
      return [borderBlockEndWidth, borderBlockEndWidth !== '0px' && borderBlockEndColor, borderInlineStartWidth, borderInlineStartWidth !== '0px' && borderInlineStartColor, borderBlockStartWidth, outlineStyle].join(' ');
    });

    // Colours are the system's then; axe reads those of the style sheet.
    const systems_colours = {'color-contrast': {enabled: false}};

    test('high contrast: where one is, what is wrong and what has the focus can be told', async () => {
      await world.browser.with_page({forcedColors: 'active', as: 'secretaria'}, async page => {
        const told_apart = async (current, other) => assert.notEqual(await marks(page.locator(current).first()), await marks(page.locator(other).first()), `${current} and ${other} look the same`);
        await page.goto('/es/tablon');
        await world.browser.shot(page, 'contrast-board');
        await told_apart('.mainnav a[aria-current]', '.mainnav a:not([aria-current])');
        await told_apart('.langs [aria-current]', '.langs a');
        assert.deepEqual(await problems(page, systems_colours), []);
        await page.goto('/es/gestion/tablon');
        await world.browser.shot(page, 'contrast-staff');
        await told_apart('.tabs a[aria-current]', '.tabs a:not([aria-current])');
        await told_apart('.side a[aria-current]', '.side nav a:not([aria-current])');
        for (let n = 0; n < 25; ++n) {
          await page.keyboard.press('Tab');
          const ring = await page.evaluate(() => {
            const shows = element => { const style = getComputedStyle(element); return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2; };
            return shows(document.activeElement) || shows(document.activeElement.parentElement) ? '' : document.activeElement.outerHTML.slice(0, 120);
          });
          assert.equal(ring, '', 'the focus is not seen');
        }
        await page.goto('/es/gestion/tablon/nuevo');
        await hook(page, 'accion-publicar').click();
        await hook(page, 'error-summary').waitFor();
        await world.browser.shot(page, 'contrast-form');
        await told_apart('.field--err .input', '.field:not(.field--err) .input');
        assert.deepEqual(await problems(page, systems_colours), []);
      });
    });

    test('nothing moves for those who asked for stillness', () => world.browser.with_page({}, async page => {
      const moving = () => page.evaluate(() => {
        const long = value => value.split(',').some(time => parseFloat(time) > 0);
        const list = [...document.querySelectorAll('*')].filter(element => { const style = getComputedStyle(element); return long(style.transitionDuration) || long(style.animationDuration) && style.animationName !== 'none'; });
        return [...list.map(element => element.outerHTML.slice(0, 80)), ...(getComputedStyle(document.documentElement).scrollBehavior === 'smooth' ? ['smooth scrolling'] : [])];
      });
      await page.goto('/es/');
      assert.deepEqual(await moving(), []);
      await page.emulateMedia({reducedMotion: 'no-preference'});
      assert.notDeepEqual(await moving(), [], 'otherwise something does: the check sees movement');
    }));

    test('at 400 % of a window of 1280 × 1024 everything is read by scrolling down', () => world.browser.with_page({as: 'secretaria', viewport: {width: 320, height: 256}}, async page => {
      for (const where of ['/es/', '/es/tablon', world.veladores.path, '/es/gestion/tablon', '/es/gestion/tablon/nuevo', '/es/gestion/sesiones']) {
        await page.goto(where);
        assert.deepEqual(await overflowing(page), [], where);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${where} scrolls sideways`);
        const fixed = await page.evaluate(() => [...document.querySelectorAll('body *')].filter(element => ['fixed', 'sticky'].includes(getComputedStyle(element).position)).map(element => element.className));
        assert.deepEqual(fixed, [], `${where}: something stays in the way`);
      }
    }));

    test('on paper: the announcement with its data, without menus, dark ink on white', async () => {
      for (const dark of [false, true]) {
        await world.browser.with_page({dark}, async page => {
          await page.goto(world.veladores.path);
          const file = path.join(world.demo.dir, 'papel.pdf');
          fs.writeFileSync(file, await page.pdf({format: 'A4', printBackground: true}));
          const text = execFileSync('pdftotext', ['-layout', file, '-'], {encoding: 'utf8'});
          const flat = text.replace(/\s+/g, ' ');
          for (const words of [world.veladores.titulo, 'Ayuntamiento de Valdehermoso', 'Dirección permanente', `http://valdehermoso.localhost:${world.demo.port}/id/anuncio/`]) assert.ok(flat.includes(words), `${words} in ${flat}`);
          assert.ok(text.replace(/\s+/g, '').includes(world.veladores.sha256), 'the whole fingerprint');
          for (const words of ['Saltar al contenido', 'Català', 'Acceso del personal', 'Aviso legal', 'Menú']) assert.ok(!flat.includes(words), `${words} is printed`);
          assert.ok(Number(execFileSync('pdfinfo', [file], {encoding: 'utf8'}).match(/Pages:\s+(\d+)/)[1]) <= 2);
          execFileSync('pdftoppm', ['-r', '20', '-gray', '-singlefile', file, file.replace('.pdf', '')]);
          const picture = fs.readFileSync(file.replace('.pdf', '.pgm'));
          const pixels = picture.subarray(picture.length - Number(picture.toString('latin1', 0, 20).split(/\s+/).slice(1, 3).reduce((a, b) => a * b)));
          const white = pixels.filter(value => value > 240).length / pixels.length;
          assert.ok(white > 0.7, `${Math.round(100 * white)} % of the sheet is white${dark ? ', from a dark screen' : ''}`);
          if (process.env.CONCEJO_SHOTS) fs.copyFileSync(file, path.join(process.env.CONCEJO_SHOTS, `papel${dark ? '-dark' : ''}.pdf`));
        });
      }
    });
  });
}
