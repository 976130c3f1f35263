// What a town hall with two nodes has: one PostgreSQL, HAProxy in front, and two installations with one configuration. The files
// are those of packaging/cluster, with this machine's addresses.
import {execFileSync, spawn, spawnSync} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {concejo, freePort, program, rawRequest, sleep} from '../support/demo.mjs';
import {workers_of} from '../faults/processes.mjs';
import {bucket} from '../uploads/s3_server.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const build = path.resolve(path.dirname(program), '..');
export const host = 'valdehermoso.localhost';
export const files = path.join(root, 'packaging/cluster');

/** Every text must be there: an example that changes must not leave the test with another one's addresses. */
export function replaced(text, pairs) {
  for (const [from, to] of pairs) {
    if (!text.includes(from)) throw Error(`«${from}» is not in the example`);
    text = text.replaceAll(from, to);
  }
  return text;
}

export const folder = name => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), `concejo-${name}-`));
  fs.chmodSync(dir, 0o755);
  return dir;
};

/** PostgreSQL does not run as root: then its own account has it. */
export const database_account = () => {
  if (process.getuid() !== 0) return {};
  const id = flag => Number(spawnSync('id', [flag, 'postgres'], {encoding: 'utf8'}).stdout);
  return {uid: id('-u'), gid: id('-g')};
};
export const database_programs = fs.readdirSync('/usr/lib/postgresql').map(version => `/usr/lib/postgresql/${version}/bin`).find(bin => fs.existsSync(`${bin}/initdb`));

const ended = child => child.exitCode !== null || child.signalCode !== null;

/** A child that is ended by its pid. */
export class Program {
  constructor(command, words, options = {}) {
    this.log = '';
    this.child = spawn(command, words, {stdio: ['ignore', 'pipe', 'pipe'], ...options});
    for (const stream of [this.child.stdout, this.child.stderr]) stream.on('data', text => { this.log += text; });
    this.gone = new Promise(resolve => this.child.once('exit', resolve));
  }
  async end(signal = 'SIGTERM') {
    if (!ended(this.child)) this.child.kill(signal);
    const limit = setTimeout(() => this.child.kill('SIGKILL'), 30_000);
    await this.gone;
    clearTimeout(limit);
  }
}

export function psql(port, text, user = 'postgres', database = 'concejo') {
  const {status, stdout, stderr} = spawnSync('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1', '-h', '127.0.0.1', '-p', String(port), '-U', user, '-d', database, '-c', text], {encoding: 'utf8', timeout: 30_000});
  if (status !== 0) throw Error(`${text}: ${stderr}`);
  return stdout.trim();
}

export class Postgres {
  static async start() {
    const one = new Postgres();
    one.dir = folder('pg');
    one.account = database_account();
    if (one.account.uid) fs.chownSync(one.dir, one.account.uid, one.account.gid);
    one.port = await freePort();
    const made = spawnSync(`${database_programs}/initdb`, ['-D', `${one.dir}/data`, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'], {encoding: 'utf8', cwd: one.dir, ...one.account});
    if (made.status !== 0) throw Error(made.stderr);
    await one.up();
    // As the guide says: no superuser.
    psql(one.port, "create role concejo login createrole createdb password 'x'", 'postgres', 'postgres');
    return one;
  }
  async up() {
    this.program = new Program(`${database_programs}/postgres`, ['-D', `${this.dir}/data`, '-p', String(this.port), '-k', this.dir, '-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=300'], {cwd: this.dir, ...this.account});
    for (let n = 0; ; ++n) {
      try { return void psql(this.port, 'select 1', 'postgres', 'postgres'); } catch (error) { if (n > 200) throw Error(`${error}\n${this.program.log}`); }
      await sleep(100);
    }
  }
  sql(text) { return psql(this.port, text); }
  /** As `pg_ctl -m immediate stop` sends it; then up again. */
  async crash() {
    this.program.child.kill('SIGQUIT');
    await this.program.gone;
    await this.up();
  }
  async remove() {
    await this.program.end('SIGINT');
    fs.rmSync(this.dir, {recursive: true, force: true, maxRetries: 5});
  }
}

/** A seal and a log's key as openssl makes them. */
function a_seal() {
  const openssl = (...args) => execFileSync('openssl', args, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']});
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'concejo-sello-'));
  try {
    const key = path.join(folder, 'sello.key');
    const certificate = openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-days', '30', '-subj', '/C=ES/O=Ayuntamiento de Valdehermoso/CN=SELLO DE PRUEBA');
    return {certificate, key: fs.readFileSync(key, 'utf8'), log: openssl('genpkey', '-algorithm', 'ed25519')};
  } finally {
    fs.rmSync(folder, {recursive: true});
  }
}

/** The configuration that all nodes have. */
export function configuration({database, s3, proxy}) {
  const dir = folder('config');
  const seal = a_seal();
  fs.cpSync(path.join(files, 'config'), dir, {recursive: true});
  fs.mkdirSync(path.join(dir, 'municipios'), {recursive: true});
  const yaml = path.join(dir, 'platform.yaml');
  fs.writeFileSync(yaml, replaced(fs.readFileSync(yaml, 'utf8'), [
    ['direccion: 0.0.0.0', 'direccion: 127.0.0.1'], ['puerto: 8080', `puerto: !env CONCEJO_PUERTO\n  puerto_publico: ${proxy}`],
    ['esquema_publico: https', 'esquema_publico: http\n  ritmos: {paginas_por_direccion: 0, escrituras_por_direccion: 0, accesos_por_direccion: 0, accesos_por_cuenta: 0}\n  limites: {conexiones_por_direccion: 1000}'],
    ['10.0.0.10]', '127.0.0.1]'], ['relevo_s: 60', 'relevo_s: 6'], ['https://s3.ejemplo.es', s3.address], ['deposito: concejo', `deposito: ${bucket}`], ['clave_id: CONCEJO', `clave_id: ${s3.keys.id}`],
  ]) + `plugins:\n  carpetas: ${JSON.stringify([path.join(build, 'tests/cluster/plugins')])}\nregistro:\n  nivel: warning\n`);
  fs.writeFileSync(path.join(dir, 'municipios/valdehermoso.yaml'), replaced(fs.readFileSync(path.join(root, 'config/demo/municipios/valdehermoso.yaml'), 'utf8'), [['\nmodulos:\n', '\nmodulos:\n  es.prueba.nodos:\n    activo: true\n'],
    // in production nothing is published without a seal of the municipality's own: one that names nobody's development
    ['  evidence:\n    activo: true\n', `  evidence:\n    activo: true\n    sello:\n      clave: !secret sello-clave\n      certificados: |\n${seal.certificate.replace(/^/gm, '        ').trimEnd()}\n    registro:\n      clave: !secret registro-clave\n`]]));
  const own = path.join(dir, 'secretos/valdehermoso');
  fs.mkdirSync(own, {recursive: true, mode: 0o700});
  fs.writeFileSync(path.join(own, 'sello-clave'), seal.key, {mode: 0o600});
  fs.writeFileSync(path.join(own, 'registro-clave'), seal.log, {mode: 0o600});
  fs.mkdirSync(path.join(dir, 'secretos'), {recursive: true, mode: 0o700});
  const secret = (name, value) => fs.writeFileSync(path.join(dir, 'secretos', name), value + '\n', {mode: 0o600});
  secret('identidad', randomBytes(32).toString('hex'));
  secret('conexion', database);
  secret('s3', s3.keys.secret);
  return dir;
}

export class Node {
  /** `config`: the folder that all nodes have; each gets a copy. */
  static async make(name, config) {
    const node = new Node();
    node.dir = folder(name);
    node.port = await freePort();
    node.env = {CONCEJO_PUERTO: String(node.port)};
    fs.cpSync(config, path.join(node.dir, 'config'), {recursive: true});
    fs.chmodSync(path.join(node.dir, 'config/secretos'), 0o700);
    return node;
  }
  async up() {
    this.program = new Program(program, ['serve', '--dir', this.dir], {env: {...process.env, LC_ALL: 'es_ES.UTF-8', ...this.env}});
    this.child = this.program.child;
    for (const start = Date.now(); !/^ready http/m.test(this.program.log); await sleep(20)) {
      if (ended(this.child)) throw Error(`ended\n${this.program.log}`);
      if (Date.now() - start > 120_000) throw Error(`not ready\n${this.program.log}`);
    }
  }
  workers(kind) { return workers_of(this).filter(worker => !kind || worker.kind === kind); }
  /** The machine is gone: supervisor and workers at once. */
  async die() {
    const pids = [this.child.pid, ...this.workers().map(({pid}) => pid)];
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await this.program.gone;
  }
  concejo(...args) {
    const {input = ''} = typeof args.at(-1) === 'object' ? args.pop() : {};
    return concejo([...args, '--dir', this.dir], {input, env: this.env});
  }
  json(...args) {
    const answer = this.concejo(...args.slice(0, 2), '--json', ...args.slice(2));
    if (answer.code !== 0) throw Error(`${args.join(' ')}: ${answer.stdout}${answer.stderr}`);
    return JSON.parse(answer.stdout);
  }
  async remove() {
    await this.program?.end();
    fs.rmSync(this.dir, {recursive: true, force: true, maxRetries: 5});
  }
}

export class Proxy {
  static async start(port, nodes) {
    const proxy = new Proxy();
    proxy.dir = folder('haproxy');
    proxy.port = port;
    const file = path.join(proxy.dir, 'haproxy.cfg');
    fs.writeFileSync(file, replaced(fs.readFileSync(path.join(files, 'haproxy.cfg'), 'utf8'), [
      ['maxconn 20000', 'maxconn 1000'],  // a test may not have the descriptors
      ['bind :80\n', `bind 127.0.0.1:${port}\n`], ['    bind :443 ssl crt /etc/ssl/concejo/ alpn h2,http/1.1\n', ''],
      ['    http-request redirect scheme https code 301 unless { ssl_fc }\n', ''],
      ['10.0.0.11:8080', `127.0.0.1:${nodes[0].port}`], ['10.0.0.12:8080', `127.0.0.1:${nodes[1].port}`],
    ]));
    proxy.program = new Program('haproxy', ['-db', '-f', file]);
    for (const start = Date.now(); ; await sleep(50)) {
      if (await rawRequest(port, '/', {host: 'x'}).then(() => true, () => false)) return proxy;
      if (ended(proxy.program.child) || Date.now() - start > 20_000) throw Error(proxy.program.log);
    }
  }
  async remove() {
    await this.program?.end();
    fs.rmSync(this.dir, {recursive: true, force: true});
  }
}

/** Where requests go: a port, or several in turn. As support/client.mjs wants it. */
export class Door {
  constructor(ports, proxy, credentials) { Object.assign(this, {ports: [ports].flat(), proxy, credentials, turn: 0}); }
  url(where = '/', name = host) { return `http://${name}:${this.proxy}${where}`; }
  request(where, {host: name = host, method = 'GET', headers = {}, body} = {}) {
    return rawRequest(this.ports[this.turn++ % this.ports.length], where, {host: `${name}:${this.proxy}`, method, headers, body});
  }
}
