// A browser without a screen: cookies, forms and redirections of one person in one municipality.
import {totp, sleep} from './demo.mjs';

const entities = {amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'", nbsp: '\u00a0'};
export const decode = text => text.replace(/&(#?\w+);/g, (all, name) => entities[name] ?? (/^#x/i.test(name) ? String.fromCodePoint(parseInt(name.slice(2), 16)) : /^#\d/.test(name) ? String.fromCodePoint(Number(name.slice(1))) : all));
const attribute = (tag, name) => { const found = tag.match(new RegExp(`\\s${name}="([^"]*)"`)); return found && decode(found[1]); };

/** The form marked data-c="name" with what it would send as it stands: {action, fields: [[name, value]]}, or null. */
export function form(html, name) {
  const found = html.match(new RegExp(`<form\\b[^>]*data-c="${name}"[^>]*>[\\s\\S]*?</form>`));
  return found && read_form(found[0]);
}

/** The form around the button marked data-c="name" (log out, publish, discard). */
export function form_of_button(html, name) {
  for (const [text] of html.matchAll(/<form\b[\s\S]*?<\/form>/g)) if (text.includes(`data-c="${name}"`)) return read_form(text);
  return null;
}

function read_form(text) {
  const fields = [];
  for (const [tag] of text.matchAll(/<input\b[^>]*>/g)) {
    const type = attribute(tag, 'type') ?? 'text';
    const name = attribute(tag, 'name');
    if (!name || type === 'file' || type === 'submit') continue;
    if ((type === 'checkbox' || type === 'radio') && !/\schecked/.test(tag)) continue;
    fields.push([name, attribute(tag, 'value') ?? '']);
  }
  for (const [all, inside] of text.matchAll(/<textarea\b[^>]*>([\s\S]*?)<\/textarea>/g)) fields.push([attribute(all, 'name'), decode(inside)]);
  for (const [all] of text.matchAll(/<select\b[\s\S]*?<\/select>/g)) {
    const options = [...all.matchAll(/<option\b[^>]*>/g)].map(([tag]) => tag);
    const chosen = options.find(tag => /\sselected/.test(tag)) ?? options[0] ?? '';
    fields.push([attribute(all, 'name'), attribute(chosen, 'value') ?? '']);
  }
  return {action: attribute(text.match(/<form\b[^>]*>/)[0], 'action'), fields};
}

/** The text of the first element marked data-c="name", without tags. */
export function text_of(html, name) {
  const found = html.match(new RegExp(`<(\\w+)\\b[^>]*data-c="${name}"[^>]*>([\\s\\S]*?)</\\1>`));
  return found && decode(found[2].replace(/<[^>]*>/g, ' ')).replace(/\s+/g, ' ').trim();
}

// A code is good once: the next login of the same account takes the next one.
const used = new Map();
export async function next_code(secret) {
  for (;;) {
    const now = Math.floor(Date.now() / 30_000), next = Math.max(now, (used.get(secret) ?? 0) + 1);
    if (next <= now + 1) {
      used.set(secret, next);
      return totp(secret, next * 30_000 + 1);
    }
    await sleep(500);
  }
}

export class Client {
  constructor(demo, host = 'valdehermoso.localhost') {
    Object.assign(this, {demo, host, cookies: new Map()});
  }

  async send(where, {method = 'GET', headers = {}, body} = {}) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await this.demo.request(where, {host: this.host, method, body, headers: {...(cookie && {Cookie: cookie}), ...headers}});
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      if (/max-age=0\b/i.test(line) || !value) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  /** Follows redirections inside the municipality; `path` of the answer says where it ended. */
  async get(where, options) { return this.follow(await this.send(where, options), where); }

  async follow(answer, where) {
    for (let n = 0; n < 5 && answer.status >= 300 && answer.status < 400 && answer.headers.location; ++n) {
      const to = new URL(answer.headers.location, this.demo.url(where, this.host));
      if (to.hostname !== this.host) throw Error(`redirected away: ${to}`);
      where = to.pathname + to.search;
      answer = await this.send(where);
    }
    return Object.assign(answer, {path: where});
  }

  /** Sends a form; `values` replace its fields (null takes one out), `files` are {field: {name, type, bytes}}. */
  async submit({action, fields}, values = {}, files) {
    const all = [...fields.filter(([name]) => !(name in values)), ...Object.entries(values).filter(([, value]) => value !== null)];
    const boundary = `----concejo${Math.random().toString(16).slice(2)}`;
    const body = files ? multipart(boundary, all, files) : new URLSearchParams(all).toString();
    return this.send(action, {method: 'POST', body, headers: {
      'Content-Type': files ? `multipart/form-data; boundary=${boundary}` : 'application/x-www-form-urlencoded',
      'Content-Length': Buffer.byteLength(body)}});
  }

  async login(user, tenant = this.host.split('.')[0]) {
    const {password, totp_secret} = this.demo.credentials[tenant][user];
    const first = await this.get('/es/gestion');
    const asked = form(first.text, 'login');
    if (!asked) throw Error(`no login form at ${first.path} (${first.status})`);
    const second = await this.follow(await this.submit(asked, {usuario: user, clave: password}), asked.action);
    const code = form(second.text, 'totp');
    if (!code) throw Error(`no second step at ${second.path} (${second.status}): ${text_of(second.text, 'error-summary')}`);
    const home = await this.follow(await this.submit(code, {codigo: await next_code(totp_secret)}), code.action);
    if (!form_of_button(home.text, 'logout')) throw Error(`${user} is not in: ${home.path} (${home.status}) ${text_of(home.text, 'error-summary')}`);
    return home;
  }

  /** Somebody who is signed in: once for each person of a demonstration, since a code is good once. */
  static async of(demo, user, host = 'valdehermoso.localhost') {
    demo.people ??= new Map();
    const key = `${user} ${host}`, known = demo.people.get(key);
    if (known && !form((await known.get('/es/gestion')).text, 'login')) return known;
    const person = new Client(demo, host);
    await person.login(user);
    demo.people.set(key, person);
    return person;
  }

  /** Publishes through the form of the staff; answers the page it led to. */
  async publish({titulo, pdf, accion = 'publicar', ...more}) {
    const page = await this.get('/es/gestion/tablon/nuevo');
    const blank = form(page.text, 'anuncio-formulario');
    if (!blank) throw Error(`no form at ${page.path} (${page.status})`);
    const files = pdf ? {documento: {name: 'edicto.pdf', type: 'application/pdf', bytes: pdf}} : {};
    return this.follow(await this.submit(blank, {titulo, accion, ...more}, files), blank.action);
  }
}

export function multipart(boundary, fields, files) {
  const pieces = [];
  for (const [name, value] of fields) pieces.push(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
  for (const [field, {name, type, bytes}] of Object.entries(files)) {
    pieces.push(`--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n`, bytes, '\r\n');
  }
  pieces.push(`--${boundary}--\r\n`);
  return Buffer.concat(pieces.map(piece => Buffer.from(piece)));
}
