// What leaves a municipality: mail through a server written in Python, a copy to another system, and what the staff see of both.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import http from 'node:http';
import path from 'node:path';
import {Client, form, form_of_button, text_of} from '../../support/client.mjs';
import {sleep} from '../../support/demo.mjs';
import {smtp} from '../../support/smtp.mjs';

const host = 'riomar.localhost';

export default function (world) {
  describe('what leaves the municipality', () => {
    let mails, copies, copied = [], answers = [], restore = [];
    const effects = (...more) => world.demo.json('outbox', 'list', '--tenant', 'riomar', ...more).value.effects;
    const reload = () => { const {code, stderr} = world.demo.concejo('reload'); assert.equal(code, 0, stderr); };
    const mail_to = name => effects().find(effect => effect.kind === 'correo' && effect.key.endsWith(` ${name}@riomar.example`));
    async function until(what, check) {
      for (let n = 0; n < 100; ++n) {
        const found = check();
        if (found) return found;
        await sleep(200);
      }
      assert.fail(`${what}: ${JSON.stringify(effects(), null, 1)}`);
    }
    async function suggest() {
      const citizen = new Client(world.demo, host);
      const asked = form((await citizen.get('/es/buzon')).text, 'buzon-form');
      const sent = await citizen.submit(asked, {asunto: 'calles', texto: 'Falta una farola en la plaza del Puerto.'}, {});
      assert.equal(sent.status, 303, text_of(sent.text, 'error-summary'));
    }

    before(async () => {
      mails = await smtp(path.join(world.demo.dir, 'correo.log'));
      copies = http.createServer((request, response) => {
        let body = '';
        request.on('data', piece => { body += piece; });
        request.on('end', () => {
          copied.push({key: request.headers['idempotency-key'], body, agent: request.headers['user-agent']});
          response.writeHead(answers.shift() ?? 201).end();
        });
      });
      await new Promise(resolve => copies.listen(0, '127.0.0.1', resolve));
      const copy = `http://127.0.0.1:${copies.address().port}/alta`;
      restore.push(world.demo.edit('municipios/riomar.yaml', text => text.replace('  es.riomar.buzon:\n    activo: true\n',
        `  es.riomar.buzon:\n    activo: true\n    avisar_a: [buzon@riomar.example, permanente@riomar.example]\n    copia_a: ${copy}\n`)));
      reload();
    });
    after(() => {
      mails.child.kill('SIGKILL');
      copies.close();
      for (const undo of restore.reverse()) undo();
      reload();
    });

    test('without a mail server mail waits and doctor says so', async () => {
      await suggest();
      await sleep(2500);
      assert.equal(mail_to('buzon').state, 'waiting');
      assert.equal(mail_to('buzon').attempts, 0);
      const check = world.demo.json('doctor').value.checks.find(one => one.check === 'correo');
      assert.match(check.text, /sin servidor: 2 mensajes esperan/);
    });

    test('a server that is not listed is not asked, and the effect says what to write', async () => {
      const copy = await until('the copy fails', () => effects().find(effect => effect.kind === 'copia' && effect.error));
      assert.match(copy.error, /salida\.servidores/);
      assert.equal(copied.length, 0);
      answers = [503];
      restore.push(world.demo.edit('municipios/riomar.yaml', text => text.replace('\nmodulos:\n', `\nsalida:\n  servidores: ['127.0.0.1:${copies.address().port}']\nmodulos:\n`)));
      reload();
      await until('it is tried again', () => world.demo.json('outbox', 'retry', '--tenant', 'riomar', String(copy.id)).code === 0);
      await until('the copy arrives', () => effects().find(effect => effect.kind === 'copia')?.state === 'delivered');
      assert.equal(copied.length, 2, 'once refused, once taken');
      assert.equal(copied[0].key, copied[1].key);
      assert.match(copied[1].body, /farola/);
      assert.match(copied[1].agent, /^Concejo\/[\d.]+ \(\+http/);
    });

    test('with one, mail goes out once, as it was queued', async () => {
      restore.push(world.demo.edit('platform.yaml', text => text + `\ncorreo:\n  servidor: localhost\n  puerto: ${mails.port}\n  cifrado: ninguno\n  remitente: sede@riomar.example\n`));
      reload();
      await until('the mail arrives', () => mail_to('buzon').state === 'delivered' && mail_to('permanente').state === 'dead');
      const taken = mails.taken();
      assert.equal(taken.length, 1);
      const text = Buffer.from(taken[0].data, 'base64').toString();
      assert.match(taken[0].to, /<buzon@riomar\.example>/);
      assert.match(text, /^From: Concello de Riomar <sede@riomar\.example>\r$/m);
      assert.match(text, /^Auto-Submitted: auto-generated\r$/m);
      world.message_id = text.match(/^Message-ID: <([^>]+)>\r$/m)[1];
      const check = world.demo.json('doctor').value.checks.find(one => one.check === 'correo');
      assert.match(check.text, /localhost \(ninguno\), 0 mensajes esperan; 0 envíos dudosos y 1 fallidos/);
    });

    test('the staff see what failed, and decide', async () => {
      const failed = mail_to('permanente');
      assert.equal(failed.state, 'dead');
      assert.equal(failed.error, '550 5.1.1 no such user');
      const shown = world.demo.json('outbox', 'show', '--tenant', 'riomar', String(failed.id)).value;
      assert.equal(shown.payload.recipient, 'permanente@riomar.example');
      assert.equal(world.demo.json('outbox', 'show', '--tenant', 'valdehermoso', String(failed.id)).code, 1, 'another municipality sees nothing of it');
      world.effect = String(failed.id);
      const person = new Client(world.demo, host);
      await person.login('administracion', 'riomar');
      (world.sessions ??= {})['riomar administracion'] = person;
      const list = await person.get('/es/gestion/envios');
      assert.match(list.text, new RegExp(`/es/gestion/envios/${failed.id}"`));
      assert.match(text_of(list.text, 'table'), /Copia de una sugerencia al sistema de incidencias.*Entregado/);
      const page = await person.get(`/es/gestion/envios/${failed.id}`);
      assert.match(text_of(page.text, 'summary-list'), /permanente@riomar\.example.*Fallido/);
      const done = await person.submit(form_of_button(page.text, 'outbox-settle'));
      assert.equal(done.status, 200);
      assert.match(done.text, /Se da por hecho/);
      assert.equal(mail_to('permanente').state, 'delivered');
      assert.match(mail_to('permanente').settled_by, /^user:/);
      assert.equal((await person.get('/es/gestion/envios/999999999')).status, 404);
    });

    test('a notification that comes back is noted', () => {
      const report = ['From: MAILER-DAEMON@riomar.example', 'Content-Type: multipart/report; report-type=delivery-status; boundary=x', '', '--x',
        'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; mx.riomar.example', '', 'Final-Recipient: rfc822; buzon@riomar.example',
        'Action: failed', 'Status: 5.2.2', 'Diagnostic-Code: smtp; 552 mailbox full', '', '--x', 'Content-Type: text/rfc822-headers', '',
        `Message-ID: <${world.message_id}>`, '', '--x--', ''].join('\r\n');
      const noted = world.demo.json('mail', 'bounce', {input: report});
      assert.equal(noted.code, 0, noted.stderr);
      assert.deepEqual(noted.value.recipients.map(({recipient, state}) => [recipient, state]), [['buzon@riomar.example', 'bounced']]);
      assert.equal(world.demo.json('mail', 'bounce', {input: report.replace(world.message_id, 'otro@example.es')}).code, 1);
      assert.equal(world.demo.json('mail', 'bounce', {input: 'Subject: hola\r\n\r\nhola\r\n'}).code, 1);
    });

    test('a password never goes out in clear: the configuration is refused', () => {
      const undo = world.demo.edit('platform.yaml', text => text.replace('cifrado: ninguno', 'cifrado: ninguno\n  usuario: sede'));
      try {
        const {code, stderr} = world.demo.concejo('config', 'check');
        assert.equal(code, 1);
        assert.match(stderr, /platform\.yaml:\d+:\d+: error: correo\.usuario: .*cifrar/);
      } finally {
        undo();
      }
    });
  });
}
