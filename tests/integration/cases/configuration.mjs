// Wrong YAML is told with file, line and column; a running installation keeps what was right.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {sleep} from '../../support/demo.mjs';

const municipio = name => `municipios/${name}.yaml`;

export default function (world) {
  const home = async host => (await world.demo.request('/es/', {host})).text;

  describe('configuration', () => {
    const broken = [
      ['a key that is mistyped', municipio('riomar'), text => text.replace('  nombre:', '  nonbre:'), /municipios\/riomar\.yaml:\d+:\d+: error: .*nonbre/],
      ['broken syntax', municipio('riomar'), text => text + '\nlegal: [sin cerrar\n', /municipios\/riomar\.yaml:\d+:\d+: error: /],
      ['a key given twice', municipio('riomar'), text => text + '\nmunicipio:\n  nombre: Otro\n', /municipios\/riomar\.yaml:\d+:\d+: error: /],
      ['a code without quotes', municipio('valdehermoso'), text => text.replace(/ine: "(\d+)"/, 'ine: $1'), /municipios\/valdehermoso\.yaml:\d+:\d+: error: .*/],
      ['a host of another municipality', municipio('riomar'), text => text.replace('[riomar.localhost]', '[riomar.localhost, localhost]'), /localhost/],
      ['a value of another kind', 'platform.yaml', text => text.replace(/puerto: \d+/, 'puerto: muchos'), /platform\.yaml:\d+:\d+: error: /],
    ];
    for (const [what, file, change, message] of broken) {
      test(`config check: ${what} has file:line:column and exit 1`, () => {
        const restore = world.demo.edit(file, change);
        try {
          const {code, stderr} = world.demo.concejo('config', 'check');
          assert.equal(code, 1);
          assert.match(stderr, message);
          const {value} = world.demo.json('config', 'check');
          assert.equal(value.ok, false);
          assert.ok(value.problems.length > 0);
        } finally {
          restore();
        }
      });
    }

    test('config check tells all problems at once', () => {
      const restore = world.demo.edit(municipio('riomar'), text => text.replace('  nombre:', '  nonbre:').replace('  idiomas: [', '  idiomas: [xx, '));
      try {
        const {stderr} = world.demo.concejo('config', 'check');
        assert.match(stderr, /nonbre/);
        assert.match(stderr, /xx/);
        assert.match(stderr, /nombre/, 'with the nearest key');
      } finally {
        restore();
      }
    });

    test('config show --origin names the file and line of each value', () => {
      const {code, stdout} = world.demo.concejo('config', 'show', 'valdehermoso', '--origin');
      assert.equal(code, 0);
      assert.match(stdout, /municipios\/valdehermoso\.yaml:\d+/);
    });

    test('config schema is JSON Schema', () => {
      const {code, stdout} = world.demo.concejo('config', 'schema');
      assert.equal(code, 0);
      assert.ok(JSON.parse(stdout).properties.municipio);
    });

    test('a reload shows what changed, without stopping', async () => {
      const restore = world.demo.edit(municipio('valdehermoso'), text => text.replace('es: Este municipio es inventado.', 'es: Aviso cambiado por la prueba.'));
      try {
        const {code, value, stderr} = world.demo.json('reload', '--json');
        assert.equal(code, 0, stderr);
        assert.ok(value.ok);
        assert.match(await home('valdehermoso.localhost'), /Aviso cambiado por la prueba\./);
        assert.doesNotMatch(await home('riomar.localhost'), /Aviso cambiado por la prueba\./);
      } finally {
        restore();
        assert.equal(world.demo.concejo('reload').code, 0);
      }
      assert.doesNotMatch(await home('valdehermoso.localhost'), /Aviso cambiado por la prueba\./);
    });

    test('a broken municipality keeps its last good configuration, the others go on, and reload says why', async () => {
      const restore = [
        world.demo.edit(municipio('riomar'), text => text.replace('  nombre: ', '  nonbre: ')),
        world.demo.edit(municipio('valdehermoso'), text => text.replace('es: Este municipio es inventado.', 'es: Valdehermoso sigue adelante.')),
      ];
      try {
        const {code, stderr} = world.demo.concejo('reload');
        assert.equal(code, 1);
        assert.match(stderr, /^municipios\/riomar\.yaml:\d+:\d+: error: .*nonbre/m);
        const riomar = await world.demo.request('/gl/', {host: 'riomar.localhost'});
        assert.equal(riomar.status, 200);
        assert.match(riomar.text, /Concello de Riomar/);
        assert.match(await home('valdehermoso.localhost'), /Valdehermoso sigue adelante\./);
      } finally {
        for (const undo of restore) undo();
        assert.equal(world.demo.concejo('reload').code, 0);
      }
    });

    test('a broken platform.yaml changes nothing at all', async () => {
      const restore = [
        world.demo.edit('platform.yaml', text => text + '\nesto no es: [yaml\n'),
        world.demo.edit(municipio('valdehermoso'), text => text.replace('es: Este municipio es inventado.', 'es: Esto no debe verse.')),
      ];
      try {
        const {code, stderr} = world.demo.concejo('reload');
        assert.equal(code, 1);
        assert.match(stderr, /platform\.yaml:\d+:\d+/);
        const page = await home('valdehermoso.localhost');
        assert.match(page, /Este municipio es inventado\./);
        assert.doesNotMatch(page, /Esto no debe verse\./);
      } finally {
        for (const undo of restore) undo();
        assert.equal(world.demo.concejo('reload').code, 0);
      }
    });

    /** A reload asked for while another one ends is refused, and says so. */
    async function reload() {
      for (;;) {
        const {code, stderr} = world.demo.concejo('reload');
        if (code === 0) return;
        assert.match(stderr, /ya se está recargando/);
        await sleep(100);
      }
    }

    test('SIGHUP reloads too', async () => {
      const restore = world.demo.edit(municipio('valdehermoso'), text => text.replace('es: Este municipio es inventado.', 'es: Recargado por señal.'));
      try {
        world.demo.child.kill('SIGHUP');
        let seen = false;
        for (let n = 0; n < 200 && !seen; ++n) {
          seen = (await home('valdehermoso.localhost')).includes('Recargado por señal.');
          if (!seen) await sleep(100);
        }
        assert.ok(seen);
      } finally {
        restore();
        await reload();
      }
    });
  });
}
