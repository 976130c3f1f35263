// What describes a dataset, its resources and its columns: written by a clerk in each language, kept for the next file, and told to
// people, harvesters and programs. Triples by rapper.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {describe, test} from 'node:test';
import {Client, decode, form, text_of} from '../../support/client.mjs';

export default function (world) {
  const get = (where, headers = {}) => world.demo.request(where, {headers});
  const json = async where => JSON.parse((await get(where)).text);
  const triples = async where => {
    const {stdout, status, stderr} = spawnSync('rapper', ['-q', '-i', 'turtle', '-o', 'ntriples', '-I', 'http://x/', '-'], {input: (await get(where)).bytes, encoding: 'utf8'});
    assert.equal(status, 0, stderr);
    return stdout;
  };

  describe('what describes open data', () => {
    const here = '/es/gestion/datos/aforos-de-salas';
    const csv = extra => ({archivo: {name: 'aforos.csv', type: 'text/csv', bytes: Buffer.from(`sala,aforo\nMayor,120\nMenor,40\n${extra}`)}});
    let clerk, resource;

    test('title, keywords and who answers for it, in each language', async () => {
      clerk = await Client.of(world.demo, 'secretaria');
      await clerk.submit(form((await clerk.get('/es/gestion/datos/nuevo')).text, 'datos-formulario'), {titulo: 'Aforos de salas'}, csv(''));
      const page = await clerk.get(`${here}/descripcion`), asked = form(page.text, 'datos-descripcion');
      assert.match(page.text, /Título \(Català\)/);
      const about = {titulo_ca: 'Aforaments de sales', notas_es: 'Aforo de las salas municipales que se prestan a las entidades.\n\nNo están las que se alquilan.', notas_ca: 'Aforament de les sales municipals que es presten.', palabras: 'salas, aforo', palabras_ca: 'sales, aforament',
        sector: 'cultura-ocio', frecuencia: 'ANNUAL', desde: '5/1/2025', contacto: 'Intervención', contacto_correo: 'intervencion@valdehermoso.example', alto_valor: 'c_e1da4e07'};
      assert.match(text_of((await clerk.submit(asked, {...about, contacto_correo: 'no es'})).text, 'error-summary'), /dirección de correo/);
      assert.equal((await clerk.submit(asked, {...about, alto_valor: 'otra'})).status, 422);
      assert.equal((await clerk.submit(asked, about)).status, 303);
      const kept = new Map(form((await clerk.get(`${here}/descripcion`)).text, 'datos-descripcion').fields);
      assert.deepEqual(['palabras', 'palabras_ca', 'palabras_eu', 'desde', 'contacto', 'alto_valor'].map(name => kept.get(name)), ['salas, aforo', 'sales, aforament', '', '05/01/2025', 'Intervención', 'c_e1da4e07']);
      const late = form((await clerk.get(`${here}/descripcion`)).text, 'datos-descripcion');
      assert.equal((await clerk.submit(form((await clerk.get(`${here}/descripcion`)).text, 'datos-descripcion'), {contacto: 'Cultura'})).status, 303);
      const told = await clerk.submit(late, {palabras_eu: 'aretoak'});
      assert.equal(told.status, 422);
      assert.match(text_of(told.text, 'error-summary'), /Otra persona cambió esta descripción/);
      assert.equal((await clerk.submit(form(told.text, 'datos-descripcion'), {contacto: 'Intervención', palabras_eu: ''})).status, 303, 'what was typed is in it, and may be saved');
      resource = world.demo.json('open-data', 'list', '--tenant', 'valdehermoso', '--q', 'aforos').value.datasets[0].resources[0].id;
    });

    test('what a resource is and what its columns mean, one language at a time', async () => {
      const words = `${here}/recursos/${resource}/descripcion`;
      const spanish = await clerk.get(words), old = form(spanish.text, 'datos-diccionario');
      assert.equal((await clerk.submit(old, {nombre: ' '})).status, 422);
      assert.equal((await clerk.submit(old, {nombre: 'Salas y su aforo', texto: 'Una fila para cada sala.', titulo0: 'Sala', titulo1: 'Aforo', sobre1: 'Personas que caben <b>sentadas</b>.', unidad1: 'personas'})).status, 303);
      const catalan = await clerk.get(`${words}?idioma=ca`), asked = form(catalan.text, 'datos-diccionario');
      assert.doesNotMatch(catalan.text, /name="unidad1"/);
      assert.match(catalan.text, /<p class="hint">Aforo<\/p>/, 'what it is in Spanish');
      assert.equal((await clerk.submit(asked, {nombre: 'Sales i aforament', titulo1: 'Aforament', sobre1: 'Persones assegudes.'})).status, 303);
      const late = form((await clerk.get(`${words}?idioma=ca`)).text, 'datos-diccionario');
      assert.equal((await clerk.submit(form((await clerk.get(here)).text, 'datos-archivo'), {}, csv('Nueva,15\n'))).status, 303);
      const again = await clerk.submit(late, {nombre: 'Tarde'});
      assert.equal(again.status, 409, 'of an older file');
      assert.equal(new Map(form(again.text, 'datos-diccionario').fields).get('nombre'), 'Tarde', 'what was typed is there');
      const kept = new Map(form((await clerk.get(words)).text, 'datos-diccionario').fields);
      assert.deepEqual(['nombre', 'texto', 'titulo1', 'sobre1', 'unidad1'].map(name => kept.get(name)), ['Salas y su aforo', 'Una fila para cada sala.', 'Aforo', 'Personas que caben <b>sentadas</b>.', 'personas']);
    });

    test('what was typed over a file that changed meanwhile stays typed, by the columns\' names, and saves; the columns that are gone are named', async () => {
      const path = '/es/gestion/datos/columnas-que-cambian', send = (text, page) => clerk.submit(page, {titulo: 'Columnas que cambian'}, {archivo: {name: 'cambian.csv', type: 'text/csv', bytes: Buffer.from(text)}});
      await send('sala,aforo,planta\nMayor,120,1\n', form((await clerk.get('/es/gestion/datos/nuevo')).text, 'datos-formulario'));
      const id = world.demo.json('open-data', 'list', '--tenant', 'valdehermoso', '--q', 'columnas-que-cambian').value.datasets[0].resources[0].id, words = `${path}/recursos/${id}/descripcion`;
      const old = form((await clerk.get(words)).text, 'datos-diccionario'), old_columns = form((await clerk.get(path)).text, 'datos-columnas'), old_key = form((await clerk.get(`${path}/recursos/${id}`)).text, 'datos-clave');
      assert.equal((await send('barrio,aforo,sala\nCentro,120,Mayor\n', form((await clerk.get(path)).text, 'datos-archivo'))).status, 303);
      const values = page => Object.fromEntries(form(page.text, 'datos-diccionario').fields);
      let page = await clerk.submit(old, {nombre: 'Salas <nuevas>', titulo0: 'Nombre de la sala', sobre1: 'Personas & sillas', titulo2: 'Planta del edificio', sobre2: 'Sobre el suelo'});
      assert.equal(page.status, 409);
      assert.match(decode(text_of(page.text, 'error-summary')), /cambió mientras tanto.*Ya no están: «planta»\. Son nuevas: «barrio»/);
      assert.match(decode(text_of(page.text, 'datos-columnas-idas')), /planta ?: Planta del edificio · Sobre el suelo/);
      let now = values(page);
      assert.deepEqual([now.nombre, now.titulo0, now.sobre1, now.titulo2], ['Salas <nuevas>', '', 'Personas & sillas', 'Nombre de la sala']);
      assert.equal((await clerk.submit(form(page.text, 'datos-diccionario'))).status, 303);
      now = values(await clerk.get(words));
      assert.deepEqual([now.nombre, now.titulo0, now.sobre1, now.titulo2], ['Salas <nuevas>', '', 'Personas & sillas', 'Nombre de la sala']);
      // Types and titles of the page of the dataset.
      page = await clerk.submit(old_columns, {tipo1: 'text', titulo2: 'Piso'});
      assert.match(decode(text_of(page.text, 'error-summary')), /Ya no están: «planta»/);
      const chosen = Object.fromEntries(form(page.text, 'datos-columnas').fields);
      assert.deepEqual([chosen.tipo0, chosen.tipo1, chosen.titulo2], ['text', 'text', 'Nombre de la sala']);
      assert.equal((await clerk.submit(form(page.text, 'datos-columnas'))).status, 303);
      assert.equal(Object.fromEntries(form((await clerk.get(path)).text, 'datos-columnas').fields).tipo1, 'text');
      // What tells rows apart is chosen by name: never another column that took its place.
      page = await clerk.submit(old_key, {clave0: 'sala', clave2: 'planta'});
      assert.match(decode(text_of(page.text, 'error-summary')), /ya no tiene la columna «planta»/);
      const kept_key = form(page.text, 'datos-clave');
      assert.deepEqual(kept_key.fields.filter(([name]) => name.startsWith('clave')), [['clave2', 'sala']]);
      assert.equal((await clerk.submit(kept_key)).status, 303);
      assert.deepEqual(world.demo.sql(`SELECT meta ->> 'key' FROM m_valdehermoso.open_data_resource WHERE id = '${id}'`), '["sala"]');
    });

    test('of two people who write at once, nobody\'s words are lost: those of different fields are both saved, those of one are shown', async () => {
      const path = '/es/gestion/datos/columnas-que-cambian', id = world.demo.json('open-data', 'list', '--tenant', 'valdehermoso', '--q', 'columnas-que-cambian').value.datasets[0].resources[0].id, words = `${path}/recursos/${id}/descripcion`;
      const open = async () => form((await clerk.get(words)).text, 'datos-diccionario'), [one, two, three] = [await open(), await open(), await open()], values = page => Object.fromEntries(form(page.text, 'datos-diccionario').fields);
      assert.equal((await clerk.submit(one, {titulo0: 'Barrio', texto: 'De uno.\nCon dos líneas.'})).status, 303);
      const second = await clerk.submit(two, {titulo1: 'Aforo máximo'});
      assert.equal(second.status, 303, text_of(second.text, 'error-summary'));
      let now = values(await clerk.get(words));
      assert.deepEqual([now.titulo0, now.titulo1, now.texto], ['Barrio', 'Aforo máximo', 'De uno.\nCon dos líneas.']);
      const page = await clerk.submit(three, {titulo0: 'Distrito', texto: 'De otro.'});
      assert.equal(page.status, 409);
      assert.match(decode(text_of(page.text, 'error-summary')), /«De uno\..*«Barrio»/s);
      now = values(page);
      assert.deepEqual([now.titulo0, now.titulo1, now.texto], ['Distrito', 'Aforo máximo', 'De otro.']);
      assert.equal((await clerk.submit(form(page.text, 'datos-diccionario'))).status, 303);
      now = values(await clerk.get(words));
      assert.deepEqual([now.titulo0, now.titulo1, now.texto], ['Distrito', 'Aforo máximo', 'De otro.']);
    });

    test('people read it in their language, or in Spanish; words of any are found', async () => {
      assert.equal(world.demo.concejo('open-data', 'publish', '--tenant', 'valdehermoso', '--dataset', 'aforos-de-salas').code, 0);
      const catalan = (await get('/ca/datos/aforos-de-salas')).text;
      assert.match(decode(catalan), /<h1>Aforaments de sales<\/h1>[\s\S]*>aforament<[\s\S]*Intervención, intervencion@valdehermoso\.example[\s\S]*Sales i aforament[\s\S]*Aforament \(personas\)[\s\S]*Persones assegudes\./);
      const basque = (await get('/eu/datos/aforos-de-salas')).text;
      assert.match(decode(basque), /<h1>Aforos de salas<\/h1>\s*<p class="lead">Aforo de las salas[^<]*<\/p><p>No están[^<]*<\/p>[\s\S]*>aforo<[\s\S]*Salas y su aforo/);
      assert.match(basque, /Urtero[\s\S]*Kultura eta aisia[\s\S]*Estatistika/, 'and the vocabularies in his');
      assert.doesNotMatch(basque, /<b>sentadas/);
      for (const word of ['aforament', 'assegudes', 'sentadas']) assert.equal(/aforos-de-salas/.test((await get(`/es/datos?q=${word}`)).text), word === 'aforament', word);
    });

    test('and so do harvesters and programs', async () => {
      const dataset = await triples('/dataset/aforos-de-salas.ttl');
      for (const [property, value] of [['dc/terms/title', '"Aforaments de sales"@ca'], ['ns/dcat#keyword', '"aforament"@ca'], ['ns/dcat#keyword', '"aforo"@es'], ['dc/terms/title', '"Sales i aforament"@ca'], ['vcard/ns#hasEmail', '<mailto:intervencion@valdehermoso.example>'], ['vcard/ns#fn', '"Intervenci'], ['vcard/ns#hasTelephone', '<tel:+34900100200>'], ['r5r/hvdCategory', 'c_e1da4e07'], ['r5r/applicableLegislation', 'reg_impl/2023/138']])
        assert.ok(dataset.split('\n').some(line => line.includes(`${property}>`) && line.includes(value)), `${property} ${value}`);
      const package_ = await json('/dataset/aforos-de-salas/datapackage.json');
      assert.deepEqual(package_.resources[0].schema.fields[1], {name: 'aforo', type: 'integer', title: 'Aforo', description: 'Personas que caben <b>sentadas</b>.', unit: 'personas'});
      const found = await json(`/api/3/action/datastore_search?resource_id=${resource}&limit=0`);
      assert.deepEqual(found.result.fields.find(({id}) => id === 'aforo').info, {label: 'Aforo', notes: 'Personas que caben <b>sentadas</b>. (personas)'});
      assert.equal((await json('/api/3/action/package_show?id=aforos-de-salas')).result.maintainer_email, 'intervencion@valdehermoso.example');
      const catalogue = (await get('/es/datos')).text.match(/<script type="application\/ld\+json">(.*?)<\/script>/s)[1];
      assert.equal(JSON.parse(catalogue)['@type'], 'DataCatalog');
    });

    test('an organisation with a code of its own is who publishes what is its', async () => {
      const {token} = world.demo.json('token', 'create', '--tenant', 'valdehermoso', '--scope', 'open-data:write', '--name', 'palabras').value;
      const post = async (action, body) => { const answer = await world.demo.request(`/api/3/action/${action}`, {method: 'POST', headers: {Authorization: token, 'Content-Type': 'application/json'}, body: JSON.stringify(body)}); assert.equal(answer.status, 200, answer.text); };
      await post('organization_create', {name: 'patronato-cultura', title: 'Patronato de Cultura', extras: [{key: 'dir3', value: 'LA0099992'}]});
      await post('package_owner_org_update', {id: 'aforos-de-salas', organization_id: 'patronato-cultura'});
      const asked = form((await clerk.get(`${here}/descripcion`)).text, 'datos-descripcion');
      assert.equal((await clerk.submit(asked, {organismo: '00000000-0000-4000-8000-000000000000'})).status, 422);
      assert.equal((await clerk.submit(asked)).status, 303, 'a clerk may choose among them');
      const dataset = await triples('/dataset/aforos-de-salas.ttl');
      assert.match(dataset, /\/dataset\/[0-9a-f-]{36}> <http:\/\/purl.org\/dc\/terms\/publisher> <http:\/\/datos.gob.es\/recurso\/sector-publico\/org\/Organismo\/LA0099992>/);
      // The API takes none that is no address; one that is there from before is nobody's.
      for (const schema of world.demo.sql("SELECT schemaname FROM pg_tables WHERE tablename = 'open_data_dataset'").split('\n'))
        world.demo.sql(`UPDATE ${schema}.open_data_dataset SET meta = jsonb_set(meta, '{maintainer_email}', '"no <es> un correo"') WHERE name = 'aforos-de-salas'`);
      await post('package_patch', {id: 'aforos-de-salas', version: '2'});
      const again = await triples('/dataset/aforos-de-salas.ttl');
      assert.ok(again.includes('"Intervenci') && !again.includes('un correo'), 'what is no address is nobody\'s');
      assert.ok((await get('/catalogo/dcat-ap-es.ttl')).text.includes('"Aforaments de sales"@ca'), 'and takes nothing out of the catalogue');
      assert.match(dataset, /Organismo\/LA0099992> <http:\/\/xmlns.com\/foaf\/0.1\/name> "Patronato de Cultura"@es/);
    });
  });
}
