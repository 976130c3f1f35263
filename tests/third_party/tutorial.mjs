// Runs a document: its fenced blocks, in order, in a folder of their own.
//   ```sh                 commands; must end well       ```sh falla            must end with an error
//   ```sh otro-terminal   a server, until the end       ```text                what the commands before it answer; … varies
//   ```LANGUAGE FILE      a new file with this content  ```diff FILE           lines to change, pieces parted by @@
import {spawn, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

export function blocks(text) {
  const found = [];
  let open = null;
  text.split('\n').forEach((line, n) => {
    const fence = line.match(/^```(\S*)\s*(.*)$/);
    if (!fence) return open?.lines.push(line);
    if (open) {
      found.push({...open, text: open.lines.map(l => l + '\n').join('')});
      open = null;
    } else {
      open = {language: fence[1], about: fence[2].trim(), line: n + 1, lines: []};
    }
  });
  if (open) throw Error(`line ${open.line}: the block is left open`);
  return found;
}

/** Each piece of the old text must be there exactly once. */
export function change(text, diff) {
  for (const piece of diff.replace(/\n$/, '').split(/^@@\n/m)) {
    const lines = piece.replace(/\n$/, '').split('\n').map(line => line || ' ');
    const side = mark => lines.filter(line => line[0] === ' ' || line[0] === mark).map(line => line.slice(1)).join('\n');
    const before = side('-'), count = text.split(before).length - 1;
    if (count !== 1) throw Error(`these lines are there ${count} times:\n${before}`);
    text = text.split(before).join(side('+'));
  }
  return text;
}

export function matches(expected, said) {
  const pattern = expected.trim().split('…').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[\\s\\S]*?');
  return new RegExp(`^${pattern}$`).test(said.trim());
}

export class Tutorial {
  /** `home`: an empty folder. `replaced`: [[as written, as run]], for what cannot be the same, such as a port. */
  constructor(text, home, replaced = []) {
    Object.assign(this, {home, replaced, cwd: home, variables: {}, servers: []});
    this.blocks = blocks(replaced.reduce((all, [from, to]) => all.split(from).join(to), text));
  }

  /** Answers what each command block said. Throws at the first block that is not as the document says. */
  async run() {
    const said = [];
    let last = null;
    for (const block of this.blocks) {
      try {
        if (block.language === 'text') {
          if (last === null) throw Error('no command before it');
          if (!matches(block.text, last)) throw Error(`the document says\n${block.text}\nand the answer is\n${last}`);
          last = null;
        } else if (block.language === 'sh' && block.about === 'otro-terminal') {
          await this.serve(block.text);
        } else if (block.language === 'sh') {
          said.push(last = this.shell(block.text, block.about === 'falla'));
        } else if (block.about) {
          const file = path.join(this.cwd, block.about);
          fs.mkdirSync(path.dirname(file), {recursive: true});
          fs.writeFileSync(file, block.language === 'diff' ? change(fs.readFileSync(file, 'utf8'), block.text) : block.text);
        } else {
          throw Error(`what is «${block.language}» to be done with?`);
        }
      } catch (error) {
        throw Error(`line ${block.line}: ${error.message}`);
      }
    }
    return said;
  }

  environment() {
    const {PATH, TMPDIR, CONCEJO_PG_BIN} = process.env;
    const own = {HOME: this.home, PATH, LANG: 'es_ES.UTF-8', TMPDIR, CONCEJO_PG_BIN, ...this.variables};
    return Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  }

  /** One terminal: the folder and the variables stay from block to block. */
  shell(script, fails) {
    const state = path.join(this.home, '.estado');
    const {status, stdout} = spawnSync('bash', ['-c', `exec 2>&1; trap '{ pwd; env -0; } >"${state}"' EXIT; set -e\n${script}`],
      {encoding: 'utf8', cwd: this.cwd, env: this.environment(), timeout: 240_000});
    const [folder, ...rest] = fs.readFileSync(state, 'utf8').split('\n');
    this.cwd = folder;
    this.variables = Object.fromEntries(rest.join('\n').split('\0').filter(Boolean).map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
    if ((status !== 0) !== fails) throw Error(`ended with ${status}\n${script}\n${stdout}\n${this.logs()}`);
    return stdout;
  }

  /** What commands wrote to files, for whoever reads why one failed. */
  logs() {
    return ['configuracion.txt', 'compilacion.txt', 'instalacion.txt'].map(name => path.join(this.cwd, name))
      .filter(file => fs.existsSync(file)).map(file => fs.readFileSync(file, 'utf8').split('\n').slice(-30).join('\n')).join('\n');
  }

  serve(script) {
    const child = spawn('bash', ['-c', `exec ${script.trim()}`], {cwd: this.cwd, env: this.environment(), stdio: ['ignore', 'pipe', 'pipe']});
    const gone = new Promise(resolve => child.once('exit', resolve));
    this.servers.push({child, gone});
    let log = '';
    child.stderr.on('data', text => { log += text; });
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(Error(`not ready in 180 s\n${log}`)), 180_000);
      let out = '';
      child.stdout.on('data', text => { out += text; if (/^ready http/m.test(out)) { clearTimeout(limit); resolve(); } });
      gone.then(() => { clearTimeout(limit); reject(Error(`ended\n${log}`)); });
    });
  }

  async end() {
    for (const {child, gone} of this.servers) {
      if (child.exitCode === null) child.kill('SIGTERM');
      await gone;
    }
  }
}
