// A stranger with an installed Concejo: the tutorial from its first line to its last, then new plugins of other compilers
// in the tutorial's running demonstration, switched on by YAML alone. The order counts.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {freePort, rawRequest} from '../support/demo.mjs';
import {Tutorial} from './tutorial.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const build = process.env.CONCEJO_BUILD ?? path.join(root, 'build/release');
const languages = {es: 'Todavía no hay notas', ca: 'Encara no hi ha notes', gl: 'Aínda non hai notas', eu: 'Oraindik ez dago oharrik', en: 'There are no notes yet'};

describe('third parties', () => {
  const world = {};
  before(async () => {
    world.home = fs.mkdtempSync(path.join(os.tmpdir(), 'concejo-terceros-'));
    if (process.getuid() === 0) fs.chmodSync(world.home, 0o755); // PostgreSQL runs as another user there
    fs.mkdirSync(path.join(world.home, 'concejo/build'), {recursive: true});
    fs.symlinkSync(build, path.join(world.home, 'concejo/build/release'));
    world.port = await freePort();
    const text = fs.readFileSync(path.join(root, 'docs/tutorial-complemento.md'), 'utf8');
    world.tutorial = new Tutorial(text, world.home, [['8080', String(world.port)]]);
  });
  after(async () => {
    await world.tutorial?.end();
    fs.rmSync(world.home, {recursive: true, force: true, maxRetries: 5});
  });

  const concejo = (...args) => {
    const {status, stdout, stderr} = spawnSync(path.join(world.home, '.local/bin/concejo'), args, {encoding: 'utf8', cwd: world.home, env: {...process.env, LANG: 'es_ES.UTF-8', LC_ALL: ''}, timeout: 120_000});
    return {code: status, stdout, stderr};
  };
  const run = (program, ...args) => {
    const {status, stdout, stderr, error} = spawnSync(program, args, {encoding: 'utf8', cwd: world.home, timeout: 240_000});
    assert.equal(status, 0, `${program} ${args.join(' ')}\n${error ?? ''}${stdout}${stderr}`);
    return stdout;
  };
  const get = where => rawRequest(world.port, where, {host: `riomar.localhost:${world.port}`});

  test('docs/tutorial-complemento.md does what it says, from an installed SDK', async () => {
    await world.tutorial.run();
    const plugin = path.join(world.home, '.local/lib/cmake/ConcejoSDK');
    assert.ok(fs.existsSync(path.join(plugin, 'ConcejoSDKConfig.cmake')));
  });

  test('plugin new refuses bad ids and folders that are there, and writes nothing', () => {
    for (const [id, why] of [['buzon', /oficiales/], ['es.Miayto.buzon', /minúscula/], ['es.miayto.buzon_b', /guiones/], ['../x', /no sirve/]]) {
      const {code, stderr} = concejo('plugin', 'new', id);
      assert.equal(code, 2, id);
      assert.match(stderr, why);
      assert.match(stderr, /como es\.miayto\.buzon/);
    }
    const {code, stderr} = concejo('plugin', 'new', 'es.otro.buzon', '--dir', 'es.miayto.notas');
    assert.equal(code, 1);
    assert.match(stderr, /ya existe: bórrela, o dé otra con --dir/);
    assert.ok(!fs.existsSync(path.join(world.home, 'es.otro.buzon')));
  });

  const made = [];
  const have = (...words) => spawnSync(words[0], [...words.slice(1), '-x', 'c++', '-fsyntax-only', '-'], {input: '#include <string>', encoding: 'utf8'}).status === 0;
  for (const [id, compiler, flags] of [['es.prueba.con-clang', 'clang++', ''], ['es.prueba.con-libcxx', 'clang++', '-stdlib=libc++']]) {
    test(`${id}: new, built, tested and checked with ${compiler} ${flags}`, t => {
      if (!have(compiler, ...flags.split(' ').filter(Boolean))) return t.skip(`${compiler} ${flags} is not installed`);
      const created = concejo('plugin', 'new', id, '--dir', `fuentes/${id}`, '--json');
      assert.equal(created.code, 0, created.stderr);
      assert.equal(JSON.parse(created.stdout).id, id);
      const out = `construido/${id}`;
      run('cmake', '-S', `fuentes/${id}`, '-B', out, '-G', 'Ninja', `-DCMAKE_PREFIX_PATH=${world.home}/.local`, `-DCMAKE_CXX_COMPILER=${compiler}`, `-DCMAKE_CXX_FLAGS=${flags}`);
      run('cmake', '--build', out);
      assert.match(run('ctest', '--test-dir', out, '--output-on-failure'), /100% tests passed/);
      const checked = concejo('plugin', 'check', `${out}/lib/concejo/plugins/${id}/${id}.so`, '--sources', `fuentes/${id}/src`, '--json');
      assert.equal(checked.code, 0, checked.stdout);
      const answer = JSON.parse(checked.stdout);
      assert.deepEqual({...answer, sdk: ''}, {ok: true, id, version: '0.1.0', sdk: '', toolchain: answer.toolchain, problems: [], warnings: []});
      assert.match(answer.toolchain, flags ? /^clang \d+ libc\+\+$/ : /^clang \d+ libstdc\+\+$/);
      made.push(id);
    });
  }

  test('two lines of YAML and a reload: their pages answer in five languages beside each other', async t => {
    if (made.length === 0) return t.skip('no other compiler is installed');
    const config = path.join(world.home, 'prueba/config');
    const platform = path.join(config, 'platform.yaml');
    const folders = made.map(id => `"${world.home}/construido/${id}/lib/concejo/plugins"`).join(', ');
    fs.writeFileSync(platform, fs.readFileSync(platform, 'utf8').replace('carpetas: [', `carpetas: [${folders}, `));
    fs.appendFileSync(path.join(config, 'municipios/riomar.yaml'), made.map(id => `  ${id}:\n    activo: true\n`).join(''));
    const reloaded = concejo('reload', '--dir', 'prueba');
    assert.equal(reloaded.code, 0, reloaded.stderr);
    for (const id of made) {
      const name = id.split('.').at(-1);
      for (const [language, heading] of Object.entries(languages)) {
        const page = await get(`/${language}/${name}`);
        assert.equal(page.status, 200, `${id} ${language}`);
        assert.match(page.text, new RegExp(`<h2>${heading}</h2>`), `${id} ${language}`);
      }
      assert.equal((await get(`/es/gestion/${name}`)).status, 303, 'the staff page asks for a login');
    }
  });
});
