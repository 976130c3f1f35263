// `concejo tenant create`: a file that serves, or nothing at all.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {concejo} from '../../support/demo.mjs';

export default function (world) {
  describe('tenant create', () => {
    let dir;
    const run = (...args) => concejo(['tenant', 'create', '--dir', dir, ...args]);
    const files = () => fs.readdirSync(path.join(dir, 'config/municipios')).sort();
    before(() => {
      dir = fs.mkdtempSync(path.join(os.tmpdir(), 'concejo-nuevo-'));
      fs.cpSync(path.join(world.demo.dir, 'config'), path.join(dir, 'config'), {recursive: true});
    });
    after(() => fs.rmSync(dir, {recursive: true, force: true}));

    const refused = [
      ['a slug that is taken', 1, /ya existe/, ['--slug', 'riomar', '--name', 'X', '--host', 'x.example', '--ine', '28999']],
      ['a slug that is no file name of ours', 2, /nombre de archivo no válido/, ['--slug', 'Villa Vieja', '--name', 'X', '--host', 'x.example', '--ine', '28999']],
      ['a slug that leads elsewhere', 2, /nombre de archivo no válido/, ['--slug', '../fuera', '--name', 'X', '--host', 'x.example', '--ine', '28999']],
      ['a code that is no INE code', 2, /'2899' no es un código INE/, ['--slug', 'villa', '--name', 'X', '--host', 'x.example', '--ine', '2899']],
      ['a province that there is not', 2, /'53001' no es un código INE/, ['--slug', 'villa', '--name', 'X', '--host', 'x.example', '--ine', '53001']],
      ['a host that is an address', 2, /no es un nombre de host/, ['--slug', 'villa', '--name', 'X', '--host', 'https://x.example/', '--ine', '28999']],
      ['a host of another municipality', 1, /el dominio Riomar\.localhost ya es de «riomar»/, ['--slug', 'villa', '--name', 'X', '--host', 'Riomar.localhost', '--ine', '28999']],
      ['a language that there is not', 2, /'fr' no se admite/, ['--slug', 'villa', '--name', 'X', '--host', 'x.example', '--ine', '28999', '--language', 'fr']],
      ['a plugin that there is not', 2, /módulo desconocido 'nada'/, ['--slug', 'villa', '--name', 'X', '--host', 'x.example', '--ine', '28999', '--module', 'nada']],
      ['neither code nor id', 2, /--ine/, ['--slug', 'villa', '--name', 'X', '--host', 'x.example']],
      ['an empty name', 2, /nombre/, ['--slug', 'villa', '--name', '', '--host', 'x.example', '--ine', '28999']],
    ];
    for (const [what, expected, message, args] of refused) {
      test(`${what}: exit ${expected}, and nothing is written`, () => {
        const before = files();
        const {code, stdout, stderr} = run(...args);
        assert.equal(code, expected, stderr);
        assert.match(stderr, message);
        assert.equal(stdout, '');
        assert.deepEqual(files(), before);
      });
    }

    test('a municipality\'s code that another has is refused', () => {
      const taken = fs.readFileSync(path.join(dir, 'config/municipios/riomar.yaml'), 'utf8').match(/ine: "(\d+)"/)[1];
      const {code, stderr} = run('--slug', 'villa', '--name', 'X', '--host', 'x.example', '--ine', taken);
      assert.equal(code, 1, stderr);
      assert.match(stderr, new RegExp(`${taken} ya es de «riomar»`));
    });

    test('the file is commented, right, and the command says what to do next', () => {
      const {code, stdout, stderr} = run('--slug', 'villanueva', '--name', 'Ayuntamiento de "Villanueva": {la} Real', '--host', 'sede.villanueva.example', '--host', 'villanueva.example', '--ine', '28998', '--language', 'es', '--language', 'en', '--module', 'sede');
      assert.equal(code, 0, stderr);
      const file = path.join(dir, 'config/municipios/villanueva.yaml');
      assert.ok(stdout.includes(file));
      for (const next of ['config check', 'serve', 'user add']) assert.ok(stdout.includes(next), next);
      assert.ok(fs.readFileSync(file, 'utf8').split('\n').filter(line => /^\s*#/.test(line)).length > 20, 'commented');
      const checked = concejo(['config', 'check', '--json', '--dir', dir]);
      assert.equal(checked.code, 0, checked.stdout);
      const listed = JSON.parse(concejo(['tenant', 'list', '--json', '--dir', dir]).stdout).tenants.find(tenant => tenant.slug === 'villanueva');
      assert.equal(listed.id, '28998');
      assert.equal(listed.name, 'Ayuntamiento de "Villanueva": {la} Real');
      assert.deepEqual(listed.domains, ['sede.villanueva.example', 'villanueva.example']);
      assert.deepEqual(listed.modules, ['sede']);
    });

    test('what is commented out is right too: without its marks the file still passes', () => {
      const file = path.join(dir, 'config/municipios/villanueva.yaml');
      const whole = fs.readFileSync(file, 'utf8');
      const opened = whole.replace(/^(\s*)# ?(\s*(?:- )?[a-z_.-]+:.*)$/gm, '$1$2').replace(/^\s*(dir3|nif|escudo):.*\n/gm, '').replace(/^\s*es\.riomar\.buzon:\n.*\n/m, '');
      fs.writeFileSync(file, opened);
      const {code, stderr} = concejo(['config', 'check', '--dir', dir]);
      fs.writeFileSync(file, whole);
      assert.equal(code, 0, stderr);
      assert.ok(opened.includes('\nportada:\n'), 'something was opened');
    });

    test('--json: slug, file, id and url', () => {
      const {code, stdout} = run('--json', '--slug', 'mancomunidad', '--name', 'Mancomunidad del Río', '--host', 'rio.example', '--id', 'rio');
      assert.equal(code, 0);
      const value = JSON.parse(stdout);
      assert.deepEqual([value.slug, value.id, new URL(value.url).hostname], ['mancomunidad', 'rio', 'rio.example']);
      assert.ok(fs.existsSync(value.file));
    });
  });
}
