// What operators see: counts that are exactly what was asked, on the socket and on the port. Judges: Debian's promtool
// and a Prometheus that scrapes.
import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, test, before, after} from 'node:test';
import {Client, form, multipart} from '../../support/client.mjs';
import {Connection} from '../../faults/raw.mjs';
import {freePort, rawRequest, sleep} from '../../support/demo.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const buzon = 'concejo_plugin_es_riomar_buzon_recibidas_total';

/** {name, labels, value} of each sample of the text format. */
const parse = text => text.split('\n').filter(line => line && !line.startsWith('#')).map(line => {
  const [, name, labels = '', value] = line.match(/^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/) ?? assert.fail(`not a sample: ${line}`);
  return {name, value: Number(value), labels: Object.fromEntries([...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, text]) => [key, text]))};
});
const fits = (labels, wanted) => Object.entries(wanted).every(([key, value]) => (labels[key] ?? '') === value);

export default function (world) {
  describe('metrics', () => {
    let folder, port;
    const socket = () => path.join(world.demo.dir, 'run/metrics.sock');
    const ask = (where = '/metrics', options = {}) => new Promise((resolve, reject) => {
      const request = http.request({socketPath: socket(), path: where, agent: false, ...options}, answer => {
        const pieces = [];
        answer.on('data', piece => pieces.push(piece));
        answer.on('end', () => resolve({status: answer.statusCode, headers: answer.headers, bytes: Buffer.concat(pieces), text: Buffer.concat(pieces).toString()}));
      });
      request.on('error', reject);
      request.end();
    });
    const scrape = async () => parse((await ask()).text);
    const sum = (samples, name, labels = {}) => samples.filter(one => one.name === name && fits(one.labels, labels)).reduce((total, one) => total + one.value, 0);
    const value = async (name, labels) => sum(await scrape(), name, labels);
    /** A request is counted once it is answered, which its client may know before: so it is waited for, and nothing more may come. */
    const becomes = async (name, labels, wanted) => {
      let now;
      for (const limit = Date.now() + 10_000; Date.now() < limit; await sleep(100)) if ((now = await value(name, labels)) >= wanted) break;
      assert.equal(now, wanted, `${name} ${JSON.stringify(labels)}`);
    };
    const promtool = (...words) => {
      const {input, args} = typeof words[0] === 'object' ? {input: words[0].input, args: words.slice(1)} : {args: words};
      const {status, stdout, stderr, error} = spawnSync('promtool', args, {encoding: 'utf8', input});
      assert.ok(!error, String(error));
      return {status, said: stdout + stderr};
    };

    before(async () => {
      folder = fs.mkdtempSync(path.join(os.tmpdir(), 'concejo-metricas-'));
      port = await freePort();
      world.demo.edit('platform.yaml', text => `${text}\nmetricas: {puerto: ${port}}\n`);
      assert.equal(world.demo.concejo('reload').code, 0);
    });
    after(() => fs.rmSync(folder, {recursive: true, force: true}));

    test('promtool accepts every line; OpenMetrics, JSON and gzip by what is asked', async () => {
      const plain = await ask();
      assert.equal(plain.status, 200);
      assert.equal(plain.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
      const {status, said} = promtool({input: plain.text}, 'check', 'metrics');
      assert.equal(status, 0, said);
      assert.equal(said.trim(), '', 'promtool has nothing to remark');
      const open = await ask('/metrics', {headers: {Accept: 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5'}});
      assert.equal(open.headers['content-type'], 'application/openmetrics-text; version=1.0.0; charset=utf-8');
      assert.ok(open.text.endsWith('# EOF\n'));
      const packed = await ask('/metrics', {headers: {'Accept-Encoding': 'gzip'}});
      assert.equal(packed.headers['content-encoding'], 'gzip');
      assert.equal(packed.bytes.readUInt16BE(0), 0x1f8b);
      const printed = world.demo.concejo('metrics');
      assert.equal(printed.code, 0, printed.stderr);
      assert.ok(sum(parse(printed.stdout), 'concejo_build_info') === 1);
      const {value: json} = world.demo.json('metrics');
      assert.equal(json.metrics.find(one => one.name === 'concejo_database_up').samples[0].value, 1);
      assert.equal((await ask('/otra')).status, 404);
      assert.equal((await ask('/metrics', {method: 'POST'})).status, 405);
    });

    test('the socket is the installation\'s, the port is the loopback\'s, and the public front has none of it', async () => {
      assert.equal(fs.statSync(socket()).mode & 0o7777, 0o660);
      assert.equal((await rawRequest(port, '/metrics', {host: `127.0.0.1:${port}`})).status, 200);
      assert.equal((await world.demo.request('/metrics')).status, 404);
      assert.equal((await rawRequest(world.demo.port, '/metrics', {host: 'otro.example'})).status, 421);
      const back = world.demo.edit('platform.yaml', text => text.replace(/metricas: .*/, `metricas: {direccion: 0.0.0.0, puerto: ${port}}`));
      const {code, stderr} = world.demo.concejo('config', 'check');
      assert.equal(code, 1);
      assert.match(stderr, /metricas\.direccion: 0\.0\.0\.0 se ve desde otras máquinas.*fuera_de_la_maquina: true/);
      back();
      // A reload opens and closes the port.
      const again = world.demo.edit('platform.yaml', text => text.replace(/\nmetricas: .*/, ''));
      assert.equal(world.demo.concejo('reload').code, 0);
      await assert.rejects(rawRequest(port, '/metrics', {host: 'localhost'}));
      again();
      assert.equal(world.demo.concejo('reload').code, 0);
      assert.equal((await rawRequest(port, '/metrics', {host: 'localhost'})).status, 200);
    });

    test('exactly what was asked is counted, for the municipality that was asked', async () => {
      const labels = {tenant: 'valdehermoso', kind: 'page', code: '4xx'}, other = {...labels, tenant: 'riomar'};
      const first = await scrape();
      const had = sum(first, 'concejo_http_requests_total', labels), theirs = sum(first, 'concejo_http_requests_total', other);
      const timed = sum(first, 'concejo_http_request_duration_seconds_count', {tenant: 'valdehermoso', kind: 'page'});
      for (let n = 0; n < 25; ++n) assert.equal((await world.demo.request(`/es/no-hay-${n}`)).status, 404);
      for (let n = 0; n < 4; ++n) assert.equal((await world.demo.request(`/es/no-hay-${n}`, {host: 'riomar.localhost'})).status, 404);
      await becomes('concejo_http_requests_total', labels, had + 25);
      await becomes('concejo_http_requests_total', other, theirs + 4);
      await becomes('concejo_http_request_duration_seconds_count', {tenant: 'valdehermoso', kind: 'page'}, timed + 25);
    });

    describe('each limit counts what it refuses, and nothing else does', () => {
      const from = address => ({headers: {'X-Forwarded-For': address}});
      const form_type = {'Content-Type': 'application/x-www-form-urlencoded'};
      const parts = (count, bytes) => multipart('corte', Array.from({length: count}, (_, n) => [`campo${n}`, 'x'.repeat(bytes)]), {});
      const post_parts = body => world.demo.request('/es/verificar', {method: 'POST', body, headers: {'Content-Type': 'multipart/form-data; boundary=corte', 'Content-Length': body.length}});
      const post_form = (where, body, more = {}) => world.demo.request(where, {method: 'POST', body, headers: {...form_type, 'Content-Length': body.length, ...more}});
      const until_refused = async ask => { for (let n = 0; n < 60; ++n) { const answer = await ask(n); if (answer.status === 429) return answer; } return assert.fail('never refused'); };
      const cases = {
        head_too_long: [431, () => world.demo.request('/es/', {headers: {'X-Largo': 'x'.repeat(100_000)}})],
        body_too_large: [413, async () => {
          const connection = await Connection.open(world.demo.port);
          await connection.write(Buffer.from(`POST /-/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000000\r\n\r\n`));
          const answer = await connection.answer();
          connection.close();
          return answer;
        }],
        too_many_parts: [413, () => post_parts(parts(250, 1))],
        text_field_too_long: [413, () => post_parts(parts(1, 400_000))],
        too_many_form_fields: [400, () => post_form('/-/echo', Array.from({length: 2500}, (_, n) => `a${n}=1`).join('&'))],
        page_rate: [429, () => until_refused(n => world.demo.request(`/es/no-existe-${n}`, from('203.0.113.1')))],
        write_rate: [429, () => until_refused(n => post_form('/es/buscar', `q=${n}`, from('203.0.113.2').headers))],
      };
      for (const [limit, [status, ask]] of Object.entries(cases)) {
        test(limit, async () => {
          const had = await value('concejo_http_limit_hits_total', {limit});
          assert.equal((await ask()).status, status);
          await becomes('concejo_http_limit_hits_total', {limit}, had + 1);
        });
      }
    });

    test('limits are told apart; the cache\'s hits and misses add up to what was asked', async () => {
      const first = await scrape();
      const long = sum(first, 'concejo_http_limit_hits_total', {limit: 'line_too_long'}), fields = sum(first, 'concejo_http_limit_hits_total', {limit: 'too_many_fields'});
      assert.equal((await world.demo.request(`/es/${'x'.repeat(9000)}`)).status, 414);
      assert.equal((await world.demo.request('/es/', {headers: Object.fromEntries([...Array(120).keys()].map(n => [`X-Campo-${n}`, '1']))})).status, 431);
      await becomes('concejo_http_limit_hits_total', {limit: 'line_too_long'}, long + 1);
      await becomes('concejo_http_limit_hits_total', {limit: 'too_many_fields'}, fields + 1);
      const cache = samples => ['hit', 'miss'].map(result => sum(samples, 'concejo_page_cache_requests_total', {tenant: 'riomar', result}));
      const [hits, misses] = cache(await scrape());
      for (let n = 0; n < 12; ++n) assert.equal((await world.demo.request('/es/buzon/respuestas', {host: 'riomar.localhost'})).status, 200);
      let now;
      for (let n = 0; n < 50; ++n, await sleep(100)) {
        now = cache(await scrape());
        if (now[0] + now[1] >= hits + misses + 12) break;
      }
      assert.equal(now[0] + now[1], hits + misses + 12);
      assert.ok(now[0] > hits && now[1] > misses, `${now[0] - hits} hits, ${now[1] - misses} misses`);
    });

    test('a killed worker takes no count with it', async () => {
      const labels = {tenant: 'valdehermoso', kind: 'page', code: '4xx'}, name = 'concejo_http_requests_total';
      const first = await scrape();
      const had = sum(first, name, labels), deaths = sum(first, 'concejo_worker_deaths_total', {role: 'web', cause: 'signal'});
      let asked = 0;
      for (let round = 0; round < 3; ++round) {
        for (let n = 0; n < 20; ++n) { assert.equal((await world.demo.request(`/es/nada-${round}-${n}`)).status, 404); ++asked; }
        await becomes(name, labels, had + asked);
        const web = world.demo.json('status').value.workers.filter(worker => worker.kind === 'web' && !worker.draining);
        for (const {pid} of web) process.kill(pid, 'SIGKILL');
        for (let n = 0; n < 300; ++n, await sleep(100)) {
          const now = world.demo.json('status').value.workers.filter(worker => worker.kind === 'web' && worker.ready);
          if (now.length === web.length && !now.some(({pid}) => web.some(dead => dead.pid === pid))) break;
        }
        assert.equal(await value(name, labels), had + asked, 'as before the kill');
      }
      await becomes('concejo_worker_deaths_total', {role: 'web', cause: 'signal'}, deaths + 6);
      const samples = await scrape();
      assert.equal(samples.filter(one => one.name === 'concejo_http_connections').length, 2, 'only who lives says how many');
      assert.equal(samples.filter(one => one.name === 'concejo_process_resident_memory_bytes' && one.labels.role === 'web').length, 2);
    });

    test('a plugin\'s own figure appears, for its municipality alone', async () => {
      const had = await value(buzon, {tenant: 'riomar', plugin: 'es.riomar.buzon'});
      const citizen = new Client(world.demo, 'riomar.localhost');
      const page = await citizen.get('/es/buzon');
      const asunto = page.text.match(/<option value="([a-z_-]+)"/)[1];
      assert.equal((await citizen.submit(form(page.text, 'buzon-form'), {asunto, texto: 'Para que se cuente.'}, {})).status, 303);
      await becomes(buzon, {tenant: 'riomar', plugin: 'es.riomar.buzon', asunto}, had + 1);
      assert.equal(await value(buzon, {tenant: 'valdehermoso'}), 0);
      const {text} = await ask();
      assert.match(text, new RegExp(`# HELP ${buzon} Sugerencias recibidas`));
      assert.match(text, new RegExp(`# TYPE ${buzon} counter`));
      await becomes('concejo_jobs_finished_total', {tenant: 'riomar', plugin: 'es.riomar.buzon', kind: 'acuse', result: 'done'}, await value('concejo_job_duration_seconds_count', {plugin: 'es.riomar.buzon', kind: 'acuse'}));
    });

    test('queues, files, disk and copies are those of the database and the disk', async () => {
      const copy = path.join(folder, 'copia.tar.zst');
      const before_copy = Date.now() / 1000 - 2;
      assert.equal(world.demo.concejo('backup', '--to', copy).code, 0);
      world.demo.sql("insert into concejo.jobs (tenant, plugin, kind, state, run_at) values ('riomar', 'es.riomar.buzon', 'de-metricas', 'dead', now())");
      let samples;
      for (let n = 0; n < 80; ++n, await sleep(250)) if (sum(samples = await scrape(), 'concejo_jobs', {kind: 'de-metricas', state: 'dead'}) === 1) break;
      assert.equal(sum(samples, 'concejo_jobs', {tenant: 'riomar', kind: 'de-metricas', state: 'dead'}), 1);
      world.demo.sql("delete from concejo.jobs where kind = 'de-metricas'");
      assert.ok(sum(samples, 'concejo_backup_last_success_timestamp_seconds') >= before_copy);
      const {bavail, bsize} = fs.statfsSync ? fs.statfsSync(world.demo.dir) : {bavail: 0, bsize: 0};
      if (bavail) assert.ok(Math.abs(sum(samples, 'concejo_data_free_bytes') / (bavail * bsize) - 1) < 0.2);
      assert.ok(sum(samples, 'concejo_data_size_bytes') > 0);
      const blobs = Number(world.demo.sql("select coalesce(sum(bytes), 0) from concejo.blobs"));
      assert.ok(sum(samples, 'concejo_blobs_bytes') > 0 && sum(samples, 'concejo_blobs_bytes') <= blobs);
      const rss = samples.find(one => one.name === 'concejo_process_resident_memory_bytes' && one.labels.role === 'supervisor');
      const status = fs.readFileSync(`/proc/${rss.labels.pid}/status`, 'utf8');
      assert.ok(Math.abs(rss.value / (Number(status.match(/VmRSS:\s+(\d+)/)[1]) * 1024) - 1) < 0.2, 'as the system says');
    });

    test('what the dashboard and the alerts name is there, and the manual tells of all', async () => {
      const {text} = await ask();
      const kinds = Object.fromEntries([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, kind]) => [name, kind]));
      const exposed = new Set(Object.entries(kinds).flatMap(([name, kind]) => kind === 'histogram' ? ['_bucket', '_sum', '_count'].map(end => name + end) : [name]));
      const dashboard = JSON.parse(fs.readFileSync(path.join(root, 'packaging/grafana/concejo.json'), 'utf8'));
      assert.equal(dashboard.title, 'Concejo');
      assert.equal(new Set(dashboard.panels.map(panel => panel.id)).size, dashboard.panels.length);
      const rules = fs.readFileSync(path.join(root, 'packaging/prometheus/alerts.yml'), 'utf8');
      const asked = JSON.stringify(dashboard) + rules;
      const named = new Set(asked.match(/\bconcejo_[a-z0-9_]+/g));
      assert.ok(named.size > 40);
      for (const name of named) assert.ok(exposed.has(name), `${name} is not exposed`);
      const manual = fs.readFileSync(path.join(root, 'docs/metricas.md'), 'utf8');
      for (const name of Object.keys(kinds).filter(name => !name.startsWith('concejo_plugin_es_'))) assert.ok(manual.includes(`\`${name}\``), `docs/metricas.md does not tell of ${name}`);
      for (const [, limit] of text.matchAll(/^concejo_http_limit_hits_total\{limit="(\w+)"\}/gm)) assert.ok(manual.includes(`\`${limit}\``), `docs/metricas.md does not tell of the limit ${limit}`);
      // A name that does not exist turns this red.
      assert.ok(!exposed.has('concejo_http_request_total'));
    });

    test('promtool accepts rules and configuration, and a Prometheus scrapes and evaluates them', async () => {
      const config = path.join(root, 'packaging/prometheus');
      assert.equal(promtool('check', 'rules', path.join(config, 'alerts.yml')).status, 0);
      assert.equal(promtool('check', 'config', path.join(config, 'prometheus.yml')).status, 0);
      const mine = await freePort();
      const text = fs.readFileSync(path.join(config, 'prometheus.yml'), 'utf8').replace('127.0.0.1:9464', `127.0.0.1:${port}`).replace(/15s/g, '1s');
      fs.writeFileSync(path.join(folder, 'prometheus.yml'), text);
      fs.copyFileSync(path.join(config, 'alerts.yml'), path.join(folder, 'alerts.yml'));
      const child = spawn('prometheus', [`--config.file=${path.join(folder, 'prometheus.yml')}`, `--storage.tsdb.path=${path.join(folder, 'datos')}`, `--web.listen-address=127.0.0.1:${mine}`], {stdio: 'ignore'});
      const gone = new Promise(resolve => child.once('exit', resolve));
      try {
        const query = async expression => JSON.parse((await rawRequest(mine, `/api/v1/query?query=${encodeURIComponent(expression)}`, {host: `127.0.0.1:${mine}`})).text).data.result;
        let result = [];
        for (let n = 0; n < 120 && result[0]?.value[1] !== '1'; ++n, await sleep(500)) result = await query('up{job="concejo"}').catch(() => []);
        assert.equal(result[0]?.value[1], '1', 'scraped');
        const counted = await query(`${buzon}{tenant="riomar"}`);
        assert.equal(counted.reduce((total, one) => total + Number(one.value[1]), 0), await value(buzon, {tenant: 'riomar'}));
        const rules = JSON.parse((await rawRequest(mine, '/api/v1/rules', {host: `127.0.0.1:${mine}`})).text).data.groups[0].rules;
        for (const rule of rules) assert.notEqual(rule.health, 'err', `${rule.name}: ${rule.lastError}`);
      } finally {
        child.kill('SIGTERM');
        await gone;
      }
    });
  });
}
