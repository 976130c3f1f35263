// Workbooks are read by a helper program in a child, never by a worker: each cell as openpyxl reads it, and files that mean harm,
// are broken or end the helper harm nobody and leave nothing behind.
import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import {describe, test} from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {program, sleep} from '../../support/demo.mjs';
import {Client, decode, form} from '../../support/client.mjs';

const helper = path.join(path.dirname(fs.realpathSync(program)), 'concejo-open-data');
const python = (code, ...words) => {
  const {status, stdout, stderr} = spawnSync('/usr/bin/python3', ['-c', code, ...words], {encoding: 'utf8', maxBuffer: 1 << 28});
  assert.equal(status, 0, stderr);
  return stdout;
};
/** By LibreOffice: a title over merged cells, a hidden sheet in front, formulas, days, money, percentages, a row of totals. */
const by_libreoffice = ending => fileURLToPath(new URL(`../../support/libreoffice/lugares.${ending}`, import.meta.url));
const has_openpyxl = () => spawnSync('/usr/bin/python3', ['-c', 'import openpyxl']).status === 0;

/** Writes sheets by chance: numbers, days, times, texts of many scripts, formulas, gaps. */
const by_chance = `
import datetime, openpyxl, random, sys
random.seed(2026)
book = openpyxl.Workbook()
texts = ['Peñón', 'línea uno\\nlínea dos', '<b>&amp;</b> "x"', '日本語', '🙂 emoji', '00123', '=1+1 no', 'a\\tb', '1.234,56', 'x' * 3000, 'true', '_x', '_xyz_']
def value():
    return random.choice([lambda: random.randint(-10**9, 10**15), lambda: round(random.uniform(-1e6, 1e6), 4), lambda: random.random() * 1e-7, lambda: random.random() * 1e18, lambda: 0.1 + 0.2,
        lambda: datetime.date(1900 + random.randint(1, 250), random.randint(1, 12), random.randint(1, 28)), lambda: datetime.datetime(2000 + random.randint(0, 60), 2, 28, random.randint(0, 23), random.randint(0, 59), random.randint(0, 59)),
        lambda: datetime.time(random.randint(0, 23), random.randint(0, 59), random.randint(0, 59)), lambda: random.random() < 0.5, lambda: None, lambda: random.choice(texts), lambda: random.choice(texts)])()
for n in range(4):
    sheet = book.create_sheet(['Datos', 'Año «2026» & más', 'ancha', 'a lo lejos'][n], n)
    for row in range(1, 400):
        if random.random() < 0.2: continue
        for column in range(1, [9, 4, 300, 3][n]):
            if random.random() < 0.3: continue
            sheet.cell(row * [1, 1, 1, 1000][n], column).value = value()
book.save(sys.argv[1])
`;

/** What openpyxl reads in every cell against what the helper writes: the first differences, and how many cells were compared. */
const judge = `
import datetime, json, openpyxl, subprocess, sys
from decimal import Decimal
helper, path = sys.argv[1:]
def shown(cell):
    value, moment = cell.value, cell.number_format.lower()
    if value is None: return ''
    if isinstance(value, bool): return 'true' if value else 'false'
    if isinstance(value, (int, float)): return format(Decimal('%.15g' % value), 'f').rstrip('.') if '.' not in format(Decimal('%.15g' % value), 'f') else format(Decimal('%.15g' % value), 'f').rstrip('0').rstrip('.')
    if isinstance(value, datetime.datetime): return value.strftime('%Y-%m-%d %H:%M:%S' if 'h' in moment else '%Y-%m-%d')
    if isinstance(value, (datetime.date, datetime.time)): return value.isoformat()
    return value.strip().replace('\\r\\n', '\\n')
book, cells, wrong = openpyxl.load_workbook(path, data_only=True), 0, []
names = subprocess.run([helper, 'sheets', path], capture_output=True, check=True, encoding='utf8').stdout.splitlines()
assert names == book.sheetnames, (names, book.sheetnames)
for sheet in book.worksheets:
    stream = subprocess.run([helper, 'rows', path, sheet.title], capture_output=True, check=True).stdout.decode('utf8')
    head, *records = stream.split('\\x1e')
    assert head == 'xlsx\\x1f' + sheet.title and records.pop() == '\\x1c'
    found = {}
    for line, *row in (record.split('\\x1f') for record in records):
        found.update({(int(line), n + 1): text for n, text in enumerate(row) if text})
    expected = {(cell.row, cell.column): shown(cell) for row in sheet.iter_rows() for cell in row if shown(cell)}
    cells += len(expected)
    wrong += [[sheet.title, key, expected.get(key), found.get(key)] for key in sorted(expected.keys() | found.keys()) if expected.get(key) != found.get(key)]
print(json.dumps({'cells': cells, 'wrong': wrong[:20]}))
`;

/** Archives of parts, some of which are only said to be large. */
const zip = `
import json, os, struct, sys, zipfile
path, parts, declared, padding = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as out:
    for name, text, times, end in parts:
        with out.open(name, 'w') as part:
            piece = (text * 4096).encode()
            part.write(end[0].encode())
            for _ in range(times // 4096): part.write(piece)
            part.write((text * (times % 4096)).encode() + end[1].encode())
    out.writestr('media/foto.jpg', os.urandom(padding))
if declared:
    data = bytearray(open(path, 'rb').read())
    for mark, at in ((b'PK\\x03\\x04', 22), (b'PK\\x01\\x02', 24)):
        where = data.find(mark)
        while where >= 0:
            data[where + at:where + at + 4] = struct.pack('<I', declared)
            where = data.find(mark, where + 4)
    open(path, 'wb').write(data)
`;
const sheet_begin = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>';
const rows_of_two = '<row><c t="inlineStr"><is><t>calle</t></is></c><c t="inlineStr"><is><t>farolas</t></is></c></row><row><c t="inlineStr"><is><t>Mayor</t></is></c><c><v>12</v></c></row>';
/** `times` empty rows make the helper busy for as long as it takes, a picture beside them makes their number credible. */
const book = (where, {rows = rows_of_two, times = 0, filler = '<row/>', declared = 0, prologue = '', padding = 0} = {}) => python(zip, where, JSON.stringify([
  ['xl/workbook.xml', '', 0, ['<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Farolas" sheetId="1" r:id="rId1"/></sheets></workbook>', '']],
  ['xl/_rels/workbook.xml.rels', '', 0, ['<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>', '']],
  ['xl/worksheets/sheet1.xml', filler, times, [prologue + sheet_begin + rows, '</sheetData></worksheet>']],
]), String(declared), String(padding));

/** Helpers that run now, by pid, as long as one is there. */
const helpers = () => fs.readdirSync('/proc').filter(name => /^\d+$/.test(name)).filter(pid => {
  try { return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(`${helper}\0rows\0`); } catch { return false; }
});
const kill_the_helper = async (signal = 'SIGKILL') => {
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(5)) {
    const [pid] = helpers();
    if (!pid) continue;
    try { process.kill(Number(pid), signal); return; } catch { /* it had just ended */ }
  }
  assert.fail('no helper was seen');
};

export default function (world) {
  const town = 'valdehermoso';
  const at = name => path.join(world.demo.dir, name);
  const load = (...args) => world.demo.json('open-data', 'import', '--tenant', town, ...args);
  const refused = (...args) => world.demo.concejo('open-data', 'import', '--tenant', town, ...args);
  const of = name => world.demo.json('open-data', 'list', '--tenant', town).value.datasets.find(one => one.name === name);
  const tables = () => Number(world.demo.sql("select count(*) from pg_tables where schemaname = 'm_valdehermoso' and tablename ~ '^open_data_t[0-9]+$'"));
  /** The command line, with a folder of its own for what is temporary. */
  const start = dataset => {
    fs.mkdirSync(at('temporal'), {recursive: true});
    const running = spawn(program, ['open-data', 'import', '--dir', world.demo.dir, '--tenant', town, '--dataset', dataset, at('lento.xlsx')], {env: {...process.env, LC_ALL: 'es_ES.UTF-8', TMPDIR: at('temporal')}, stdio: ['ignore', 'ignore', 'pipe']});
    const gone = new Promise(resolve => running.once('exit', resolve));
    const said = new Promise(resolve => { let all = ''; running.stderr.on('data', text => { all += text; }).on('end', () => resolve(all)); });
    return {running, gone, said};
  };

  describe('workbooks of open data', () => {
    test('every cell is what openpyxl reads in it', t => {
      if (!has_openpyxl()) return t.skip('python3-openpyxl is not installed');
      python(by_chance, at('azar.xlsx'));
      const found = JSON.parse(python(judge, helper, at('azar.xlsx')));
      assert.deepEqual(found.wrong, []);
      assert.ok(found.cells > 50_000, String(found.cells));
    });

    test('import tells of a sheet what it tells of the same rows as CSV, with the sheet\'s own row numbers', t => {
      if (!has_openpyxl()) return t.skip('python3-openpyxl is not installed');
      const rows = [['Farolas del municipio'], [], ['calle', 'farolas', 'fecha'], ['Mayor', 12, '2026-02-03'], ['Menor', 'pocas', '2026-02-04'], ...Array.from({length: 30}, (_, n) => [`Calle ${n}`, n, '2026-02-05']), ['TOTAL', 447, null]];
      python('import json,openpyxl,sys\nb=openpyxl.Workbook()\nfor r in json.loads(sys.argv[2]): b.active.append(r)\nb.create_sheet("Notas")\nb.save(sys.argv[1])', at('farolas.xlsx'), JSON.stringify(rows));
      fs.writeFileSync(at('farolas.csv'), rows.map(row => `${row.join(',')}\n`).join(''));
      const [sheet, text] = ['xlsx', 'csv'].map(kind => load('--dataset', `farolas-${kind}`, '--allow-rejects', at(`farolas.${kind}`)).value);
      const plain = ({encoding, delimiter, resource_id, ...report}) => report;
      assert.deepEqual(plain(sheet), plain(text));
      assert.deepEqual([sheet.header_line, sheet.delimiter, sheet.rows_read, sheet.rejects.map(({line}) => line)], [3, null, 33, [36]]);
      const csv = spawnSync(program, ['open-data', 'export', '--dir', world.demo.dir, '--tenant', town, '--recurso', sheet.resource_id], {encoding: 'utf8'}).stdout;
      assert.equal(csv, spawnSync(program, ['open-data', 'export', '--dir', world.demo.dir, '--tenant', town, '--recurso', text.resource_id], {encoding: 'utf8'}).stdout);
    });

    test('what LibreOffice writes gives the rows of the same table as CSV', () => {
      const rows = {};
      for (const ending of ['csv', 'ods', 'xlsx']) {
        const name = `oficina-${ending}`, done = world.demo.json('open-data', 'import', '--tenant', 'valdehermoso', '--dataset', name, '--allow-rejects', by_libreoffice(ending));
        assert.equal(done.code, 0, done.stderr);
        const {columns, rows_accepted, rejects} = done.value;
        assert.deepEqual(columns.map(({type}) => type), ['text', 'text', 'date', 'numeric', 'numeric', 'boolean', 'time', 'numeric'], ending);
        assert.deepEqual([rows_accepted, rejects.map(({line}) => line)], [3, ending === 'csv' ? [] : [7]], ending);
        rows[ending] = world.demo.concejo('open-data', 'export', '--tenant', 'valdehermoso', '--dataset', name).stdout.replace(/\.0(?=\r|,)/g, '');
      }
      assert.match(rows.csv, /0007,Peñón de Ifach,2024-02-29,1234\.5,0\.125,/);
      for (const ending of ['ods', 'xlsx']) assert.equal(rows[ending], rows.csv, ending);
    });

    test('what means harm or is broken is refused with a reason, from the shell and in the pages, and leaves nothing', async () => {
      const clerk = await Client.of(world.demo, 'secretaria'), before = tables();
      book(at('bien.xlsx'));
      const whole = fs.readFileSync(at('bien.xlsx'));
      const made = [
        ['bomba.xlsx', where => book(where, {times: 3_000_000, filler: ' '.repeat(64)}), /demasiado grande \(xl\/worksheets\/sheet1\.xml\)/],
        ['declara.xlsx', where => book(where, {declared: 2 ** 31}), /dañada/],
        ['entidades.xlsx', where => book(where, {prologue: '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'}), /entidades/],
        ['xml.xlsx', where => book(where, {rows: '<row><c><v>1</c></row>'}), /dañada \(xl\/worksheets\/sheet1\.xml\)/],
        ['cortado.xlsx', where => fs.writeFileSync(where, whole.subarray(0, whole.length - 40)), /dañada \(zip\)/],
        ['azar.ods', where => fs.writeFileSync(where, Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.from(Array.from({length: 5000}, (_, n) => n * n * 7 % 251))])), /dañada \(zip\)/],
        ['otro.xlsx', where => python(zip, where, JSON.stringify([['a.txt', 'a', 1, ['', '']]]), '0', '0'), /archivo comprimido/],
        ['antiguo.xls', where => fs.writeFileSync(where, Buffer.from('d0cf11e0a1b11ae1', 'hex')), /Excel antiguo/],
      ];
      for (const [name, make, why] of made) {
        make(at(name));
        const {code, stderr} = refused('--dataset', 'danino', at(name));
        assert.notEqual(code, 0, `${name} was loaded`);
        assert.match(stderr, why, name);
        assert.equal(of('danino'), undefined, name);
        const blank = form((await clerk.get('/es/gestion/datos/nuevo')).text, 'datos-formulario');
        const page = await clerk.submit(blank, {titulo: `Hojas ${name}`}, {archivo: {name, type: 'application/octet-stream', bytes: fs.readFileSync(at(name))}});
        assert.equal(page.status, 422, name);
        assert.match(decode(page.text), why, name);
      }
      const english = await clerk.submit(form((await clerk.get('/en/gestion/datos/nuevo')).text, 'datos-formulario'), {titulo: 'Street lamps'}, {archivo: {name: 'cortado.xlsx', type: 'application/octet-stream', bytes: fs.readFileSync(at('cortado.xlsx'))}});
      assert.match(decode(english.text), /The spreadsheet is incomplete or damaged \(zip\): open it, save it again and upload it again/);
      assert.equal(tables(), before);
    });

    test('a helper that is killed loses nothing: the clerk is told what to do, and the same file loads', async () => {
      book(at('lento.xlsx'), {times: 8_000_000, padding: 400_000});
      const before = tables();
      const {gone, said} = start('lento');
      await kill_the_helper();
      assert.notEqual(await gone, 0);
      assert.match(await said, /se interrumpió \(SIGKILL\) y no se ha cargado nada: vuelva a intentarlo/);
      assert.deepEqual([of('lento'), tables(), fs.readdirSync(at('temporal')), helpers()], [undefined, before, [], []]);

      const clerk = await Client.of(world.demo, 'secretaria');
      const send = async () => clerk.submit(form((await clerk.get('/es/gestion/datos/nuevo')).text, 'datos-formulario'), {titulo: 'Farolas lentas'}, {archivo: {name: 'lento.xlsx', type: 'application/octet-stream', bytes: fs.readFileSync(at('lento.xlsx'))}});
      const [page] = await Promise.all([send(), kill_the_helper('SIGSEGV')]);
      assert.equal(page.status, 422);
      assert.match(decode(page.text), /se interrumpió \(SIGSEGV\)/);
      assert.deepEqual([of('farolas-lentas'), tables()], [undefined, before]);
      assert.equal((await send()).status, 303);
      assert.equal(of('farolas-lentas').resources[0].rows, 1);
    });

    test('a load that ends because whoever asked is gone takes its helper with it', async () => {
      const {running, gone} = start('lento');
      for (const end = Date.now() + 30_000; helpers().length === 0 && Date.now() < end;) await sleep(5);
      running.kill('SIGKILL');
      await gone;
      for (const end = Date.now() + 10_000; helpers().length > 0 && Date.now() < end;) await sleep(20);
      assert.deepEqual(helpers(), []);
      assert.equal(of('lento'), undefined);
    });
  });
}
