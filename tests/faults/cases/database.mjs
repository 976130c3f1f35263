// The database dies under writes, in both ways, and comes back by itself: what was acknowledged is what there is.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {sleep} from '../../support/demo.mjs';
import {Client, form} from '../../support/client.mjs';
import {postmaster_of} from '../processes.mjs';

const writers = 4;

export default function (world) {
  describe('database', () => {
    /** Saves drafts until told to stop. A form is sent again, the same one, until somebody says that it is done. */
    async function write(person, name, ledger, state) {
      for (let n = 0; state.going; ++n) {
        const titulo = `${name}-${n}`;
        let blank;
        for (; !blank; ) {
          const page = await person.get('/es/gestion/tablon/nuevo').catch(() => undefined);
          blank = page?.status === 200 ? form(page.text, 'anuncio-formulario') : undefined;
          if (!blank) {
            ++state.refused;
            await sleep(100);
            if (!state.going) return;
          }
        }
        for (;;) {
          const answer = await person.submit(blank, {titulo, accion: 'borrador'}, {}).catch(error => ({error}));
          const id = answer.status === 303 && answer.headers.location.match(/tablon\/([0-9a-f-]{36})/)?.[1];
          if (id) {
            assert.ok(!ledger.has(titulo));
            ledger.set(titulo, id);
            break;
          }
          state.statuses[answer.status ?? answer.error.code ?? answer.error.message] = (state.statuses[answer.status ?? answer.error.code] ?? 0) + 1;
          if (answer.status && ![503, 500, 409].includes(answer.status)) throw Error(`${titulo}: ${answer.status} ${answer.headers.location ?? ''}`);
          if (Date.now() > state.limit) throw Error(`${titulo}: no answer after the database came back`);
          ++state.refused;
          await sleep(150);
        }
        await sleep(100); // the listing that is compared holds 500 at most
      }
    }

    for (const [what, signal] of [['kill -9 of the postmaster', 'SIGKILL'], ['an immediate stop (SIGQUIT, as pg_ctl -m immediate sends)', 'SIGQUIT']]) {
      test(`${what} under writes: it recovers, and the ledger equals the listing`, {timeout: 150_000}, async t => {
        const people = [];
        for (let n = 0; n < writers; ++n) {
          world.clerk ??= await (async () => { const clerk = new Client(world.demo); await clerk.login('secretaria'); return clerk; })();
          const person = new Client(world.demo);
          person.cookies = world.clerk.cookies;
          people.push(person);
        }
        const ledger = new Map(), state = {going: true, refused: 0, statuses: {}, limit: Date.now() + 75_000};
        const prefix = `Asiento ${signal} ${Date.now()}`;
        const working = people.map((person, n) => write(person, `${prefix} ${n}`, ledger, state));
        await sleep(2000);
        const rounds = world.full ? 5 : 2;
        const pauses = [];
        for (let n = 0; n < rounds; ++n) {
          const count = ledger.size, victim = postmaster_of(world.demo);
          assert.ok(victim > 1, 'the database\'s own process');
          process.kill(victim, signal);
          const start = Date.now();
          while (ledger.size < count + writers + 1 && Date.now() - start < 60_000) await sleep(50);
          pauses.push(Date.now() - start);
          assert.notEqual(postmaster_of(world.demo), victim, 'another one runs');
          await sleep(1500);
        }
        state.going = false;
        await Promise.all(working);
        const listed = world.demo.json('sede', 'list', '--tenant', 'valdehermoso', '--q', prefix).value.anuncios.filter(anuncio => anuncio.titulo.startsWith(prefix));
        t.diagnostic(`${ledger.size} acknowledged, ${state.refused} refused meanwhile ${JSON.stringify(state.statuses)}; writing again after ${pauses} ms`);
        assert.ok(ledger.size > writers * rounds);
        assert.deepEqual(listed.map(({titulo, id}) => `${titulo} ${id}`).sort(), [...ledger].map(([titulo, id]) => `${titulo} ${id}`).sort());
      });
    }

    test('pages that were cached are right again afterwards', async () => {
      assert.equal((await world.demo.request('/es/tablon')).status, 200);
      assert.equal((await world.demo.request('/-/ready')).status, 200);
      assert.equal(world.demo.json('doctor').value.ok, true);
    });
  });
}
