// The embedded database of a demonstration, through its own socket, as its owner: for what no command does.
import {spawn, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

function arguments_for({dir}) {
  const [file] = fs.readdirSync(path.join(dir, 'data'), {recursive: true}).filter(name => path.basename(name) === 'postmaster.pid');
  const lines = fs.readFileSync(path.join(dir, 'data', file), 'utf8').split('\n');  // pid, folder, start, port, socket
  return ['-h', lines[4], '-p', lines[3], '-U', 'concejo_root', '-d', 'concejo', '-v', 'ON_ERROR_STOP=1', '-qAtX'];
}

/** Runs statements; answers what they print. */
export function sql(demo, text) {
  const {status, stdout, stderr} = spawnSync('psql', [...arguments_for(demo), '-c', text], {encoding: 'utf8', timeout: 30_000});
  if (status !== 0) throw Error(`psql: ${stderr}`);
  return stdout.trim();
}

/** Holds a lock on a table until `visit` is over. */
export async function while_locked(demo, table, visit) {
  const child = spawn('psql', arguments_for(demo), {stdio: ['pipe', 'pipe', 'inherit']});
  const gone = new Promise(resolve => child.once('exit', resolve));
  try {
    const held = new Promise((resolve, reject) => { child.stdout.once('data', resolve); child.once('exit', () => reject(Error('no lock'))); });
    child.stdin.write(`BEGIN; LOCK TABLE ${table}; SELECT 'held';\n`);
    await held;
    return await visit();
  } finally {
    child.stdin.end('ROLLBACK;\n');
    await gone;
  }
}
