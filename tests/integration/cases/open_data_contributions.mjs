// What people send to the data portal: nobody sees it before staff have read it; its code tells how it goes.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {Client, decode, form, text_of} from '../../support/client.mjs';
import {sign_in} from '../samples.mjs';

const nasty = '<script>alert(1)</script>';

export default function (world) {
  const citizen = () => new Client(world.demo, 'valdehermoso.localhost');
  const fill = async (where, values, person = citizen()) => {
    const page = await person.get(where);
    assert.equal(page.status, 200, where);
    return person.submit(form(page.text, 'datos-aportar'), values);
  };
  const send = async (where, values) => {
    const answer = await fill(where, values);
    assert.equal(answer.status, 303, text_of(answer.text ?? '', 'error-summary'));
    return new URL(answer.headers.location, 'http://x').searchParams.get('codigo');
  };
  const state = async code => decode((await citizen().get(`/es/peticiones-de-datos/estado?codigo=${code}`)).text);
  const page = async where => decode((await world.demo.request(where)).text);

  describe('open data: requests, reuses and comments', () => {
    let clerk;
    /** The one with that title, as staff decide it. */
    const decide = async (title, values) => {
      clerk ??= (await sign_in(world))['valdehermoso secretaria'];
      const inbox = decode((await clerk.get('/es/gestion/aportaciones-de-datos')).text);
      const [, where] = inbox.match(new RegExp(`href="([^"]+/aportaciones-de-datos/[0-9a-f-]{36})">${title}`)) ?? assert.fail(`no ${title}`);
      return clerk.submit(form((await clerk.get(where)).text, 'datos-decidir'), values);
    };

    test('a request: refused while it says nothing, then waiting, then answered, then for everybody', async () => {
      for (const [values, told] of [[{titulo: '', texto: ''}, /Escriba qué datos pide/], [{titulo: 'x', texto: 'corto'}, /al menos una frase/], [{titulo: 'x', texto: 'ñ'.repeat(3001)}, /Caben 3000 caracteres y hay 3001[^]*ñ{3001}/], [{titulo: 'ñ'.repeat(201), texto: 'Para saberlo.'}, /Caben 200 caracteres y hay 201[^]*ñ{201}/]]) {
        const answer = await fill('/es/peticiones-de-datos/nueva', values);
        assert.equal(answer.status, 422);
        assert.match(decode(answer.text), told);
      }
      const code = await send('/es/peticiones-de-datos/nueva', {titulo: `Aforos de tráfico ${nasty}`, texto: 'Para estudiar qué calles se pueden abrir a los peatones.', nombre: 'Una vecina'});
      assert.match(code, /^[0-9A-F]{12}$/);
      assert.match(await state(code.toLowerCase()), /alguien la leerá antes de publicarla/);
      assert.doesNotMatch(await page('/es/peticiones-de-datos'), /Aforos de tráfico/);
      assert.equal((await decide('Aforos de tráfico', {decision: 'shown', resultado: 'declined', respuesta: ''})).status, 422, 'who is told no is told why');
      assert.equal((await decide('Aforos de tráfico', {decision: 'shown', resultado: 'planned', respuesta: 'Estarán en marzo.'})).status, 303);
      const shown = (await world.demo.request('/es/peticiones-de-datos')).text;
      assert.match(decode(shown), /Aforos de tráfico[^]*Se publicará[^]*Una vecina[^]*Estarán en marzo/);
      assert.ok(!shown.includes(nasty));
      assert.match(await state(code), /Se publicará/);
    });

    test('a reuse has an address that a browser may follow, and may be put right before it is shown', async () => {
      for (const address of ['', 'javascript:alert(1)', 'ejemplo.es', 'data:text/html,x']) assert.equal((await fill('/es/reutilizaciones/nueva', {titulo: 'Mapa', direccion: address, texto: 'Un mapa de los contratos.'})).status, 422, address);
      await send('/es/reutilizaciones/nueva', {titulo: 'Mapa de contratos', direccion: 'https://mapa.example/', texto: 'Un mapa con todos los contratos menores.'});
      assert.equal((await decide('Mapa de contratos', {decision: 'shown', titulo: 'Mapa de los contratos', direccion: 'javascript:alert(1)'})).status, 422);
      assert.equal((await decide('Mapa de contratos', {decision: 'shown', titulo: 'Mapa de los contratos'})).status, 303);
      assert.match(await page('/es/reutilizaciones'), /<a href="https:\/\/mapa\.example\/" rel="nofollow ugc noopener">Mapa de los contratos/);
    });

    test('a comment stands on its dataset once it was read; one that is not published tells why to who sent it', async () => {
      const bad = await send('/es/datos/contratos-menores/comentar', {texto: 'Compre barato en mi tienda, que está muy bien.'});
      assert.equal((await decide('Contratos menores', {decision: 'hidden', respuesta: ''})).status, 422);
      assert.equal((await decide('Contratos menores', {decision: 'hidden', respuesta: 'Es publicidad.'})).status, 303);
      assert.match(await state(bad), /No se publica[^]*Es publicidad/);
      await send('/es/datos/contratos-menores/comentar', {texto: `Falta el contrato de marzo. ${nasty}`, nombre: 'Un vecino'});
      assert.doesNotMatch(await page('/es/datos/contratos-menores'), /contrato de marzo/);
      assert.equal((await decide('Contratos menores', {decision: 'shown', respuesta: 'Ya está puesto.'})).status, 303);
      const dataset = (await world.demo.request('/es/datos/contratos-menores')).text;
      assert.match(decode(dataset), /Un vecino[^]*Falta el contrato de marzo[^]*Ya está puesto/);
      assert.ok(!dataset.includes(nasty));
      assert.doesNotMatch(decode(dataset), /Compre barato/);
      assert.equal((await citizen().get('/es/datos/no-hay/comentar')).status, 404);
    });

    test('many are reached page by page, by everybody and by staff; of a dataset, the latest are on its page', async () => {
      const of = "FROM generate_series(1, 130) n, (SELECT id FROM m_valdehermoso.open_data_dataset WHERE name = 'contratos-menores') d";
      world.demo.sql(`INSERT INTO m_valdehermoso.open_data_contribution (kind, title, body, state, created_at) SELECT 'request', 'Pide ' || n, 'prueba', 'shown', now() - n * interval '1 day' ${of}`);
      world.demo.sql(`INSERT INTO m_valdehermoso.open_data_contribution (kind, dataset, body, state, created_at) SELECT 'comment', d.id, 'Dice ' || n || '.', 'shown', now() - n * interval '1 day' ${of}`);
      try {
        for (const [first, ask] of [['/es/peticiones-de-datos', where => world.demo.request(where)], ['/es/gestion/aportaciones-de-datos?estado=shown', where => clerk.get(where)]]) {
          const seen = new Set();
          for (let where = first; where;) {
            const {text} = await ask(where);
            for (const [, title] of text.matchAll(/>(Pide \d+)</g)) seen.add(title);
            where = decode(text.match(/href="([^"]+)" rel="next"/)?.[1] ?? '');
          }
          assert.equal(seen.size, 130, first);
        }
        const dataset = await page('/es/datos/contratos-menores?recientes=1');
        assert.ok(dataset.includes('Dice 1.') && !dataset.includes('Dice 130.'));
        const all = dataset.match(/href="([^"]+)" data-c="datos-comentarios-todos"/)[1];
        assert.match((await world.demo.request(`${all}?pagina=3`)).text, /Dice 130\./);
        assert.equal((await world.demo.request('/es/datos/lugares/comentarios')).status, 303, 'none: its page');
      } finally { world.demo.sql("DELETE FROM m_valdehermoso.open_data_contribution WHERE body = 'prueba' OR body LIKE 'Dice %'"); }
    });

    test('one form sent twice counts once; without the form nothing does; what nobody can read any more is not taken', async () => {
      const person = citizen(), asked = form((await person.get('/es/peticiones-de-datos/nueva')).text, 'datos-aportar');
      const twice = [];
      for (let i = 0; i < 2; ++i) twice.push((await person.submit(asked, {titulo: 'Dos veces', texto: 'Se pulsó dos veces el botón.'})).headers.location);
      assert.equal(twice[0], twice[1]);
      assert.equal((await world.demo.request('/es/peticiones-de-datos/nueva', {method: 'POST', headers: {'Content-Type': 'application/x-www-form-urlencoded'}, body: 'titulo=Colado&texto=Sin+haber+pedido+la+hoja'})).status, 403);
      world.demo.sql("insert into m_valdehermoso.open_data_contribution (kind, title, body, created_at) select 'request', 'lleno', 'lleno', now() - interval '2 days' from generate_series(1, 500)");
      const full = await fill('/es/peticiones-de-datos/nueva', {titulo: 'Otra', texto: 'Una petición más, que ya no cabe.'});
      assert.equal(full.status, 503);
      assert.match(decode(full.text), /más mensajes de los que se pueden leer/);
      world.demo.sql("delete from m_valdehermoso.open_data_contribution where title = 'lleno'");
    });

    test('the inbox is for those who publish; a code that was not given opens nothing; the other town has none of it', async () => {
      const sessions = await sign_in(world);
      assert.equal((await sessions['valdehermoso redaccion'].get('/es/gestion/aportaciones-de-datos')).status, 403);
      for (const code of ['000000000000', "' OR 1=1", '%25', 'A'.repeat(300)]) assert.equal((await citizen().get(`/es/peticiones-de-datos/estado?codigo=${encodeURIComponent(code)}`)).status, 404, code);
      assert.equal((await world.demo.request('/es/peticiones-de-datos', {host: 'riomar.localhost'})).status, 404);
      assert.match(world.demo.sql("select string_agg(distinct action, ' ') from concejo.audit where action = 'open-data.moderar'"), /moderar/);
    });
  });
}
