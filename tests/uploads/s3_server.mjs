// A third party's S3 server (npm s3rver) on a free port of 127.0.0.1, in a folder and a process of its own.
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {freePort, sleep} from '../support/demo.mjs';

export const bucket = 'concejo';
const program = path.join(path.dirname(fileURLToPath(import.meta.url)), 'node_modules/s3rver/bin/s3rver.js');

export async function s3_server() {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'concejo-s3-'));
  const port = await freePort();
  const child = spawn(process.execPath, [program, '--directory', dir, '--address', '127.0.0.1', '--port', String(port), '--silent', '--configure-bucket', bucket], {stdio: 'ignore'});
  const gone = new Promise(resolve => child.once('exit', resolve));
  const address = `http://127.0.0.1:${port}`;
  for (let n = 0; n < 200; ++n) {
    if (await fetch(`${address}/${bucket}`).then(answer => answer.ok, () => false)) break;
    if (n === 199) throw Error('s3rver does not answer');
    await sleep(50);
  }
  return {
    port, dir, address,
    // s3rver knows its key by name but does not compute signatures of version 4: their judge is Swift (swift_server.py).
    keys: {id: 'S3RVER', secret: 'S3RVER'},
    /** Files that hold the bytes of the objects whose name has this in it. */
    files: text => fs.readdirSync(path.join(dir, bucket), {recursive: true}).map(String)
      .filter(name => name.includes(text) && name.endsWith('._S3rver_object')).map(name => path.join(dir, bucket, name)),
    stop: async () => { child.kill(); await gone; fs.rmSync(dir, {recursive: true, force: true}); },
  };
}

/** For platform.yaml; the secret's value is keys.secret. */
export const s3_settings = ({address, keys}) => `
ficheros:
  s3: {direccion: '${address}', deposito: ${bucket}, prefijo: pruebas/, clave_id: ${keys.id}, clave: !secret s3}
`;
