// What the pages of the administration say to who is not at the terminal: in words, in the reader's language, of this platform
// and not of the machine.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {decode, form, text_of} from '../../support/client.mjs';
import {languages, sign_in} from '../samples.mjs';

const title_of = ({text}) => decode(text.match(/<title>([^<]*)<\/title>/)[1]);

export default function (world) {
  describe('the words of the administration', () => {
    let chief;
    before(async () => { chief = (await sign_in(world))['valdehermoso administracion']; });

    describe('a form that comes back', () => {
      const error = {es: 'Error', ca: 'Error', gl: 'Erro', eu: 'Errorea', en: 'Error'};
      const clave = () => world.demo.credentials.valdehermoso.administracion.password;
      const forms = {
        'a new user': ['usuarios/nuevo', 'user-form', {usuario: 'x y'}],
        'the settings of a module': ['modulos/sede', 'module-form', {ajustes: 'activo: quizá'}],
        'the own password': ['clave', 'password', {actual: 'no es esta', nueva: 'a', repetida: 'b'}],
        'a new municipality': ['instalacion/municipios/nuevo', 'tenant-form', {nombre: 'X', slug: 'riomar', ine: '28999', dominios: 'x.example'}],
      };
      for (const [what, [where, name, values]] of Object.entries(forms)) test(`${what}: the title begins with the error, in each language`, async () => {
        for (const language of languages) {
          const blank = await chief.get(`/${language}/gestion/${where}`);
          assert.ok(!title_of(blank).startsWith(error[language]), title_of(blank));
          const back = await chief.submit(form(blank.text, name), {...(where.startsWith('usuarios') && {clave: clave()}), ...values});
          assert.equal(back.status, 422);
          assert.ok(title_of(back).startsWith(`${error[language]}: `), title_of(back));
        }
      });

      test('the roles of a user, and a day of the record that there is not', async () => {
        const {text} = await chief.get('/es/gestion/usuarios?q=redaccion');
        const person = await chief.get(text.match(/\/es\/gestion\/usuarios\/[0-9a-f-]{36}/)[0]);
        assert.ok(!title_of(person).startsWith('Error'));
        assert.match(title_of(await chief.submit(form(person.text, 'user-roles'), {clave: clave(), papel: 'ninguno-asi'})), /^Error: /);
        assert.match(title_of(await chief.get('/es/gestion/auditoria?desde=2026-02-31')), /^Error: /);
      });
    });

    test('a short name that is taken is told in the terms of the page', async () => {
      for (const language of languages) {
        const blank = await chief.get(`/${language}/gestion/instalacion/municipios/nuevo`);
        for (const values of [{slug: 'riomar', ine: '28999'}, {slug: 'otra', ine: ''}]) {
          const back = await chief.submit(form(blank.text, 'tenant-form'), {nombre: 'X', dominios: 'x.example', ...values});
          assert.equal(back.status, 422);
          const told = text_of(back.text, 'error-summary');
          assert.ok(!told.includes('--') && !told.includes(world.demo.dir) && !told.includes('.yaml'), told);
          if (values.ine) assert.match(told, /riomar/);
        }
      }
    });

    test('the types of the settings are said in words, with the schema\'s own beneath', async () => {
      const words = {es: /Número entero <small class="blk">integer/, ca: /Nombre enter <small class="blk">integer/, gl: /Número enteiro <small class="blk">integer/,
        eu: /Zenbaki osoa <small class="blk">integer/, en: /Whole number <small class="blk">integer/};
      for (const language of languages) {
        const {text} = await chief.get(`/${language}/gestion/modulos/sede`);
        assert.match(text, words[language]);
        assert.doesNotMatch(text, /<td[^>]*>(integer|string|boolean|array|object|number)[ <]/);
      }
    });

    test('what was done is said in words, with its code, and the code is what one looks for', async () => {
      const words = {es: 'Alta de un usuario', ca: 'Alta d’un usuari', gl: 'Alta dun usuario', eu: 'Erabiltzaile bati alta ematea', en: 'User added'};
      for (const language of languages) {
        const page = await chief.get(`/${language}/gestion/auditoria?accion=user.add`);
        assert.ok(decode(page.text).includes(`${words[language]} <small class="blk">user.add</small>`), language);
        assert.ok(decode(page.text).includes(`>${words[language]} (user.add)</option>`), language);
        const [entry] = page.text.match(/\/auditoria\/\d+(?=")/);
        assert.ok(decode((await chief.get(`/${language}/gestion${entry}`)).text).includes(`${words[language]} (user.add)`));
      }
      // Each has words: the kernel's own, and those that plugins declare.
      const {text} = await chief.get('/es/gestion/auditoria');
      const codes = [...text.match(/<select[^>]*name="accion"[^]*?<\/select>/)[0].matchAll(/<option value="([^"]+)"[^>]*>([^<]*)</g)];
      assert.ok(codes.length > 10);
      for (const [, code, shown] of codes) assert.ok(decode(shown).endsWith(` (${code})`), `${code}: ${shown}`);
    });

    describe('the last copy', () => {
      let folder;
      const note = () => path.join(world.demo.dir, 'data/ultima-copia');
      const said = async (language = 'es') => {
        const {text} = await chief.get(`/${language}/gestion/salud`);
        const checks = [...text.matchAll(/<li[^>]*data-c="check"[^]*?<\/li>/g)].map(([check]) => decode(check.replace(/<[^>]*>/g, '')).replace(/\s+/g, ' ').trim());
        return checks.find(check => /^(Copia de seguridad|Còpia de seguretat|Copia de seguranza|Segurtasun-kopia|Backup) /.test(check));
      };
      const doctor = () => world.demo.json('doctor').value.checks.find(one => one.check === 'copia');
      before(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'concejo-copias-')); });
      after(() => fs.rmSync(folder, {recursive: true, force: true}));

      test('never is said as what it is', async () => {
        fs.rmSync(note(), {force: true});
        for (const [language, words] of Object.entries({es: 'Nunca se ha hecho', ca: 'No s’ha fet mai', gl: 'Nunca se fixo', eu: 'Ez da inoiz', en: 'No backup has ever been made'}))
          assert.match(await said(language), new RegExp(words));
        assert.match(await said(), /^Copia de seguridad Atención/);
        assert.match(doctor().text, /nunca/);
        assert.equal(doctor().ok, true, 'nobody has anything to lose in a demonstration');
      });

      test('when, how big, and that it was read from beginning to end', async () => {
        const file = path.join(folder, 'todo.tar.zst');
        assert.equal(world.demo.concejo('backup', '--to', file).code, 0);
        const megabytes = (fs.statSync(file).size / 1e6).toLocaleString('es', {minimumFractionDigits: 1, maximumFractionDigits: 1});
        const told = await said();
        assert.match(told, /^Copia de seguridad Bien ?La última: .+ Comprobada entera: .+/);
        assert.ok(told.includes(`${megabytes} MB`), told);
        assert.ok(!told.includes(folder), 'no path of the machine');
        assert.match(doctor().text, /comprobada entera/);
        assert.equal(world.demo.concejo('tenant', 'export', '--tenant', 'riomar', '--to', path.join(folder, 'riomar.tar.zst')).code, 0);
        assert.equal(await said(), told, 'a municipality that leaves is no copy of everything');
      });

      test('one that is damaged later, or old, is something to see to', async () => {
        const file = path.join(folder, 'todo.tar.zst'), bytes = fs.readFileSync(file);
        bytes[bytes.length >> 1] ^= 1;
        fs.writeFileSync(file, bytes);
        assert.equal(world.demo.concejo('backup', 'verify', file).code, 1);
        assert.match(await said(), /^Copia de seguridad Atención ?La última está dañada/);
        assert.equal(doctor().ok, false);
        assert.match(doctor().text, /dañada/);
        bytes[bytes.length >> 1] ^= 1;
        fs.writeFileSync(file, bytes);
        assert.equal(world.demo.concejo('backup', 'verify', file).code, 0);
        assert.match(await said(), /^Copia de seguridad Bien/);
        fs.writeFileSync(note(), JSON.stringify({...JSON.parse(fs.readFileSync(note(), 'utf8')), made: '2026-01-02T03:04:05Z'}));
        assert.match(await said(), /^Copia de seguridad Atención ?La última: /);
      });
    });
  });
}
