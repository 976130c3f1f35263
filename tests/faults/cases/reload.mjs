// Reload while ten clients work: keep-alive, new connections, uploads and slow downloads. No request fails, and each
// time the change is seen.
import assert from 'node:assert/strict';
import {createHash, randomBytes} from 'node:crypto';
import {before, describe, test} from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import {spawn} from 'node:child_process';
import {program, sleep} from '../../support/demo.mjs';
import {day, pdf} from '../../support/pdf.mjs';
import {Connection, head, slow_download, slow_upload} from '../raw.mjs';

/** A real PDF of many megabytes: what is behind the end does not harm it. */
const large = megabytes => Buffer.concat([pdf('Documento grande'), Buffer.from('\n%'), Buffer.from(randomBytes(megabytes << 19).toString('hex')), Buffer.from('\n'), tail()]);
const tail = () => { const text = pdf('Documento grande').toString('latin1'); return Buffer.from(text.slice(text.lastIndexOf('startxref')), 'latin1'); };

export default function (world) {
  describe('reload under load', () => {
    before(() => {
      const bytes = large(8), file = path.join(world.demo.dir, 'grande.pdf');
      fs.writeFileSync(file, bytes);
      const {code, stdout, stderr} = world.demo.concejo('sede', 'publish', '--json', '--tenant', 'valdehermoso', '--tipo', 'edicto', '--titulo', 'Plano grande', '--desde', day(0).iso, '--hasta', day(9).iso, file);
      assert.equal(code, 0, stderr);
      world.large = {...JSON.parse(stdout)};
    });

    test('20 times, ten clients: 0 failed requests', {timeout: 240_000}, async t => {
      const {demo} = world, host = `valdehermoso.localhost:${demo.port}`;
      const page = (await demo.request(new URL(world.large.url).pathname)).text;
      const file = page.match(/href="([^"]+)"[^>]*data-c="anuncio-archivo"/)[1];
      const counts = {}, failures = [];
      let going = true;
      const client = (kind, work) => (async () => {
        while (going) {
          try {
            await work();
            counts[kind] = (counts[kind] ?? 0) + 1;
          } catch (error) {
            failures.push(`${kind}: ${error.message}`);
          }
        }
      })();
      const good = answer => { if (answer.status !== 200) throw Error(`status ${answer.status}: ${answer.body.toString().slice(0, 200)}`); return answer; };

      const kept = places => {
        let connection, n = 0;
        return async () => {
          connection ??= await Connection.open(demo.port);
          try {
            await connection.write(head('GET', places[n++ % places.length], host));
            const {fields} = good(await connection.answer());
            if (fields.connection?.toLowerCase() === 'close') { connection.close(); connection = undefined; }
          } catch (error) {
            connection?.close();
            connection = undefined;
            throw error;
          }
          await sleep(5);
        };
      };
      const fresh = where => async () => {
        const connection = await Connection.open(demo.port);
        try {
          await connection.write(head('GET', where, host, 'Connection: close\r\n'));
          good(await connection.answer());
        } finally {
          connection.close();
        }
        await sleep(10);
      };
      const clients = [
        client('keep-alive', kept(['/es/', '/es/tablon'])), client('keep-alive', kept(['/-/echo', '/gl/'])), client('keep-alive', kept(['/es/buscar?q=plano', '/-/live'])), client('keep-alive', kept(['/es/tablon'])),
        client('new connection', fresh('/es/tablon')), client('new connection', fresh('/-/echo')), client('new connection', fresh('/api/tablon/v1/anuncios')),
        client('upload', () => slow_upload(demo.port, host, 700_000, 1500)), client('upload', () => slow_upload(demo.port, host, 90_000, 700)),
        client('slow download', async () => {
          const body = await slow_download(demo.port, host, file, 40);
          if (createHash('sha256').update(body).digest('hex') !== world.large.sha256) throw Error('another body');
        }),
      ];

      const original = fs.readFileSync(demo.file('municipios/valdehermoso.yaml'), 'utf8');
      const times = world.full ? 100 : 20, durations = [];
      try {
        for (let n = 1; n <= times; ++n) {
          fs.writeFileSync(demo.file('municipios/valdehermoso.yaml'), original.replace('es: Este municipio es inventado.', `es: Recarga número ${n} de la prueba.`));
          const start = Date.now();
          const reloading = spawn(program, ['reload', '--dir', demo.dir], {stdio: ['ignore', 'ignore', 'pipe']});
          let said = '';
          reloading.stderr.on('data', text => { said += text; });
          assert.equal(await new Promise(resolve => reloading.once('exit', resolve)), 0, said);
          durations.push(Date.now() - start);
          const connection = await Connection.open(demo.port);
          await connection.write(head('GET', '/es/', host, 'Connection: close\r\n'));
          const {body} = await connection.answer();
          connection.close();
          assert.ok(body.includes(`Recarga número ${n} de la prueba.`), `change ${n} is seen`);
          await sleep(200);
        }
      } finally {
        going = false;
        await Promise.all(clients);
        fs.writeFileSync(demo.file('municipios/valdehermoso.yaml'), original);
        await demo.reload().catch(error => failures.push(error.message));
      }
      t.diagnostic(`${JSON.stringify(counts)}; a reload takes ${Math.round(durations.reduce((a, b) => a + b) / times)} ms`);
      assert.deepEqual(failures, []);
      for (const kind of ['keep-alive', 'new connection', 'upload', 'slow download']) assert.ok(counts[kind] > 0, kind);
    });

    test('reloads asked for while another is under way wait for it and then read what is there', {timeout: 120_000}, async () => {
      const {demo} = world, host = `valdehermoso.localhost:${demo.port}`, file = demo.file('municipios/valdehermoso.yaml');
      const original = fs.readFileSync(file, 'utf8');
      const reload = () => new Promise(resolve => {
        const child = spawn(program, ['reload', '--json', '--dir', demo.dir], {stdio: ['ignore', 'pipe', 'pipe']});
        let out = '', said = '';
        child.stdout.on('data', text => { out += text; });
        child.stderr.on('data', text => { said += text; });
        child.once('exit', code => resolve({code, said, answer: out && JSON.parse(out)}));
      });
      try {
        for (let n = 1; n <= 3; ++n) {
          const before = JSON.parse(demo.concejo('status', '--json').stdout).generation;
          demo.child.kill('SIGHUP');
          await sleep(150); // under way: starting a generation takes longer
          const text = `Recarga en cola ${n}.`;
          fs.writeFileSync(file, original.replace('es: Este municipio es inventado.', `es: ${text}`));
          const answers = await Promise.all([reload(), reload(), reload()]);
          const connection = await Connection.open(demo.port);
          await connection.write(head('GET', '/es/', host, 'Connection: close\r\n'));
          assert.ok((await connection.answer()).body.includes(text));
          connection.close();
          for (const {code, said} of answers) assert.equal(code, 0, said);
          // One for the signal; the three share another, or two where the signal's had ended before the last asked.
          for (const {answer} of answers) assert.ok(answer.generation > before + 1 && answer.generation <= before + 3, JSON.stringify({before, answers}));
        }
      } finally {
        fs.writeFileSync(file, original);
      }
      await demo.reload();
    });
  });
}
