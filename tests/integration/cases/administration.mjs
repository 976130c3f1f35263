// The pages of the administration: who may, what they change, and that nothing is lost or reaches another municipality.
import assert from 'node:assert/strict';
import {before, describe, test} from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import {Client, decode, form, text_of} from '../../support/client.mjs';
import {sign_in} from '../samples.mjs';

export default function (world) {
  describe('administration', () => {
    let chief, river, clerk;
    const file = slug => world.demo.file(`municipios/${slug}.yaml`);
    const read = slug => fs.readFileSync(file(slug), 'utf8');
    const own_password = town => world.demo.credentials[town].administracion.password;
    const tenant = () => world.demo.json('tenant', 'list').value.tenants;
    const id_of = slug => tenant().find(one => one.slug === slug).id;
    before(async () => {
      const sessions = await sign_in(world);
      [chief, river, clerk] = ['valdehermoso administracion', 'riomar administracion', 'valdehermoso secretaria'].map(key => sessions[key]);
    });

    describe('users', () => {
      const add = async (values, who = chief, town = 'valdehermoso') => {
        const blank = form((await who.get('/es/gestion/usuarios/nuevo')).text, 'user-form');
        return who.submit(blank, {clave: own_password(town), nombre: 'Nueva Persona', ...values});
      };
      const page_of = async (login, who = chief) => {
        const list = (await who.get(`/es/gestion/usuarios?q=${login}`)).text;
        return list.match(/\/es\/gestion\/usuarios\/[0-9a-f-]{36}/)?.[0];
      };
      const act = async (where, values, which = 'user-acts', who = chief) => {
        const shown = form((await who.get(where)).text, which);
        return who.submit(shown, {clave: own_password('valdehermoso'), ...values});
      };
      const enters = async (login, password) => {
        const person = new Client(world.demo);
        const asked = form((await person.get('/es/gestion')).text, 'login');
        return person.follow(await person.submit(asked, {usuario: login, clave: password}), asked.action);
      };

      test('a new one gets a password that is shown once and must be changed', async () => {
        const made = await add({usuario: 'nueva', papel: 'redaccion'});
        assert.equal(made.status, 200, text_of(made.text, 'error-summary'));
        const password = text_of(made.text, 'password');
        assert.match(password, /^([a-z2-7]{4}-){5}[a-z2-7]{4}$/);
        assert.equal(text_of((await chief.get(await page_of('nueva'))).text, 'password'), null, 'not again');
        assert.equal(made.headers['cache-control'], 'no-store');
        assert.match((await enters('nueva', password)).path, /\/gestion\/clave$/);
        assert.ok(!world.demo.sql('select string_agg(details::text, \' \') from concejo.audit').includes(password));
      });

      test('without the own password nothing happens, and what was typed stays', async () => {
        const refused = await add({usuario: 'intrusa', nombre: 'Intrusa <b>', papel: 'redaccion', clave: 'no es esta'});
        assert.equal(refused.status, 422);
        const again = form(refused.text, 'user-form').fields;
        assert.deepEqual(again.filter(([name]) => ['usuario', 'nombre', 'papel'].includes(name)), [['usuario', 'intrusa'], ['nombre', 'Intrusa <b>'], ['papel', 'redaccion']]);
        assert.equal(await page_of('intrusa'), undefined);
        assert.equal((await add({usuario: 'nueva'})).status, 422, 'a login that is taken');
        assert.equal((await add({usuario: 'con espacio'})).status, 422);
        assert.equal((await add({usuario: 'otra', papel: 'ninguno-asi'})).status, 422);
      });

      test('who is blocked is out at once, and comes back', async () => {
        const password = text_of((await act(await page_of('nueva'), {accion: 'clave'})).text, 'password');
        await enters('nueva', password);
        const blocked = await act(await page_of('nueva'), {accion: 'bloquear'});
        assert.match(text_of(blocked.text, 'done'), /bloqueado/);
        assert.match((await enters('nueva', password)).text, /desactivada/);
        assert.equal((await act(await page_of('nueva'), {accion: 'bloquear', clave: 'mala'})).status, 422);
        await act(await page_of('nueva'), {accion: 'desbloquear'});
        assert.match((await enters('nueva', password)).path, /\/gestion\/clave$/);
      });

      test('roles change, and the sessions end with them', async () => {
        const changed = await act(await page_of('nueva'), {papel: 'secretaria'}, 'user-roles');
        assert.equal(changed.status, 200);
        assert.equal(world.demo.sql("select roles[1] from concejo.users where login = 'nueva'"), 'secretaria');
        assert.match(world.demo.sql("select details::text from concejo.audit where action = 'user.roles' order by id desc limit 1"), /secretaria/);
      });

      test('nobody changes himself, and the last administrator stays', async () => {
        const me = await page_of('administracion');
        const mine = await chief.get(me);
        assert.equal(form(mine.text, 'user-acts'), null);
        const csrf = form((await chief.get('/es/gestion/usuarios/nuevo')).text, 'user-form').fields.find(([name]) => name === 'csrf_token');
        assert.equal((await chief.submit({action: `${me}/accion`, fields: [csrf]}, {accion: 'bloquear', clave: own_password('valdehermoso')})).status, 403);
        const answer = world.demo.concejo('user', 'disable', '--tenant', 'valdehermoso', '--login', 'administracion');
        assert.equal(answer.code, 1);
        assert.match(answer.stderr, /última persona/);
      });

      test('another municipality is another world', async () => {
        const there = await page_of('nueva');
        assert.equal((await river.get(there)).status, 404);
        const csrf = form((await river.get('/es/gestion/usuarios/nuevo')).text, 'user-form').fields.find(([name]) => name === 'csrf_token');
        assert.equal((await river.submit({action: `${there}/accion`, fields: [csrf]}, {accion: 'bloquear', clave: own_password('riomar')})).status, 404);
        assert.equal(await page_of('nueva', river), undefined);
        assert.equal((await clerk.get('/es/gestion/usuarios')).status, 403);
      });
    });

    describe('modules', () => {
      const where = '/es/gestion/modulos/es.riomar.buzon';
      const review = async (body, who = river, at = where) => who.submit(form((await who.get(at)).text, 'module-form'), {ajustes: body});
      const switched = async (on, who = river, at = where) => who.submit({...form((await who.get(at)).text, 'module-switch')}, {activo: on ? 'si' : 'no'});
      const apply = (page, who = river) => who.submit(form(page.text, 'module-apply'));
      const buzon = async () => (await world.demo.request('/es/buzon', {host: 'riomar.localhost'})).status;

      test('off and on again: one word of the file changes, with the difference seen before', async () => {
        const before_ = read('riomar');
        assert.equal(await buzon(), 200);
        const seen = await switched(false);
        assert.equal(seen.status, 200);
        assert.match(decode(seen.text), /<del>    activo: true<\/del>[^]*<ins>    activo: false<\/ins>/);
        assert.equal(read('riomar'), before_, 'looking changes nothing');
        const done = await apply(seen);
        assert.equal(done.status, 303, text_of(done.text, 'error-summary'));
        assert.match((await river.follow(done, where)).text, /El cambio está aplicado/);
        assert.equal(read('riomar'), before_.replace(/(es\.riomar\.buzon:\n    activo: )true/, '$1false'));
        assert.equal(await buzon(), 404);
        assert.equal((await apply(await switched(true))).status, 303);
        assert.equal(await buzon(), 200);
        assert.equal(read('riomar'), before_);
        const trail = world.demo.sql(`select result || ' ' || (details->>'diff') from concejo.audit where tenant = '${id_of('riomar')}' and action = 'config.change' order by id`);
        assert.match(trail, /asked -    activo: true\s+\+    activo: false[^]*ok -    activo: true/);
        const kept = path.join(world.demo.dir, 'data/config-anteriores/riomar');
        assert.equal(fs.readdirSync(kept).length, 2);
        assert.equal(fs.readFileSync(path.join(kept, fs.readdirSync(kept).sort()[0]), 'utf8'), before_);
      });

      const broken = [
        ['an unknown key', 'activo: true\ndias_exposicon: 20', /dias_exposicion/],
        ['a wrong value', 'activo: true\ndias_exposicion: 9999', /366/],
        ['no YAML', 'activo: true\n  x: [', /municipios\/riomar\.yaml:\d+/],
        ['another part of the file', 'activo: true\nmunicipio:\n  id: otro', /municipio/],
        ['a tab', 'activo: true\n\tx: 1', /municipios\/riomar\.yaml:\d+/],
        ['nothing said', 'organos: [Pleno]', /activo/],
      ];
      for (const [what, body, told] of broken) test(`${what} is told with its place, and nothing of it is lost`, async () => {
        const before_ = read('riomar');
        const answer = await review(body, river, '/es/gestion/modulos/sede');
        assert.equal(answer.status, 422);
        assert.match(decode(answer.text), told);
        assert.equal(form(answer.text, 'module-apply'), null);
        assert.equal(form(answer.text, 'module-form').fields.find(([name]) => name === 'ajustes')[1].replaceAll('\r', ''), body);
        const csrf = form(answer.text, 'module-form').fields.filter(([name]) => name === 'csrf_token');
        const forced = await river.submit({action: '/es/gestion/modulos/sede/aplicar', fields: csrf}, {ajustes: body, sha256: 'x'});
        assert.ok([409, 422].includes(forced.status), String(forced.status));
        assert.equal(read('riomar'), before_);
      });

      test('two people at once: the second sees that the file is another, and keeps what was typed', async () => {
        const before_ = read('riomar'), at = '/es/gestion/modulos/sede';
        const body = form((await river.get(at)).text, 'module-form').fields.find(([name]) => name === 'ajustes')[1];
        const first = await review(body.replace('dias_exposicion: 15', 'dias_exposicion: 16'), river, at);
        const second = await review(body.replace('limite_pdf_mb: 20', 'limite_pdf_mb: 21'), river, at);
        assert.equal((await apply(first)).status, 303);
        const late = await apply(second);
        assert.equal(late.status, 409);
        assert.match(text_of(late.text, 'error-summary'), /ha cambiado/);
        assert.match(form(late.text, 'module-form').fields.find(([name]) => name === 'ajustes')[1], /limite_pdf_mb: 21/);
        assert.equal(read('riomar'), before_.replace('dias_exposicion: 15', 'dias_exposicion: 16'));
        assert.equal((await apply(await review(body, river, at))).status, 303);
        assert.equal(read('riomar'), before_);
      });

      test('what does not reload goes back, with the reasons', async () => {
        const before_ = read('riomar');
        const faults = [['\nnada_de_esto: 1\n', /nada_de_esto/], ["\nbase_de_datos:\n  principal: {conexion: 'host=127.0.0.1 port=1 dbname=no'}\ndefecto: {base_de_datos: principal}\n", /./]];
        for (const [fault, told] of faults) {
          const seen = await switched(false);
          const restore = world.demo.edit('platform.yaml', text => text + fault);
          try {
            const refused = await apply(seen);
            assert.equal(refused.status, 422);
            assert.match(text_of(refused.text, 'error-summary'), told);
            assert.match(form(refused.text, 'module-form').fields.find(([name]) => name === 'ajustes')[1], /activo: false/);
            assert.equal(read('riomar'), before_);
            assert.equal(await buzon(), 200);
          } finally {
            restore();
          }
        }
        const trail = world.demo.sql(`select result from concejo.audit where tenant = '${id_of('riomar')}' and action = 'config.change' order by id desc limit 1`);
        assert.equal(trail, 'failed');
      });

      test('a file that the server may not write stays, and it says what to do', {skip: process.getuid() === 0 && 'root may write everything'}, async () => {
        const folder = path.dirname(file('riomar'));
        const seen = await switched(false);
        fs.chmodSync(folder, 0o555);
        try {
          assert.match((await apply(seen)).text, /concejo reload/);
        } finally {
          fs.chmodSync(folder, 0o755);
        }
      });

      test('from the municipality that administers the installation, any of them; from the others there is no such address', async () => {
        const before_ = read('riomar'), at = '/es/gestion/instalacion/municipios/riomar/modulos/sede';
        const body = form((await chief.get(at)).text, 'module-form').fields.find(([name]) => name === 'ajustes')[1];
        assert.equal((await apply(await review(body.replace('dias_exposicion: 15', 'dias_exposicion: 17'), chief, at), chief)).status, 303);
        assert.equal(read('riomar'), before_.replace('dias_exposicion: 15', 'dias_exposicion: 17'));
        assert.equal((await apply(await review(body, chief, at), chief)).status, 303);
        for (const there of ['/es/gestion/instalacion/municipios', at, '/es/gestion/instalacion/complementos']) {
          assert.equal((await river.get(there)).status, 404, there);
          assert.equal((await clerk.get(there)).status, 403, there);
        }
        assert.equal((await chief.get('/es/gestion/instalacion/municipios/no-hay/modulos/sede')).status, 404);
        assert.equal((await chief.get('/es/gestion/modulos/no-hay')).status, 404);
        assert.equal((await clerk.get('/es/gestion/modulos')).status, 403);
      });
    });

    describe('the record of activity', () => {
      test('is filtered, and looking at it is written down', async () => {
        const count = () => Number(world.demo.sql(`select count(*) from concejo.audit where tenant = '${id_of('valdehermoso')}' and action = 'audit.read'`));
        const before_ = count();
        const page = await chief.get('/es/gestion/auditoria?quien=administracion&accion=user.add');
        assert.match(page.text, /user\.add/);
        assert.doesNotMatch(text_of(page.text, 'table'), /session\.login/);
        assert.equal(count(), before_ + 1);
        assert.equal((await chief.get('/es/gestion/auditoria?desde=2026-02-31')).status, 422);
        assert.match((await chief.get('/es/gestion/auditoria?hasta=2000-01-01')).text, /data-c="empty"/);
        assert.equal((await clerk.get('/es/gestion/auditoria')).status, 403);
        assert.doesNotMatch((await river.get('/es/gestion/auditoria?accion=user.add')).text, new RegExp(id_of('valdehermoso')));
      });

      test('names what plugins do in words of their own, in the language of the page, in both towns', async () => {
        const label = async (person, address, code) => decode((await person.get(address)).text.match(new RegExp(`<option value="${code}"[^>]*>([^<]*)</option>`))[1]);
        assert.equal(await label(chief, '/eu/gestion/auditoria', 'sede.anuncio.publicar'), 'Iragarkia argitaratuta (sede.anuncio.publicar)');
        assert.equal(await label(river, '/es/gestion/auditoria', 'es.riomar.buzon.recibir'), 'Sugerencia recibida (es.riomar.buzon.recibir)');
      });

      test('goes page by page to its beginning', async () => {
        const numbers = new Set();
        let at = '/es/gestion/auditoria?resultado=ok', pages = 0;
        while (at && pages++ < 50) {
          const {text} = await chief.get(at);
          for (const [, number] of text.matchAll(/\/auditoria\/(\d+)"/g)) numbers.add(number);
          at = text.match(/href="([^"]*antes=[^"]*)" data-c="audit-older"/) && decode(text.match(/href="([^"]*antes=[^"]*)" data-c="audit-older"/)[1]);
        }
        const all = Number(world.demo.sql(`select count(*) from concejo.audit where tenant = '${id_of('valdehermoso')}' and result = 'ok' and not (action = 'audit.read' and at > now() - interval '5 minutes')`));
        assert.ok(numbers.size >= all, `${numbers.size} of ${all}`);
      });

      test('is downloaded as CSV and as lines of JSON', async () => {
        const csv = await chief.send('/es/gestion/auditoria/descarga/csv?accion=user.add');
        assert.match(csv.headers['content-disposition'], /auditoria-valdehermoso\.csv/);
        const [head, ...lines] = csv.text.trim().split('\r\n');
        assert.match(head, /"numero","momento_utc","quien"/);
        assert.ok(lines.length >= 4 && lines.every(line => line.includes('"user.add"')));
        const json = (await chief.send('/es/gestion/auditoria/descarga/jsonl?accion=user.add')).text.trim().split('\n').map(line => JSON.parse(line));
        assert.equal(json.length, lines.length);
        assert.equal((await clerk.send('/es/gestion/auditoria/descarga/csv')).status, 403);
      });

      test('shows where somebody has changed it', async () => {
        const verify = async () => text_of((await chief.submit({action: '/es/gestion/auditoria/comprobar', fields: (form((await chief.get('/es/gestion/usuarios/nuevo')).text, 'user-form')).fields})).text, 'chain');
        assert.match(await verify(), /intacta/);
        const place = id_of('valdehermoso');
        const id = world.demo.sql(`select audit_id from concejo.audit_chain where tenant = '${place}' and number = 3`);
        const forced = change => world.demo.sql(`begin; alter table concejo.audit disable trigger user; update concejo.audit set actor = ${change} where id = ${id}; alter table concejo.audit enable trigger user; commit`);
        forced("actor || 'x'");
        assert.match(await verify(), /rota en la anotación 3/);
        forced("left(actor, -1)");
        assert.match(await verify(), /intacta/);
      });
    });

    test('health says how things are without a word of the machine', async () => {
      const page = await chief.get('/es/gestion/salud');
      assert.equal(page.status, 200);
      assert.match(page.text, /data-c="check"/);
      assert.ok(!page.text.includes(world.demo.dir));
      assert.equal((await clerk.get('/es/gestion/salud')).status, 403);
    });

    test('the plugins are listed with what they use', async () => {
      const {text} = await chief.get('/es/gestion/instalacion/complementos');
      assert.match(decode(text), /sede[^]*db\/1/);
      assert.match(text, /es\.riomar\.buzon/);
    });

    test('a municipality is made through the file that it will be', async () => {
      const at = '/es/gestion/instalacion/municipios/nuevo';
      const values = {nombre: 'Ayuntamiento de Villanueva', slug: 'villanueva', ine: '28999', dominios: 'villanueva.localhost', idioma: 'es', modulo: 'sede'};
      const blank = form((await chief.get(at)).text, 'tenant-form');
      const wrong = await chief.submit(blank, {...values, ine: '1'});
      assert.equal(wrong.status, 422);
      assert.equal(form(wrong.text, 'tenant-form').fields.find(([name]) => name === 'slug')[1], 'villanueva');
      assert.equal((await chief.submit(blank, {...values, dominios: 'riomar.localhost'})).status, 422);
      const seen = await chief.submit(blank, values);
      assert.equal(seen.status, 200);
      assert.ok(!fs.existsSync(file('villanueva')));
      const made = await chief.submit(form(seen.text, 'tenant-create'));
      assert.equal(made.status, 303, text_of(made.text, 'error-summary'));
      try {
        assert.ok(tenant().some(one => one.slug === 'villanueva'));
        assert.equal((await world.demo.request('/es/', {host: 'villanueva.localhost'})).status, 200);
      } finally {
        fs.rmSync(file('villanueva'));
        world.demo.concejo('reload');
      }
    });
  });
}
