// The staff's list of announcements: in pages, short on a phone, and forgiving with what one types over it.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {hook} from '../browser.mjs';

export default function (world) {
  describe('the list of the staff', () => {
    const rows = page => hook(page, 'table').locator('tbody tr');
    const links = page => hook(page, 'table').locator('th[scope=row] a').evaluateAll(all => all.map(link => link.getAttribute('href')));
    const shown = async page => Number((await hook(page, 'table').locator('caption').innerText()).match(/\d+/)[0]);

    test('goes on page by page, each announcement once, and back', () => world.browser.with_page({as: 'secretaria'}, async page => {
      await page.goto('/es/gestion/tablon');
      const total = await shown(page), seen = [];
      assert.ok(total > 25, 'the demonstration has more than a page');
      assert.equal(await rows(page).count(), 25);
      const first = await links(page);
      for (let n = 0; n < 20; ++n) {
        seen.push(...await links(page));
        const next = hook(page, 'pagination').getByRole('link', {name: 'Siguiente'});
        if (!await next.count()) break;
        await next.click();
      }
      assert.equal(seen.length, total);
      assert.equal(new Set(seen).size, total, 'none twice');
      while (await hook(page, 'pagination').getByRole('link', {name: 'Anterior'}).count()) await hook(page, 'pagination').getByRole('link', {name: 'Anterior'}).click();
      assert.deepEqual(await links(page), first);
    }));

    test('shows as many as one asks for, and keeps that with the filters', () => world.browser.with_page({as: 'secretaria'}, async page => {
      await page.goto('/es/gestion/tablon?q=convocatoria');
      const few = await rows(page).count();
      await page.goto('/es/gestion/tablon');
      await hook(page, 'filas').getByRole('link', {name: '50'}).click();
      assert.equal(await rows(page).count(), Math.min(50, await shown(page)));
      await hook(page, 'tabs').getByRole('link', {name: /En exposición/}).click();
      assert.match(page.url(), /filas=50/);
      assert.match(page.url(), /estado=expuesto/);
      assert.ok(await rows(page).count() > 25);
      await hook(page, 'tabs').getByRole('link', {name: /Todos/}).click();
      await hook(page, 'gestion-filtros').getByLabel('Palabras o número').fill('convocatoria');
      await hook(page, 'gestion-filtros').getByRole('button', {name: 'Buscar'}).click();
      assert.match(page.url(), /filas=50/);
      assert.equal(await rows(page).count(), few);
      await page.goto('/es/gestion/tablon?filas=1000000');
      assert.equal(await rows(page).count(), 25, 'only what is offered');
    }));

    test('is short on a phone: a card of a few lines for each announcement, labels kept', () => world.browser.with_page({as: 'secretaria', width: 360}, async page => {
      await page.goto('/es/gestion/tablon');
      const {height, line} = await page.evaluate(() => {
        const heights = [...document.querySelectorAll('[data-c="table"] tbody tr')].map(row => row.getBoundingClientRect().height).sort((a, b) => a - b);
        return {height: heights[Math.floor(heights.length / 2)], line: parseFloat(getComputedStyle(document.querySelector('[data-c="table"] td')).lineHeight)};
      });
      assert.ok(height <= 7 * line, `${Math.round(height)} px for the middle one, a line has ${line}`);
      assert.match(await page.evaluate(() => getComputedStyle(document.querySelector('[data-c="table"] td[data-l]:not([data-l=""])'), '::before').content), /:/);
      assert.equal(await page.locator('[data-c="table"] td:empty:visible').count(), 0, 'a draft has no number to show');
    }));

    test('what is done with an announcement never covers its title', () => world.browser.with_page({as: 'secretaria'}, async page => {
      await page.goto('/es/gestion/tablon?estado=expuesto');
      await page.goto((await links(page))[0]);
      for (const width of [1280, 1024, 800, 640, 360]) {
        await page.setViewportSize({width, height: 800});
        const overlap = await page.evaluate(() => {
          const range = document.createRange();
          range.selectNodeContents(document.querySelector('h1'));
          const title = [...range.getClientRects()], buttons = [...document.querySelectorAll('.work__top .btn')].map(button => button.getBoundingClientRect());
          return buttons.some(b => title.some(t => b.left < t.right && t.left < b.right && b.top < t.bottom && t.top < b.bottom)) || !buttons.length;
        });
        assert.equal(overlap, false, `at ${width}`);
      }
    }));

    for (const [who, where, as] of [['staff', '/es/gestion/tablon', 'secretaria'], ['citizens', '/es/tablon', undefined]]) {
      test(`${who}: a day that is none is said, next to it, and stays to be corrected`, () => world.browser.with_page({as}, async page => {
        await page.goto(`${where}?desde=31%2F02%2F2026`);
        assert.match(await page.title(), /^Error/);
        assert.match(await hook(page, 'error-summary').innerText(), /«31\/02\/2026» no es una fecha/);
        assert.match(await page.locator('#desde-e').innerText(), /dd\/mm\/aaaa/);
        const field = page.getByLabel('Expuesto desde');
        assert.equal(await field.inputValue(), '31/02/2026');
        assert.equal(await field.getAttribute('aria-invalid'), 'true');
        await hook(page, 'error-summary').getByRole('link').click();
        assert.equal(await page.evaluate(() => document.activeElement.id), 'desde');
        await field.fill('01/12/2026');
        await page.getByLabel('Expuesto hasta').fill('01/10/2026');
        await page.locator('main form[role=search]').getByRole('button', {name: 'Buscar'}).click();
        assert.match(await hook(page, 'error-summary').innerText(), /anterior a la primera/);
        await page.getByLabel('Expuesto hasta').fill('1/12/2026');
        await page.locator('main form[role=search]').getByRole('button', {name: 'Buscar'}).click();
        assert.equal(await hook(page, 'error-summary').count(), 0);
        assert.doesNotMatch(await page.title(), /^Error/);
      }));
    }

    test('a place in the list that cannot be is an error without a word of the database', async () => {
      const answer = await world.demo.request('/es/tablon?despues=9223372036854775807_1');
      assert.ok([200, 400].includes(answer.status));
      assert.doesNotMatch(answer.text, /base de datos|ERROR|2200/);
    });
  });
}
