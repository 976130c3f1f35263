// A mail server written in Python, which writes down what it takes.
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const server = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../kernel/net/testing/smtp_server.py');

/** {child, port, taken(): [{to, data (base64) …}]}; who starts it ends `child`. */
export async function smtp(log) {
  const child = spawn('python3', ['-W', 'ignore', '-B', server, 'habits', log], {stdio: ['pipe', 'pipe', 'inherit']});
  const port = await new Promise(resolve => child.stdout.once('data', text => resolve(Number(String(text)))));
  return {child, port, taken: () => fs.existsSync(log) ? fs.readFileSync(log, 'utf8').trim().split('\n').map(line => JSON.parse(line)) : []};
}
