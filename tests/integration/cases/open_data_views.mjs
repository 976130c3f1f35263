// What people see of published data: the profile of its columns, its table, its charts, its map, the score of its description.
// Judged by Python (statistics, csv, unicodedata) on the file as it came, and by xmllint.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {describe, test} from 'node:test';
import {ckan} from '../../support/ckan.mjs';
import {sleep} from '../../support/demo.mjs';
import {decode} from '../../support/client.mjs';

const rows = [];
{
  let seed = 7;
  const next = most => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor(seed / 256) % most; };
  const kinds = ['Obra', 'Servicio', 'Suministro', 'Ñandú; "raro"', '<script>alert(1)</script>'];
  for (let i = 0; i < 400; ++i)
    rows.push([`Línea ${i}`, i % 9 === 0 ? '' : kinds[next(kinds.length)], `${2015 + next(6)}-${String(1 + next(12)).padStart(2, '0')}-${String(1 + next(28)).padStart(2, '0')}`,
      i % 11 === 0 ? '' : (next(200000) / 100 - 200).toFixed(2), String(1 + next(7)), i % 50 === 3 ? '' : (40.4 + next(1000) / 50000).toFixed(5), i % 50 === 3 ? '' : (-3.7 + next(1000) / 50000).toFixed(5)]);
  rows[5][5] = '-3.71', rows[5][6] = '40.41', rows[6][5] = '0', rows[6][6] = '0';
}
const csv = ['Nombre;Tipo;Fecha;Importe;Meses;lat;lon', ...rows.map(row => row.map(cell => /[;"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell.replace(/^(-?\d+)\.(\d+)$/, '$1,$2')).join(';'))].join('\r\n') + '\r\n';

const judged = spawnSync('python3', ['-c', `
import csv, io, json, statistics, sys, unicodedata
from collections import Counter, defaultdict
rows = list(csv.DictReader(io.StringIO(sys.stdin.buffer.read().decode()), delimiter=';'))
num = lambda t: float(t.replace(',', '.'))
fold = lambda t: ''.join(c for c in unicodedata.normalize('NFD', t.lower()) if not unicodedata.combining(c))
amounts = [num(r['Importe']) for r in rows if r['Importe']]
by = defaultdict(float)
for r in rows:
    if r['Importe']: by[r['Tipo']] += num(r['Importe'])
years = Counter(r['Fecha'][:4] for r in rows)
top = sorted((r for r in rows if r['Importe'] and num(r['Importe']) >= 1000 and fold(r['Tipo']) == 'nandu; "raro"'), key=lambda r: -num(r['Importe']))
print(json.dumps({'mean': statistics.fmean(amounts), 'median': statistics.median(amounts), 'min': min(amounts), 'max': max(amounts), 'nulls': sum(not r['Importe'] for r in rows),
  'types': Counter(r['Tipo'] for r in rows if r['Tipo']), 'by': by, 'years': years, 'bins': Counter(int(a // 200) for a in amounts), 'top': [r['Nombre'] for r in top],
  'words': sum('servicio' in fold(r['Tipo']) for r in rows), 'placed': sum(bool(r['lat']) for r in rows) - 2}))
`], {input: csv, encoding: 'utf8'});
const truth = JSON.parse(judged.stdout || (() => { throw Error(judged.stderr); })());
const xml = (document, expression) => spawnSync('xmllint', ['--nonet', '--xpath', expression, '-'], {input: document, encoding: 'utf8'}).stdout.trim();
/** "1.234,50" → 1234.5, and what stands for minus. */
const number = text => Number(text.replaceAll('.', '').replace(',', '.').replace('−', '-'));
const cells = page => [...page.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row]) => [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell]) => decode(cell.replace(/<[^>]+>/g, '')))).slice(1);

export default function (world) {
  const get = (where, more = {}) => world.demo.request(where, more);
  const about = ['--titulo', 'Vistas de prueba', '--descripcion', 'Un archivo inventado para mirar sus columnas, sus gráficos y su mapa.', '--sector', 'sector-publico', '--frecuencia', 'ANNUAL', '--palabras', 'vistas, prueba'];
  let id, profile, token;
  const {done} = ckan(world, () => token ??= world.demo.json('token', 'create', '--tenant', 'valdehermoso', '--scope', 'open-data:write', '--name', 'vistas').value.token);
  const load = (name, text, ...more) => world.demo.json('open-data', 'import', '--tenant', 'valdehermoso', '--dataset', 'vistas', ...more, world.demo.put(name, text));
  const read_profile = resource => JSON.parse(world.demo.sql(`select coalesce(profile::text, 'null') from m_valdehermoso.open_data_version v join m_valdehermoso.open_data_resource r on r.id = v.resource and r.version = v.number where r.id = '${resource}'`));

  describe('open data, as people see it', () => {
    test('each load counts what its columns hold, as Python counts it', () => {
      const loaded = load('vistas.csv', csv, '--publicar', ...about);
      assert.equal(loaded.code, 0, loaded.stderr);
      id = loaded.value.resource_id;
      profile = Object.fromEntries(read_profile(id).map(column => [column.name, column]));
      const {Importe: amount, Tipo: kind, Fecha: date, Nombre: name} = profile;
      assert.deepEqual([amount.type, amount.values, amount.nulls], ['numeric', 400 - truth.nulls, truth.nulls]);
      for (const key of ['min', 'max', 'mean', 'median']) assert.ok(Math.abs(Number(amount[key]) - truth[key]) < 0.0001, `${key}: ${amount[key]}, ${truth[key]}`);
      assert.deepEqual(Object.fromEntries(amount.bins.filter(({count}) => count).map(({from, count}) => [Math.round(Number(from) / 200), count])), truth.bins);
      for (const bin of amount.bins) assert.equal(Number(bin.to) - Number(bin.from), 200);
      assert.deepEqual(Object.fromEntries(kind.top.map(({value, count}) => [value, count])), truth.types);
      assert.equal(name.distinct, 400);
      assert.deepEqual([date.unit, Object.fromEntries(date.bins.map(({from, count}) => [from.slice(0, 4), count]))], ['year', truth.years]);
    });

    test('the page draws it, with the same in a table, and runs nothing of the data', async () => {
      const page = (await get('/es/datos/vistas')).text;
      const drawings = page.match(/<svg xmlns[^]*?<\/svg>/g);
      assert.equal(drawings.length, 5, 'date, amount, months, two coordinates');
      for (const drawing of drawings) assert.match(xml(drawing, 'string(/*/@aria-label)'), /^Cómo se reparten las filas/);
      assert.ok(!page.includes('<script>alert'));
      assert.ok(!/ style=/.test(page));
      assert.match(decode(page), /Media<\/dt><dd>/);
    });

    test('large tables, and rows that change by the API, are counted by a job', async () => {
      const many = load('muchas.csv', 'n;texto\r\n' + Array.from({length: 21000}, (_, i) => `${i};t${i % 3}`).join('\r\n') + '\r\n');
      let counted = null;
      for (let i = 0; i < 200 && !counted; ++i) counted = read_profile(many.value.resource_id) ?? (await sleep(100), null);
      assert.deepEqual([counted[0].distinct, counted[0].min, counted[0].max, counted[1].distinct], [21000, '0', '20999', 3]);
      const made = await done('datastore_create', {resource: {package_id: 'vistas', name: 'API'}, fields: [{id: 'a', type: 'numeric'}], records: [{a: 1}, {a: 4}]});
      assert.equal(world.demo.sql(`select count(*) from concejo.jobs where kind = 'perfilar' and payload->>'resource' = '${made.resource_id}'`), '1');
    });

    test('the table is sorted, filtered and searched by its address, as Python does it', async () => {
      const table = `/es/datos/vistas/tabla/${id}`;
      const wanted = `${table}?columna=Importe&condicion=desde&valor=1.000&columna=Tipo&condicion=es&valor=${encodeURIComponent('ÑANDU; "RARO"')}&orden=Importe&sentido=desc`;
      const page = (await get(wanted)).text;
      assert.deepEqual(cells(page).map(([name]) => name), truth.top);
      assert.match(page, /aria-sort="descending"/);
      assert.match((await get(`${table}?q=L%C3%ADNEA%20servicio`)).text.match(/data-c="datos-total">[^<]*/)[0], new RegExp(`>${truth.words} filas`));
      const [first, second] = await Promise.all([1, 2].map(async n => cells((await get(`${table}?pagina=${n}`)).text).map(([name]) => name)));
      assert.deepEqual([...first, ...second], rows.slice(0, 100).map(([name]) => name));
      assert.equal(cells((await get(`${table}?columna=Tipo&condicion=vacio&valor=-`)).text).length, Math.min(50, rows.filter(row => !row[1]).length));
      assert.equal(cells((await get(`${table}?columna=Fecha&condicion=hasta&valor=31/12/2014`)).text).length, 0);
    });

    test('what cannot be asked for is told, and nothing of it reaches the database', async () => {
      const table = `/es/datos/vistas/tabla/${id}`;
      for (const [query, told] of [['columna=Importe&condicion=desde&valor=mucho', /no es un número/], ['columna=Fecha&condicion=es&valor=31/02/2020', /no es una fecha/], ['columna=Nada&condicion=es&valor=1', /No hay ninguna columna/],
        ['columna=Importe&condicion=drop&valor=1', /No hay ninguna columna o condición/], [Array.from({length: 7}, () => 'columna=Tipo&condicion=contiene&valor=a').join('&'), /Caben 5 condiciones/]]) {
        const answer = await get(`${table}?${query}`);
        assert.equal(answer.status, 400, query);
        assert.match(decode(answer.text), told);
      }
      for (const nasty of [`orden=${encodeURIComponent('Importe"; DROP TABLE x; --')}`, 'pagina=-3', 'pagina=99999999999999999999', `q=${encodeURIComponent("%_\\' OR 1=1")}`, `columna=Tipo&condicion=contiene&valor=${encodeURIComponent("'\"%_\\")}`, 'orden=_id', `q=${'a%20'.repeat(60)}`])
        assert.equal((await get(`${table}?${nasty}`)).status, 200, nasty);
      assert.equal((await get(`${table}?orden=${encodeURIComponent('Importe"; DROP TABLE x; --')}`)).text.includes('aria-sort'), false);
    });

    test('a chart adds up as Python does, the same in its table, and as a file', async () => {
      const chart = `/es/datos/vistas/grafico/${id}`;
      const page = (await get(`${chart}?por=Tipo&medida=suma&de=Importe`)).text;
      const sums = Object.fromEntries(cells(page).map(([label, sum]) => [label === '(sin valor)' ? '' : label, number(sum)]));
      assert.deepEqual(Object.keys(sums).sort(), Object.keys(truth.by).sort());
      for (const [label, sum] of Object.entries(truth.by)) assert.ok(Math.abs(sums[label] - sum) < 0.006, `${label}: ${sums[label]}, ${sum}`);
      const usual = (await get(chart)).text;
      assert.match(decode(usual), /Suma de Importe, por Fecha/);
      const file = await get(`${chart}/svg?por=Fecha&medida=filas`);
      assert.equal(file.headers['content-type'], 'image/svg+xml');
      assert.match(file.headers['content-disposition'], /attachment; filename="vistas.svg"/);
      const said = Array.from({length: Object.keys(truth.years).length}, (_, i) => xml(file.text, `string((//*[local-name()="title"])[${i + 1}])`));
      assert.deepEqual(Object.fromEntries(said.map(text => text.split(': ').map((part, i) => i ? Number(part) : part))), truth.years);
      for (const nasty of ['por=Nada', 'por=Importe', 'medida=drop', 'de=Tipo&medida=suma', `por=${encodeURIComponent('Tipo" FROM x')}`]) assert.equal((await get(`${chart}?${nasty}`)).status, 200, nasty);
    });

    test('the map has the rows that are somewhere, and tells which are not', async () => {
      const map = `/es/datos/vistas/mapa/${id}`;
      const page = (await get(map)).text, text = decode(page);
      assert.match(text, new RegExp(`${truth.placed} filas en el mapa`));
      assert.match(text, /9 filas no tienen coordenadas/);
      assert.match(text, /1 fila tiene coordenadas que no están en España/);
      assert.match(text, /1 parece tener cambiadas/);
      const [wide] = page.match(/<svg xmlns[^]*?<\/svg>/);
      const counts = [...decode(wide).matchAll(/<title>(?:(\d+) puntos|[^<]*)[^<]*<\/title>/g)].map(([, n]) => Number(n ?? 1));
      assert.equal(counts.reduce((a, b) => a + b), truth.placed);
      const near = decode(wide).match(/href="([^"]+)"/)[1];
      const nearer = await get(near);
      assert.equal(nearer.status, 200);
      assert.ok(Number(decode(nearer.text).match(/(\d+) filas? en el mapa/)[1]) >= 2);
      for (const nasty of ['caja=1,2,3', 'caja=nan,0,1,1', 'caja=5,5,1,1', 'caja=-1e300,-1e300,1e300,1e300', 'caja=1,2,3,4,5']) assert.equal((await get(`${map}?${nasty}`)).status, 200, nasty);
      assert.equal((await get(`/es/datos/contratos-menores/mapa/${id}`)).status, 404);
    });

    test('the score is explained, and what to do for more', async () => {
      const page = decode((await get('/es/datos/vistas/calidad')).text);
      const parts = [...page.matchAll(/<strong>[^<]*<\/strong>: ([\d,]+) de 405|<span class="muted">([\d,]+) de (\d+)<\/span><\/h2>/g)].map(([, whole, points]) => number(whole ?? points));
      assert.ok(Math.abs(parts[0] - parts.slice(1).reduce((a, b) => a + b)) < 0.3, parts.join(' '));
      assert.match(page, /Ponga el primer día que cubren los datos/);
      assert.match(page, /dcat:keyword/);
    });

    test('a draft, a file without rows, another dataset and the other town show none of it', async () => {
      await done('package_delete', {id: 'vistas'});
      for (const view of ['tabla', 'grafico', 'mapa'])
        for (const host of ['valdehermoso.localhost', 'riomar.localhost']) assert.equal((await get(`/es/datos/vistas/${view}/${id}`, {host})).status, 404, `${host} ${view}`);
      assert.equal((await get('/es/datos/contratos-menores/tabla/00000000-0000-4000-8000-000000000000')).status, 404);
    });

    test('what people may be about to write is offered without a script', async () => {
      const page = decode((await get('/es/datos')).text);
      const [, known] = page.match(/<datalist[^>]*>(.*?)<\/datalist>/s);
      assert.match(known, /value="Contratos menores"/);
      assert.match(known, /value="contratación"/);
      assert.doesNotMatch(known, /Vistas de prueba/);
      assert.match(decode((await get('/es/datos?q=contartos')).text), /Quería decir/);
    });
  });
}
