// The work in the background: from the terminal, from the staff's page, and as a stream of events.
import assert from 'node:assert/strict';
import http from 'node:http';
import {describe, test} from 'node:test';
import {sleep} from '../../support/demo.mjs';
import {Client, form_of_button, text_of} from '../../support/client.mjs';

const host = 'riomar.localhost';

export default function (world) {
  describe('jobs', () => {
    let tenant, staff;
    const state = id => world.demo.sql(`select state from concejo.jobs where id = ${id}`);
    const queue = (kind, more = '') => Number(world.demo.sql(`insert into concejo.jobs (tenant, plugin, kind${more && ', '}${more.split('|')[0]}) values ('${tenant}', 'es.riomar.buzon', '${kind}'${more && ', '}${more.split('|')[1] ?? ''}) returning id`));
    const jobs = (...words) => world.demo.json('jobs', words[0], '--tenant', 'riomar', ...words.slice(1).map(String));

    /** Opens the stream and answers {next(), ended, close()}; next() is the data of the next event. */
    const listen = where => new Promise((resolve, reject) => {
      const cookie = [...staff.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const request = http.get({host: '127.0.0.1', port: world.demo.port, path: where, agent: false, headers: {Host: `${host}:${world.demo.port}`, Cookie: cookie}}, answer => {
        const stream = {status: answer.statusCode, headers: answer.headers, events: [], close: () => request.destroy()};
        stream.ended = new Promise(done => answer.once('close', done));
        let text = '';
        answer.on('error', () => {});
        answer.on('data', piece => {
          text += piece;
          for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
            const data = text.slice(0, end).match(/^data: (.*)$/m);
            if (data) stream.events.push(JSON.parse(data[1]));
          }
        });
        resolve(stream);
      });
      request.on('error', reject);
    });
    const until = async (what, message) => {
      for (const limit = Date.now() + 20_000; Date.now() < limit; await sleep(50)) if (await what()) return;
      assert.fail(message);
    };

    test('a job of the plugin runs, is watched to its end and shown', async () => {
      tenant = world.demo.sql("select tenant from concejo.schedules where plugin = 'es.riomar.buzon' limit 1");
      assert.ok(tenant, 'the plugin has a schedule');
      const id = queue('retirar');
      const watched = jobs('watch', id, '--seconds', 60);
      assert.equal(watched.code, 0, watched.stderr);
      assert.equal(watched.value.state, 'done');
      const shown = jobs('show', id);
      assert.equal(shown.value.attempts, 1);
      assert.match(shown.value.idempotency_key, /^[0-9a-f-]{36}$/);
      assert.equal(jobs('show', 999999999).code, 1);
      assert.equal(jobs('watch', 999999999).code, 1);
    });

    test('one that nobody serves waits for its next attempt, and can be cancelled', async () => {
      const id = queue('nadie');
      await until(() => jobs('show', id).value.error, 'it was not tried');
      assert.equal(state(id), 'waiting');
      assert.match(jobs('show', id).value.error, /nadie/);
      const cancelled = jobs('cancel', id);
      assert.deepEqual([cancelled.code, cancelled.value.at_once], [0, true]);
      assert.equal(state(id), 'cancelled');
      assert.equal(jobs('cancel', id).code, 1);
    });

    test('dead letters: listed, repeated, put away; not from another municipality', () => {
      const id = queue('nadie', "state, attempts, last_error|'dead', 8, 'no hay manera'");
      assert.ok(jobs('list', '--state', 'dead').value.jobs.some(job => job.id === id && job.error === 'no hay manera'));
      for (const verb of ['retry', 'discard', 'show']) {
        assert.equal(world.demo.json('jobs', verb, '--tenant', 'valdehermoso', String(id)).code, 1, verb);
      }
      assert.equal(jobs('discard', id).code, 0);
      assert.equal(state(id), 'discarded');
      assert.equal(jobs('retry', id).code, 1);
      const audited = world.demo.sql(`select string_agg(action || ' ' || actor, ',' order by id) from concejo.audit where tenant = '${tenant}' and action like 'jobs.%' and object = '${id}'`);
      assert.equal(audited, 'jobs.discard system:cli');
    });

    test('the staff page: only with its permission; its buttons work without any script', async () => {
      const secretary = await Client.of(world.demo, 'secretaria', host);
      assert.equal((await secretary.send('/es/gestion/trabajos')).status, 403);
      assert.equal((await secretary.send('/es/gestion/trabajos/eventos')).status, 403);
      staff = await Client.of(world.demo, 'administracion', host);
      const dead = queue('nadie', "state, attempts, max_attempts, last_error|'dead', 3, 3, 'sin <servicio>'");
      const page = await staff.get('/es/gestion/trabajos?estado=perdidos');
      assert.match(page.text, /sin &lt;servicio&gt;/);
      const retry = form_of_button(page.text, 'job-retry');
      assert.equal(retry.action, `/es/gestion/trabajos/${dead}/reintentar`);
      const after = await staff.follow(await staff.submit(retry), retry.action);
      assert.equal(text_of(after.text, 'hecho'), 'El trabajo se intentará de nuevo enseguida.');
      assert.notEqual(state(dead), 'dead');
      const cancel = form_of_button((await staff.get('/es/gestion/trabajos')).text, 'job-cancel');
      const gone = await staff.follow(await staff.submit(cancel), cancel.action);
      assert.ok(text_of(gone.text, 'hecho'));
    });

    test('events: at once how it is, then every change; a reload ends them, and they come again', async () => {
      const id = queue('largo', "state, attempts, lease_token, lease_until, progress_done, progress_total|'running', 1, gen_random_uuid(), now() + interval '1 hour', 1, 10");
      const stream = await listen('/es/gestion/trabajos/eventos');
      assert.equal(stream.status, 200);
      assert.equal(stream.headers['content-type'], 'text/event-stream');
      const row = () => stream.events.at(-1)?.rows.find(one => one.id === id);
      await until(() => row()?.percent === 10, 'nothing was said');
      world.demo.sql(`update concejo.jobs set progress_done = 7, message = 'casi' where id = ${id}; select pg_notify('concejo_jobs', '${tenant}')`);
      await until(() => row()?.text === '7 / 10 · casi', `still ${JSON.stringify(row())}`);
      const {version} = stream.events.at(-1);
      world.demo.sql(`update concejo.jobs set state = 'done', lease_token = null, lease_until = null, finished_at = now() where id = ${id}`);
      await until(() => stream.events.at(-1).version !== version, 'a change of the list was not told');

      const begun = Date.now();
      assert.equal(world.demo.concejo('reload').code, 0);
      await stream.ended;
      assert.ok(Date.now() - begun < 60_000);
      const again = await listen('/es/gestion/trabajos/eventos');
      await until(() => again.events.length > 0, 'the new generation says nothing');
      again.close();
    });
  });
}
