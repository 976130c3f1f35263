// Programs and people that publish until they are told to stop, and citizens who read. Whatever is sent is sent again, the same, until
// somebody says that it is done: then it goes into the ledger.
import {createHash} from 'node:crypto';
import {Client, form, multipart} from '../support/client.mjs';
import {sleep} from '../support/demo.mjs';
import {day, pdf} from '../support/pdf.mjs';

const again = [409, 429, 500, 502, 503, 504];
export const sha256 = bytes => createHash('sha256').update(bytes).digest('hex');

export class Load {
  constructor(door, token) { Object.assign(this, {door, token, going: true, ledger: new Map(), edicts: new Map(), reads: 0, failures: [], repeated: {}}); }

  start({programs, people, readers}) {
    this.working = [
      ...Array.from({length: programs}, (_, n) => this.program(n)),
      ...people.map((person, n) => this.person(person, n)),
      ...Array.from({length: readers}, (_, n) => this.reader(n)),
    ];
  }
  async stop() {
    this.going = false;
    await Promise.all(this.working);
  }

  /** Asks until it is done. `done` answers what goes into the ledger, or undefined. */
  async until_done(what, send, done) {
    for (const start = Date.now(); ; await sleep(100)) {
      const answer = await send().catch(error => ({error}));
      const result = answer.error ? undefined : done(answer);
      if (result !== undefined) return result;
      const why = answer.status ?? answer.error.code ?? answer.error.message;
      this.repeated[why] = (this.repeated[why] ?? 0) + 1;
      if (answer.status && !again.includes(answer.status)) throw Error(`${what}: ${answer.status} ${answer.headers.location ?? ''} ${answer.text.slice(0, 300)}`);
      if (Date.now() - start > 60_000) throw Error(`${what}: not done in a minute (${why})`);
    }
  }

  /** A program with a key: an entry with its PDF. */
  async note(key, more = {}) {
    const bytes = pdf(key), boundary = `----${key}`;
    const body = multipart(boundary, [['clave', key], ...Object.entries(more)], {documento: {name: 'apunte.pdf', type: 'application/pdf', bytes}});
    const headers = {Authorization: `Bearer ${this.token}`, 'Idempotency-Key': key, 'Content-Type': `multipart/form-data; boundary=${boundary}`, 'Content-Length': String(body.length)};
    const told = await this.until_done(key, () => this.door.request('/api/nodos/apuntes', {method: 'POST', headers, body}), answer => (answer.status === 200 ? JSON.parse(answer.text).sha256 : undefined));
    if (told !== sha256(bytes)) throw Error(`${key}: stored as ${told}`);
    this.ledger.set(key, told);
  }
  async program(n) {
    for (let i = 0; this.going; ++i) {
      await this.note(`programa-${n}-${i}`);
      await sleep(50);
    }
  }

  /** Somebody of the staff, through the form: an edict with its PDF. */
  async person(cookies, n) {
    const person = new Client(this.door);
    person.cookies = cookies;
    for (let i = 0; this.going; ++i) {
      const titulo = `Edicto ${n}-${i}`;
      const blank = await this.until_done(titulo, () => person.get('/es/gestion/tablon/nuevo'), answer => (answer.status === 200 && form(answer.text, 'anuncio-formulario')) || undefined);
      const file = {documento: {name: 'edicto.pdf', type: 'application/pdf', bytes: pdf(titulo)}};
      const id = await this.until_done(titulo, () => person.submit(blank, {titulo, accion: 'publicar', desde: day(0).typed, hasta: day(9).typed}, file),
        answer => (answer.status === 303 ? answer.headers.location.match(/tablon\/([0-9a-f-]{36})/)?.[1] : undefined));
      this.edicts.set(titulo, id);
      await sleep(100);
    }
  }

  async reader(n) {
    const places = ['/es/', '/es/tablon', '/api/tablon/v1/anuncios', '/es/nodos/cuenta', '/ca/tablon'];
    for (; this.going; ++n) {
      const where = places[n % places.length];
      const what = await this.door.request(where).then(({status}) => (status === 200 ? undefined : `${where}: ${status}`), error => `${where}: ${error.code ?? error.message}`);
      ++this.reads;
      if (what) this.failures.push({at: Date.now(), what});
      await sleep(20);
    }
  }
}
