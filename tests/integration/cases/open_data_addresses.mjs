// A resource that begins as the address of a file: what a clerk gets wrong is said with what to do and keeps what was typed,
// nobody sees anything before the file is there, and a worker that is killed meanwhile loses nothing. The other server is Node's.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import http from 'node:http';
import {after, before, describe, test} from 'node:test';
import {Client, decode, form, form_of_button, text_of} from '../../support/client.mjs';
import {until} from '../../support/demo.mjs';
import {workers_of} from '../../faults/processes.mjs';

const sha256 = bytes => createHash('sha256').update(bytes).digest('hex');

export default function (world) {
  const town = 'valdehermoso', schema = `m_${town}`;
  const sql = statement => world.demo.sql(statement.replaceAll('@', `${schema}.`));
  let server, base, restore, clerk, answers = {}, asked = [];
  const begin = async values => clerk.submit(form((await clerk.get('/es/gestion/datos/nuevo')).text, 'datos-formulario'), values, {});
  const follow = async answer => { assert.equal(answer.status, 303, text_of(answer.text, 'error-summary')); return clerk.follow(answer, '/es/gestion/datos'); };
  /** The page once nothing is under way any more: of the dataset, or of what failed. */
  const ended = page => until('it ends', async () => { const now = await clerk.get(page.path); return !/data-c="descarga-en-curso"/.test(now.text) && now; }, 60);
  const typed = (page, name) => Object.fromEntries(form(page.text, name).fields);

  describe('a dataset that begins as an address', () => {
    before(async () => {
      server = http.createServer((request, reply) => {
        asked.push(request.url);
        const answer = answers[request.url.split('?')[0]] ?? {status: 404};
        if (typeof answer === 'function') return answer(request, reply);
        const {status = 200, headers = {}, body = ''} = answer;
        reply.writeHead(status, {'Content-Type': 'text/csv', ...headers}).end(body);
      });
      await new Promise(done => { server.listen(0, '127.0.0.1', done); });
      base = `http://127.0.0.1:${server.address().port}`;
      restore = world.demo.edit(`municipios/${town}.yaml`, text => text.replace('\nmodulos:\n', `\nsalida:\n  servidores: ['127.0.0.1:${server.address().port}']\nmodulos:\n`));
      assert.equal(world.demo.concejo('reload').code, 0);
      clerk = await Client.of(world.demo, 'secretaria');
    });
    after(async () => {
      sql("DELETE FROM @open_data_pull; DELETE FROM @open_data_dataset WHERE name LIKE 'desde-una-direccion%'");
      restore();
      world.demo.concejo('reload');
      server.closeAllConnections();
      await new Promise(done => { server.close(done); });
    });

    test('is fetched, shown as it was understood, corrected, and asked for from then on', async () => {
      answers = {'/descarga': {headers: {'Content-Disposition': 'attachment; filename="gastos_por_programa_2026.csv"'}, body: Buffer.from('Gastos;;\r\nprograma;fecha;importe\r\n0912;03/02/2025;1.034,50\r\n0913;31/02/2025;12,00\r\n', 'latin1')}};
      const page = await follow(await begin({titulo: 'Desde una dirección', direccion: ` ${base}/descarga?id=7 `, cada: 'week'}));
      assert.match(page.path, /^\/es\/gestion\/datos\/desde-una-direccion\/descargas\/[0-9a-f-]{36}$/);
      const there = await ended(page);
      assert.match(there.path, /^\/es\/gestion\/datos\/desde-una-direccion\?hecho=descargado/);
      assert.match(decode(text_of(there.text, 'datos-recurso')), /Gastos por programa 2026/);
      assert.match(decode(text_of(there.text, 'datos-entendido')), /windows-1252|utf-8/);
      const columns = form(there.text, 'datos-columnas'), named = Object.fromEntries(columns.fields);
      assert.deepEqual([named.tipo0, named.tipo1, named.tipo2], ['text', 'text', 'numeric']);
      const again = await follow(await clerk.submit(columns, {tipo1: 'date'}));
      assert.match(decode(text_of(again.text, 'datos-entendido')), /2 leídas, 1 cargada, 1 rechazada/);
      const [id] = again.text.match(/[0-9a-f-]{36}(?=\/columnas)/);
      assert.equal(sql(`SELECT every, outcome, state FROM @open_data_pull JOIN @open_data_resource ON id = resource WHERE id = '${id}'`), 'week|loaded|active');
      const kept = await clerk.get(`/es/gestion/datos/desde-una-direccion/recursos/${id}`);
      assert.deepEqual([typed(kept, 'datos-descarga').direccion, typed(kept, 'datos-descarga').cada], [`${base}/descarga?id=7`, 'week']);
      assert.match(decode(text_of(kept.text, 'datos-descarga-estado')), /versión nueva\. La próxima vez/);
    });

    test('what is no address, or nothing, or both, is refused at once and keeps what was typed', async () => {
      const count = () => sql("SELECT count(*) FROM @open_data_dataset");
      const before_it = count(), titulo = 'Desde una dirección mala';
      for (const [direccion, said] of [['', /Elija el archivo con los datos o escriba su dirección/], ['ftp://ejemplo.es/a.csv', /empiece por https/], ['ejemplo.es/a.csv', /empiece por https/], ['https://', /empiece por https/],
        ['http:///a.csv', /empiece por https/], ['https://ejemplo.es/con espacio.csv', /sin espacios/], [`https://ejemplo.es/${'a'.repeat(2100)}`, /empiece por https/], ['javascript:alert(1)', /empiece por https/]]) {
        const page = await begin({titulo, direccion, cada: 'month', nombre: 'Aforos', tal_cual: 'si'});
        assert.equal(page.status, 422, direccion);
        assert.match(decode(text_of(page.text, 'error-summary')), said, direccion);
        const now = typed(page, 'datos-formulario');
        assert.deepEqual([now.titulo, now.direccion.slice(0, 2000), now.cada, now.nombre, now.tal_cual], [titulo, direccion.slice(0, 2000), 'month', 'Aforos', 'si']);
      }
      const blank = form((await clerk.get('/es/gestion/datos/nuevo')).text, 'datos-formulario');
      const both = await clerk.submit(blank, {titulo, direccion: `${base}/a.csv`}, {archivo: {name: 'a.csv', type: 'text/csv', bytes: Buffer.from('a;b\n1;2\n')}});
      assert.match(decode(text_of(both.text, 'error-summary')), /no las dos cosas/);
      assert.equal((await begin({titulo, direccion: `${base}/a.csv`, cada: 'siempre'})).status, 422);
      assert.equal(count(), before_it);
    });

    test('what the other server does wrong is said with what to do; the form is there with all of it, and put right it loads', async () => {
      answers = {
        '/html': {headers: {'Content-Type': 'text/html; charset=utf-8'}, body: '<html><body>Descargas</body></html>'}, '/nada': {body: ''}, '/secreto': {status: 403},
        '/enorme': (_, reply) => { reply.writeHead(200, {'Content-Length': 600 << 20, 'Content-Type': 'text/csv'}); reply.write('a;b\n'); },
        '/dentro': {status: 302, headers: {Location: 'http://169.254.169.254/latest/meta-data/'}},
        '/vueltas': {status: 302, headers: {Location: '/vueltas'}}, '/acta.pdf': {headers: {'Content-Type': 'application/pdf'}, body: '%PDF-1.7\nacta\n%%EOF\n'},
        '/bien.csv': {body: 'sitio;aforo\nPlaza;10\n'},
      };
      let page = await ended(await follow(await begin({titulo: 'Desde una dirección que falla', direccion: `${base}/no-hay.csv`, cada: 'day', nombre: 'Aforos de <la> plaza'})));
      const [, where] = page.path.match(/^(.*\/descargas\/[0-9a-f-]{36})$/), id = where.slice(-36);
      const wrong = [['/no-hay.csv', /contesta 404.*Abra la dirección en el navegador/], ['/html', /página web.*enlace que descarga el archivo/], ['/nada', /archivo vacío/], ['/secreto', /403.*sin usuario ni contraseña/], ['/enorme', /pasa de 512 MiB.*concejo open-data import/],
        ['/dentro', /salida\.servidores.*pida a quien administra/], ['/vueltas', /redirecciones/], ['/acta.pdf', /Es un PDF.*marque que se guarde tal cual/]];
      for (const [path, said] of wrong) {
        if (path !== '/no-hay.csv') page = await ended(await follow(await clerk.submit(form(page.text, 'descarga-formulario'), {direccion: base + path})));
        assert.match(decode(text_of(page.text, 'descarga-fallo')), said, path);
        const now = typed(page, 'descarga-formulario');
        assert.deepEqual([now.direccion, now.cada, now.nombre, now.tal_cual], [base + path, 'day', 'Aforos de <la> plaza', undefined], path);
      }
      for (const direccion of ['http://10.1.2.3/a.csv', 'http://localhost/a.csv', 'https://[::1]/a.csv', 'http://usuario:clave@127.0.0.1/a.csv']) {
        page = await ended(await follow(await clerk.submit(form(page.text, 'descarga-formulario'), {direccion})));
        assert.match(decode(text_of(page.text, 'descarga-fallo')), /salida\.servidores|usuario ni contraseña/, direccion);
      }
      const bad = await clerk.submit(form(page.text, 'descarga-formulario'), {direccion: 'no es una'});
      assert.equal(bad.status, 422);
      assert.equal(typed(bad, 'descarga-formulario').direccion, 'no es una');
      assert.match(decode(text_of((await clerk.get('/es/gestion/datos/desde-una-direccion-que-falla')).text, 'datos-por-descargar')), /Aforos de <la> plaza/);
      assert.equal((await world.demo.request('/es/datos/desde-una-direccion-que-falla')).status, 404);
      assert.equal(sql(`SELECT state, version, count(v.number) FROM @open_data_resource r LEFT JOIN @open_data_version v ON v.resource = r.id WHERE r.id = '${id}' GROUP BY 1, 2`), 'waiting|0|0');
      page = await ended(await follow(await clerk.submit(form(page.text, 'descarga-formulario'), {direccion: `${base}/bien.csv`, cada: 'once'})));
      assert.match(page.path, /hecho=descargado/);
      assert.match(decode(text_of(page.text, 'datos-recurso')), /Aforos de <la> plaza/);
      assert.match((await clerk.get(where)).path, /hecho=descargado/, 'an old page leads there');
      const gone = await clerk.get('/es/gestion/datos');
      assert.doesNotMatch(gone.text, /Falla la descarga/);
    });

    test('a server that is not at its best is tried again; whoever corrects the address does not wait', async () => {
      answers = {'/a-ratos.csv': {status: 503}, '/bien.csv': {body: 'sitio;aforo\nPlaza;10\n'}};
      let page = await ended(await follow(await begin({titulo: 'Desde una dirección a ratos', direccion: `${base}/a-ratos.csv`, cada: 'once'})));
      assert.match(decode(text_of(page.text, 'descarga-fallo')), /contesta 503.*otra vez dentro de un momento/);
      assert.doesNotMatch(page.headers.refresh ?? '', /\d/, 'nobody\'s typing is lost to a page that renews itself');
      page = await ended(await follow(await clerk.submit(form(page.text, 'descarga-formulario'), {direccion: `${base}/bien.csv`})));
      assert.match(page.path, /hecho=descargado/);
      const [id] = page.text.match(/[0-9a-f-]{36}(?=\/columnas)/);
      const once = asked.length;
      sql(`UPDATE @open_data_pull SET next_at = now() - interval '1 day' WHERE resource = '${id}'`);
      sql("UPDATE concejo.schedules SET next_at = now() WHERE plugin = 'open-data' AND kind = 'descargas'");
      await until('the clock passed', () => sql("SELECT count(*) FROM concejo.schedules WHERE plugin = 'open-data' AND kind = 'descargas' AND next_at > now() + interval '1 minute'") === '1');
      assert.equal(asked.length, once, 'once is once');
      assert.doesNotMatch(decode(text_of((await clerk.get(`/es/gestion/datos/desde-una-direccion-a-ratos/recursos/${id}`)).text, 'datos-descarga-estado')), /próxima vez/);
    });

    test('added to what is published: nobody sees it before it is whole, also where the worker is killed meanwhile; twice it is not', async () => {
      const body = Buffer.from('numero,texto,valor\n' + Array.from({length: 300_000}, (_, n) => `${n},${'una fila bastante larga '.repeat(2)}${n},${n}.5\n`).join(''));
      let slow = true;
      answers = {'/uno.csv': {body: 'numero,texto,valor\n1,uno,1.5\n'}, '/largo.csv': (_, reply) => {
        reply.writeHead(200, {'Content-Type': 'text/csv', 'Content-Length': body.length});
        if (slow) return reply.write(body.subarray(0, 1 << 20));  // and nothing more: whoever asks is killed
        reply.end(body);
      }};
      const about = ['--titulo', 'Desde una dirección publicado', '--descripcion', 'Licencias de terrazas en la vía pública, con su titular, sus mesas y su tasa.', '--sector', 'urbanismo-infraestructuras', '--frecuencia', 'ANNUAL', '--palabras', 'terrazas'];
      assert.equal(world.demo.concejo('open-data', 'import', '--tenant', town, '--dataset', 'desde-una-direccion-publicado', '--publicar', ...about, world.demo.put('uno.csv', 'numero,texto,valor\n1,uno,1.5\n')).code, 0);
      const here = '/es/gestion/datos/desde-una-direccion-publicado';
      const add = async values => clerk.submit(form((await clerk.get(here)).text, 'datos-archivo'), values, {});
      const seen = async () => {
        const shown = JSON.parse((await world.demo.request('/api/3/action/package_show?id=desde-una-direccion-publicado')).text).result.resources;
        const [page, rdf] = await Promise.all(['/es/datos/desde-una-direccion-publicado', '/catalog.rdf'].map(path => world.demo.request(path)));
        assert.equal((page.text.match(/data-c="datos-recurso"/g) ?? []).length, shown.length);
        return [shown.length, /largo/i.test(page.text), /largo\.csv/.test(rdf.text)];
      };
      const page = await follow(await add({direccion: `${base}/largo.csv`, cada: 'month'}));
      const running = () => sql("SELECT count(*) FROM concejo.jobs WHERE plugin = 'open-data' AND kind = 'descargar' AND state = 'running'") === '1';
      await until('a worker is at it', () => running() && asked.includes('/largo.csv'));
      assert.deepEqual(await seen(), [1, false, false]);
      const [pid] = workers_of(world.demo).filter(({kind}) => /job/.test(kind)).map(one => one.pid);
      slow = false;
      process.kill(pid, 'SIGKILL');
      await until('it is there', async () => {
        const [count] = await seen();
        assert.ok([1, 2].includes(count));
        return count === 2;
      }, 180);
      const id = page.path.slice(-36);
      assert.equal(sql(`SELECT string_agg(number || ' ' || accepted || ' ' || blob, ',') FROM @open_data_version WHERE resource = '${id}'`), `1 300000 ${sha256(body)}`, 'once');
      const again = await add({direccion: `${base}/largo.csv`, cada: 'day'});
      assert.equal(again.status, 422);
      assert.match(decode(text_of(again.text, 'error-summary')), /ya está en el conjunto: es «Largo»/);
    });

    test('a document is kept as it is, and what takes its place later is kept so too', async () => {
      const pdf = text => ({headers: {'Content-Type': 'application/pdf'}, body: `%PDF-1.7\n${text}\n%%EOF\n`});
      answers = {'/plano_general.pdf': pdf('uno')};
      const page = await ended(await follow(await begin({titulo: 'Desde una dirección un plano', direccion: `${base}/plano_general.pdf`, cada: 'week', tal_cual: 'si'})));
      assert.match(decode(text_of(page.text, 'datos-tal-cual')), /plano_general\.pdf/);
      assert.match(decode(text_of(page.text, 'datos-recurso')), /Plano general/);
      const [id] = page.text.match(/[0-9a-f-]{36}(?=\/quitar)/), here = `/es/gestion/datos/desde-una-direccion-un-plano/recursos/${id}`;
      const held = () => sql(`SELECT blob FROM @open_data_resource WHERE id = '${id}'`);
      const now = async (answer, said) => {
        answers = {'/plano_general.pdf': answer};
        const last = sql(`SELECT asked_at FROM @open_data_pull WHERE resource = '${id}'`);
        await clerk.submit(form_of_button((await clerk.get(here)).text, 'accion-descargar'));
        await until(`${said}`, async () => said.test(decode(text_of((await clerk.get(here)).text, 'datos-descarga-estado'))) && sql(`SELECT asked_at > '${last}' FROM @open_data_pull WHERE resource = '${id}'`) === 't', 60);
      };
      assert.equal(held(), sha256(pdf('uno').body));
      await now(pdf('dos'), /es el que se ofrece/);
      assert.equal(held(), sha256(pdf('dos').body));
      await now({headers: {'Content-Type': 'text/html'}, body: '<html>'}, /página web/);
      await now(pdf('dos'), /era el mismo/);
      assert.equal(held(), sha256(pdf('dos').body));
      // One that was never told so, but is: a file that a clerk kept as it is.
      const kept = await follow(await clerk.submit(form((await clerk.get('/es/gestion/datos/nuevo')).text, 'datos-formulario'), {titulo: 'Desde una dirección otro plano', tal_cual: 'si'}, {archivo: {name: 'otro.pdf', type: 'application/pdf', bytes: Buffer.from('%PDF-1.7\n')}}));
      const [other] = kept.text.match(/[0-9a-f-]{36}(?=\/quitar)/), there = `/es/gestion/datos/desde-una-direccion-otro-plano/recursos/${other}`;
      assert.equal((await clerk.submit(form((await clerk.get(there)).text, 'datos-descarga'), {direccion: `${base}/plano_general.pdf`, cada: 'month'})).status, 303);
      await until('it took its place', () => sql(`SELECT blob FROM @open_data_resource WHERE id = '${other}'`) === sha256(pdf('dos').body));
    });

    test('an address is forgotten where somebody says so', async () => {
      answers = {};
      const page = await ended(await follow(await begin({titulo: 'Desde una dirección olvidada', direccion: `${base}/nunca.csv`, cada: 'day'})));
      const gone = await follow(await clerk.submit(form(page.text, 'descarga-quitar')));
      assert.doesNotMatch(gone.text, /data-c="datos-por-descargar"/);
      assert.equal((await clerk.get(page.path)).status, 404);
      assert.equal(sql(`SELECT count(*) FROM @open_data_pull WHERE resource = '${page.path.slice(-36)}'`), '0');
    });
  });
}
