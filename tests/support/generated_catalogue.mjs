// Catalogues of as many datasets as are asked for, always the same: hostile texts in five languages, what the profiles recommend in
// each, and what they leave free now there and now not. As CKAN's answers and as pages of DCAT in Turtle.

const hostile = ['<script>alert(1)</script> & "comillas" ]]> <!-- no -->', 'barra \\ y """ tres \\u0041', 'emoji 👩🏽‍🌾🏛️ 𝒳', 'derecha \u202Eabc\u202C שלום', 'control \u0001\u0008\u001B\u007F fin',
  'varias\r\nlíneas\t@es . <http://x> ^^xsd:date', '{"@id": "x"} %s %n {valor} {{c}}', 'ñ á ü ç €', '&amp; &#0; \uFFFD', ' \u00A0 blancos \u2028 raros '];
const pick = (list, n) => list[n % list.length];
const uuid = (n, of = 8) => `00000000-0000-4000-${of}000-${String(n).padStart(12, '0')}`;
const sentence = n => `Lo que contiene el conjunto número ${n}, de dónde sale y cada cuánto cambia. ${pick(hostile, n + 3)}`;
const with_some = (n, all) => Object.fromEntries(Object.entries(all).filter((_, i) => (n >> i % 5) % 2 === 0));
const months = n => `2026-0${1 + n % 9}`;

const ckan_package = n => ({
  id: uuid(n), name: `conjunto-${n}`, title: `Conjunto ${n} ${pick(hostile, n)}`, state: 'active', type: 'dataset', private: false, notes: sentence(n),
  license_id: pick(['cc-by', 'cc-zero', 'odc-odbl', 'cc-by-sa'], n), tags: [n % 11, n % 13].map(tag => ({name: `palabra ${tag}`, display_name: `palabra ${tag} ${pick(hostile, tag)}`})), groups: [],
  metadata_created: '2026-01-02T03:04:05.000006', metadata_modified: `${months(n)}-03T04:05:06.000007`,
  extras: [{key: 'theme', value: pick(['turismo', 'hacienda', 'medio-ambiente', 'transporte', 'Cultura y ocio'], n)}, {key: 'temporal_start', value: '2020-01-01'},
    ...Object.entries(with_some(n, {temporal_end: '2025-12-31', frequency: pick(['ANNUAL', 'MONTHLY', 'P1D', 'IRREG'], n), spatial_uri: 'http://datos.gob.es/recurso/sector-publico/territorio/Provincia/Toledo', identifier: `propio-${n}`, raro: pick(hostile, n)})).map(([key, value]) => ({key, value}))],
  ...with_some(n, {organization: {name: `area-${n % 7}`, title: `Área ${n % 7}`}, title_translated: {ca: `Conjunt ${pick(hostile, n + 1)}`, gl: `Conxunto ${n}`, eu: pick(hostile, n), en: ' \t'}, version: pick(hostile, n + 2), url: 'https://ejemplo.es/a?b=c&d="e"', notes_translated: {en: sentence(n), eu: ''}, author: pick(hostile, n)}),
  resources: Array.from({length: 1 + n % 3}, (_, i) => ({
    id: uuid(n * 10 + i, 9), url: `https://archivos.ejemplo.es/${n}/${i} ${n % 2 ? 'año' : ''}.csv?x="<${i}>`, name: n % 4 ? `Archivo ${pick(hostile, n + i)}` : '', format: pick(['CSV', 'JSON', 'XLSX', 'formato antiguo', '', 'GeoJSON'], n + i), created: '2026-01-02T03:04:05.000006',
    ...with_some(n + i, {description: `Una fila por cada elemento ${pick(hostile, i)}`, size: 1000 + n, mimetype: pick(['text/csv', 'application/x-raro', 'sin barra'], n), last_modified: `${months(n)}-02T00:00:00`, availability: pick(['STABLE', 'http://publications.europa.eu/resource/authority/planned-availability/TEMPORARY', 'http://data.europa.eu/r5r/availability/experimental', 'quién sabe'], n)}),
  })),
});

const text = (value, language) => `${JSON.stringify(value).replaceAll('\u007F', '\\u007F')}@${language}`;
const said = all => Object.entries(all).map(([name, value]) => `${name} ${value}`).join(' ; ');
const authority = (table, code) => `<http://publications.europa.eu/resource/authority/${table}/${code}>`;

function turtle_dataset(n) {
  const uri = `https://otro.ejemplo.es/d/${n}`, body = `http://datos.gob.es/recurso/sector-publico/org/Organismo/L0128079${n % 3}`;
  const distributions = Array.from({length: 1 + n % 2}, (_, i) => `<${uri}/${i}> a dcat:Distribution ; ${said({
    'dct:title': text(`Archivo ${pick(hostile, n + i)}`, 'es'), 'dcat:accessURL': `<${uri}>`, 'dct:format': authority('file-type', pick(['CSV', 'RDF_TURTLE', 'PDF', 'GRID_ASCII'], n + i)), 'dct:license': authority('licence', pick(['CC_BY_4_0', 'CC0'], n)),
    ...with_some(n + i, {'dcat:downloadURL': `<https://otro.ejemplo.es/f/${n}-${i}.csv>`, 'dct:description': text(pick(hostile, n), 'es'), 'dcatap:availability': n % 2 ? authority('planned-availability', 'STABLE') : '<http://data.europa.eu/r5r/stable>', 'dcat:byteSize': n + 1, 'dcat:mediaType': '<http://www.iana.org/assignments/media-types/text/csv>'}),
  })} .\n`);
  return `<${uri}> a dcat:Dataset ; ${said({
    'dct:identifier': JSON.stringify(uri), 'dct:title': [text(`Serie ${n} ${pick(hostile, n)}`, 'es'), text(`Sèrie ${pick(hostile, n + 1)}`, 'ca'), text(`Series ${n}`, 'en')].slice(0, 1 + n % 3).join(', '), 'dct:description': text(sentence(n), 'es'),
    'dcat:theme': `<http://datos.gob.es/kos/sector-publico/sector/${pick(['medio-ambiente', 'turismo', 'salud'], n)}>`, 'dcat:keyword': [text(pick(hostile, n), 'es'), text('hitza', 'eu')].join(', '), 'dct:publisher': `<${body}>`,
    'dct:temporal': `[ a dct:PeriodOfTime ; dcat:startDate "2021-05-01"^^xsd:date${n % 2 ? ' ; dcat:endDate "2025-01-31"^^xsd:date' : ''} ]`, 'dcat:distribution': distributions.map((_, i) => `<${uri}/${i}>`).join(', '),
    ...with_some(n, {'dct:issued': '"2026-01-02T03:04:05Z"^^xsd:dateTime', 'dct:modified': `"${months(n)}-02T00:00:00+02:00"^^xsd:dateTime`, 'dct:accrualPeriodicity': authority('frequency', 'MONTHLY'), 'dcat:contactPoint': `<${uri}#quien>`, 'dct:language': authority('language', 'CAT'),
      'dcat:landingPage': `<https://otro.ejemplo.es/p/${n}>`, 'dcat:version': text(pick(hostile, n), 'es'), 'dct:spatial': '<http://datos.gob.es/recurso/sector-publico/territorio/Autonomia/Region-Murcia>', 'dct:accessRights': authority('access-right', 'PUBLIC'), 'dct:provenance': text('de otro sitio', 'es')}),
  })} .\n<${uri}#quien> a vcard:Kind ; vcard:fn ${text(`Oficina ${pick(hostile, n)}`, 'es')} ; vcard:hasEmail <mailto:datos@otro.ejemplo.es> ; vcard:hasTelephone <tel:+34910000000> .
<${body}> a foaf:Agent ; foaf:name ${text(`Ayuntamiento ${n % 3} ${pick(['', '(otro nombre)'], n)}`, 'es')} .\n${distributions.join('')}`;
}

/** Answers of package_search. */
export function ckan_answer(count, parameters) {
  const start = Number(parameters.get('start')), rows = Number(parameters.get('rows'));
  return {success: true, result: {count, results: Array.from({length: Math.max(0, Math.min(rows, count - start))}, (_, n) => ckan_package(start + n))}};
}

/** Page `page` (1 …) of a hundred datasets, which links the next one under `address`. */
export function turtle_page(count, page, address) {
  const from = (page - 1) * 100, next = from + 100 < count ? ` ; hydra:next <${address}?page=${page + 1}>` : '';
  const prefixes = {dcat: 'http://www.w3.org/ns/dcat#', dct: 'http://purl.org/dc/terms/', foaf: 'http://xmlns.com/foaf/0.1/', hydra: 'http://www.w3.org/ns/hydra/core#', vcard: 'http://www.w3.org/2006/vcard/ns#', dcatap: 'http://data.europa.eu/r5r/', xsd: 'http://www.w3.org/2001/XMLSchema#'};
  return `${Object.entries(prefixes).map(([name, iri]) => `@prefix ${name}: <${iri}> .\n`).join('')}<${address}?page=${page}> a hydra:PagedCollection${next} .\n${Array.from({length: Math.min(100, count - from)}, (_, n) => turtle_dataset(from + n)).join('')}`;
}
