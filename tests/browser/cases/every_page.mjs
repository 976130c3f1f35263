// Every page of the router's own table, in every language: nothing sticks out of 320 px, and axe-core finds nothing. axe looks at
// each page in two of its languages, all of them in turns; in every one with CONCEJO_FULL=1.
import assert from 'node:assert/strict';
import {before, describe, test} from 'node:test';
import {overflowing, problems} from '../axe.mjs';
import {towns} from '../browser.mjs';
import {Client, form} from '../../support/client.mjs';
import {address, languages, name_of, roles, route_table, samples, serves} from '../../integration/samples.mjs';

const first = {valdehermoso: 'es', riomar: 'gl'};
const at_once = 2;
const full = process.env.CONCEJO_FULL === '1';

export default function (world) {
  describe('every page', () => {
    let table;
    before(async () => {
      world.sessions = {};
      for (const [town, host] of Object.entries(towns))
        for (const role of roles) world.sessions[`${town} ${role}`] = await world.browser.person(role, host);
      await samples(world);
      Object.assign(world.samples.riomar, await suggestion());
      table = await route_table(world);
    });

    /** What the pages of the out-of-tree plugin are about. */
    async function suggestion() {
      const citizen = new Client(world.demo, towns.riomar);
      const asked = form((await citizen.get('/es/buzon')).text, 'buzon-form');
      const receipt = await citizen.follow(await citizen.submit(asked, {asunto: 'calles', texto: 'Falta una papelera.'}, {}), asked.action);
      return {codigo: new URL(receipt.path, 'http://x').searchParams.get('codigo'), numero: receipt.text.match(/n(?:ú|&#250;)mero (\d+)/i)[1]};
    }

    /** Pages that this municipality has: [{what, where, as}], without files, feeds and redirections. */
    async function pages(town, spoken) {
      const list = [];
      for (const route of table.filter(route => ['page', 'staff', 'bare'].includes(route.kind) && route.method === 'GET' && serves(route, town))) {
        const open = route.kind !== 'staff' || route.pattern.startsWith('/acceso');
        const person = open ? undefined : world.sessions[`${town} administracion`];
        const where = address(route, world.samples[town], spoken[0]);
        const answer = await (person ? person.send(where) : world.demo.request(where, {host: towns[town]}));
        if (answer.status !== 200 || !answer.headers['content-type'].startsWith('text/html')) continue;
        const turn = spoken.slice(1)[list.length % Math.max(1, spoken.length - 1)];
        for (const language of spoken)
          list.push({what: `${name_of(route)} ${language}`, where: address(route, world.samples[town], language), as: person && 'administracion', deep: full || language === spoken[0] || language === turn});
      }
      return list;
    }

    async function look(town, list) {
      const wrong = [];
      for (const as of [undefined, 'administracion']) {
        const queue = list.filter(page => page.as === as);
        // one page for many addresses: a new one costs more than the look
        const walk = () => world.browser.with_page({host: towns[town], as, width: 320}, async page => {
          for (let next = queue.shift(); next; next = queue.shift()) {
            await page.goto(next.where);
            const found = [...next.deep ? await problems(page) : [], ...(await overflowing(page)).map(element => `sticks out: ${element}`)];
            wrong.push(...found.map(problem => `${next.what}: ${problem}`));
          }
        });
        await Promise.all(Array.from({length: at_once}, walk));
      }
      assert.deepEqual(wrong, []);
    }

    test('Valdehermoso, in five languages', async t => {
      const list = await pages('valdehermoso', languages);
      t.diagnostic(`${list.length} pages`);
      assert.ok(list.length >= 5 * 22, String(list.length));
      await look('valdehermoso', list);
    });

    test('Riomar, in its own', async t => {
      const list = await pages('riomar', [first.riomar]);
      t.diagnostic(`${list.length} pages`);
      for (const pattern of ['/buzon', '/buzon/recibida', '/buzon/estado', '/buzon/respuestas', '/buzon/:numero']) assert.ok(list.some(({what}) => what.includes(`GET ${pattern} `)), `${pattern} of the out-of-tree plugin`);
      await look('riomar', list);
    });
  });
}
