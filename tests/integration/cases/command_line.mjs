// What scripts stand on: one JSON object on stdout, messages on stderr, 0 good, 1 the answer is no, 2 wrong use.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import {concejo, program} from '../../support/demo.mjs';

export default function (world) {
  describe('command line', () => {
    const commands = {
      'config check': value => assert.equal(value.ok, true),
      'plugin list': value => {
        const active = value.plugins.filter(plugin => plugin.active).map(plugin => plugin.id).sort();
        assert.deepEqual(active, ['calendar', 'es.riomar.buzon', 'evidence', 'open-data', 'sede']);
        for (const plugin of value.plugins) assert.deepEqual(plugin.problems, [], plugin.id);
      },
      'tenant list': value => {
        assert.deepEqual(value.tenants.map(tenant => tenant.slug).sort(), ['riomar', 'valdehermoso']);
        const of = slug => value.tenants.find(tenant => tenant.slug === slug);
        assert.ok(of('riomar').modules.includes('es.riomar.buzon'));
        assert.ok(!of('valdehermoso').modules.includes('es.riomar.buzon'));
      },
      'user list --tenant valdehermoso': value => assert.deepEqual(value.users.map(user => [user.login, user.totp]).sort(),
        [['administracion', true], ['redaccion', true], ['secretaria', true]]),
      'token list --tenant riomar': value => assert.equal(value.tokens.length, 1),
      'jobs list --tenant riomar': value => assert.ok(Array.isArray(value.jobs)),
      'migrate ': value => assert.equal(value.ok, true),
      'doctor ': value => assert.equal(value.ok, true, JSON.stringify(value)),
      'status ': value => assert.ok(value),
      'sede list --tenant valdehermoso': value => assert.ok(value.anuncios.length >= 20, 'a few dozen announcements'),
    };
    for (const [command, check] of Object.entries(commands)) {
      test(`${command} --json: one object, exit 0, beside the running server`, () => {
        const {code, value, stdout, stderr} = world.demo.json(...command.split(' ').filter(Boolean));
        assert.equal(code, 0, stderr);
        assert.equal(stdout.trim().split('\n').length, 1);
        check(value);
      });
    }

    test('the folder comes from CONCEJO_DIR where --dir is not given', () => {
      const {code, stdout} = concejo(['tenant', 'list', '--json'], {env: {CONCEJO_DIR: world.demo.dir}});
      assert.equal(code, 0);
      assert.equal(JSON.parse(stdout).tenants.length, 2);
    });

    const wrong = [
      ['an unknown command', ['nada']],
      ['an unknown option', ['config', 'check', '--nada']],
      ['no command', []],
      ['a state that jobs do not have', ['jobs', 'list', '--tenant', 'riomar', '--state', 'perdido']],
      ['a job without its number', ['jobs', 'cancel', '--tenant', 'riomar']],
      ['a verb that lacks its options', ['sede', 'publish', '--tenant', 'valdehermoso']],
      ['an unknown municipality', ['user', 'list', '--tenant', 'ninguno']],
      ['an unknown role', ['user', 'add', '--tenant', 'valdehermoso', '--login', 'alguien', '--role', 'ninguno', {input: 'una clave muy larga 1\n'}]],
      ['a kind of announcement that there is not', ['sede', 'publish', '--tenant', 'valdehermoso', '--tipo', 'ninguno', '--titulo', 'x', '--desde', '2026-01-01', '--hasta', '2026-02-01', program]],
      ['a day that is not in the calendar', ['sede', 'publish', '--tenant', 'valdehermoso', '--tipo', 'edicto', '--titulo', 'x', '--desde', '2026-02-30', '--hasta', '2026-03-01', program]],
    ];
    for (const [what, words] of wrong) {
      test(`${what}: exit 2, a message, nothing on stdout`, () => {
        const {code, stdout, stderr} = world.demo.concejo(...words);
        assert.equal(code, 2, stderr);
        assert.ok(stderr.trim().length > 10, 'it says what');
        assert.equal(stdout.trim(), '');
      });
    }

    test('no folder at all: exit 2 and how to give one', () => {
      const {code, stderr} = concejo(['config', 'check'], {env: {CONCEJO_DIR: ''}});
      assert.equal(code, 2);
      assert.match(stderr, /--dir/);
    });

    test('--help of every command: exit 0', () => {
      for (const words of [['--help'], ['serve', '--help'], ['config', 'check', '--help'], ['user', 'add', '--help'], ['sede', 'publish', '--help', '--dir', world.demo.dir]]) {
        const {code, stdout} = concejo(words);
        assert.equal(code, 0, words.join(' '));
        assert.ok(stdout.includes('--help') || stdout.includes('-h'), words.join(' '));
      }
    });

    test('the words of an official plugin are explained without an installation', () => {
      const say = (...words) => concejo(words, {env: {CONCEJO_DIR: ''}});
      const help = say('open-data', 'import', '--help');
      assert.equal(help.code, 0, help.stderr);
      assert.match(help.stdout, /--dataset[^]*--allow-rejects/);
      assert.match(say('open-data', '--help').stdout, /import[^]*export[^]*harvest/);
      const lacking = say('open-data', 'list', '--tenant', 'valdehermoso');
      assert.equal(lacking.code, 2);
      assert.match(lacking.stderr, /falta la carpeta de la instalación/);
      assert.match(say('es.riomar.buzon', '--help').stderr, /«es\.riomar\.buzon» no es una orden ni un complemento oficial/);
    });

    test('a verb that there is not is named, with those that there are', () => {
      for (const [words, said] of [[['open-data', 'cargar', '--tenant', 'valdehermoso'], /^«cargar» no es una orden de «concejo open-data»; las que hay: import, publish/], [['open-data'], /^falta la orden; las que hay: import/],
        [['config', 'mirar'], /^«mirar» no es una orden de «config»; las que hay: check, /], [['config'], /^falta la orden; las que hay: check, /]]) {
        const {code, stderr} = world.demo.concejo(...words);
        assert.deepEqual([code, said.test(stderr)], [2, true], stderr);
      }
    });

    test('a file that is no plugin: plugin check exits 1 and says why', () => {
      const file = path.join(world.demo.dir, 'es.nadie.nada.so');
      fs.writeFileSync(file, 'no ELF here');
      const {code, value} = world.demo.json('plugin', 'check', file);
      fs.rmSync(file);
      assert.equal(code, 1);
      assert.equal(value.ok, false);
      assert.ok(value.problems[0].length > 10);
    });

    test('a user is added from stdin, listed, switched off and on', () => {
      const tenant = ['--tenant', 'valdehermoso', '--login', 'archivera'];
      const added = world.demo.concejo('user', 'add', '--json', ...tenant, '--role', 'redaccion', '--name', 'Ana Archivera', {input: 'tres tristes tigres 33\n'});
      assert.equal(added.code, 0, added.stderr);
      assert.ok(JSON.parse(added.stdout).id);
      assert.equal(world.demo.concejo('user', 'add', ...tenant, '--role', 'redaccion', {input: 'tres tristes tigres 33\n'}).code, 1, 'twice is refused');
      assert.equal(world.demo.concejo('user', 'disable', ...tenant).code, 0);
      const listed = world.demo.json('user', 'list', '--tenant', 'valdehermoso').value.users.find(user => user.login === 'archivera');
      assert.equal(listed.disabled, true);
      assert.equal(world.demo.concejo('user', 'enable', ...tenant).code, 0);
      assert.ok(!world.demo.json('user', 'list', '--tenant', 'riomar').value.users.some(user => user.login === 'archivera'), 'only in its municipality');
    });

    test('a token is created once, listed without its secret, revoked', () => {
      const created = world.demo.json('token', 'create', '--tenant', 'riomar', '--scope', 'sede.anuncios.editar', '--name', 'prueba');
      assert.equal(created.code, 0, created.stderr);
      const {token, id} = created.value;
      const listed = world.demo.concejo('token', 'list', '--json', '--tenant', 'riomar');
      assert.ok(!listed.stdout.includes(token));
      assert.ok(listed.stdout.includes(id));
      assert.equal(world.demo.concejo('token', 'revoke', id, '--tenant', 'valdehermoso').code, 1, 'not from another municipality');
      assert.equal(world.demo.concejo('token', 'revoke', id, '--tenant', 'riomar').code, 0);
      assert.equal(world.demo.concejo('token', 'revoke', id, '--tenant', 'riomar').code, 1, 'only once');
    });
  });
}
