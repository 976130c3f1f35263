// A plugin built out of tree, switched on by Riomar's YAML alone.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {sleep} from '../../support/demo.mjs';
import {Client, form, text_of} from '../../support/client.mjs';
import {pdf} from '../../support/pdf.mjs';

const host = 'riomar.localhost';

export default function (world) {
  describe('es.riomar.buzon', () => {
    test('its pages are in Riomar\'s menu, home and search, and nowhere in Valdehermoso', async () => {
      assert.match((await world.demo.request('/gl/', {host})).text, /data-c="buzon-home"/);
      assert.equal((await world.demo.request('/gl/buzon', {host})).status, 200);
      assert.equal((await world.demo.request('/es/buzon')).status, 404);
      assert.equal((await world.demo.request('/api/buzon/v1/resumen')).status, 404);
      assert.doesNotMatch((await world.demo.request('/es/')).text, /buzon/);
      assert.doesNotMatch((await world.demo.request('/sitemap.xml')).text, /buzon/);
    });

    test('a suggestion with a file is received; its state is known by its code', async () => {
      const citizen = new Client(world.demo, host);
      const page = await citizen.get('/es/buzon');
      const asked = form(page.text, 'buzon-form');
      const asunto = page.text.match(/<option value="([a-z_-]+)"/)[1];
      const empty = await citizen.submit(asked, {asunto: '', texto: ''}, {});
      assert.equal(empty.status, 422);
      assert.match(empty.text, /data-c="error-summary"/);
      const again = form(empty.text, 'buzon-form');
      const send = () => citizen.submit(again, {asunto, texto: 'Falta una fuente en el paseo marítimo, junto a la lonja.'}, {adjunto: {name: 'plano.pdf', type: 'application/pdf', bytes: pdf('Plano del paseo')}});
      const sent = await send();
      assert.equal(sent.status, 303, text_of(sent.text, 'error-summary'));
      const receipt = await citizen.follow(sent, again.action);
      assert.equal(receipt.status, 200);
      world.suggestion = {codigo: new URL(receipt.path, 'http://x').searchParams.get('codigo'), numero: receipt.text.match(/n(?:ú|&#250;)mero (\d+)/i)?.[1] ?? '1'};
      const twice = await citizen.follow(await send(), again.action);
      assert.equal(new URL(twice.path, 'http://x').searchParams.get('codigo'), world.suggestion.codigo, 'the same form sent twice registers once');
      const state = await citizen.get(`/es/buzon/estado?codigo=${world.suggestion.codigo}`);
      assert.match(state.text, /data-c="buzon-found"/);
    });

    test('API, command and the job that acknowledges', async () => {
      const summary = JSON.parse((await world.demo.request('/api/buzon/v1/resumen', {host})).text);
      assert.equal(summary.pendientes, 1);
      const command = world.demo.json('es.riomar.buzon', 'resumen', '--tenant', 'riomar');
      assert.equal(command.code, 0, command.stderr);
      assert.deepEqual(command.value, summary);
      assert.equal(world.demo.concejo('es.riomar.buzon', 'resumen', '--tenant', 'valdehermoso').code, 2, 'not active there');
      let done;
      for (let n = 0; n < 150 && !done; ++n) {
        done = world.demo.json('jobs', 'list', '--tenant', 'riomar').value.jobs.find(job => job.kind === 'acuse' && job.state === 'done');
        if (!done) await sleep(200);
      }
      assert.ok(done, 'the acknowledgement ran');
      assert.ok(!world.demo.json('jobs', 'list', '--tenant', 'valdehermoso').value.jobs.some(job => job.plugin === 'es.riomar.buzon'));
    });

    test('staff answer it and the answer is published at once, although its page was cached', async () => {
      await world.demo.request('/es/buzon/respuestas', {host});
      const clerk = await Client.of(world.demo, 'secretaria', host);
      (world.sessions ??= {})['riomar secretaria'] = clerk;
      const page = await clerk.get(`/es/gestion/buzon/${world.suggestion.numero}`);
      assert.equal(page.status, 200);
      assert.match(page.text, /junto a la lonja/);
      const sent = await clerk.submit(form(page.text, 'buzon-answer-form'), {respuesta: 'La fuente se instala este mes.', publicar: '1'});
      assert.equal(sent.status, 303, text_of(sent.text, 'error-summary'));
      assert.match((await world.demo.request('/es/buzon/respuestas', {host})).text, /La fuente se instala este mes\./);
      const found = await world.demo.request('/es/buscar?q=fuente', {host});
      assert.match(found.text.replace(/<\/?mark>/g, ''), /La fuente se instala este mes/);
    });
  });
}
