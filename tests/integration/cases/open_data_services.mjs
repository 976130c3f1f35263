// Data services besides the portal's own API: described by a clerk, found by people, taken by harvesters. Judged by rapper, and by
// Jena's SHACL with the official shapes; where a dataset is, said by a clerk too.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {describe, test} from 'node:test';
import {Client, decode, form, form_of_button, text_of} from '../../support/client.mjs';
import {has_shapes, validate, whole_catalogue} from '../../support/shacl.mjs';

export default function (world) {
  const get = (where, more = {}) => world.demo.request(where, more);
  const triples = async (where, syntax = 'turtle') => {
    const {stdout, status, stderr} = spawnSync('rapper', ['-q', '-i', syntax, '-o', 'ntriples', '-I', 'http://x/', '-'], {input: (await get(where)).bytes, encoding: 'utf8', maxBuffer: 1 << 28});
    assert.equal(status, 0, stderr);
    return stdout;
  };

  describe('data services', () => {
    const desk = '/es/gestion/servicios-de-datos', here = `${desk}/mapa-de-arbolado`, page = '/es/servicios-de-datos/mapa-de-arbolado';
    const endpoint = 'https://mapas.valdehermoso.example/wms?mapa=arbolado';
    let editor, chief, dataset;
    const asked = async who => form((await who.get(here)).text, 'servicio-formulario');
    const described = {notas_es: 'El arbolado de las calles sobre el plano, con su especie. <script>alert(1)</script>\n\nSe puede usar en cualquier visor.', titulo_ca: 'Mapa d\'arbrat', notas_eu: 'Kaleetako zuhaitzak planoan.', palabras: 'árboles, mapa', palabras_ca: 'arbres', sector: 'medio-ambiente', contacto: 'Parques y Jardines'};

    test('begun with a title, a kind and an address; what is wrong is said, and nothing typed is lost', async () => {
      [editor, chief] = [await Client.of(world.demo, 'redaccion'), await Client.of(world.demo, 'secretaria')];
      const file = world.demo.put('arbolado.csv', Buffer.from('especie,calle\nEncina,Mayor\nOlmo,Real\n'));
      assert.equal(world.demo.json('open-data', 'import', '--tenant', 'valdehermoso', '--dataset', 'arbolado', '--publicar', '--titulo', 'Arbolado de las calles', '--descripcion', 'Árboles de las calles del municipio, con la especie de cada uno y dónde está.',
        '--sector', 'medio-ambiente', '--frecuencia', 'ANNUAL', '--palabras', 'árboles', '--desde', '2025-01-01', '--hasta', '2025-12-31', file).code, 0);
      dataset = world.demo.json('open-data', 'list', '--tenant', 'valdehermoso', '--q', 'arbolado').value.datasets[0];
      const blank = form((await editor.get(`${desk}/nuevo`)).text, 'datos-descripcion');
      for (const [values, said] of [[{titulo: 'Mapa de arbolado', tipo: 'wms', direccion: 'mapas.valdehermoso.example'}, /«mapas\.valdehermoso\.example» no es una dirección web/], [{titulo: 'Mapa de arbolado', tipo: 'wms', direccion: 'javascript:alert(1)'}, /no es una dirección web/],
        [{titulo: 'Mapa de arbolado', tipo: 'wms', direccion: ''}, /Escriba la dirección/], [{titulo: ' ', tipo: 'wms', direccion: endpoint}, /Escriba el título/], [{titulo: 'Mapa de arbolado', tipo: 'wsdl', direccion: endpoint}, /Elija el tipo/]]) {
        const answer = await editor.submit(blank, values);
        assert.equal(answer.status, 422);
        assert.match(decode(text_of(answer.text, 'error-summary')), said);
        const kept = new Map(form(answer.text, 'datos-descripcion').fields);
        assert.equal(kept.get('direccion'), values.direccion);
      }
      const made = await editor.submit(blank, {titulo: 'Mapa de arbolado', tipo: 'wms', direccion: endpoint});
      assert.deepEqual([made.status, made.headers.location.replace(/^http:\/\/[^/]+/, '')], [303, `${here}?hecho=creado`]);
      const another = form((await editor.get(`${desk}/nuevo`)).text, 'datos-descripcion');
      assert.equal((await editor.submit(another, {titulo: 'Nuevo', tipo: 'other', direccion: endpoint})).headers.location.replace(/^.*servicios-de-datos\//, ''), 'servicio-nuevo?hecho=creado', 'the page to make one keeps its address');
    });

    test('described in each language, with the datasets that it gives; two clerks at once lose nothing', async () => {
      const seen = (await editor.get(here)).text;
      assert.match(text_of(seen, 'servicio-falta'), /Falta la descripción.*Falta el sector/);
      assert.match(seen, /Título \(Euskara\)/);
      assert.doesNotMatch(seen, /data-c="accion-publicar"/, 'who only writes does not publish');
      const mine = await asked(editor), theirs = await asked(chief);
      assert.equal((await editor.submit(mine, {...described, descrito_en: 'esto no es', conjuntos: dataset.id})).status, 422);
      for (const wrong of [{sector: 'inventado'}, {titulo_ca: 'x'.repeat(401)}, {direccion: `https://x.example/${'x'.repeat(1000)}`}]) assert.equal((await editor.submit(mine, {...described, ...wrong})).status, 422);
      assert.equal((await editor.submit(mine, {...described, conjuntos: dataset.id})).status, 303);
      const late = await chief.submit(theirs, {notas_es: 'Otra descripción, escrita a la vez que la de antes.', sector: 'turismo'});
      assert.equal(late.status, 409);
      assert.match(text_of(late.text, 'error-summary'), /Alguien cambió este servicio mientras tanto/);
      const again = form(late.text, 'servicio-formulario');
      assert.deepEqual(['notas_es', 'sector'].map(name => new Map(again.fields).get(name)), ['Otra descripción, escrita a la vez que la de antes.', 'turismo']);
      const kept = new Map((await asked(editor)).fields);
      assert.deepEqual(['titulo_ca', 'palabras', 'palabras_ca', 'contacto', 'conjuntos', 'version'].map(name => kept.get(name)), ['Mapa d\'arbrat', 'árboles, mapa', 'arbres', 'Parques y Jardines', dataset.id, '2']);
      assert.equal((await chief.submit(again)).status, 303, 'knowing it, he may');
      assert.equal((await editor.submit(await asked(editor), {...described, conjuntos: dataset.id})).status, 303);
    });

    test('a draft is nobody\'s to see; who may publish does', async () => {
      for (const where of [page, '/service/mapa-de-arbolado', '/service/mapa-de-arbolado.ttl']) assert.equal((await get(where)).status, 404, where);
      assert.doesNotMatch((await get('/catalogo/dcat-ap-es.ttl')).text, /mapas\.valdehermoso/);
      assert.equal((await editor.submit({action: `${here}/publicar`, fields: (await asked(editor)).fields})).status, 403);
      const waiting = await chief.get(`${desk}/servicio-nuevo`);
      const refused = await chief.submit(form_of_button(waiting.text, 'accion-publicar'));
      assert.match(refused.headers.location, /#falta$/);
      assert.equal((await get('/es/servicios-de-datos/servicio-nuevo')).status, 404);
      assert.equal((await chief.submit(form_of_button((await chief.get(here)).text, 'accion-publicar'))).status, 303);
      assert.match((await chief.get(desk)).text, /Mapa de arbolado[\s\S]*Publicado/);
      const broken = await chief.submit(await asked(chief), {sector: ''});
      assert.equal(broken.status, 422, 'what everybody sees stays complete');
      assert.match(text_of(broken.text, 'error-summary'), /Falta el sector/);
    });

    test('people find it: in its list, from the catalogue and the dataset, in their language; the other town has nothing', async () => {
      const shown = await get(page);
      assert.equal(shown.status, 200);
      assert.match(text_of(shown.text, 'servicio-uso'), /mapas\.valdehermoso\.example\/wms\?mapa=arbolado .*&service=WMS&request=GetCapabilities/);
      assert.match(text_of(shown.text, 'servicio-conjuntos'), /Arbolado de las calles/);
      assert.doesNotMatch(shown.text, /<script>alert/);
      const said = JSON.parse(shown.text.match(/<script type="application\/ld\+json">([^<]*)<\/script>/)[1]);
      assert.deepEqual([said['@type'], said.name, said.provider['@type']], ['WebAPI', 'Mapa de arbolado', 'GovernmentOrganization']);
      assert.match(decode((await get(page.replace('/es/', '/ca/'))).text), /<h1>Mapa d'arbrat<\/h1>/);
      assert.match((await get(page.replace('/es/', '/eu/'))).text, /<h1>Mapa de arbolado<\/h1>[\s\S]*Kaleetako zuhaitzak/);
      assert.match(text_of((await get('/es/servicios-de-datos')).text, 'servicios-lista'), /Mapa de arbolado.*Mapas en imágenes \(WMS\).*1 conjunto de datos/);
      assert.match(text_of((await get('/es/datos/arbolado')).text, 'datos-servicios'), /Servicios que lo ofrecen Mapa de arbolado/);
      assert.match((await get('/es/datos')).text, /data-c="datos-servicios-enlace"/);
      const map = (await get('/sitemap.xml')).text;
      for (const where of [page, '/es/datos/arbolado', '/es/servicios-de-datos']) assert.match(map, new RegExp(`${where}</loc>`), where);
      assert.doesNotMatch(map, /servicio-nuevo/);
      for (const where of [page, '/es/servicios-de-datos', '/service/mapa-de-arbolado.ttl']) assert.equal((await get(where, {host: 'riomar.localhost'})).status, 404, where);
      assert.doesNotMatch((await get('/api/3/action/package_list')).text, /mapa-de-arbolado/, 'CKAN has no such thing');
    });

    test('harvesters take it: in the catalogue, and by itself in three syntaxes, without violations or warnings', async t => {
      const all = await whole_catalogue(number => get(`/catalogo/dcat-ap-es.rdf?page=${number}`));
      const uri = all.match(/<([^>]+)> <http:\/\/www\.w3\.org\/ns\/dcat#endpointURL> <https:\/\/mapas\.valdehermoso\.example[^>]*>/)[1];
      assert.match(uri, /\/service\/[0-9a-f-]{36}$/);
      const catalogue = all.match(/<([^>]+)> <[^>]*type> <http:\/\/www\.w3\.org\/ns\/dcat#Catalog>/)[1];
      const has = (text, subject, predicate, object) => assert.ok(text.includes(`<${subject}> <${predicate}> ${object}`), `${predicate} ${object}`);
      has(all, catalogue, 'http://www.w3.org/ns/dcat#service', `<${uri}> .`);
      has(all, uri, 'http://www.w3.org/ns/dcat#servesDataset', `<${uri.replace(/service\/.*/, `dataset/${dataset.id}`)}> .`);
      has(all, uri, 'http://purl.org/dc/terms/conformsTo', '<http://www.opengis.net/def/serviceType/ogc/wms> .');
      has(all, uri, 'http://purl.org/dc/terms/title', '"Mapa d\'arbrat"@ca .');
      has(all, uri, 'http://www.w3.org/ns/dcat#endpointDescription', `<${endpoint}&service=WMS&request=GetCapabilities> .`);
      assert.doesNotMatch(await triples('/catalogo/nti.ttl'), /DataService/, 'the norm of 2013 has no services');
      const [ttl, rdf] = [await triples('/service/mapa-de-arbolado.ttl'), await triples('/service/mapa-de-arbolado.rdf', 'rdfxml')];
      assert.equal(ttl.trim().split('\n').length, rdf.trim().split('\n').length);
      has(ttl, uri, 'http://www.w3.org/ns/dcat#servesDataset', `<${uri.replace(/service\/.*/, `dataset/${dataset.id}`)}> .`);
      assert.ok(JSON.parse((await get('/service/mapa-de-arbolado.jsonld')).text)['@graph'].some(one => one['@id'] === uri));
      const own = new URL(uri).pathname;
      for (const [accept, to] of [['text/html', page], ['text/turtle', `${own}.ttl`], ['application/ld+json', `${own}.jsonld`]]) {
        const answer = await get(own, {headers: {Accept: accept}});
        assert.deepEqual([answer.status, answer.headers.location.replace(/^http:\/\/[^/]+/, ''), answer.headers.vary.includes('Accept')], [303, to, true], accept);
      }
      if (!has_shapes) return t.skip('SHACL: set CONCEJO_CONFORMANCE');
      const file = world.demo.put('servicio.ttl', (await get('/service/mapa-de-arbolado.ttl')).bytes);
      const spanish = validate(file, 'dcat-ap-es-1.0.0'), european = validate(file, 'dcat-ap-3.0.0');
      assert.deepEqual([spanish.violations, spanish.warnings], [0, 0], spanish.report);
      assert.equal(european.violations, 0, european.report);
    });

    test('one of high value is served by it: the service has its category and its law', async () => {
      world.demo.sql("UPDATE m_valdehermoso.open_data_dataset SET meta = meta || '{\"hvd\": \"c_dd313021\"}' WHERE name = 'arbolado'");
      const own = await triples(`/service/mapa-de-arbolado.ttl?${Math.random()}`);
      assert.equal(own.split('data.europa.eu/r5r/hvdCategory> <http://data.europa.eu/bna/c_dd313021>').length - 1, 3, 'the dataset, the portal\'s API and the service');
      world.demo.sql("UPDATE m_valdehermoso.open_data_dataset SET meta = meta - 'hvd' WHERE name = 'arbolado'");
    });

    test('one that no dataset names is in the first page of the catalogue all the same', async () => {
      const blank = await chief.get(`${desk}/servicio-nuevo`);
      assert.equal((await chief.submit(form(blank.text, 'servicio-formulario'), {titulo_es: 'Autobuses en tiempo real', tipo: 'gtfs-rt', direccion: 'https://bus.valdehermoso.example/gtfs-rt', notas_es: 'Dónde está cada autobús municipal, cada treinta segundos.', sector: 'transporte'})).status, 303);
      assert.equal((await chief.submit(form_of_button((await chief.get(`${desk}/servicio-nuevo`)).text, 'accion-publicar'))).status, 303);
      assert.match((await get('/catalogo/dcat-ap-es.ttl')).text, /dcat:endpointURL <https:\/\/bus\.valdehermoso\.example\/gtfs-rt>/);
    });

    test('withdrawn, it says so with its reason and leaves the catalogue; only drafts are deleted', async () => {
      const old = form((await chief.get(here)).text, 'servicio-retirar');
      assert.equal((await chief.submit(old, {motivo: ' '})).status, 422);
      assert.equal((await chief.submit({action: `${here}/borrar`, fields: old.fields})).status, 409, 'it was published');
      assert.equal((await chief.submit(old, {motivo: 'El visor se apaga.'})).status, 303);
      const gone = await get(page);
      assert.equal(gone.status, 410);
      assert.match(text_of(gone.text, 'servicio-retirado'), /se retiró\. El visor se apaga\./);
      assert.doesNotMatch(gone.text, /mapas\.valdehermoso/);
      assert.doesNotMatch((await get('/catalogo/dcat-ap-es.ttl')).text + (await get('/es/servicios-de-datos')).text, /mapas\.valdehermoso|Mapa de arbolado/);
      assert.equal(text_of((await get('/es/datos/arbolado')).text, 'datos-servicios'), null);
      assert.equal((await get('/service/mapa-de-arbolado.ttl')).status, 303);
      const again = form_of_button((await chief.get(here)).text, 'accion-publicar');
      assert.equal((await chief.submit({...again, action: `${here}/retirar`}, {motivo: 'Otra vez'})).status, 409);
      assert.equal((await chief.submit(form_of_button((await chief.get(here)).text, 'accion-publicar'))).status, 303);
      assert.equal((await get(page)).status, 200);
      const blank = form((await editor.get(`${desk}/nuevo`)).text, 'datos-descripcion');
      await editor.submit(blank, {titulo: 'De paso', tipo: 'other', direccion: 'https://x.example/'});
      const removed = await editor.submit(form((await editor.get(`${desk}/de-paso`)).text, 'servicio-borrar'));
      assert.equal(removed.status, 303);
      assert.equal((await editor.get(`${desk}/de-paso`)).status, 404);
      assert.match(world.demo.sql("SELECT string_agg(details ->> 'paso', ' ' ORDER BY id) FROM concejo.audit WHERE action = 'open-data.servicio'"), /^crear.*publicar.*retirar.*publicar.*borrar$/);
    });
  });

  describe('where a dataset is', () => {
    const about = '/es/gestion/datos/arbolado/descripcion', territory = 'http://datos.gob.es/recurso/sector-publico/territorio/';

    test('the municipality\'s own if nobody says another; one of the list, for people and programs', async () => {
      const clerk = await Client.of(world.demo, 'secretaria');
      const asked = async () => form((await clerk.get(about)).text, 'datos-descripcion');
      const page = await clerk.get(about);
      assert.match(decode(page.text), /El del municipio: \S/);
      assert.match(page.text, /<optgroup label="Provincias">/);
      const first = await asked();
      assert.equal(new Map(first.fields).get('territorio'), '');
      for (const wrong of [`${territory}Provincia/Inventada`, 'javascript:alert(1)']) {
        const answer = await clerk.submit(first, {territorio: wrong});
        assert.deepEqual([answer.status, text_of(answer.text, 'error-summary').includes('Elija un territorio de la lista')], [422, true], wrong);
      }
      assert.equal((await clerk.submit(first, {territorio: `${territory}Provincia/Toledo`})).status, 303);
      assert.equal(new Map((await asked()).fields).get('territorio'), `${territory}Provincia/Toledo`);
      assert.match(await triples('/dataset/arbolado.ttl'), new RegExp(`/dataset/[0-9a-f-]{36}> <http://purl.org/dc/terms/spatial> <${territory}Provincia/Toledo>`));
      assert.match(text_of((await get('/es/datos/arbolado')).text, 'facts'), /Territorio Toledo/);
      assert.equal((await clerk.submit(await asked(), {territorio: ''})).status, 303);
      assert.doesNotMatch((await get('/dataset/arbolado.ttl')).text, /Provincia\/Toledo/);
    });
  });
}
