// Debian's Patroni with two PostgreSQL members, etcd and HAProxy in front, out of packaging/cluster/patroni with this machine's
// addresses. Three etcd, as the example has them.
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {freePort, sleep} from '../support/demo.mjs';
import {database_account, database_programs, files, folder, Program, psql, replaced} from './nodes.mjs';

const example = name => fs.readFileSync(path.join(files, 'patroni', name), 'utf8');
const passwords = 'clave-de-pruebas';

/** What is not installed; empty when it can run. */
export const missing = () => ['patroni', 'etcd', 'haproxy'].filter(name => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0).join(', ');

export class Patroni {
  static async start() {
    const one = new Patroni();
    one.dir = folder('patroni');
    one.account = database_account();
    if (one.account.uid) fs.chownSync(one.dir, one.account.uid, one.account.gid);
    one.port = await freePort();
    one.members = [];
    for (const name of ['pg1', 'pg2']) one.members.push({name, port: await freePort(), rest: await freePort()});
    await one.start_etcd();
    one.start_proxy();
    one.start_member(one.members[0]);
    await one.leader();
    one.start_member(one.members[1]);
    await one.replicated();
    one.sql("create role concejo login createrole createdb password 'x'", 'postgres');
    return one;
  }

  async start_etcd() {
    const nodes = [];
    for (const n of [1, 2, 3]) nodes.push({name: `etcd${n}`, at: `10.0.0.2${n}`, client: await freePort(), peer: await freePort()});
    this.etcd = nodes.map(({client}) => `127.0.0.1:${client}`);
    this.programs = nodes.map(node => {
      const addresses = nodes.map(({at, peer}) => [`${at}:2380`, `127.0.0.1:${peer}`]);
      const text = replaced(example('etcd.env'), [['ETCD_NAME=etcd1', `ETCD_NAME=${node.name}`], ['/var/lib/etcd/concejo', `${this.dir}/${node.name}`],
        ['LISTEN_PEER_URLS=http://10.0.0.21:2380', `LISTEN_PEER_URLS=http://127.0.0.1:${node.peer}`], ['ADVERTISE_PEER_URLS=http://10.0.0.21:2380', `ADVERTISE_PEER_URLS=http://127.0.0.1:${node.peer}`],
        ['http://10.0.0.21:2379,http://127.0.0.1:2379', `http://127.0.0.1:${node.client}`], ['http://10.0.0.21:2379', `http://127.0.0.1:${node.client}`], ...addresses]);
      const env = Object.fromEntries(text.split('\n').filter(line => line.startsWith('ETCD_')).map(line => { const at = line.indexOf('='); return [line.slice(0, at), line.slice(at + 1)]; }));
      return new Program('etcd', [], {env: {...process.env, ...env}, cwd: this.dir, ...this.account});
    });
  }

  start_proxy() {
    const file = path.join(this.dir, 'haproxy-postgresql.cfg'), [a, b] = this.members;
    fs.writeFileSync(file, replaced(example('haproxy-postgresql.cfg'), [['10.0.0.10:5432', `127.0.0.1:${this.port}`],
      ['10.0.0.21:5432 port 8008', `127.0.0.1:${a.port} port ${a.rest}`], ['10.0.0.22:5432 port 8008', `127.0.0.1:${b.port} port ${b.rest}`]]));
    this.programs.push(new Program('haproxy', ['-db', '-f', file]));
  }

  start_member(member) {
    const file = path.join(this.dir, `${member.name}.yml`);
    fs.writeFileSync(file, replaced(example('patroni.yml'), [['name: pg1', `name: ${member.name}`], ['10.0.0.21:8008', `127.0.0.1:${member.rest}`], ['10.0.0.21:5432', `127.0.0.1:${member.port}`],
      ['[10.0.0.21:2379, 10.0.0.22:2379, 10.0.0.23:2379]', JSON.stringify(this.etcd)], ['10.0.0.0/24', '127.0.0.1/32'], ['/var/lib/postgresql/15/concejo', `${this.dir}/${member.name}`],
      ['/usr/lib/postgresql/15/bin', database_programs], ['/var/run/postgresql', this.dir], ['CAMBIAR', passwords]]));
    member.program = new Program('patroni', [file], {cwd: this.dir, ...this.account, env: {...process.env, HOME: this.dir}});
  }

  /** What Patroni says of all its members: [{name, role, state, lag}]. */
  async cluster() {
    for (const {rest} of this.members) {
      const answer = await fetch(`http://127.0.0.1:${rest}/cluster`).then(got => got.json(), () => undefined);
      if (answer?.members) return answer.members;
    }
    return [];
  }
  async until(what, done, limit = 90_000) {
    for (const start = Date.now(); ; await sleep(200)) {
      const result = done(await this.cluster());
      if (result) return result;
      if (Date.now() - start > limit) throw Error(`${what}\n${this.members.map(({program}) => program?.log.slice(-3000)).join('\n')}`);
    }
  }
  /** The member that leads and answers through HAProxy. */
  async leader(other) {
    const name = await this.until('no leader', members => members.find(({role, state, name}) => role === 'leader' && state === 'running' && name !== other)?.name);
    for (const start = Date.now(); ; await sleep(100)) {
      try { this.sql('select 1', 'postgres'); break; } catch (error) { if (Date.now() - start > 30_000) throw error; }
    }
    return this.members.find(member => member.name === name);
  }
  replicated() { return this.until('no synchronous standby', members => members.find(({role, state}) => role === 'sync_standby' && ['running', 'streaming'].includes(state))); }

  sql(text, database = 'concejo') {
    process.env.PGPASSWORD = passwords;
    try { return psql(this.port, text, 'postgres', database); } finally { delete process.env.PGPASSWORD; }
  }

  /** The machine of a member is gone: Patroni and its PostgreSQL at once. */
  async die(member) {
    const postmaster = Number(fs.readFileSync(path.join(this.dir, member.name, 'postmaster.pid'), 'utf8').split('\n')[0]);
    member.program.child.kill('SIGKILL');
    process.kill(postmaster, 'SIGKILL');
    await member.program.gone;
  }

  async remove() {
    for (const {program} of this.members) await program?.end();
    for (const program of this.programs ?? []) await program.end();
    fs.rmSync(this.dir, {recursive: true, force: true, maxRetries: 5});
  }
}
