// From the command line to the board, the feed and the API.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {execFileSync} from 'node:child_process';
import {describe, test} from 'node:test';
import {Client, form_of_button} from '../../support/client.mjs';
import {sleep} from '../../support/demo.mjs';
import {broken, day, encrypted, pdf} from '../../support/pdf.mjs';

export default function (world) {
  const publish = (file, titulo = 'Edicto de la prueba de integración') => world.demo.concejo('sede', 'publish', '--json', '--tenant', 'valdehermoso',
    '--tipo', 'edicto', '--titulo', titulo, '--desde', day(0).iso, '--hasta', day(20).iso, file);
  const write = (name, bytes) => world.demo.put(name, bytes);
  const api = async (where, host) => JSON.parse((await world.demo.request(where, {host})).text);

  describe('publishing', () => {
    test('sede publish --json answers url, id and sha256, and the board shows it', async () => {
      const bytes = pdf('Edicto de la prueba: aprobaci\u00f3n inicial del reglamento de perros lazarillo');
      const [desde, hasta] = [day(0).iso, day(20).iso];
      const {code, stdout, stderr} = publish(write('edicto.pdf', bytes));
      assert.equal(code, 0, stderr);
      world.published = {...JSON.parse(stdout), desde, hasta};
      assert.equal(world.published.sha256, createHash('sha256').update(bytes).digest('hex'));
      assert.match(world.published.id, /^[0-9a-f]{8}-[0-9a-f]{4}-/);
      const where = new URL(world.published.url);
      assert.equal(where.host, `valdehermoso.localhost:${world.demo.port}`);
      const page = await world.demo.request(where.pathname);
      assert.equal(page.status, 200);
      assert.ok(page.text.includes(world.published.sha256));
      const board = await world.demo.request('/es/tablon');
      assert.ok(board.text.includes('Edicto de la prueba de integración'));
      const file = page.text.match(/href="([^"]+)"[^>]*data-c="anuncio-archivo"/)[1];
      const copy = await world.demo.request(file);
      assert.equal(copy.headers['content-type'], 'application/pdf');
      assert.deepEqual(copy.bytes, bytes);
      world.published.slug = where.pathname.split('/').at(-1);
      world.published.file = file.split('/').at(-1);
    });

    test('the permanent address leads to the page; Riomar knows neither', async () => {
      const {id, slug} = world.published;
      const permanent = await world.demo.request(`/id/anuncio/${id}`);
      assert.ok([302, 303, 307].includes(permanent.status), String(permanent.status));
      assert.ok(permanent.headers.location.endsWith(`/tablon/${slug}`));
      for (const where of [`/id/anuncio/${id}`, `/api/tablon/v1/anuncios/${id}`, `/es/tablon/${slug}/${world.published.file}`]) {
        assert.equal((await world.demo.request(where, {host: 'riomar.localhost'})).status, 404, where);
      }
    });

    test('article 11 of RD 203/2021: complete in Valdehermoso, and what Riomar lacks is told letter by letter', async () => {
      const whole = world.demo.json('sede', 'check', '--tenant', 'valdehermoso');
      // the demonstration's calendars end with 2027
      assert.deepEqual(whole.value.apartados.filter(one => !one.cumple).map(one => one.apartado), new Date().getFullYear() > 2027 ? ['11.1.f'] : []);
      assert.deepEqual([whole.code, whole.value.completo], new Date().getFullYear() > 2027 ? [1, false] : [0, true]);
      assert.deepEqual(whole.value.apartados.map(one => one.apartado), [...'abcdefghi'].map(c => `11.1.${c}`).concat([...'abcdefghi'].map(c => `11.2.${c}`), '11.3'));
      for (const {contenido} of whole.value.apartados) {
        for (const {enlace} of contenido) {
          if (enlace?.startsWith('/')) assert.equal((await world.demo.request(enlace.split('#')[0].replace(/^(?!\/es)/, '/es'))).status, 200, enlace);
        }
      }
      const seals = whole.value.apartados.find(one => one.apartado === '11.2.e').contenido;
      assert.match(seals[0].texto, /DESARROLLO.*Emitido por .*; válido hasta el /);
      assert.ok(seals.some(({enlace}) => enlace === '/es/sellos'), JSON.stringify(seals));
      const lacking = () => world.demo.json('sede', 'check', '--tenant', 'riomar').value.apartados.filter(one => !one.cumple);
      const letters = ['11.1.d', '11.1.e', '11.1.h', '11.2.a', '11.2.b', '11.2.d', '11.2.i'];
      assert.deepEqual(lacking().map(one => one.apartado).filter(one => one !== '11.1.f'), letters);
      for (const {apartado, falta} of lacking()) if (apartado !== '11.1.f') assert.match(falta, /modulos\.sede\.articulo_11\./);
      assert.equal(world.demo.concejo('sede', 'check', '--tenant', 'riomar').code, 1);
      const restore = world.demo.edit('municipios/riomar.yaml', text => text.replace(/ {4}calendarios:\n(?: {6}.*\n)+/, '').replace(/ {4}enlace: https:.*\n/, ''));
      try {
        assert.equal(world.demo.concejo('reload').code, 0);
        assert.match(lacking().find(one => one.apartado === '11.1.b')?.falta ?? '', /legal\.creacion_sede\.enlace/, 'a citation gives no access to the rule');
        const calendar = lacking().find(one => one.apartado === '11.1.f');
        assert.match(calendar?.falta ?? '', new RegExp(`Faltan las fiestas de ${new Date().getFullYear()} `), 'an active module without holidays is no calendar');
      } finally {
        restore();
        assert.equal(world.demo.concejo('reload').code, 0);
      }
      const page = await world.demo.request('/gl/contenido-minimo', {host: 'riomar.localhost'});
      assert.equal(page.status, 200);
      const es = (await world.demo.request('/es/contenido-minimo')).text;
      assert.match(es, /Plazo máximo: 10 días hábiles/);
      for (const automated of ['fin de la exposición de los anuncios', 'Sello de lo que se publica', 'Control de la disponibilidad', 'Renovación de las pruebas'])
        assert.ok(es.includes(automated), `what modules declare that they do by themselves: ${automated}`);
      assert.doesNotMatch(es, /Acuse de recibo de una sugerencia/, 'of a module that this municipality does not have');
      assert.match((await world.demo.request('/es/contenido-minimo', {host: 'riomar.localhost'})).text, /Acuse de recibo de una sugerencia/);
    });

    test('what was uploaded for nothing is given back after a week; what an announcement holds is not', async () => {
      const clerk = new Client(world.demo);
      await clerk.login('secretaria');
      const bytes = pdf('Un borrador que se descarta');
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const draft = await clerk.publish({titulo: 'Un borrador que se descarta', pdf: bytes, accion: 'borrador'});
      const gone = await clerk.follow(await clerk.submit(form_of_button(draft.text, 'accion-descartar'), {}), draft.path);
      assert.equal(gone.status, 200);
      const [schema, tenant] = world.demo.sql("SELECT nspname FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid WHERE c.relname = 'sede_subida' AND nspname LIKE '%valdehermoso%'").split('\n').concat('valdehermoso');
      const uses = sha => Number(world.demo.sql(`SELECT count(*) FROM concejo.blob_uses WHERE tenant = '${tenant}' AND plugin = 'sede' AND blob = '${sha}'`));
      assert.deepEqual([uses(sha256), uses(world.published.sha256)], [1, 1]);
      world.demo.sql(`UPDATE "${schema}".sede_subida SET subido_en = now() - interval '8 days'`);
      world.demo.sql(`INSERT INTO concejo.jobs (tenant, plugin, kind) VALUES ('${tenant}', 'sede', 'subidas-olvidadas')`);
      for (let n = 0; n < 100 && uses(sha256) > 0; ++n) await sleep(200);
      assert.deepEqual([uses(sha256), uses(world.published.sha256)], [0, 1]);
    });

    const refusals = [
      ['a file that is no PDF', () => write('nota.pdf', 'Esto es una nota'), /no es un PDF/],
      ['an encrypted PDF', () => write('cifrado.pdf', encrypted('secreto')), /cifrado|contraseña/],
      ['a broken PDF', () => write('roto.pdf', broken('roto')), /dañado|incompleto/],
      ['an empty file', () => write('vacio.pdf', ''), /vacío/],
    ];
    for (const [what, file, message] of refusals) {
      test(`${what} is refused: exit 1, why, and nothing half-made`, () => {
        const count = world.demo.json('sede', 'list', '--tenant', 'valdehermoso').value.anuncios.length;
        const {code, stderr} = publish(file());
        assert.equal(code, 1, stderr);
        assert.match(stderr, message);
        assert.equal(world.demo.json('sede', 'list', '--tenant', 'valdehermoso').value.anuncios.length, count);
      });
    }

    test('the last day before the first is refused', () => {
      const {code, stderr} = world.demo.concejo('sede', 'publish', '--tenant', 'valdehermoso', '--tipo', 'edicto', '--titulo', 'Al revés', '--desde', day(5).iso, '--hasta', day(1).iso, write('fechas.pdf', pdf('fechas')));
      assert.equal(code, 1);
      assert.ok(stderr.length > 10);
    });

    test('API: pages of announcements, one announcement, errors as problem+json', async () => {
      const all = await api('/api/tablon/v1/anuncios?ambito=todos&limite=7');
      assert.equal(all.anuncios.length, 7);
      assert.ok(all.total > 20);
      const seen = new Set(all.anuncios.map(anuncio => anuncio.id));
      for (let next = all.siguiente; next;) {
        const {pathname, search} = new URL(next);
        const more = await api(pathname + search);
        for (const {id} of more.anuncios) { assert.ok(!seen.has(id), 'no announcement twice'); seen.add(id); }
        next = more.siguiente;
      }
      assert.equal(seen.size, all.total);
      const one = await api(`/api/tablon/v1/anuncios/${world.published.id}`);
      assert.equal(one.archivos[0].sha256, world.published.sha256);
      assert.equal(one.desde, world.published.desde);
      assert.equal(one.hasta, world.published.hasta);
      const wrong = await world.demo.request('/api/tablon/v1/anuncios?limite=muchos');
      assert.equal(wrong.status, 400);
      assert.match(wrong.headers['content-type'], /application\/problem\+json/);
      assert.equal(JSON.parse(wrong.text).status, 400);
      const none = await world.demo.request('/api/tablon/v1/anuncios/2099-0001');
      assert.equal(none.status, 404);
    });

    test('API: every operation of the OpenAPI document answers JSON', async () => {
      const document = await api('/api/tablon/v1/openapi.json');
      assert.match(document.openapi, /^3\.1/);
      const base = new URL(document.servers?.[0]?.url ?? `http://valdehermoso.localhost`).pathname.replace(/\/$/, '');
      for (const [where, {get}] of Object.entries(document.paths)) {
        const answer = await world.demo.request(base + where.replace(/\{\w+\}/, world.published.id));
        assert.equal(answer.status, 200, where);
        assert.ok(get.operationId);
        assert.doesNotThrow(() => JSON.parse(answer.text), where);
      }
    });

    test('the Atom feed is well-formed, with ids, dates and enclosures', async () => {
      const feed = await world.demo.request('/es/tablon/atom.xml');
      assert.match(feed.headers['content-type'], /application\/atom\+xml/);
      const xpath = expression => execFileSync('xmllint', ['--nonet', '--xpath', expression, '-'], {input: feed.bytes, encoding: 'utf8'}).trim();
      assert.equal(xpath('name(/*)'), 'feed');
      assert.ok(Number(xpath("count(//*[local-name()='entry'])")) > 5);
      assert.equal(xpath("count(//*[local-name()='entry'][not(*[local-name()='id']) or not(*[local-name()='updated']) or not(*[local-name()='title'])])"), '0');
      assert.equal(xpath(`count(//*[local-name()='entry']/*[local-name()='id'][.='urn:uuid:${world.published.id}'])`), '1');
      assert.equal(xpath("count(//*[local-name()='link'][@rel='enclosure'][@type='application/pdf'])"), xpath("count(//*[local-name()='entry'])"));
    });

    test('a withdrawn announcement says so and offers its file no more', async () => {
      const {code, stdout, stderr} = publish(write('retirar.pdf', pdf('Este se retira')), 'Anuncio que se retira');
      assert.equal(code, 0, stderr);
      const {id, url} = JSON.parse(stdout);
      const where = new URL(url).pathname;
      const file = (await world.demo.request(where)).text.match(/href="([^"]+)"[^>]*data-c="anuncio-archivo"/)[1];
      const gone = world.demo.concejo('sede', 'withdraw', '--json', '--tenant', 'valdehermoso', '--anuncio', id, '--motivo', 'Se publicó por error en la prueba');
      assert.equal(gone.code, 0, gone.stderr);
      const page = await world.demo.request(where);
      assert.equal(page.status, 200);
      assert.match(page.text, /data-c="anuncio-retirado"/);
      assert.match(page.text, /Se publicó por error en la prueba/);
      assert.equal((await world.demo.request(file)).status, 404);
      assert.ok(!(await world.demo.request('/es/tablon')).text.includes(where));
      assert.equal(world.demo.concejo('sede', 'withdraw', '--tenant', 'riomar', '--anuncio', world.published.id, '--motivo', 'ajeno').code, 1, 'not from another municipality');
    });

    test('nothing of a demonstration is published in the future, whatever hour its list says', async () => {
      const late = () => world.demo.sql(`SELECT count(*) FROM m_valdehermoso.sede_anuncio WHERE publicado_en > now()`);
      assert.equal(late(), '0');
      const organo = world.demo.sql(`SELECT organo FROM m_valdehermoso.sede_anuncio LIMIT 1`);
      write('tarde.pdf', pdf('Edicto de la tarde'));
      const list = write('tarde.json', JSON.stringify({anuncios: [{referencia: 'TARDE/1', tipo: 'edicto', organo, titulo: 'Edicto de la tarde', desde: day(0).iso, hasta: day(9).iso, publicado: `${day(1).iso} 08:30`, pdf: 'tarde.pdf'}]}));
      const {code, stderr} = world.demo.concejo('sede', 'seed', '--tenant', 'valdehermoso', list);
      assert.equal(code, 0, stderr);
      assert.equal(world.demo.sql(`SELECT count(*) FROM m_valdehermoso.sede_anuncio WHERE referencia = 'TARDE/1'`), '1');
      assert.equal(late(), '0');
    });

    test('a host that belongs to nobody gets 421 with nothing of anybody', async () => {
      for (const host of ['otro.localhost', 'valdehermoso.localhost.example.com', 'xn--nadie.example']) {
        for (const where of ['/', '/es/tablon', '/api/tablon/v1/anuncios', '/id/anuncio/' + world.published.id]) {
          const answer = await world.demo.request(where, {host});
          assert.equal(answer.status, 421, `${host} ${where}`);
          assert.doesNotMatch(answer.text, /Valdehermoso|Riomar/);
        }
      }
      for (const where of ['/-/live', '/-/ready', '/-/echo']) assert.equal((await world.demo.request(where, {host: 'otro.localhost'})).status, 200, where);
    });

    test('/-/echo tells method, target and body length', async () => {
      const answer = await world.demo.request('/-/echo?a=1', {host: 'nadie.example', method: 'POST', body: 'x'.repeat(70_000)});
      assert.equal(answer.status, 200);
      for (const part of ['POST', '/-/echo?a=1', '70000']) assert.ok(answer.text.includes(part), `${part} in ${answer.text}`);
    });
  });
}
