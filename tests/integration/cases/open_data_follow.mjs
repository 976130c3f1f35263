// Data followed by mail, from asking to leaving: what a mail server written in Python takes, read by Python's own parser. And what a
// table and a map give of what is seen: the selection as a file, judged by Python's csv; a long table counted once.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {spawn, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {Client, decode, form, form_of_button, text_of} from '../../support/client.mjs';
import {ckan} from '../../support/ckan.mjs';
import {sleep, until} from '../../support/demo.mjs';

const net = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../kernel/net/testing');

export default function (world) {
  const get = (where, more = {}) => world.demo.request(where, more);
  const sql = text => world.demo.sql(text);
  const schema = 'm_valdehermoso.open_data';
  const people = () => Number(sql(`SELECT count(*) FROM ${schema}_follower WHERE address <> 'muestra@example.es'`));
  const run = (verb, ...args) => { const done = world.demo.concejo('open-data', verb, '--tenant', 'valdehermoso', ...args); assert.equal(done.code, 0, done.stderr); return done; };
  const load = (name, text) => { const where = path.join(world.demo.dir, `${name}.csv`); fs.writeFileSync(where, text); const done = world.demo.json('open-data', 'import', '--tenant', 'valdehermoso', '--dataset', name, where); assert.equal(done.code, 0, done.stderr); return done.value.resource_id; };
  const publish = (name, title, sector) => run('publish', '--dataset', name, '--titulo', title, '--descripcion', `${title}, inventados para probar los correos a quien los sigue.`, '--sector', sector, '--frecuencia', 'ANNUAL', '--palabras', 'correo');

  describe('open data followed by mail', () => {
    let server, port, log, restore = [];
    const reload = () => { const {code, stderr} = world.demo.concejo('reload'); assert.equal(code, 0, stderr); };
    /** [{to, subject, text, fields}] of what the server took, each read by Python's email package. */
    const mails = () => (fs.existsSync(log) ? fs.readFileSync(log, 'utf8').trim().split('\n').filter(Boolean) : []).map(line => {
      const taken = JSON.parse(line);
      const {status, stdout, stderr} = spawnSync('python3', ['-W', 'ignore', '-B', path.join(net, 'read_mail.py')], {input: Buffer.from(taken.data, 'base64')});
      assert.equal(status, 0, String(stderr));
      const {fields, parts, defects} = JSON.parse(stdout);
      assert.deepEqual(defects, []);
      return {to: taken.to.match(/<([^>]+)>/)[1], subject: fields.Subject, text: parts[0].text, fields};
    });
    const mails_to = (who, n) => until(`${n} mails to ${who}`, () => { const mine = mails().filter(({to}) => to === who); return mine.length >= n && mine; });
    const link = mail => new URL(mail.text.match(/^https?:\/\/\S*\/seguir-datos\/\S+$/m)[0]).pathname;
    const ask = async (where, values, person = new Client(world.demo)) => person.submit(form((await person.get(where)).text, 'datos-seguir'), values);
    const follow = async (where, address, values = {}) => {
      const before = mails().filter(({to}) => to === address).length, person = new Client(world.demo);
      assert.equal((await ask(where, {correo: address, ...values}, person)).status, 303);
      const mail = (await mails_to(address, before + 1)).at(-1), page = await person.get(link(mail));
      const done = await person.follow(await person.submit(form(page.text, 'datos-seguir')), page.path);
      assert.match(done.text, /data-c="hecho"/);
      return {person, mail, list: done.path.replace(/\?.*/, ''), page: done};
    };
    /** The job that writes the mails, now; `past`: what waits is of days ago, and so is the last mail. */
    const digest = async (past = true) => {
      if (past) sql(`UPDATE ${schema}_news SET at = at - interval '3 days'; UPDATE ${schema}_follower SET mailed_at = mailed_at - interval '3 days'`);
      const done = () => Number(sql("SELECT count(*) FROM concejo.jobs WHERE plugin = 'open-data' AND kind = 'avisar' AND state = 'done'"));
      const before = done();
      sql("UPDATE concejo.schedules SET next_at = now() WHERE plugin = 'open-data' AND kind = 'avisar'");
      await until('the digests', () => done() > before);
    };
    const nowhere = address => {
      for (const where of ['concejo.outbox', 'concejo.mail', 'concejo.audit', 'concejo.jobs', `${schema}_follower`, `${schema}_follow_request`, `${schema}_news`])
        assert.equal(sql(`SELECT count(*) FROM ${where} t WHERE to_jsonb(t)::text ILIKE '%${address}%'`), '0', `${address} in ${where}`);
    };

    before(async () => {
      log = path.join(world.demo.dir, 'seguidores.log');
      load('paseos', 'paseo;árboles\nReal;12\nDel río;30\n');
      publish('paseos', 'Paseos arbolados', 'medio-ambiente');
      load('kioscos', 'kiosco;plazas\nCentro;2\n');
      publish('kioscos', 'Kioscos', 'comercio');
    });
    after(() => {
      server?.kill('SIGKILL');
      for (const undo of restore.reverse()) undo();
      reload();
    });

    test('an installation that sends no mail offers none', async () => {
      assert.doesNotMatch((await get('/es/datos/paseos')).text, /datos-seguir-enlace/);
      assert.match(decode((await get('/es/datos/paseos/seguir')).text), /no envía correos por ahora/);
      assert.equal(form((await get('/es/seguir-datos')).text, 'datos-seguir'), null);
    });

    test('asked, confirmed by its link, once; the link alone does nothing', async () => {
      server = spawn('python3', ['-W', 'ignore', '-B', path.join(net, 'smtp_server.py'), 'habits', log], {stdio: ['pipe', 'pipe', 'inherit']});
      port = await new Promise(resolve => server.stdout.once('data', text => resolve(Number(String(text)))));
      restore.push(world.demo.edit('platform.yaml', text => `${text}\ncorreo:\n  servidor: localhost\n  puerto: ${port}\n  cifrado: ninguno\n  remitente: datos@valdehermoso.example\n`));
      reload();
      assert.match((await get('/es/datos/paseos')).text, /href="\/es\/datos\/paseos\/seguir"/);
      const shown = decode((await get('/es/datos/paseos/seguir')).text);
      assert.match(text_of(shown, 'datos-proteccion'), /Responsable.*Su consentimiento \(artículo 6\.1\.a.*48 horas/);
      for (const wrong of ['', 'ana', 'a@b', 'Ana <ana@example.es>', 'a@b.es,c@d.es', 'a b@example.es', 'a@b.es\r\nBcc: c@d.es', `${'a'.repeat(300)}@example.es`]) {
        const answer = await ask('/es/datos/paseos/seguir', {correo: wrong});
        assert.equal(answer.status, 422, wrong);
        assert.match(text_of(answer.text, 'error-summary'), /Escriba una dirección de correo/);
      }
      assert.equal((await get('/es/datos/paseos/seguir', {method: 'POST', headers: {'Content-Type': 'application/x-www-form-urlencoded'}, body: 'correo=ana@example.es'})).status, 403);
      assert.equal((await get('/es/datos/no-hay/seguir')).status, 404);
      const person = new Client(world.demo);
      const asked = await ask('/gl/datos/paseos/seguir', {correo: 'ana@EXAMPLE.es'}, person);
      assert.deepEqual([asked.status, asked.headers.location.replace(/^https?:\/\/[^/]+/, '')], [303, '/gl/seguir-datos/enviado']);
      const [mail] = await mails_to('ana@example.es', 1);
      assert.match(mail.subject, /^Confirme que quere seguir datos abertos/);
      assert.equal(mail.fields['Content-Language'], 'gl');
      assert.match(mail.text, /Paseos arbolados/);
      assert.equal(people(), 0);
      for (let n = 0; n < 2; ++n) assert.equal((await get(link(mail))).status, 200, 'a mail program looks at links');
      assert.equal(people(), 0);
      const page = await person.get(link(mail)), done = await person.submit(form(page.text, 'datos-seguir'));
      assert.equal(done.status, 303);
      const list = await person.follow(done, page.path);
      assert.match(list.text, /data-c="hecho"/);
      assert.match(text_of(list.text, 'datos-seguidos'), /Paseos arbolados/);
      assert.doesNotMatch(list.text, /ana@/i);
      assert.equal(people(), 1);
      assert.equal((await get(link(mail))).status, 404, 'used');
      for (const bad of ['0'.repeat(32), 'x', "' OR 1=1", 'é'.repeat(32)]) assert.equal((await get(`/es/seguir-datos/confirmar/${encodeURIComponent(bad)}`)).status, 404, bad);
      const clerk = await Client.of(world.demo, 'secretaria'), desk = (await clerk.get('/es/gestion/datos/paseos')).text;
      assert.match(text_of(desk, 'datos-seguidores'), /^1 persona/);
      assert.doesNotMatch(desk, /ana@/i);
      for (const where of ['concejo.outbox', 'concejo.mail']) assert.equal(sql(`SELECT count(*) FROM ${where} t WHERE to_jsonb(t)::text ILIKE '%ana@example%'`), '0', where);
    });

    test('who follows and who does not are told the same; nobody is written to for ever', async () => {
      const told = async address => { const person = new Client(world.demo), answer = await ask('/es/seguir-datos', {correo: address}, person); return [answer.status, answer.headers.location, (await person.follow(answer, '/es/seguir-datos')).text.replace(/"[\w.+/=-]{20,}"/g, '')]; };
      const known = await told('ana@example.es'), fresh = await told('luis@example.es');
      assert.deepEqual(known, fresh);
      for (let n = 0; n < 4; ++n) assert.deepEqual(await told('luis@example.es'), fresh);
      await mails_to('luis@example.es', 3);
      await sleep(1500);
      assert.equal(mails().filter(({to}) => to === 'luis@example.es').length, 3);
      const old = (await mails_to('luis@example.es', 3)).map(link);
      sql(`UPDATE ${schema}_follow_request SET asked_at = asked_at - interval '49 hours' WHERE address = 'luis@example.es'`);
      for (const one of old) assert.equal((await get(one)).status, 404, 'two days are over');
      await digest();
      nowhere('luis@example.es');
      sql(`INSERT INTO ${schema}_follow_request (token, address, language, kind, object) SELECT n, n || '@example.org', 'es', 'catalogue', '' FROM generate_series(1, 100) n`);
      assert.equal((await ask('/es/seguir-datos', {correo: 'otra@example.es'})).status, 503);
      sql(`DELETE FROM ${schema}_follow_request WHERE address LIKE '%example.org'`);
    });

    test('one mail a day with all that is new, in his language, and no other that day', async () => {
      await follow('/gl/datos/kioscos/seguir', 'ana@example.es');
      load('paseos', 'paseo;árboles\nReal;13\nDel río;30\n');
      load('paseos', 'paseo;árboles\nReal;14\nDel río;30\n');
      load('kioscos', 'kiosco;plazas\nCentro;3\n');
      const before = mails().length;
      await digest();
      const [mail] = (await mails_to('ana@example.es', 4)).slice(-1);
      assert.match(mail.subject, /^Novidades dos datos que segue/);
      assert.match(mail.text, /Kioscos[^]*Ten unha versión nova\.[^]*\/gl\/datos\/kioscos\n/);
      assert.match(mail.text, /Paseos arbolados[^]*\/gl\/datos\/paseos\n/);
      assert.equal(mail.fields['List-Unsubscribe-Post'], 'List-Unsubscribe=One-Click');
      assert.equal(mail.fields['Auto-Submitted'], 'auto-generated');
      await digest();
      load('kioscos', 'kiosco;plazas\nCentro;4\n');
      await digest(false);
      sql(`UPDATE ${schema}_follower SET mailed_at = now()`);
      sql(`UPDATE ${schema}_news SET at = at - interval '3 days'`);
      await digest(false);
      await sleep(1000);
      assert.equal(mails().length, before + 1);
      await digest();
      assert.equal((await mails_to('ana@example.es', 5)).length, 5);
    });

    test('new datasets go to who follows all or their sector; a withdrawn one is told and followed no more', async () => {
      const all = await follow('/es/seguir-datos', 'todo@example.es'), green = await follow('/en/seguir-datos?sector=medio-ambiente', 'verde@example.es');
      assert.match(green.page.text, /New datasets of/);
      await follow('/es/seguir-datos', 'tienda@example.es', {que: 'comercio'});
      load('fuentes-nuevas', 'fuente\nLa Teja\n');
      assert.equal(sql(`SELECT count(*) FROM ${schema}_news`), '0', 'a draft is nobody\'s news');
      publish('fuentes-nuevas', 'Fuentes nuevas', 'medio-ambiente');
      await digest();
      assert.match((await mails_to('todo@example.es', 2)).at(-1).text, /Fuentes nuevas\nEs un conjunto de datos nuevo\.\n/);
      assert.match((await mails_to('verde@example.es', 2)).at(-1).text, /Fuentes nuevas\nIt is a new dataset\.\n\S+\/en\/datos\/fuentes-nuevas/);
      assert.equal(mails().filter(({to}) => to === 'tienda@example.es').length, 1);
      await follow('/es/datos/fuentes-nuevas/seguir', 'agua@example.es');
      const clerk = await Client.of(world.demo, 'secretaria');
      const wait = form((await clerk.get('/es/gestion/datos/fuentes-nuevas')).text, 'datos-retirar');
      assert.equal((await clerk.submit(wait, {motivo: 'Se cambió por otro.'})).status, 303);
      await digest();
      assert.match((await mails_to('agua@example.es', 2)).at(-1).text, /Se ha retirado; deja de seguirlo\. Motivo: Se cambió por otro\./);
      nowhere('agua@example.es');
      assert.equal((await get('/es/datos/fuentes-nuevas/seguir')).status, 404);
      // Leaving: one thing on the list, all on the list, one click of a mail program.
      assert.equal((await all.person.submit(form_of_button((await all.person.get(all.list)).text, 'datos-dejar'))).headers.location.endsWith('/seguir-datos/baja'), true);
      nowhere('todo@example.es');
      const end = new URL(green.mail.fields['List-Unsubscribe'].slice(1, -1)).pathname;
      assert.equal((await get(end, {method: 'POST', headers: {'Content-Type': 'application/x-www-form-urlencoded'}, body: 'List-Unsubscribe=One-Click'})).status, 200, 'a link that was used ends nothing');
      const digest_end = new URL((await mails_to('verde@example.es', 2)).at(-1).fields['List-Unsubscribe'].slice(1, -1)).pathname;
      const opened = await get(digest_end);
      assert.deepEqual([opened.status, opened.headers.location], [303, green.list]);
      assert.equal((await get(green.list)).status, 200, 'to look is not to leave');
      for (let n = 0; n < 2; ++n) assert.equal((await get(digest_end, {method: 'POST', headers: {'Content-Type': 'application/x-www-form-urlencoded'}, body: 'List-Unsubscribe=One-Click'})).status, 200);
      nowhere('verde@example.es');
      assert.equal((await get(green.list)).status, 404);
    });

    test('rows that a program writes are news as well', async () => {
      await follow('/es/datos/kioscos/seguir', 'programa@example.es');
      const {token} = world.demo.json('token', 'create', '--tenant', 'valdehermoso', '--scope', 'open-data:write').value;
      const resource = sql(`SELECT r.id FROM ${schema}_resource r JOIN ${schema}_dataset d ON d.id = r.dataset WHERE d.name = 'kioscos'`);
      const news = () => sql(`SELECT string_agg(n.what, ',') FROM ${schema}_news n JOIN ${schema}_follower f ON f.id = n.follower WHERE f.address = 'programa@example.es'`);
      const {done} = ckan(world, () => token);
      const write = async (action, body) => {
        sql(`DELETE FROM ${schema}_news`);
        await done(action, {resource_id: resource, force: true, ...body});
      };
      await write('datastore_upsert', {method: 'insert', records: [{kiosco: 'Estación', plazas: 4}]});
      assert.equal(news(), 'version');
      await write('datastore_upsert', {method: 'insert', dry_run: true, records: [{kiosco: 'Puerto', plazas: 1}]});
      assert.equal(news(), '', 'nothing was written');
      await write('datastore_delete', {filters: {kiosco: 'Estación'}});
      assert.equal(news(), 'version');
      sql(`DELETE FROM ${schema}_news; DELETE FROM ${schema}_follower WHERE address = 'programa@example.es'`);
    });

    test('whoever is not there any more is written to once; where mails go at once, none waits for the morning', async () => {
      sql(`INSERT INTO ${schema}_follower (address, language) VALUES ('permanente@example.es', 'es'); INSERT INTO ${schema}_following (follower, kind, object) SELECT id, 'catalogue', '' FROM ${schema}_follower WHERE address = 'permanente@example.es'`);
      restore.push(world.demo.edit('municipios/valdehermoso.yaml', text => text.replace(/( +)open-data:\n/, '$1open-data:\n$1  seguimiento: al_momento\n')));
      reload();
      assert.match(decode((await get('/es/seguir-datos')).text), /En cuanto haya novedades/);
      load('bancos', 'banco\nUno\n');
      publish('bancos', 'Bancos', 'transporte');
      await digest(false);
      await until('it is refused', () => sql("SELECT count(*) FROM concejo.mail WHERE state = 'refused' AND plugin = 'open-data'") !== '0');
      load('sillas', 'silla\nUna\n');
      publish('sillas', 'Sillas', 'transporte');
      await digest(false);
      nowhere('permanente@example.es');
      assert.equal(sql("SELECT count(*) FROM concejo.outbox WHERE state = 'dead' AND kind = 'correo' AND created_at > now() - interval '10 minutes'"), '0', 'no person has to look at it');
    });
  });

  describe('what is seen, as a file; a long table\'s map', () => {
    const rows = Array.from({length: 300}, (_, i) => [`Línea ${i}`, ['Obra', 'Servicio', 'Ñandú'][i % 3], ((i * 7919) % 5000) / 2, i % 7 ? (40.4 + (i % 17) / 1000).toFixed(4) : '', i % 7 ? (-3.7 + (i % 23) / 1000).toFixed(4) : '']);
    const csv = `Nombre;Tipo;Importe;lat;lon\n${rows.map(row => row.map(cell => String(cell).replace(/^(-?\d+)\.(\d+)$/, '$1,$2')).join(';')).join('\n')}\n`;
    let id;

    test('the table\'s filters and order, in each format, as Python finds them in the file', async () => {
      id = load('seleccion-de-prueba', csv);
      publish('seleccion-de-prueba', 'Selección de prueba', 'transporte');
      const at = (language, value) => `/${language}/datos/seleccion-de-prueba/tabla/${id}?q=&columna=Tipo&condicion=es&valor=nandu&columna=Importe&condicion=desde&valor=${value}&orden=Importe&sentido=desc`;
      const judged = spawnSync('python3', ['-c', "import csv,io,json,sys\nrows=[r for r in csv.DictReader(io.StringIO(sys.stdin.buffer.read().decode()),delimiter=';')]\nn=lambda t:float(t.replace(',','.'))\nprint(json.dumps([r['Nombre'] for r in sorted((r for r in rows if r['Tipo']=='Ñandú' and n(r['Importe'])>=1000.5),key=lambda r:-n(r['Importe']))]))"], {input: csv, encoding: 'utf8'});
      const wanted = JSON.parse(judged.stdout);
      const page = (await get(at('es', '1.000,5'))).text;
      assert.equal(text_of(page, 'datos-total'), `${wanted.length} filas`);
      const links = [...page.match(/data-c="datos-descargar">([^]*?)<\/p>/)[1].matchAll(/href="([^"]+)"/g)].map(([, href]) => decode(href));
      assert.deepEqual(links.map(href => new URL(href, 'http://x').pathname.split('seleccion.')[1]), ['csv', 'xlsx', 'hoja.csv', 'json', 'ndjson', 'geojson', 'tsv', 'xml']);
      const files = Object.fromEntries(await Promise.all(links.map(async href => { const answer = await get(href); assert.equal(answer.status, 200, href); return [new URL(href, 'http://x').pathname.split('seleccion.')[1], answer]; })));
      const first = text => text.replace(/^\ufeff/, '').trim().split(/\r?\n/).slice(1).map(line => line.split(/[,;\t]/)[0]);
      assert.deepEqual(first(files.csv.text), wanted);
      assert.deepEqual(first(files.tsv.text), wanted);
      assert.deepEqual(files.ndjson.text.trim().split('\n').map(line => JSON.parse(line).Nombre), wanted);
      assert.equal(JSON.parse(files.geojson.text).features.length, wanted.length);
      assert.match(files.csv.headers['content-disposition'], /seleccion-de-prueba-seleccion\.csv/);
      const english = (await get(at('en', '1,000.5'))).text;
      const in_english = decode(english.match(/href="([^"]+seleccion\.ndjson[^"]*)"/)[1]);
      assert.deepEqual((await get(in_english)).text, files.ndjson.text);
      assert.equal((await get(`/es/datos/seleccion-de-prueba/tabla/${id}/seleccion.csv?columna=Importe&condicion=desde&valor=x`)).status, 400);
      for (const bad of ['seleccion.exe', 'x']) assert.equal((await get(`/es/datos/seleccion-de-prueba/tabla/${id}/${bad}`)).status, 400, bad);
      assert.equal((await get(`/es/datos/paseos/tabla/${id}/seleccion.csv`)).status, 404);
      assert.match((await get(`/es/datos/seleccion-de-prueba/tabla/${id}`)).text, /Descargar todas las filas:[^]*\/datos\/filas\//);
    });

    test('every row is on the map, counted by a job once and kept; a nearer look holds what was asked for', async () => {
      const places = [];
      let seed = 11;
      const next = () => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed / 2147483648; };
      for (let i = 0; i < 220_000; ++i) places.push([(40.3 + next() * next() / 2).toFixed(6), (-3.9 + next() / 2).toFixed(6)]);
      const long = load('sensores', `sensor;lat;lon;tipo\nSin sitio;;;A\n${places.map(([lat, lon], i) => `S${i};${lat.replace('.', ',')};${lon.replace('.', ',')};B`).join('\n')}\n`);
      publish('sensores', 'Sensores', 'transporte');
      const where = `/es/datos/sensores/mapa/${long}`, kept = () => Number(sql(`SELECT count(*) FROM ${schema}_map WHERE resource = '${long}'`));
      const early = await get(where);
      if (early.status !== 200) { assert.equal(early.status, 503); assert.match(early.text, /El mapa se está preparando/); assert.equal(early.headers.refresh, '5'); }
      const whole = await until('the map', async () => { const page = await get(where); return page.status === 200 && page; });
      const total = page => Number(decode(page.text).match(/([\d.]+) filas? en el mapa/)[1].replaceAll('.', ''));
      assert.equal(total(whole), 220_000);
      assert.match(decode(whole.text), /1 fila no tiene coordenadas/);
      const box = decode(whole.text).match(/caja=([-\d.,]+)/)[1], [west, south, east, north] = box.split(',').map(Number);
      const inside = places.filter(([lat, lon]) => lat >= south && lat <= north && lon >= west && lon <= east).length;
      const near = await get(`${where}?caja=${box}`), seen = total(near);
      assert.ok(inside > 0 && seen >= inside && seen < 220_000, `${inside} ${seen}`);
      assert.equal(kept(), 3);
      for (let n = 0; n < 5; ++n) assert.equal(total(await get(`${where}?caja=${west + n * 1e-9},${south},${east},${north}`)), seen);
      assert.equal(kept(), 3, 'the same part of the map');
      load('sensores', 'sensor;lat;lon;tipo\nA;40,4;-3,7;A\nB;40,41;-3,71;B\n');
      assert.equal(total(await get(where)), 2, 'of this version');
    });
  });
}
