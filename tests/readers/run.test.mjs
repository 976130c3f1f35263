// Open data as others' readers take it: what is said beside each CSV, in the languages that it has. No validator of CSVW can be had
// here; jsonld reads the descriptor by W3C's own context (in safe mode it refuses what the vocabulary has no word for), and
// rdf-parser-csvw reads the file by what the descriptor says. Frictionless is judged by tableschema.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import {after, before, describe, test} from 'node:test';
import {Readable} from 'node:stream';
import terms from '@rdfjs/data-model';
import jsonld from 'jsonld';
import CsvwReader from 'rdf-parser-csvw';
import tableschema from 'tableschema';
import {Demo} from '../support/demo.mjs';

const csvw = 'http://www.w3.org/ns/csvw#', xsd = 'http://www.w3.org/2001/XMLSchema#', dc = 'http://purl.org/dc/terms/';
const context = JSON.parse(fs.readFileSync(path.join(path.dirname(createRequire(import.meta.url).resolve('rdf-parser-csvw')), 'test/support/csvw.json'), 'utf8'));
const text = 'año;importe total;alta;hora;gratis;código;"nota, con ""comillas"""\r\n'
  + '2024;1.234,50;03/02/2024;08:30;sí;007;"Línea 1\nlínea 2"\r\n2025;-0,25;29/02/2024;23:59;no;010;<b>&amp;\r\n2026;5;;;;;\r\n';

/** What rdf-parser-csvw needs of RDF/JS. */
class Dataset extends Array {
  match(subject, predicate) { return Dataset.from(this.filter(quad => (!subject || quad.subject.equals(subject)) && (!predicate || quad.predicate.equals(predicate)))); }
}
const term = ({termType, value, language, datatype}) => termType === 'Literal' ? terms.literal(value, language || terms.namedNode(datatype.value)) : termType === 'BlankNode' ? terms.blankNode(value) : terms.namedNode(value);

describe('open data for other readers', () => {
  const world = {};
  let id, descriptor, csv, triples;
  before(async () => { world.demo = await Demo.start(); });
  after(() => world.demo?.remove());

  test('a table with each type, said in two languages', async () => {
    const done = world.demo.json('open-data', 'import', '--tenant', 'valdehermoso', '--dataset', 'lectores', '--publicar', '--titulo', 'Gastos "por" <año>', '--descripcion', 'Gastos de cada año con su importe, para ver quién los lee y en qué idioma.', '--sector', 'hacienda', '--frecuencia', 'ANNUAL', '--palabras', 'gastos', world.demo.put('lectores.csv', text));
    assert.equal(done.code, 0, done.stderr);
    id = done.value.resource_id;
    assert.deepEqual(done.value.columns.map(({type}) => type), ['integer', 'numeric', 'date', 'time', 'boolean', 'text', 'text']);
    const sql = statement => world.demo.sql(statement.replaceAll('@', 'm_valdehermoso.'));
    sql(`update @open_data_dataset set meta = jsonb_set(meta, '{title,ca}', '"Despeses «per» any"') where name = 'lectores'`);
    sql(`update @open_data_resource set columns = jsonb_set(jsonb_set(columns, '{0,title}', '{"es": "Año", "ca": "Any"}'), '{1,description}', '{"es": "Con IVA", "gl": "Con IVE"}') where id = '${id}'`);
    const answer = await world.demo.request(`/datos/filas/${id}/lectores.csv-metadata.json`);
    assert.match(answer.headers['content-type'], /^application\/csvm\+json/);
    descriptor = JSON.parse(answer.text);
    csv = (await world.demo.request(`/datos/filas/${id}/lectores.csv`)).text;
  });

  test('W3C\'s context has a word for all that the descriptor says, and keeps its languages', async () => {
    const documentLoader = async url => { assert.equal(url, 'http://www.w3.org/ns/csvw'); return {document: context, documentUrl: url}; };
    const quads = await jsonld.toRDF(descriptor, {documentLoader, base: descriptor.url, safe: true});
    triples = Dataset.from(quads.map(({subject, predicate, object}) => terms.quad(term(subject), term(predicate), term(object))));
    const said = predicate => [...triples.match(null, terms.namedNode(predicate))].map(({object}) => `${object.value}@${object.language}`).sort();
    assert.deepEqual(said(`${csvw}title`).filter(title => /A(ny|ño)/i.test(title)), ['Any@ca', 'Año@es', 'año@und']);
    assert.deepEqual(said(`${dc}title`), ['Despeses «per» any@ca', 'Gastos "por" <año>@es']);
    assert.deepEqual(said(`${dc}description`).filter(text => text.startsWith('Con ')), ['Con IVA@es', 'Con IVE@gl']);
    assert.equal(triples.match(null, terms.namedNode(`${csvw}url`))[0].object.value, descriptor.url);
    await assert.rejects(jsonld.toRDF({...descriptor, palabraInventada: 1}, {documentLoader, base: descriptor.url, safe: true}), 'it would have refused what is no word of it');
  });

  test('rdf-parser-csvw reads the file by it: each cell with its type, and nothing where it is empty', async () => {
    const cells = {};
    for await (const {subject, predicate, object} of CsvwReader.import(Readable.from([csv]), {metadata: triples, baseIRI: descriptor.url}))
      if (object.termType === 'Literal') (cells[subject.value] ??= {})[decodeURIComponent(decodeURIComponent(predicate.value.split('#')[1]))] = [object.value, (object.datatype.value.value ?? object.datatype.value).replace(xsd, '')];
    const rows = Object.values(cells).filter(row => row['año']);
    assert.deepEqual(rows[0], {'año': ['2024', 'integer'], 'importe total': ['1234.50', 'decimal'], alta: ['2024-02-03', 'date'], hora: ['08:30:00', 'time'], gratis: ['t', 'boolean'], 'código': ['007', 'string'], 'nota, con "comillas"': ['Línea 1\nlínea 2', 'string']});
    assert.deepEqual(rows[2], {"año": ["2026", "integer"], "importe total": ["5", "decimal"]});
    assert.equal(rows.length, 3);
  });

  test('tableschema takes the package\'s schema, and each row by it', async () => {
    const {resources: [resource], title} = JSON.parse((await world.demo.request('/dataset/lectores/datapackage.json')).text);
    assert.equal(title, 'Gastos "por" <año>', 'in one language, which Frictionless has');
    const schema = await tableschema.Schema.load(resource.schema);
    assert.ok(schema.valid, schema.errors.join());
    assert.deepEqual(schema.descriptor.fields[0].title, 'Año');
    const table = await tableschema.Table.load(Readable.from([csv]), {schema});
    const rows = await table.read();
    assert.deepEqual([rows.length, rows[0][0], Number(rows[0][1]), rows[0][4], rows[0][5], rows[1][4]], [3, 2024, 1234.5, true, '007', false]);
    assert.deepEqual(rows[2].slice(2), Array(5).fill(null));
  });
});
