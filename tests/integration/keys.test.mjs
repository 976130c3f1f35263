// A municipality with keys of its own: the seal's in a PKCS#11 token, timestamps of authorities that fail, production.
// Judged by SoftHSM2, which holds the key, and by openssl, which is the authority.
import assert from 'node:assert/strict';
import {execFile, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, test} from 'node:test';
import {Demo, program, sleep} from '../support/demo.mjs';
import {day, pdf} from '../support/pdf.mjs';

const module = '/usr/lib/softhsm/libsofthsm2.so', host = 'riomar.localhost', pin = '98;7/6';

/** A root, a seal and a timestamp authority, none of which says DESARROLLO. */
const authority_of_tests = `
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout raiz.key -out raiz.pem -days 30 -subj "/CN=Raiz" -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
issue() {
  openssl req -new -newkey rsa:2048 -nodes -keyout $1.key -subj "/C=ES/O=Concello de Riomar/CN=$2" -out $1.csr
  printf "$3" > $1.ext
  openssl x509 -req -in $1.csr -CA raiz.pem -CAkey raiz.key -CAcreateserial -days 20 -extfile $1.ext -out $1.pem
}
issue sello "SELO DO CONCELLO" 'keyUsage=critical,digitalSignature,nonRepudiation\n'
issue tsa "AUTORIDADE DE SELADO" 'extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n'
for who in cidada revogada; do issue $who "PERSOA $who" "keyUsage=critical,digitalSignature,nonRepudiation\\nauthorityInfoAccess=OCSP;URI:$OCSP\\n"; done
serial() { openssl x509 -in $1.pem -noout -serial | cut -d= -f2; }
printf "V\t350101000000Z\t\t$(serial cidada)\tunknown\t/CN=a\nR\t350101000000Z\t260101000000Z\t$(serial revogada)\tunknown\t/CN=b\n" > index.txt
printf '[tsa]\ndefault_tsa = t\n[t]\nserial = tsa.serial\nsigner_cert = tsa.pem\nsigner_key = tsa.key\nsigner_digest = sha256\ndefault_policy = 1.2.3.4\ndigests = sha256, sha512\naccuracy = secs:1\ness_cert_id_alg = sha256\n' > tsa.cnf
echo 01 > tsa.serial
mkdir tokens
printf "directories.tokendir = $PWD/tokens\nobjectstore.backend = file\n" > softhsm.conf
softhsm2-util --init-token --free --label sello --so-pin 12345678 --pin "$PIN"
openssl pkcs8 -topk8 -nocrypt -in sello.key -out key.p8
softhsm2-util --import key.p8 --token sello --label organo --id 01 --pin "$PIN"
rm sello.key key.p8
`;

describe('keys of a municipality', {skip: fs.existsSync(module) ? false : 'softhsm2 is not installed'}, () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'concejo-claves-')), at = name => path.join(dir, name);
  const asked = {broken: 0, good: 0, ocsp: 0};
  let demo, broken, good, ocsp;

  const run = (command, ...args) => {
    const {status, stdout, stderr} = spawnSync(command, args, {encoding: 'utf8', maxBuffer: 1 << 26});
    return {status, text: stdout + stderr};
  };
  const must = (command, ...args) => { const {status, text} = run(command, ...args); assert.equal(status, 0, `${command} ${args.join(' ')}: ${text}`); return text; };
  const publish = titulo => {
    const file = at('edicto.pdf');
    fs.writeFileSync(file, pdf(titulo));
    const {code, stdout, stderr} = demo.concejo('sede', 'publish', '--json', '--tenant', 'riomar', '--tipo', 'edicto', '--titulo', titulo, '--desde', day(0).iso, '--hasta', day(20).iso, file);
    return {code, stderr, ...(code === 0 && JSON.parse(stdout))};
  };
  /** The evidence file, opened, once its timestamps are there. */
  const evidence = async csv => {
    for (let n = 0; n < 150; ++n) {
      const folder = fs.mkdtempSync(at('evidencia-'));
      fs.writeFileSync(`${folder}.zip`, (await demo.request(`/es/verificar/${csv}/evidencia`, {host})).bytes);
      must('python3', '-m', 'zipfile', '-e', `${folder}.zip`, folder);
      if (fs.existsSync(path.join(folder, 'punto-de-control.txt.1.tsr'))) return {file: `${folder}.zip`, in: name => path.join(folder, name)};
      await sleep(200);
    }
    return assert.fail('no timestamp came');
  };
  const serve = async answer => {
    const server = http.createServer((request, response) => {
      const parts = [];
      request.on('data', bytes => parts.push(bytes)).on('end', () => answer(Buffer.concat(parts), response));
    });
    await new Promise(resolve => { server.listen(0, '127.0.0.1', resolve); });
    return server;
  };
  const settings = (seal = '') => `  evidence:
    activo: true
    sello:
      token: {modulo: ${module}, direccion: "pkcs11:token=sello;object=organo", pin: !secret sello-pin}
${seal}      certificados: |
${fs.readFileSync(at('sello.pem'), 'utf8').trimEnd().replace(/^/gm, '        ')}
    registro: {clave: !secret registro-clave}
    validacion:
      raices: |
${fs.readFileSync(at('raiz.pem'), 'utf8').trimEnd().replace(/^/gm, '        ')}
    sello_de_tiempo:
      espera_s: 0
      autoridades:
        - {nombre: Estropeada, direccion: "http://127.0.0.1:${broken.address().port}/tsr"}
        - {nombre: Buena, direccion: "http://127.0.0.1:${good.address().port}/tsr"}
      raices: |
${fs.readFileSync(at('raiz.pem'), 'utf8').trimEnd().replace(/^/gm, '        ')}
`;
  const configure = (seal, servers = [broken, good, ocsp]) => demo.edit('municipios/riomar.yaml', text => text
    .replace(/ {2}evidence:\n(?: {4}.*\n)+/, settings(seal))
    .replace('\nmodulos:\n', `\nsalida:\n  servidores: [${servers.map(one => `'127.0.0.1:${one.address().port}'`)}]\n  redes_privadas: [127.0.0.1]\nmodulos:\n`));

  before(async () => {
    ocsp = await serve((query, response) => {
      ++asked.ocsp;
      fs.writeFileSync(at('oq'), query);
      const {status} = spawnSync('openssl', ['ocsp', '-index', 'index.txt', '-CA', 'raiz.pem', '-rsigner', 'raiz.pem', '-rkey', 'raiz.key', '-reqin', 'oq', '-respout', 'or', '-nmin', '60'], {cwd: dir});
      response.writeHead(status === 0 ? 200 : 500).end(status === 0 ? fs.readFileSync(at('or')) : '');
    });
    const made = spawnSync('bash', ['-e'], {input: authority_of_tests, cwd: dir, encoding: 'utf8', env: {...process.env, PIN: pin, OCSP: `http://127.0.0.1:${ocsp.address().port}/ocsp`, SOFTHSM2_CONF: at('softhsm.conf')}});
    assert.equal(made.status, 0, made.stderr);
    broken = await serve((_, response) => { ++asked.broken; response.end('<html>'); });
    good = await serve((query, response) => {
      ++asked.good;
      fs.writeFileSync(at('q'), query);
      const {status} = spawnSync('openssl', ['ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'q', '-out', 'r'], {cwd: dir});
      response.writeHead(status === 0 ? 200 : 500, {'Content-Type': 'application/timestamp-reply'}).end(status === 0 ? fs.readFileSync(at('r')) : '');
    });
    demo = await Demo.start({env: {SOFTHSM2_CONF: at('softhsm.conf')}});
    const secrets = demo.file('secretos/riomar');
    fs.mkdirSync(secrets, {recursive: true, mode: 0o700});
    fs.writeFileSync(path.join(secrets, 'sello-pin'), pin, {mode: 0o600});
    fs.writeFileSync(path.join(secrets, 'registro-clave'), must('openssl', 'genpkey', '-algorithm', 'ed25519'), {mode: 0o600});
  });
  after(async () => {
    await demo?.remove();
    broken?.close();
    good?.close();
    ocsp?.close();
    fs.rmSync(dir, {recursive: true, force: true});
  });

  test('a token seals what is published, under the policy of the AGE; a second authority dates it, and the one that fails rests', async () => {
    const earlier = publish('Edicto de antes do dispositivo');
    assert.equal(earlier.code, 0, earlier.stderr);
    const restore = configure();
    try {
      const {code, stderr} = demo.concejo('reload');
      assert.equal(code, 0, stderr);
      const edicts = Array.from({length: 6}, (_, n) => publish(`Edicto selado no dispositivo ${n}`));
      for (const edict of edicts) {
        assert.equal(edict.code, 0, edict.stderr);
        const bundle = await evidence(edict.csv);
        must('openssl', 'cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', bundle.in('documento.pdf.1.p7s'), '-content', bundle.in('documento.pdf'), '-CAfile', at('raiz.pem'), '-purpose', 'any', '-out', '/dev/null');
        must('openssl', 'ts', '-verify', '-in', bundle.in('punto-de-control.txt.1.tsr'), '-data', bundle.in('punto-de-control.txt'), '-CAfile', at('raiz.pem'));
        const inside = must('openssl', 'cms', '-cmsout', '-print', '-inform', 'DER', '-in', bundle.in('documento.pdf.1.p7s'));
        for (const words of [/SELO DO CONCELLO/, /id-smime-aa-ets-sigPolicyId/, /2\.16\.724\.1\.3\.1\.1\.2\.1\.9/, /id-smime-aa-timeStampToken/]) assert.match(inside, words);
        must(path.join(path.dirname(program), 'concejo-verify'), '--raiz', at('raiz.pem'), bundle.file);
      }
      assert.ok(asked.good > 6, `${asked.good} timestamps`);
      assert.ok(asked.broken < asked.good, `the broken one was asked ${asked.broken} times of ${asked.good}`);
      assert.ok(!(await demo.request('/es/verificar', {host})).text.includes('data-c="desarrollo"'), 'nothing of development');
      const fingerprint = must('openssl', 'x509', '-in', at('sello.pem'), '-noout', '-fingerprint', '-sha256').split('=')[1].trim().replaceAll(':', '').toLowerCase();
      const list = (await demo.request('/es/sellos', {host})).text;
      for (const words of ['SELO DO CONCELLO', 'CN=Raiz', fingerprint, 'Buena (http', 'DESARROLLO']) assert.ok(list.includes(words), words);
      fs.writeFileSync(at('publicados.pem'), (await demo.request('/evidencia/sellos.pem', {host})).bytes);
      assert.ok(must('openssl', 'storeutl', '-noout', '-text', '-certs', at('publicados.pem')).includes('SELO DO CONCELLO'));
      const old = (await demo.request(`/es/verificar?csv=${earlier.csv}`, {host})).text;
      assert.ok(/SELLO DE DESARROLLO/.test(old) && !old.includes('SELO DO CONCELLO') && old.includes('data-c="desarrollo"'), 'who sealed it is who sealed it then');
      const now = (await demo.request(`/es/verificar?csv=${edicts[0].csv}`, {host})).text;
      assert.ok(now.includes('SELO DO CONCELLO') && !now.includes('data-c="desarrollo"'));
      const copy = await demo.request(`/es/verificar/${edicts[0].csv}/copia`, {host});
      fs.writeFileSync(at('copia.pdf'), copy.bytes);
      assert.match(must('pdfsig', '-nocert', at('copia.pdf')), /SELO DO CONCELLO[^]*Signature is Valid/);
      fs.renameSync(at('tokens'), at('desenchufado'));
      try {
        assert.equal(demo.concejo('reload').code, 0);
        const unplugged = publish('Edicto sen dispositivo');
        assert.equal(unplugged.code, 1);
        assert.match(unplugged.stderr, /PKCS#11/);
        assert.match((await demo.request(`/es/verificar?csv=${edicts[0].csv}`, {host})).text, /El documento es auténtico/, 'what was sealed is checked all the same');
        assert.equal((await demo.request('/es/sellos', {host})).status, 200);
        // the log has a key of its own: what needs no seal goes on
        fs.writeFileSync(at('clave.txt'), (await demo.request('/evidencia/clave', {host})).bytes);
        const seen = async () => {
          const {file, in: name} = await evidence(edicts[1].csv);
          must(path.join(path.dirname(program), 'concejo-verify'), '--clave', at('clave.txt'), file);
          return JSON.parse(fs.readFileSync(name('disponibilidad.json'), 'utf8')).testigos[0].muestras;
        };
        const looks = await seen();
        assert.equal(demo.concejo('evidence', 'watch', '--tenant', 'riomar').code, 0);
        for (let n = 0; n < 100 && await seen() === looks; ++n) await sleep(200);
        assert.ok(await seen() > looks, 'somebody looks whether it is still there');
        const gone = demo.concejo('sede', 'withdraw', '--tenant', 'riomar', '--motivo', 'Proba', '--anuncio', edicts[2].numero);
        assert.equal(gone.code, 0, gone.stderr);
      } finally {
        fs.renameSync(at('desenchufado'), at('tokens'));
      }
      const plugged = publish('Edicto co dispositivo outra vez');
      assert.equal(plugged.code, 0, plugged.stderr);
    } finally {
      restore();
      assert.equal(demo.concejo('reload').code, 0);
    }
  });

  test('no policy is declared where the municipality says so', async () => {
    const restore = configure('      politica: ninguna\n');
    try {
      assert.equal(demo.concejo('reload').code, 0);
      const edict = publish('Edicto sen política');
      assert.equal(edict.code, 0, edict.stderr);
      const bundle = await evidence(edict.csv);
      assert.doesNotMatch(must('openssl', 'cms', '-cmsout', '-print', '-inform', 'DER', '-in', bundle.in('documento.pdf.1.p7s')), /sigPolicyId/);
    } finally {
      restore();
      assert.equal(demo.concejo('reload').code, 0);
    }
  });

  test('signatures of citizens: their authority is asked whether they were revoked, if the municipality allows its server', async () => {
    const signed = who => {
      fs.writeFileSync(at('solicitude.pdf'), pdf(`Solicitude de ${who}`));
      const {status, stdout, stderr} = spawnSync(path.join(path.dirname(program), 'concejo-evidence'), ['sign-pdf', at('solicitude.pdf'), at(`${who}.key`), at(`${who}.pem`)]);
      assert.equal(status, 0, stderr.toString());
      fs.writeFileSync(at(`${who}.pdf`), stdout);
      return at(`${who}.pdf`);
    };
    // not spawnSync: the responder that is asked is in this process
    const validate = (file, ...more) => new Promise(resolve => execFile(program, ['evidence', 'validate', ...more, '--tenant', 'riomar', file, '--dir', demo.dir],
      {env: {...process.env, LC_ALL: 'es_ES.UTF-8'}}, (error, stdout) => resolve({code: error?.code ?? 0, stdout})));
    const judged = async file => {
      const {code, stdout} = await validate(file, '--json'), value = JSON.parse(stdout);
      return [code, value.verdict, value.signatures[0].reasons.map(one => one.code).filter(one => /revo/.test(one))];
    };
    const files = ['cidada', 'revogada'].map(signed);
    let restore = configure('', [broken, good]);
    try {
      assert.equal(demo.concejo('reload').code, 0);
      assert.deepEqual(await judged(files[0]), [3, 'indeterminate', ['revocation_unknown']]);
      assert.equal(asked.ocsp, 0, 'nobody is asked whom the municipality does not allow');
      restore();
      restore = configure();
      assert.equal(demo.concejo('reload').code, 0);
      assert.deepEqual(await judged(files[0]), [0, 'total-passed', []]);
      assert.deepEqual(await judged(files[1]), [3, 'indeterminate', ['revoked_without_proof_of_time']]);
      assert.equal(asked.ocsp, 2);
      const {stdout} = await validate(files[0]);
      assert.match(stdout, /^Las firmas valen\.\nFirma de PERSOA cidada \(PAdES B-B\), .*: vale$/m);
    } finally {
      restore();
      assert.equal(demo.concejo('reload').code, 0);
    }
  });

  test('production seals with the municipality\'s keys, and with no others', async () => {
    await demo.stop();
    const restore = demo.edit('platform.yaml', text => text.replace(/^modo: .*$/m, 'modo: produccion'));
    const edict = () => publish(`Edicto en produción ${Math.random()}`);
    try {
      const without = edict();
      assert.deepEqual([without.code, /no está configurado/.test(without.stderr)], [1, true], without.stderr);
      assert.equal(demo.concejo('evidence', 'pki', '--tenant', 'riomar', at('desarrollo')).code, 0);
      fs.copyFileSync(at('desarrollo/sello.key'), demo.file('secretos/riomar/sello-desarrollo'));
      fs.chmodSync(demo.file('secretos/riomar/sello-desarrollo'), 0o600);
      let undo = demo.edit('municipios/riomar.yaml', text => text.replace(/ {2}evidence:\n(?: {4}.*\n)+/, `  evidence:\n    activo: true\n    sello:\n      clave: !secret sello-desarrollo\n      certificados: |\n${['sello.pem', 'cadena.pem'].map(name => fs.readFileSync(at(`desarrollo/${name}`), 'utf8')).join('').trimEnd().replace(/^/gm, '        ')}\n    registro: {clave: !secret registro-clave}\n`));
      const developed = edict();
      assert.deepEqual([developed.code, /es de desarrollo y en producción no se usa/.test(developed.stderr)], [1, true], developed.stderr);
      undo();
      undo = configure();
      const own = edict();
      assert.equal(own.code, 0, own.stderr);
      undo();
    } finally {
      restore();
    }
  });
});
