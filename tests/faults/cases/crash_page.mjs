// The way back from quarantine by the pages of the administration: who may, what it does, and what is written down.
import assert from 'node:assert/strict';
import {randomUUID} from 'node:crypto';
import {afterEach, describe, test} from 'node:test';
import {Client, decode, form, text_of} from '../../support/client.mjs';
import {fallen, get, replaced, serving, told} from './crash_tools.mjs';

const plugins = '/es/gestion/instalacion/complementos';

export default function (world) {
  describe('a plugin in quarantine, in the pages', () => {
    afterEach(() => { world.demo.concejo('plugin', 'restore', world.plugin); });
    const enter = async (user, town) => {
      const person = new Client(world.demo, `${town}.localhost`);
      await person.login(user, town);
      return person;
    };
    const page = async () => (await get(world.demo, '/es/averias/bien')).status;

    test('who administers the installation puts it back into service; nobody else', {timeout: 120_000}, async () => {
      const {demo, plugin} = world;
      const chief = await enter('administracion', 'valdehermoso'), clerk = await enter('secretaria', 'valdehermoso'), river = await enter('administracion', 'riomar');
      const me = demo.sql("select id from concejo.users where login = 'administracion' and tenant = 'valdehermoso'");
      for (let n = 0; n < 3; ++n) {
        const before = await serving(demo);
        await assert.rejects(get(demo, '/es/averias/abort'));
        await replaced(demo, await fallen(demo, before));
      }
      assert.equal(await page(), 503);

      const health = await chief.get('/es/gestion/salud');
      assert.match(decode(health.text), new RegExp(`Módulo en cuarentena[^]*${plugin}`));
      assert.ok(health.text.includes(`href="${plugins}"`), 'and the way there');
      assert.doesNotMatch((await river.get('/es/gestion/salud')).text, /Módulo en cuarentena/, 'it serves in the other municipality');
      const shown = form((await chief.get(plugins)).text, 'quarantine');
      assert.equal(shown.fields.find(([name]) => name === 'municipio')[1], 'valdehermoso');

      const last = () => Number(demo.sql('select max(id) from concejo.audit'));
      const beginning = last();
      assert.equal((await chief.submit(shown, {csrf_token: 'x'.repeat(43)})).status, 403, 'a form of another page');
      assert.equal((await chief.submit(shown, {csrf_token: null})).status, 403);
      const csrf_of = async person => form((await person.get('/es/gestion/clave')).text, 'password')?.fields.filter(([name]) => name === 'csrf_token') ?? [];
      const mine = [['municipio', 'valdehermoso']];
      assert.equal((await clerk.submit({...shown, fields: [...await csrf_of(clerk), ...mine]})).status, 403, 'without the permission');
      assert.equal((await river.submit({...shown, fields: [...await csrf_of(river), ...mine]})).status, 404, 'no such address there');
      assert.equal(await page(), 503);
      assert.equal(told(world).quarantine.length, 1);
      assert.equal(demo.sql(`select count(*) from concejo.audit where id > ${beginning} and action = 'plugin.restore' and result = 'ok'`), '0');

      const done = await chief.submit(shown);
      assert.equal(done.status, 303);
      const after = await chief.follow(done, plugins);
      assert.match(text_of(after.text, 'done'), /vuelve a servir/);
      assert.equal(form(after.text, 'quarantine'), null);
      for (let n = 0; n < 10; ++n) assert.equal(await page(), 200);
      assert.deepEqual(told(world).quarantine, []);
      assert.doesNotMatch((await chief.get('/es/gestion/salud')).text, /Módulo en cuarentena/);

      const asked = () => demo.sql(`select string_agg(actor || ' ' || object, ',' order by object) from concejo.audit where id > ${beginning} and action = 'plugin.restore' and result = 'ok'`);
      for (let n = 0; n < 100 && !asked().includes(','); ++n) await new Promise(go => setTimeout(go, 100));  // the supervisor writes its own when it can
      assert.equal(asked(), `user:${me} ${plugin},user:${me} plugin:${plugin}`, 'the request and the deed, both by that person');

      const again = await chief.follow(await chief.submit(shown, {form_key: randomUUID()}), plugins);
      assert.equal(text_of(again.text, 'done'), null, 'there is nothing left to put back');
    });
  });
}
