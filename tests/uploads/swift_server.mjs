// OpenStack Swift (Debian's) with its S3 interface, on a free port of 127.0.0.1, in memory: it verifies signatures of version 4.
import {spawn, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {freePort, sleep} from '../support/demo.mjs';
import {bucket} from './s3_server.mjs';

const python = '/usr/bin/python3';  // Debian's: the modules are its packages
const program = path.join(path.dirname(fileURLToPath(import.meta.url)), 'swift_server.py');

/** What is not installed; empty when it can run. */
export const swift_missing = () => (spawnSync(python, ['-c', 'import swift.proxy.server, swift.account.server, swift.container.server, swift.obj.mem_server']).status === 0 ? '' : 'swift-proxy swift-account swift-container swift-object');

export async function swift_server() {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'concejo-swift-'));
  const port = await freePort();
  const child = spawn(python, [program, dir, String(port), bucket], {stdio: ['ignore', 'pipe', 'pipe']});
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', text => { said += text; });
  const gone = new Promise(resolve => child.once('exit', resolve));
  for (let n = 0; !/^ready$/m.test(said); ++n) {
    if (n > 600 || child.exitCode !== null) throw Error(`swift does not answer\n${said}`);
    await sleep(50);
  }
  return {
    port, dir, address: `http://127.0.0.1:${port}`,
    keys: {id: 'test:tester', secret: 'testing'},
    stop: async () => { child.kill(); await gone; fs.rmSync(dir, {recursive: true, force: true}); },
  };
}
