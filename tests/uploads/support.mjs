// Talking tus by hand, a line that can be cut, and what a file's SHA-256 is according to sha256sum.
import {spawnSync} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

export const town = 'valdehermoso';
export const host = `${town}.localhost`;
export const chunk = 'application/offset+octet-stream';

export const sha256sum = file => {
  const {status, stdout, stderr} = spawnSync('sha256sum', [file], {encoding: 'utf8'});
  if (status !== 0) throw Error(stderr);
  return stdout.slice(0, 64);
};

/** A file of random bytes in a folder of its own; remove() takes both. */
export function sample(bytes) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'concejo-upload-'));
  const file = path.join(dir, 'acta.bin');
  const out = fs.openSync(file, 'w');
  for (let left = bytes; left > 0; left -= 1 << 20) fs.writeSync(out, randomBytes(Math.min(left, 1 << 20)));
  fs.closeSync(out);
  return {file, bytes, sha256: sha256sum(file), remove: () => fs.rmSync(dir, {recursive: true, force: true})};
}

/** An API key of the municipality that may upload. */
export function key(demo, {scope = 'subidas.enviar', name = 'subidas'} = {}) {
  return demo.json('token', 'create', '--tenant', town, '--scope', scope, '--name', name).value.token;
}

/** One request of tus with that key. */
export function tus(demo, token, where, method, headers = {}, body) {
  return demo.request(where, {host, method, body, headers: {
    'Tus-Resumable': '1.0.0', ...(token && {Authorization: `Bearer ${token}`}),
    ...(body === undefined ? {} : {'Content-Length': String(Buffer.byteLength(body))}), ...headers}});
}

export const metadata = values => Object.entries(values).map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`).join(',');

/** Where the content stands in an installation with a file store. */
export function blob_file(demo, sha256) {
  const root = path.join(demo.dir, 'data', 'blobs');
  for (const tenant of fs.readdirSync(root)) {
    const file = path.join(root, tenant, sha256.slice(0, 2), sha256);
    if (fs.existsSync(file)) return file;
  }
  return undefined;
}

/** A TCP relay to the port. `next` says after how many bytes of the client each connection is cut; undefined: never. */
export async function line(port, next) {
  const cuts = [], open = new Set();
  const server = net.createServer(client => {
    const upstream = net.connect(port, '127.0.0.1');
    open.add(client);
    const end = () => { client.destroy(); upstream.destroy(); open.delete(client); };
    for (const side of [client, upstream]) side.on('error', end).on('close', end);
    upstream.pipe(client);
    let left = next();
    client.on('data', bytes => {
      if (left !== undefined && bytes.length >= left) {
        upstream.write(bytes.subarray(0, left), end);
        cuts.push(left);
        left = Infinity;
        return client.pause();
      }
      if (left !== undefined) left -= bytes.length;
      if (!upstream.write(bytes)) { client.pause(); upstream.once('drain', () => client.resume()); }
    });
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return {port: server.address().port, cuts, close: () => { for (const one of open) one.destroy(); server.close(); }};
}
