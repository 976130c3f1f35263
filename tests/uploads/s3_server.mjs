// A third party's S3 server (npm s3rver) on a free port of 127.0.0.1, in a folder of its own.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import S3rver from 's3rver';
import {freePort} from '../support/demo.mjs';

export const bucket = 'concejo';

export async function s3_server() {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'concejo-s3-'));
  const port = await freePort();
  const server = new S3rver({port, address: '127.0.0.1', silent: true, directory: dir, resetOnClose: true, configureBuckets: [{name: bucket}]});
  await server.run();
  return {
    port, dir, address: `http://127.0.0.1:${port}`,
    // s3rver knows its key by name but does not compute signatures of version 4: their judge is s3_signature_test.
    keys: {id: 'S3RVER', secret: 'S3RVER'},
    /** Files that hold the bytes of the objects whose name has this in it. */
    files: text => fs.readdirSync(path.join(dir, bucket), {recursive: true}).map(String)
      .filter(name => name.includes(text) && name.endsWith('._S3rver_object')).map(name => path.join(dir, bucket, name)),
    stop: async () => { await server.close(); fs.rmSync(dir, {recursive: true, force: true}); },
  };
}

/** For platform.yaml. */
export const s3_settings = ({address, keys}) => `
ficheros:
  s3: {direccion: '${address}', deposito: ${bucket}, prefijo: pruebas/, clave_id: ${keys.id}, clave: ${keys.secret}}
`;
