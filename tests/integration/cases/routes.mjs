// The router's own table × role × language × municipality: who gets what from every address there is.
import assert from 'node:assert/strict';
import {before, describe, test} from 'node:test';
import {address, by_secret, by_signature, languages, may, name_of, roles, route_table, samples, serves, sign_in, speaks_ckan, towns} from '../samples.mjs';

const open_login = route => route.kind === 'staff' && route.pattern.startsWith('/acceso');
/** The preview of components is a developer's: the demonstration lists it and answers 404. */
const served = route => route.pattern !== '/-/dev/components';
const fine = [200, 301, 302, 303];

/** What an address answers to somebody who may everything there. */
function good(route, sample) {
  if (route.pattern === '/envios/:id' && !sample.effect) return [404];  // nothing has left this municipality
  if (route.pattern === '/verificacion/qr.svg') return [404];  // only with the sealed secret of the page before
  if (route.pattern === '/evidencia/testigo/:origen/checkpoint') return [404];  // of a log that it never cosigned
  if (route.pattern === '/recoleccion/:fuente') return [404];  // no source of the demonstration's
  if (route.pattern.endsWith('/subidas/:id')) return [404];  // only to who began that upload
  return fine;
}

export default function (world) {
  describe('every route', () => {
    let table, sample, sessions;
    before(async () => {
      sessions = await sign_in(world);
      sample = await samples(world);
      table = await route_table(world);
    });
    const reads = () => table.filter(route => route.method === 'GET');
    const writes = () => table.filter(route => !['GET', 'OPTIONS'].includes(route.method));
    const check = (wrong, what, answer, expected) => {
      if (!expected.includes(answer.status)) wrong.push(`${what}: ${answer.status}, expected ${expected}`);
    };

    test('the table has the kernel\'s, the sede\'s and the out-of-tree plugin\'s', () => {
      assert.ok(table.length > 30, String(table.length));
      assert.deepEqual([...new Set(table.map(route => route.owner))].sort(), ['calendar', 'es.riomar.buzon', 'evidence', 'kernel', 'open-data', 'sede']);
      for (const route of table) assert.ok(['page', 'staff', 'api', 'bare', 'system'].includes(route.kind), name_of(route));
    });

    for (const [town, host] of Object.entries(towns)) {
      test(`${town}: anonymous, in every language`, async () => {
        const wrong = [];
        for (const route of reads().filter(served)) {
          for (const language of route.path.includes('{lang}') ? languages : ['es']) {
            const answer = await world.demo.request(address(route, sample[town], language), {host});
            const what = `${name_of(route)} ${language}`;
            if (!serves(route, town)) check(wrong, what, answer, [404]);
            else if (route.kind === 'staff' && !open_login(route)) {
              check(wrong, what, answer, [303]);
              if (!answer.headers.location?.includes('/gestion/acceso')) wrong.push(`${what}: sent to ${answer.headers.location}`);
            } else if (route.kind === 'api' && route.permission) check(wrong, what, answer, [401]);
            else if (route.permission) check(wrong, what, answer, [403]);
            else check(wrong, what, answer, route.owner === 'evidence' ? good(route, sample[town]) : fine);
            if (answer.status === 200 && answer.headers['content-type']?.startsWith('text/html')) {
              if (!answer.text.includes(`<html lang="${language}"`)) wrong.push(`${what}: not in ${language}`);
              if (!answer.headers['content-security-policy']?.includes("default-src 'self'")) wrong.push(`${what}: no policy`);
            }
            if (answer.headers['x-content-type-options'] !== 'nosniff') wrong.push(`${what}: sniffed`);
            if (route.kind !== 'staff' && answer.headers['set-cookie'] && answer.headers['cache-control']?.includes('public')) wrong.push(`${what}: a cookie on a shared page`);
          }
        }
        assert.deepEqual(wrong, []);
      });

      for (const role of roles) {
        test(`${town}: ${role}`, async () => {
          const wrong = [];
          for (const route of reads().filter(served)) {
            for (const language of role === 'administracion' && route.path.includes('{lang}') ? languages : ['es']) {
              const answer = await sessions[`${town} ${role}`].send(address(route, sample[town], language));
              const what = `${name_of(route)} ${language}`;
              if (!serves(route, town)) check(wrong, what, answer, [404]);
              else if (route.kind === 'api' && route.permission) check(wrong, what, answer, may(role, route.permission) ? [200, 401] : [401, 403]);
              else if (route.kind === 'staff' && !may(role, route.permission)) check(wrong, what, answer, [403]);
              else {
                check(wrong, what, answer, good(route, sample[town]));
                if (answer.headers.location?.includes('/acceso')) wrong.push(`${what}: sent to the login`);
              }
              if (answer.status === 200 && answer.headers['content-type']?.startsWith('text/html') && !answer.text.includes(`<html lang="${language}"`)) wrong.push(`${what}: not in ${language}`);
            }
          }
          assert.deepEqual(wrong, []);
        });
      }

      test(`${town}: an API token opens what its scope says, and no page of the staff`, async () => {
        const wrong = [];
        const token = scope => world.demo.json('token', 'create', '--tenant', town, '--scope', scope, '--name', 'matriz').value.token;
        const able = {}, headers = bearer => ({Authorization: `Bearer ${bearer}`});
        for (const {permission} of reads().filter(route => route.kind === 'api' && route.permission)) able[permission] ??= token(permission);
        const unable = token('sede.anuncios.editar');
        for (const route of reads()) {
          const where = address(route, sample[town]);
          if (!serves(route, town)) continue;
          if (route.kind === 'api' && route.permission) {
            check(wrong, `${name_of(route)} with ${route.permission}`, await world.demo.request(where, {host, headers: headers(able[route.permission])}), route.owner === 'kernel' ? good(route) : [200]);
            check(wrong, `${name_of(route)} with another scope`, await world.demo.request(where, {host, headers: headers(unable)}), [403]);
          } else if (route.kind === 'staff' && !open_login(route)) {
            check(wrong, `${name_of(route)} with a token`, await world.demo.request(where, {host, headers: headers(unable)}), [303, 401, 403]);
          }
        }
        const invented = await world.demo.request('/api/tablon/v1/anuncios', {host, headers: headers('inventado')});
        check(wrong, 'an invented token', invented, [401]);
        assert.deepEqual(wrong, []);
      });

      test(`${town}: nothing is written without the form's token, whoever asks`, async () => {
        const wrong = [];
        const headers = {'Content-Type': 'application/x-www-form-urlencoded'};
        for (const route of writes()) {
          const where = address(route, sample[town]), send = {method: route.method, headers, body: 'titulo=Colado&accion=publicar&motivo=colado'};
          const anonymous = await world.demo.request(where, {host, ...send});
          if (by_signature(route)) { check(wrong, `${name_of(route)} anonymous`, anonymous, serves(route, town) ? [400, 403] : [404]); continue; }
          if (by_secret(route)) { check(wrong, `${name_of(route)} anonymous`, anonymous, serves(route, town) ? [200] : [404]); continue; }
          if (speaks_ckan(route) && serves(route, town)) {
            for (const [who, answer] of [['anonymous', anonymous], ...await Promise.all(roles.map(async role => [role, await sessions[`${town} ${role}`].send(where, send)]))])
              check(wrong, `${name_of(route)} ${who}`, answer, where.endsWith('/site_read') ? [200, 400] : [403]);
            continue;
          }
          check(wrong, `${name_of(route)} anonymous`, anonymous, serves(route, town) ? [303, 401, 403] : [404]);
          if (anonymous.status === 303 && !anonymous.headers.location.includes('/acceso')) wrong.push(`${name_of(route)} anonymous: went on to ${anonymous.headers.location}`);
          for (const role of roles) {
            check(wrong, `${name_of(route)} ${role}`, await sessions[`${town} ${role}`].send(where, send), serves(route, town) ? [route.kind === 'api' ? 401 : 403] : [404]);
          }
        }
        assert.deepEqual(wrong, []);
        for (const {path: where} of await Promise.all(roles.map(role => sessions[`${town} ${role}`].get('/es/gestion')))) assert.ok(where.startsWith('/es/gestion'), 'still signed in');
        const draft = await sessions[`${town} secretaria`].get(`/es/gestion/tablon/${sample[town].draft}`);
        assert.match(draft.text, /data-c="accion-publicar"/, 'still a draft');
      });
    }

    test('OPTIONS tells what an address takes, to anybody', async () => {
      for (const route of table.filter(route => route.method === 'OPTIONS')) {
        const answer = await world.demo.request(address(route, sample.riomar), {host: towns.riomar, method: 'OPTIONS'});
        assert.deepEqual([answer.status, answer.bytes.length], [204, 0], name_of(route));
      }
    });

    test('HEAD answers like GET, without a body; another method gets 405 and Allow', async () => {
      const wrong = [];
      for (const route of reads().filter(route => served(route) && !['staff', 'system'].includes(route.kind) && !route.permission)) {
        const town = serves(route, 'riomar') ? 'riomar' : 'valdehermoso', host = towns[town];
        const where = address(route, sample[town]);
        const [head, get] = [await world.demo.request(where, {host, method: 'HEAD'}), await world.demo.request(where, {host})];
        if (head.status !== get.status || head.bytes.length) wrong.push(`HEAD ${where}: ${head.status}, ${head.bytes.length} bytes`);
        const other = await world.demo.request(where, {host, method: 'DELETE'});
        if (other.status !== 405 || !other.headers.allow?.includes('GET')) wrong.push(`DELETE ${where}: ${other.status} ${other.headers.allow}`);
      }
      assert.deepEqual(wrong, []);
    });
  });
}
