// The command line speaks the language of LC_ALL, LC_MESSAGES or LANG; Spanish where it is none of the five.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {concejo} from '../../support/demo.mjs';

/** The same command in each language: what only that language says. */
const words = {
  es: {usage: /^Uso:/m, missing: /falta --login/, nobody: /no hay ningún usuario «nadie» en riomar/, configuration: /La configuración de .* es correcta/},
  ca: {usage: /^Ús:/m, missing: /falta --login/, nobody: /no hi ha cap usuari «nadie» a riomar/, configuration: /La configuració de .* és correcta/},
  gl: {usage: /^Uso:/m, missing: /falta --login/, nobody: /non hai ningún usuario «nadie» en riomar/, configuration: /A configuración de .* é correcta/},
  eu: {usage: /^Erabilera:/m, missing: /--login falta da/, nobody: /riomar: ez dago «nadie» erabiltzailerik/, configuration: /konfigurazioa zuzena da/},
  en: {usage: /^Usage:/m, missing: /--login is missing/, nobody: /there is no user “nadie” in riomar/, configuration: /The configuration in .* is right/},
};
const speaking = language => ({LC_ALL: '', LC_MESSAGES: '', LANG: `${language}_ES.UTF-8`, CONCEJO_DIR: ''});

export default function (world) {
  describe('language of the command line', () => {
    const run = (args, env) => concejo([...args, '--dir', world.demo.dir], {env});

    for (const [language, said] of Object.entries(words)) {
      test(`${language}: help, wrong use, an error from the kernel, a result`, () => {
        const env = speaking(language);
        assert.match(concejo(['user', 'add', '--help'], {env}).stdout, said.usage);
        const misused = run(['user', 'passwd', '--tenant', 'riomar'], env);
        assert.equal(misused.code, 2);
        assert.match(misused.stderr, said.missing);
        const nobody = run(['user', 'disable', '--tenant', 'riomar', '--login', 'nadie'], env);
        assert.equal(nobody.code, 1);
        assert.match(nobody.stderr, said.nobody);
        assert.match(run(['config', 'check'], env).stdout, said.configuration);
      });
    }

    test('problems of the files too, at the same place', () => {
      const restore = world.demo.edit('municipios/riomar.yaml', text => text.replace('  nombre:', '  nonbre:'));
      try {
        const said = {es: /clave desconocida 'nonbre' en municipio; ¿quería decir 'nombre'\?/, en: /unknown key 'nonbre' in municipio; did you mean 'nombre'\?/, ca: /clau desconeguda 'nonbre' a municipio/, gl: /clave descoñecida 'nonbre' en municipio/, eu: /'nonbre' gako ezezaguna .*municipio/};
        for (const [language, message] of Object.entries(said)) {
          const {code, stderr} = run(['config', 'check'], speaking(language));
          assert.equal(code, 1);
          assert.match(stderr, message);
          assert.match(stderr, /^municipios\/riomar\.yaml:\d+:\d+: error: /m);
        }
        const {stderr} = run(['reload'], speaking('en'));
        assert.match(stderr, /unknown key 'nonbre'/, 'the server is Spanish, whoever asks need not be');
      } finally {
        restore();
        assert.equal(world.demo.concejo('reload').code, 0);
      }
    });

    test('LC_ALL before LC_MESSAGES before LANG; C and other languages are Spanish', () => {
      const help = env => concejo(['--help'], {env: {LC_ALL: '', LC_MESSAGES: '', LANG: '', ...env}}).stdout;
      assert.match(help({LANG: 'en_GB.UTF-8'}), /^Usage:/m);
      assert.match(help({LANG: 'en_GB.UTF-8', LC_MESSAGES: 'ca_ES.UTF-8'}), /^Ús:/m);
      assert.match(help({LANG: 'en_GB.UTF-8', LC_MESSAGES: 'ca_ES.UTF-8', LC_ALL: 'eu_ES.UTF-8'}), /^Erabilera:/m);
      for (const LANG of ['C', 'C.UTF-8', 'POSIX', 'fr_FR.UTF-8', '']) assert.match(help({LANG}), /^Uso:/m, LANG);
    });

    test('a plugin\'s commands too: their help and what they answer', () => {
      const help = language => run(['sede', 'publish', '--help'], speaking(language)).stdout;
      assert.match(help('es'), /Publica un PDF en el tablón/);
      assert.match(help('en'), /Publishes a PDF on the notice board/);
      assert.match(help('ca'), /Publica un PDF al tauler/);
      const days = ['sede', 'publish', '--tenant', 'valdehermoso', '--tipo', 'edicto', '--titulo', 'x', '--desde', '2026-02-30', '--hasta', '2026-03-01', '/bin/true'];
      assert.notEqual(run(days, speaking('en')).stderr, run(days, speaking('es')).stderr);
    });

    test('what CLI11 refuses by itself, and what is known before there is an installation', () => {
      const state = ['jobs', 'list', '--tenant', 'riomar', '--state', 'perdido'];
      for (const [language, message] of Object.entries({es: /--state: «perdido» no es ninguno de estos: waiting/, en: /--state: “perdido” is none of these: waiting/})) {
        const {code, stderr} = run(state, speaking(language));
        assert.equal(code, 2);
        assert.match(stderr, message);
      }
      for (const [language, message] of Object.entries({es: /los nombres sin punto/, gl: /os nomes sen punto/, en: /names without a dot/})) {
        const {code, stderr} = concejo(['plugin', 'new', 'buzon'], {env: speaking(language)});
        assert.equal(code, 2);
        assert.match(stderr, message);
      }
    });

    test('--json says the same in every language', () => {
      const keys = value => (value && typeof value === 'object' ? (Array.isArray(value) ? value.map(keys) : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, keys(inner)]))) : typeof value);
      for (const command of [['doctor'], ['tenant', 'list'], ['plugin', 'list'], ['config', 'check']]) {
        const [spanish, english] = ['es', 'en'].map(language => JSON.parse(run([...command, '--json'], speaking(language)).stdout));
        assert.deepEqual(keys(english), keys(spanish), command.join(' '));
        if (spanish.checks) assert.deepEqual(english.checks.map(check => check.check), spanish.checks.map(check => check.check));
      }
    });
  });
}
