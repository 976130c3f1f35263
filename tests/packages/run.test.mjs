// The Debian packages are made, taken apart and run from where they were unpacked; systemd, nginx and HAProxy read our files.
import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import {after, before, describe, test} from 'node:test';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {freePort, rawRequest} from '../support/demo.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const build = process.env.CONCEJO_BUILD ?? path.join(root, 'build/release');
const has = program => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
const run = (program, args, options) => { const {status, stdout, stderr} = spawnSync(program, args, {encoding: 'utf8', ...options}); assert.equal(status, 0, `${program} ${args.join(' ')}\n${stdout}\n${stderr}`); return stdout + stderr; };

describe('packages', () => {
  let folder, concejo, files;
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'concejo-paquetes-'));
    fs.chmodSync(folder, 0o755);
    run('cpack', ['-G', 'DEB', '--config', path.join(build, 'CPackConfig.cmake'), '-B', folder]);
    const made = fs.readdirSync(folder).filter(name => name.endsWith('.deb'));
    concejo = path.join(folder, made.find(name => name.startsWith('concejo_')));
    files = run('dpkg-deb', ['--contents', concejo]);
    assert.ok(made.some(name => name.startsWith('concejo-sdk-dev_')), String(made));
  });
  after(() => fs.rmSync(folder, {recursive: true, force: true, maxRetries: 5}));

  test('concejo has the program, plugins, units and examples; the SDK is apart', () => {
    for (const name of ['usr/bin/concejo', 'usr/bin/concejo-sandbox', 'usr/bin/concejo-verify', 'usr/bin/concejo-evidence', 'usr/bin/concejo-open-data', 'usr/lib/concejo/plugins/sede/sede.so', 'lib/systemd/system/concejo.service',
      'usr/share/doc/concejo/ejemplos/platform.yaml', 'usr/share/concejo/themes/base/icons.svg'])
      assert.ok(files.includes(`./${name}\n`) || files.includes(name), name);
    assert.ok(!files.includes('abi.h'));
    const sdk = fs.readdirSync(folder).find(name => name.startsWith('concejo-sdk-dev_'));
    const headers = run('dpkg-deb', ['--contents', path.join(folder, sdk)]);
    assert.ok(headers.includes('usr/include/concejo/abi.h') && headers.includes('ConcejoSDKConfig.cmake'));
    assert.ok(!headers.includes('.so'));
  });

  test('it says what it needs, and its scripts are shell', () => {
    const control = run('dpkg-deb', ['--info', concejo]);
    for (const wanted of ['postgresql-15', 'libpq5', 'libssl3', 'qpdf', 'poppler-utils', 'raptor2-utils']) assert.match(control, new RegExp(`Depends:.*${wanted}`), wanted);
    const scripts = path.join(folder, 'control');
    run('dpkg-deb', ['--control', concejo, scripts]);
    for (const name of ['postinst', 'prerm', 'postrm']) run('sh', ['-n', path.join(scripts, name)]);
  });

  test('unpacked anywhere it runs: a demonstration serves from it, and tells the service manager when it is ready', async () => {
    const tree = path.join(folder, 'raiz');
    run('dpkg-deb', ['--extract', concejo, tree]);
    const program = path.join(tree, 'usr/bin/concejo');
    const dir = path.join(folder, 'demo'), port = await freePort();
    fs.mkdirSync(dir, {mode: 0o755});
    // A datagram socket of the kind that systemd gives; node has none, so a small helper listens.
    const notice = path.join(folder, 'aviso.sock');
    const listener = spawn('python3', ['-c', 'import socket,sys\ns=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM)\ns.bind(sys.argv[1])\ns.settimeout(180)\nprint("listening",flush=True)\nprint(s.recv(100).decode(),flush=True)', notice], {stdio: ['ignore', 'pipe', 'inherit']});
    let heard = '';
    listener.stdout.on('data', text => { heard += text; });
    while (!heard.includes('listening')) await new Promise(resolve => setTimeout(resolve, 50));
    const child = spawn(program, ['demo', '--dir', dir, '--port', String(port)], {stdio: ['ignore', 'pipe', 'inherit'], env: {...process.env, NOTIFY_SOCKET: notice}});
    const gone = new Promise(resolve => child.once('exit', resolve));
    try {
      await new Promise((resolve, reject) => {
        let out = '';
        child.stdout.on('data', text => { out += text; if (/^ready /m.test(out)) resolve(); });
        gone.then(code => reject(Error(`ended with ${code}`)));
      });
      const page = await rawRequest(port, '/es/', {host: `valdehermoso.localhost:${port}`});
      assert.equal(page.status, 200);
      assert.match(page.text, /Valdehermoso/);
      for (let i = 0; i < 100 && !heard.includes('READY=1'); ++i) await new Promise(resolve => setTimeout(resolve, 50));
      assert.match(heard, /READY=1/);
    } finally {
      child.kill('SIGTERM');
      listener.kill();
      await gone;
    }
  });

  test('systemd finds nothing wrong in the units', {skip: !has('systemd-analyze') && 'systemd-analyze is not installed'}, () => {
    const units = path.join(folder, 'units');
    fs.cpSync(path.join(root, 'packaging/systemd'), units, {recursive: true});
    for (const name of fs.readdirSync(units)) fs.writeFileSync(path.join(units, name), fs.readFileSync(path.join(units, name), 'utf8').replaceAll('/usr/bin/concejo', '/bin/true'));
    const {status, stderr} = spawnSync('systemd-analyze', ['verify', '--man=no', ...fs.readdirSync(units).map(name => path.join(units, name))], {encoding: 'utf8'});
    assert.equal(stderr.split('\n').filter(line => line.includes(units)).join('\n'), '');
    assert.equal(status, 0, stderr);
  });

  test('nginx and HAProxy take the examples', () => {
    const tls = path.join(folder, 'tls');
    fs.mkdirSync(tls);
    run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=sede.ejemplo.es',
      '-keyout', path.join(tls, 'key.pem'), '-out', path.join(tls, 'cert.pem')]);
    const example = fs.readFileSync(path.join(root, 'packaging/proxies/nginx.conf'), 'utf8')
      .replaceAll('/etc/ssl/concejo/sede.ejemplo.es.pem', path.join(tls, 'cert.pem')).replaceAll('/etc/ssl/concejo/sede.ejemplo.es.key', path.join(tls, 'key.pem'));
    const whole = path.join(folder, 'nginx.conf');
    fs.writeFileSync(whole, `pid ${folder}/nginx.pid;\nerror_log stderr;\nevents {}\nhttp {\n${example}\n}\n`);
    run('nginx', ['-t', '-c', whole, '-p', folder]);
    if (!has('haproxy')) return;
    fs.writeFileSync(path.join(tls, 'both.pem'), fs.readFileSync(path.join(tls, 'cert.pem')) + fs.readFileSync(path.join(tls, 'key.pem')));
    fs.mkdirSync(path.join(folder, 'crt'));
    fs.copyFileSync(path.join(tls, 'both.pem'), path.join(folder, 'crt/both.pem'));
    for (const example of ['proxies/haproxy.cfg', 'cluster/haproxy.cfg']) {
      const balanced = path.join(folder, 'haproxy.cfg');
      fs.writeFileSync(balanced, fs.readFileSync(path.join(root, 'packaging', example), 'utf8').replaceAll('/etc/ssl/concejo/', `${folder}/crt/`));
      run('haproxy', ['-c', '-f', balanced, '-f', path.join(root, 'packaging/cluster/patroni/haproxy-postgresql.cfg')]);
    }
  });
});
