// A demonstration of its own for a test program: started on a free port in a new folder, ended by pid.
import {spawn, spawnSync} from 'node:child_process';
import {createHmac} from 'node:crypto';
import {once} from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const program = process.env.CONCEJO_BIN ?? path.join(root, 'build/release/bin/concejo');

export const freePort = () => new Promise((resolve, reject) => {
  const server = net.createServer();
  server.once('error', reject);
  server.listen(0, '127.0.0.1', () => { const {port} = server.address(); server.close(() => resolve(port)); });
});

export const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

/** What `check` gives, once it gives something. */
export async function until(what, check, seconds = 100) {
  for (const end = Date.now() + seconds * 1000; ;) {
    const found = await check();
    if (found) return found;
    if (Date.now() > end) throw Error(`not in ${seconds} s: ${what}`);
    await sleep(200);
  }
}

/** Messages are looked for in Spanish, whatever the machine that tests speaks. */
const spoken = env => ({...process.env, LC_ALL: 'es_ES.UTF-8', ...env});

/** Requests a minute are not what most tests are about: 0 takes the limits away. */
export const unlimited = text => text.replace(/\nhttp:\n/, '\nhttp:\n  ritmos: {paginas_por_direccion: 0, escrituras_por_direccion: 0, accesos_por_direccion: 0, accesos_por_cuenta: 0}\n');

/** The loopback counts as a proxy: X-Forwarded-For is believed, and those addresses may ask little. Others as ever. */
export const behind_a_proxy = text => text.replace(/\nhttp:\n/, '\nhttp:\n  proxies_de_confianza: [127.0.0.1]\n  ritmos: {paginas_por_direccion: 3, escrituras_por_direccion: 6, accesos_por_direccion: 4}\n');

export class Demo {
  /** `platform` changes the text of platform.yaml before the first start. CONCEJO_DEMO: an installation to begin with a copy of. */
  static async start({dir, port, env = {}, platform} = {}) {
    const demo = new Demo();
    // CONCEJO_TEST_DIR: an installation that is there already and stays, for whoever writes tests.
    demo.kept = dir ?? process.env.CONCEJO_TEST_DIR;
    demo.dir = demo.kept ?? fs.mkdtempSync(path.join(os.tmpdir(), 'concejo-demo-'));
    if (process.getuid() === 0) fs.chmodSync(demo.dir, 0o755); // PostgreSQL runs as another user there
    demo.port = port ?? await freePort();
    demo.env = env;
    const fresh = !fs.existsSync(demo.file('platform.yaml'));
    if (fresh && !demo.kept && process.env.CONCEJO_DEMO) spawnSync('cp', ['-a', `${process.env.CONCEJO_DEMO}/.`, demo.dir]);
    if (fresh && platform) {
      if (!fs.existsSync(demo.file('platform.yaml'))) fs.cpSync(path.join(root, 'config/demo'), path.join(demo.dir, 'config'), {recursive: true});
      demo.edit('platform.yaml', platform);
    }
    await demo.up();
    return demo;
  }

  async up(verb = ['demo', '--port', String(this.port)]) {
    this.log = '';
    this.child = spawn(program, [verb[0], '--dir', this.dir, ...verb.slice(1)], {env: spoken(this.env), stdio: ['ignore', 'pipe', 'pipe']});
    this.gone = new Promise(resolve => this.child.once('exit', (code, signal) => resolve({code, signal})));
    this.child.stderr.on('data', text => { this.log += text; });
    await new Promise((resolve, reject) => {
      let out = '';
      const limit = setTimeout(() => reject(Error(`not ready in 180 s\n${this.log}`)), 180_000);
      this.child.stdout.on('data', text => {
        out += text;
        if (/^ready http/m.test(out)) { clearTimeout(limit); resolve(); }
      });
      this.gone.then(({code, signal}) => { clearTimeout(limit); reject(Error(`ended with ${code ?? signal}\n${this.log}`)); });
    });
    this.credentials = JSON.parse(fs.readFileSync(path.join(this.dir, 'demo-credentials.json'), 'utf8'));
  }

  async stop(signal = 'SIGTERM') {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    const limit = setTimeout(() => this.child.kill('SIGKILL'), 40_000);
    const end = await this.gone;
    clearTimeout(limit);
    return end;
  }

  async remove() {
    await this.stop();
    if (!this.kept) fs.rmSync(this.dir, {recursive: true, force: true, maxRetries: 5});
  }

  file(name) { return path.join(this.dir, 'config', name); }

  /** A file beside the installation, for commands; where it is. */
  put(name, bytes) {
    const where = path.join(this.dir, name);
    fs.writeFileSync(where, bytes);
    return where;
  }

  /** Changes a file of the configuration; answers how to put it back. */
  edit(name, change) {
    const before = fs.readFileSync(this.file(name), 'utf8');
    const after = change(before);
    if (after === before) throw Error(`${name}: nothing changed`);
    fs.writeFileSync(this.file(name), after);
    return () => fs.writeFileSync(this.file(name), before);
  }

  url(where = '/', host = 'valdehermoso.localhost') { return `http://${host}:${this.port}${where}`; }

  /** fetch() with a Host of our choice: node resolves *.localhost by itself nowhere, so the address is 127.0.0.1. */
  request(where, {host = 'valdehermoso.localhost', method = 'GET', headers = {}, body} = {}) {
    return rawRequest(this.port, where, {host: `${host}:${this.port}`, method, headers, body});
  }

  /** One statement in the embedded database, as its owner: for states that no page leads to. */
  sql(statement) {
    const [file] = fs.readdirSync(path.join(this.dir, 'data'), {recursive: true}).filter(name => path.basename(name) === 'postmaster.pid');
    const [, , , port, socket] = fs.readFileSync(path.join(this.dir, 'data', file), 'utf8').split('\n');
    const {status, stdout, stderr} = spawnSync('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1', '-h', socket, '-p', port, '-U', 'concejo_root', '-d', 'concejo', '-c', statement], {encoding: 'utf8'});
    if (status !== 0) throw Error(`${statement}: ${stderr}`);
    return stdout.trim();
  }

  /** Runs a command on this installation; the exit code does not throw. Last argument {input}: its standard input. */
  concejo(...args) {
    const {input = ''} = typeof args.at(-1) === 'object' ? args.pop() : {};
    return concejo([...args, '--dir', this.dir], {input, env: this.env});
  }

  /** The same, not in step with this process, which may be the server that the command asks. */
  async concejo_beside(...args) {
    const child = spawn(program, [...args, '--dir', this.dir], {stdio: ['ignore', 'pipe', 'pipe'], env: spoken(this.env)});
    const said = {stdout: '', stderr: ''};
    for (const stream of ['stdout', 'stderr']) child[stream].setEncoding('utf8').on('data', text => { said[stream] += text; });
    const [code, signal] = await once(child, 'close');
    return {code: code ?? signal, ...said};
  }

  /** A reload that must serve; else what was said, and the server's own last lines. */
  async reload() {
    const {code, stderr} = await this.concejo_beside('reload');
    if (code === 0) return;
    await sleep(300);
    throw Error(`reload ended with ${code}: ${stderr}\n${this.log.slice(-3000)}`);
  }

  /** concejo() with --json, which must be one object on stdout and nothing else. */
  json(...args) {
    const answer = this.concejo(...args.slice(0, 2), '--json', ...args.slice(2));
    try {
      return {...answer, value: JSON.parse(answer.stdout)};
    } catch {
      throw Error(`not JSON from ${args.join(' ')} (${answer.code}): ${answer.stdout}\n${answer.stderr}`);
    }
  }
}

export function concejo(args, {input = '', env = {}, by = program} = {}) {
  const {status, signal, stdout, stderr} = spawnSync(by, args, {encoding: 'utf8', input, env: spoken(env), timeout: 120_000});
  return {code: status ?? signal, stdout, stderr};
}

/** A server without logins or announcements, in a folder of its own: what is under test is how it runs. */
export class Bare {
  static async make(change = text => text) {
    const bare = new Bare();
    bare.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'concejo-solo-'));
    fs.chmodSync(bare.dir, 0o755);
    fs.cpSync(path.join(root, 'config/demo'), path.join(bare.dir, 'config'), {recursive: true});
    fs.rmSync(path.join(bare.dir, 'config/municipios/riomar.yaml')); // its plugin is known to the demonstration only
    bare.port = await freePort();
    const file = path.join(bare.dir, 'config/platform.yaml');
    fs.writeFileSync(file, change(fs.readFileSync(file, 'utf8').replace(/puerto: \d+/, `puerto: ${bare.port}`)));
    return bare;
  }

  /** `before`: words in front of the command line; `handle`: what the server finds under descriptor 3. */
  up({before = [], handle, patience = 120} = {}) {
    const [command, ...words] = [...before, this.program ?? program, 'serve', '--dir', this.dir];
    this.child = spawn(command, words, {env: spoken({}), stdio: ['ignore', 'pipe', 'pipe', ...(handle ? [handle] : [])]});
    this.log = '';
    this.child.stderr.on('data', text => { this.log += text; });
    this.gone = new Promise(resolve => this.child.once('exit', (code, signal) => resolve({code, signal})));
    return new Promise((resolve, reject) => {
      let out = '';
      const limit = setTimeout(() => reject(Error(`not ready in ${patience} s\n${this.log}`)), patience * 1000);
      this.child.stdout.on('data', text => {
        out += text;
        const ready = out.match(/^ready http:\/\/127\.0\.0\.1:(\d+)\//m);
        if (ready) { clearTimeout(limit); resolve(Number(ready[1])); }
      });
      this.gone.then(({code, signal}) => { clearTimeout(limit); reject(Error(`ended with ${code ?? signal}\n${this.log}`)); });
    });
  }

  async remove() {
    if (this.child && this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGTERM');
    const limit = setTimeout(() => this.child?.kill('SIGKILL'), 40_000);
    await this.gone;
    clearTimeout(limit);
    fs.rmSync(this.dir, {recursive: true, force: true, maxRetries: 5});
  }
}

import http from 'node:http';
/** Each on a connection of its own: a kept one would still be the old generation's after a reload. */
export function rawRequest(port, where, {host, method = 'GET', headers = {}, body, agent = false} = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request({host: '127.0.0.1', port, path: where, method, agent, headers: {Host: host, ...headers}}, answer => {
      if (answer.headers['content-type']?.startsWith('text/event-stream')) {  // it would not end: its head is the answer
        resolve({status: answer.statusCode, headers: answer.headers, bytes: Buffer.alloc(0), text: ''});
        return request.destroy();
      }
      const pieces = [];
      answer.on('data', piece => pieces.push(piece));
      answer.on('error', reject);
      answer.on('end', () => {
        const bytes = Buffer.concat(pieces);
        resolve({status: answer.statusCode, headers: answer.headers, bytes, text: bytes.toString('utf8')});
      });
    });
    request.on('error', reject);
    request.setTimeout(40_000, () => request.destroy(Error('timeout')));
    request.end(body);
  });
}

/** RFC 6238, from a base32 secret. */
export function totp(secret, at = Date.now()) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  let bits = '';
  for (const c of secret.replace(/=+$/, '')) bits += alphabet.indexOf(c.toUpperCase()).toString(2).padStart(5, '0');
  const key = Buffer.from(bits.match(/.{8}/g).map(byte => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const digest = createHmac('sha1', key).update(counter).digest();
  const offset = digest[19] & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
