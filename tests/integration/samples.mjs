// Things that exist in each municipality, and how to write the address of each route with them.
import {Client, form, form_of_button, multipart} from '../support/client.mjs';
import {day, pdf} from '../support/pdf.mjs';

export const towns = {valdehermoso: 'valdehermoso.localhost', riomar: 'riomar.localhost'};
export const roles = ['redaccion', 'secretaria', 'administracion'];
export const languages = ['es', 'ca', 'gl', 'eu', 'en'];

const permissions = {
  redaccion: ['sede.anuncios.editar', 'open-data.edit', 'sesiones.propias', 'subidas.enviar'],
  secretaria: ['sede.anuncios.editar', 'sede.anuncios.publicar', 'calendar.incidencias', 'evidence.diligencias', 'evidence.copias', 'open-data.edit', 'open-data.publish', 'sesiones.propias', 'subidas.enviar', 'es.riomar.buzon'],
};
/** What the demonstration's roles may do, as the municipality was told; the administrator may everything. */
export const may = (role, permission) => permission === '' || role === 'administracion' ||
  permissions[role].some(own => permission === own || (own === 'es.riomar.buzon' && permission.startsWith(own)));

export async function sign_in(world) {
  world.sessions ??= {};
  for (const [town, host] of Object.entries(towns)) {
    for (const role of roles) {
      if (world.sessions[`${town} ${role}`]) continue;
      const person = new Client(world.demo, host);
      await person.login(role, town);
      world.sessions[`${town} ${role}`] = person;
    }
  }
  return world.sessions;
}

/** An incident with an extension, which a page of its own and the public list show. */
async function incident(clerk) {
  const asked = form((await clerk.get('/es/gestion/calendario/nueva')).text, 'incidencia-formulario');
  const done = await clerk.follow(await clerk.submit(asked, {clase: 'tecnica', sistema: 'Registro electrónico', descripcion: 'No se podían presentar documentos.', inicio_dia: day(0).typed, inicio_hora: '00:01'}), asked.action);
  const id = done.path.match(/calendario\/(\d+)/)?.[1];
  if (!id) throw Error(`no incident: ${done.path} ${done.status}`);
  return id;
}

/** A request of data that waits to be read. */
async function contribution(world, host, clerk) {
  const citizen = new Client(world.demo, host);
  const asked = form((await citizen.get('/es/peticiones-de-datos/nueva')).text, 'datos-aportar');
  await citizen.submit(asked, {titulo: 'Muestra de petición', texto: 'Una petición para las pruebas.'});
  return (await clerk.get('/es/gestion/aportaciones-de-datos')).text.match(/aportaciones-de-datos\/([0-9a-f-]{36})"/)[1];
}

/** A published data service. */
async function service(clerk) {
  const desk = '/es/gestion/servicios-de-datos', name = 'muestra-de-servicio';
  await clerk.submit(form((await clerk.get(`${desk}/nuevo`)).text, 'datos-descripcion'), {titulo: 'Muestra de servicio', tipo: 'wms', direccion: 'https://mapas.example/wms'});
  await clerk.submit(form((await clerk.get(`${desk}/${name}`)).text, 'servicio-formulario'), {notas_es: 'Un servicio de mapas para las pruebas, con todo lo que hace falta.', sector: 'turismo'});
  await clerk.submit(form_of_button((await clerk.get(`${desk}/${name}`)).text, 'accion-publicar'));
  return name;
}

/** Somebody who follows the catalogue by mail, and a link that waits to be confirmed. */
const follower_key = 'a'.repeat(32), follow_token = 'b'.repeat(32);
function follower(world) {
  world.demo.sql(`INSERT INTO m_valdehermoso.open_data_follower (address, language, key) VALUES ('muestra@example.es', 'es', '${follower_key}');
    INSERT INTO m_valdehermoso.open_data_following (follower, kind, object) SELECT id, 'catalogue', '' FROM m_valdehermoso.open_data_follower WHERE key = '${follower_key}';
    INSERT INTO m_valdehermoso.open_data_follow_request (token, address, language, kind, object) VALUES (encode(sha256('${follow_token}'), 'hex'), 'muestra@example.es', 'es', 'catalogue', '')`);
}

/** One published announcement, one draft and one incident in each municipality. */
/** The file of a group's picture, as CKAN's clients send it. */
async function picture(world, host) {
  const {token} = world.demo.json('token', 'create', '--tenant', 'valdehermoso', '--scope', 'open-data:write').value;
  const body = multipart('b0', [['name', 'muestra-dibujada']], {image_upload: {name: 'l.gif', type: 'image/gif', bytes: 'GIF89a'}});
  const made = await world.demo.request('/api/3/action/group_create', {host, method: 'POST', headers: {Authorization: token, 'Content-Type': 'multipart/form-data; boundary=b0'}, body});
  return JSON.parse(made.text).result.image_url;
}

export async function samples(world) {
  if (world.samples) return world.samples;
  const sessions = await sign_in(world);
  world.samples = {};
  follower(world);
  const datasets = town => town === 'valdehermoso' ? world.demo.json('open-data', 'list', '--tenant', town).value.datasets : [];
  for (const [town, host] of Object.entries(towns)) {
    const clerk = sessions[`${town} secretaria`];
    const id = page => page.path.match(/tablon\/([0-9a-f-]{36})/)?.[1];
    const done = await clerk.publish({titulo: `Muestra publicada de ${town}`, pdf: pdf(`Muestra publicada de ${town}`), desde: day(0).typed, hasta: day(9).typed});
    const draft = await clerk.publish({titulo: `Borrador reservado de ${town}`, pdf: pdf(`Borrador de ${town}`), accion: 'borrador'});
    if (!id(done) || !id(draft)) throw Error(`no samples in ${town}: ${done.path} ${done.status}, ${draft.path} ${draft.status}`);
    const permanent = await world.demo.request(`/id/anuncio/${id(done)}`, {host});
    const page = await world.demo.request(permanent.headers.location.replace(/^https?:\/\/[^/]+/, ''), {host});
    world.samples[town] = {
      published: id(done), draft: id(draft), incident: await incident(clerk), slug: permanent.headers.location.split('/').at(-1),
      file: page.text.match(/href="[^"]*\/([^"/]+)"[^>]*data-c="anuncio-archivo"/)[1],
      csv: page.text.match(/verificar\?csv=(\w{27})/)[1],
      asset: page.text.match(/<link rel="stylesheet" href="\/-\/static\/([^"]+)"/)[1],
      user: (await sessions[`${town} administracion`].get('/es/gestion/usuarios')).text.match(/\/usuarios\/([0-9a-f-]{36})"/)[1],
      dataset: datasets(town).find(({name}) => name === 'contratos-menores'), places: datasets(town).find(({name}) => name === 'lugares'),
      contribution: town === 'valdehermoso' ? await contribution(world, host, clerk) : undefined,
      service: town === 'valdehermoso' ? await service(clerk) : undefined,
      picture: town === 'valdehermoso' ? await picture(world, host) : 'no.gif',
      effect: town === 'riomar' ? world.effect : undefined, numero: world.suggestion?.numero ?? '1', codigo: world.suggestion?.codigo ?? 'A',
    };
  }
  return world.samples;
}

export async function route_table(world) {
  const table = JSON.parse((await world.demo.request('/-/routes')).text);
  return Array.isArray(table) ? table : table.routes;
}

const one_of = {
  'kernel *': sample => sample.asset,
  'kernel :id': (sample, {pattern}) => pattern.startsWith('/envios') ? sample.effect ?? '0' : pattern.startsWith('/usuarios') ? sample.user : '00000000-0000-4000-8000-000000000000',
  'kernel :modulo': () => 'sede',
  'kernel :complemento': () => 'sede',
  'kernel :slug': () => 'riomar',
  'kernel :numero': () => '1',
  'sede :id': (sample, {kind, pattern}) => kind !== 'staff' ? sample.slug : /(editar|publicar|descartar)$/.test(pattern) ? sample.draft : sample.published,
  'sede :uuid': sample => sample.published,
  'sede :file': sample => sample.file,
  'evidence :csv': sample => sample.csv,
  'evidence *': () => '0/000.p/1',
  'evidence :origen': () => '0'.repeat(64),
  'calendar :id': sample => sample.incident,
  'open-data :name': (sample, {kind, pattern}) => kind === 'api' ? 'site_read' : pattern.startsWith('/organization') ? 'valdehermoso' : /^\/(servicios-de-datos|service)\//.test(pattern) ? sample.service ?? 'no' : pattern.includes('/mapa/') ? 'lugares' : 'contratos-menores',
  'open-data :dataset': sample => sample.dataset?.id ?? 'no',
  'open-data :file': (sample, {pattern}) => pattern.startsWith('/uploads') ? sample.picture : pattern.includes('/versiones/') ? 'filas.csv' : pattern.includes('/cambios/') ? '1-1.json' : pattern.includes('/tabla/') ? 'seleccion.csv' : 'contratos-menores.csv',
  'open-data :numero': () => '1',
  'open-data :resource': (sample, {pattern}) => (pattern.includes('/mapa/') ? sample.places : sample.dataset)?.resources[0].id ?? 'no',
  'open-data :id': (sample, {pattern}) => (pattern.startsWith('/aportaciones') ? sample.contribution : sample.dataset?.resources[0].id) ?? 'no',
  'open-data :fuente': () => 'no',
  'open-data :token': () => follow_token,
  'open-data :clave': (sample, {kind, method}) => kind === 'bare' && method === 'POST' ? 'c'.repeat(32) : follower_key,
  'es.riomar.buzon :numero': sample => sample.numero,
  'es.riomar.buzon :codigo': sample => sample.codigo,
};

/** The route's address with things of this municipality. A parameter that nobody taught us is an error. */
export function address(route, sample, language = 'es') {
  const where = route.path.replace('{lang}', language).replace(/:\w+|\*/g, name => {
    const value = one_of[`${route.owner} ${name}`];
    if (!value) throw Error(`no test knows what ${name} is in ${route.kind} ${route.pattern} of ${route.owner}: teach tests/integration/samples.mjs`);
    return value(sample, route);
  });
  if (where.endsWith('/calendario/v1/plazo')) return `${where}?desde=2026-10-06&plazo=1%20meses`;
  if (where.endsWith('/calendario/calculo')) return `${where}?desde=31/10/2026&cantidad=10&unidad=habiles&urgencia=si&residencia_comunidad=MD&residencia_locales=15/05/2026,09/11/2026`;
  return where.endsWith('/buzon/recibida') ? `${where}?codigo=${sample.codigo}` : where;
}

/** Open to whoever signs what he sends: no form, no session. */
export const by_signature = route => ['/evidencia/testimonio', '/evidencia/add-checkpoint'].includes(route.pattern);
/** Open to whoever has the secret in its address: mail programs end what they get. */
export const by_secret = route => route.pattern === '/datos/baja/:clave';
/** Says itself, in CKAN's words, what it refuses; a session of the staff is nobody there. */
export const speaks_ckan = route => route.owner === 'open-data' && route.kind === 'api' && route.pattern.includes('/action/');
export const name_of = route => `${route.kind} ${route.method} ${route.pattern}`;
export const serves = (route, town) => route.pattern.startsWith('/instalacion') ? town === 'valdehermoso' : (route.owner !== 'es.riomar.buzon' || town === 'riomar') && (route.owner !== 'open-data' || town === 'valdehermoso');
