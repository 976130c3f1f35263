// A file is loaded by what its beginning says: where the rest of it says something else, what all of it says is what counts; what
// breaks off in the middle leaves nothing. Judged by exact arithmetic, sha256 and the database's own tables.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {describe, test} from 'node:test';
import {Client, decode, form} from '../../support/client.mjs';
import {concejo} from '../../support/demo.mjs';

/** A workbook whose only sheet ends in the middle of its last row. */
const broken_workbook = where => {
  const program = `
import sys, zipfile
rows = ''.join(f'<row r="{n + 1}"><c r="A{n + 1}" t="inlineStr"><is><t>{"parada" if n == 0 else "calle número " + str(n)}</t></is></c><c r="B{n + 1}"' + (' t="inlineStr"><is><t>plazas</t></is>' if n == 0 else f'><v>{n}</v>') + '</c></row>' for n in range(30000))
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as book:
    book.writestr('xl/workbook.xml', '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Hoja" sheetId="1" r:id="rId1"/></sheets></workbook>')
    book.writestr('xl/_rels/workbook.xml.rels', '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
    book.writestr('xl/worksheets/sheet1.xml', '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>' + rows + '<row r="30001"><c')
`;
  const {status, stderr} = spawnSync('python3', ['-c', program, where], {encoding: 'utf8'});
  assert.equal(status, 0, stderr);
  return where;
};

export default function (world) {
  const at = name => path.join(world.demo.dir, name);
  const file = (name, text) => { fs.writeFileSync(at(name), text); return at(name); };
  const load = (dataset, where) => world.demo.json('open-data', 'import', '--tenant', 'valdehermoso', '--dataset', dataset, where);
  const sql = statement => world.demo.sql(statement.replaceAll('@', 'm_valdehermoso.'));
  const tables = () => Number(sql("select count(*) from pg_tables where schemaname = 'm_valdehermoso' and tablename ~ '^open_data_t[0-9]+$'"));
  const table_of = resource => `@${sql(`select table_name from @open_data_resource where id = '${resource}'`)}`;
  const rows = (count, line) => Array.from({length: count}, (_, n) => line(n)).join('\n') + '\n';

  describe('open data, loads', () => {
    test('columns that are something else far below are what all their cells are', () => {
      const before = tables();
      const text = 'codigo,dia,cifra,vacia\n' + rows(30_000, n => `${n === 28_000 ? '007' : n + 1},${n === 29_000 ? '31/01/2026' : '01/02/2026'},${n === 25_000 ? '12.25' : '3'},${n < 15_000 ? '' : n}`);
      const {code, value, stderr} = load('carga-cambia', file('cambia.csv', text));
      assert.equal(code, 0, stderr);
      assert.deepEqual(value.columns.map(({type}) => type), ['text', 'date', 'numeric', 'integer']);
      assert.deepEqual([value.rows_read, value.rows_accepted, value.rows_rejected], [30_000, 30_000, 0]);
      const table = table_of(value.resource_id);
      assert.equal(sql(`select sum(cifra), sum(vacia), count(*) filter (where codigo = '007'), max(dia), min(_id), max(_id) from ${table}`),
        [3 * 29_999 + 12.25 + '', (15_000 + 29_999) * 15_000 / 2, 1, '2026-02-01', 1, 30_000].join('|'));
      assert.equal(tables(), before + 1, 'no table is left of the first try');
    });

    test('a file that is what it begins as is there whole, with its original and its key', () => {
      const text = 'codigo,dia,cifra\n' + rows(40_000, n => `a${n},2026-02-${String(n % 28 + 1).padStart(2, '0')},${n}.5`);
      const {code, value} = load('carga-llana', file('llana.csv', text));
      assert.equal(code, 0);
      const table = table_of(value.resource_id);
      assert.equal(sql(`select count(*), sum(cifra), count(distinct _id) from ${table}`), [40_000, 40_000 * 39_999 / 2 + 20_000 + '.0', 40_000].join('|'));
      assert.equal(sql(`select count(*) from pg_index where indisprimary and indrelid = '${table.replace('@', 'm_valdehermoso.')}'::regclass`), '1');
      assert.equal(sql(`select blob from @open_data_resource where id = '${value.resource_id}'`), createHash('sha256').update(text).digest('hex'));
      const kept = spawnSync('find', [at('data'), '-name', createHash('sha256').update(text).digest('hex')], {encoding: 'utf8'}).stdout.trim();
      assert.equal(fs.readFileSync(kept, 'utf8'), text);
    });

    test('a column that was blank is what the next file fills it with, unless a person said that it is text; one that had texts stays', async () => {
      const types = value => value.columns.map(({name, type}) => `${name} ${type}`).join(', ');
      const blank = () => file('huecos.csv', 'calle,desde,plazas,nota\nMayor,,-,x\nMenor,,,7\n');
      const first = load('carga-huecos', blank());
      assert.equal(types(first.value), 'calle text, desde text, plazas text, nota text');
      const second = load('carga-huecos', file('huecos.csv', 'calle,desde,plazas,nota\nMayor,2026-01-31,12,1\nMenor,2026-02-01,7,2\n'));
      assert.equal(types(second.value), 'calle text, desde date, plazas integer, nota text');
      assert.equal(second.value.rows_rejected, 0);
      const chosen = load('carga-huecos-dichos', blank()), clerk = await Client.of(world.demo, 'secretaria'), page = '/es/gestion/datos/carga-huecos-dichos';
      assert.equal((await clerk.submit(form((await clerk.get(page)).text, 'datos-columnas'), {tipo1: 'date'})).status, 303);
      const third = load('carga-huecos-dichos', file('huecos.csv', 'calle,desde,plazas,nota\nMayor,mañana,12,1\n'));
      assert.equal(chosen.code, 0);
      assert.match(types(third.value), /desde date, plazas integer, nota text/);
      assert.equal(third.value.rows_rejected, 1);
    });

    test('the bar of a load ends whole, and one is said as one', () => {
      const where = file('barra.csv', 'a;b;c\n' + rows(60_000, n => `${n};calle ${n};${n},5`) + 'y;\n');
      const run = language => concejo(['open-data', 'import', '--tenant', 'valdehermoso', '--dataset', 'carga-barra', where, '--dir', world.demo.dir], {env: {LC_ALL: language}});
      const spanish = run('es_ES.UTF-8');
      assert.equal(spanish.code, 1, 'a row was rejected');
      assert.deepEqual([...new Set(spanish.stderr.match(/\d+ % \S+/g))].slice(-1), ['100 % barra.csv']);
      assert.match(spanish.stdout, /^Filas: 60\.001 leídas, 60\.000 cargadas, 1 rechazada\.$/m);
      for (const [language, said] of [['ca_ES.UTF-8', '60.000 carregades, 1 rebutjada.'], ['gl_ES.UTF-8', '60.000 cargadas, 1 rexeitada.'], ['eu_ES.UTF-8', '1 baztertuta.'], ['en_GB.UTF-8', '60,001 read, 60,000 loaded, 1 rejected.']])
        assert.ok(run(language).stdout.includes(said), language);
    });

    test('a workbook that breaks off in the middle is refused with its reason, and nothing of it stays', async () => {
      const before = tables(), book = broken_workbook(at('rota.xlsx'));
      const {code, stderr} = world.demo.concejo('open-data', 'import', '--tenant', 'valdehermoso', '--dataset', 'carga-rota', book);
      assert.notEqual(code, 0);
      assert.match(stderr, /la hoja de cálculo está incompleta o dañada/);
      const clerk = await Client.of(world.demo, 'secretaria');
      const blank = form((await clerk.get('/es/gestion/datos/nuevo')).text, 'datos-formulario');
      const page = await clerk.submit(blank, {titulo: 'Carga rota'}, {archivo: {name: 'rota.xlsx', type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', bytes: fs.readFileSync(book)}});
      assert.equal(page.status, 422);
      assert.match(decode(page.text), /La hoja de cálculo está incompleta o dañada/);
      assert.equal(tables(), before);
      assert.equal(sql("select count(*) from @open_data_dataset where name like 'carga-rota%'"), '0');
    });
  });
}
