// With sessions, tokens, ids and hosts of one municipality nothing of the other can be read or written.
import {randomUUID} from 'node:crypto';
import assert from 'node:assert/strict';
import {before, describe, test} from 'node:test';
import {address, name_of, roles, route_table, samples, serves, sign_in, speaks_ckan, towns} from '../samples.mjs';
import {Client, form, form_of_button} from '../../support/client.mjs';
import {day, pdf} from '../../support/pdf.mjs';

const other = {valdehermoso: 'riomar', riomar: 'valdehermoso'};

export default function (world) {
  describe('two municipalities', () => {
    let table, sample, sessions;
    before(async () => {
      sessions = await sign_in(world);
      sample = await samples(world);
      table = await route_table(world);
    });

    /** This person's cookies, shown to another host. */
    const carried = (person, host) => {
      const stranger = new Client(world.demo, host);
      for (const [name, value] of person.cookies) if (name !== 'concejo-idioma') stranger.cookies.set(name, value);
      return stranger;
    };

    for (const [town, host] of Object.entries(towns)) {
      for (const role of roles) {
        test(`a session of ${other[town]} (${role}) is worth nothing in ${town}, on any route`, async () => {
          const wrong = [];
          for (const route of table.filter(route => route.method === 'GET')) {
            const where = address(route, sample[town]);
            const stranger = carried(sessions[`${other[town]} ${role}`], host);
            const [anonymous, answer] = [await world.demo.request(where, {host}), await stranger.send(where)];
            // Whoever brings a session that is none here is told that it has ended; the rest is as for anybody.
            const location = answer.headers.location?.replace(/caducada=1&?/, '').replace(/\?$/, '');
            if (answer.status !== anonymous.status || location !== anonymous.headers.location)
              wrong.push(`${name_of(route)}: ${answer.status} ${answer.headers.location ?? ''}, anonymous ${anonymous.status}`);
          }
          assert.deepEqual(wrong, []);
        });
      }

      test(`a token of ${other[town]} is worth nothing in ${town}`, async () => {
        const wrong = [];
        const {token} = world.demo.json('token', 'create', '--tenant', other[town], '--scope', 'es.riomar.buzon.atender', '--scope', 'sede.anuncios.editar', '--name', 'ajeno').value;
        for (const bearer of [token, world.demo.credentials[other[town]].api_token]) {
          for (const route of table.filter(route => route.method === 'GET' && ['staff', 'api'].includes(route.kind) && serves(route, town))) {
            const answer = await world.demo.request(address(route, sample[town]), {host, headers: {Authorization: `Bearer ${bearer}`}});
            if (speaks_ckan(route)) {
              const anonymous = await world.demo.request(address(route, sample[town]), {host});
              if (answer.status !== anonymous.status || answer.text !== anonymous.text) wrong.push(`${name_of(route)}: not as anybody`);
            } else if (route.kind === 'api' ? answer.status !== 401 : answer.status === 200 && !route.pattern.startsWith('/acceso')) wrong.push(`${name_of(route)}: ${answer.status}`);
          }
        }
        assert.deepEqual(wrong, []);
      });

      for (const role of ['secretaria', 'administracion']) {
        test(`ids of ${other[town]} do not exist in ${town} for its own ${role}`, async () => {
          const wrong = [];
          const mine = sessions[`${town} ${role}`];
          const own = sample[town], theirs = {...sample[other[town]], slug: '2026-99999', numero: '99999', codigo: 'FFFFFFFFFFFF'};
          for (const route of table.filter(route => route.owner !== 'kernel' && /:/.test(route.pattern) && serves(route, town))) {
            for (const where of new Set([address(route, theirs), address(route, {...own, slug: theirs.published, published: theirs.draft, draft: theirs.published})])) {
              if (where === address(route, own)) continue;
              const answer = route.method === 'GET' ? await mine.send(where) : await write(mine, where);
              const nobody = route.pattern === '/id/buzon/:codigo';  // leads to the page that says that there is none
              if (answer.status !== 404 && !(nobody && answer.status === 302)) wrong.push(`${name_of(route)} ${where}: ${answer.status}`);
            }
          }
          assert.deepEqual(wrong, []);
        });
      }

      test(`a form token of ${other[town]} writes nothing in ${town}`, async () => {
        const theirs = form((await sessions[`${other[town]} secretaria`].get('/es/gestion/tablon/nuevo')).text, 'anuncio-formulario');
        const files = {documento: {name: 'a.pdf', type: 'application/pdf', bytes: pdf('Colado por el otro municipio')}};
        const values = {titulo: 'Colado por el otro municipio', accion: 'publicar', desde: day(0).typed, hasta: day(5).typed};
        const mine = await sessions[`${town} secretaria`].submit(theirs, values, files);
        assert.equal(mine.status, 403);
        const carried_over = await carried(sessions[`${other[town]} secretaria`], host).submit(theirs, values, files);
        assert.ok([303, 401, 403].includes(carried_over.status) && !carried_over.headers.location?.includes('hecho='), String(carried_over.status));
        for (const one of Object.values(towns)) assert.ok(!(await world.demo.request('/es/tablon', {host: one})).text.includes('Colado por el otro'));
      });

      test(`nothing of ${other[town]} is in ${town}'s board, search, feed, API and site map`, async () => {
        const theirs = `Muestra publicada de ${other[town]}`;
        const secret = `Borrador reservado de ${town}`;
        for (const where of ['/es/', '/es/tablon', '/es/tablon/archivo', '/es/buscar?q=muestra+publicada', '/es/tablon/atom.xml', '/api/tablon/v1/anuncios?ambito=todos&limite=200', '/sitemap.xml', '/es/mapa-web']) {
          const {text, status} = await world.demo.request(where, {host});
          assert.equal(status, 200, where);
          assert.ok(!text.includes(theirs), `${where} shows the other's`);
          assert.ok(!text.includes(secret) && !text.includes(sample[town].draft), `${where} shows a draft`);
        }
        assert.ok((await world.demo.request('/es/buscar?q=muestra+publicada', {host})).text.includes(`Muestra publicada de ${town}`), 'its own is found');
      });

      test(`the command line of ${town} does not list ${other[town]}'s`, () => {
        const {stdout} = world.demo.json('sede', 'list', '--tenant', town);
        assert.ok(stdout.includes(sample[town].draft));
        assert.ok(!stdout.includes(sample[other[town]].draft));
      });
    }

    async function write(person, where) {
      const token = form_of_button((await person.get('/es/gestion')).text, 'logout').fields.find(([name]) => name === 'csrf_token')[1];
      return person.submit({action: where, fields: [['csrf_token', token], ['form_key', randomUUID()], ['motivo', 'ajeno'], ['accion', 'borrador'], ['titulo', 'ajeno'], ['desde', day(0).typed], ['hasta', day(3).typed], ['tipo', 'edicto'], ['respuesta', 'ajena']]});
    }

    test('logins of one municipality are refused by the other', async () => {
      const stranger = new Client(world.demo, towns.riomar);
      const page = await stranger.get('/es/gestion');
      const asked = form(page.text, 'login');
      const answer = await stranger.submit(asked, {usuario: 'secretaria', clave: world.demo.credentials.valdehermoso.secretaria.password});
      assert.equal(answer.status, 422);
    });

    test('log out ends the session for good', async () => {
      const person = sessions['valdehermoso redaccion'];
      const kept = carried(person, towns.valdehermoso);
      const out = form_of_button((await person.get('/es/gestion')).text, 'logout');
      assert.equal((await person.submit(out)).status, 303);
      assert.equal((await kept.send('/es/gestion/tablon')).status, 303, 'a copy of the cookie is worth nothing');
      delete world.sessions['valdehermoso redaccion'];
    });

    test('every route of the table was visited', async () => {
      const forgotten = (await route_table(world)).filter(route => !(route.hits > 0)).map(name_of);
      assert.deepEqual(forgotten, []);
    });
  });
}
