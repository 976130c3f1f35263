// The processes of one installation, by what /proc says of them.
import fs from 'node:fs';
import path from 'node:path';

/** Workers of this supervisor: [{pid, kind, generation}]. */
export function workers_of({child, dir}) {
  return fs.readdirSync('/proc').filter(name => /^\d+$/.test(name)).flatMap(pid => {
    try {
      const words = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      const parent = Number(fs.readFileSync(`/proc/${pid}/status`, 'utf8').match(/^PPid:\s*(\d+)/m)[1]);
      if (parent !== child.pid || !words.includes('worker') || !words.includes(dir)) return [];
      const value = name => words[words.indexOf(name) + 1];
      return [{pid: Number(pid), kind: value('--kind'), generation: Number(value('--generation'))}];
    } catch {
      return [];  // gone meanwhile
    }
  });
}

/** The embedded database's first process. */
export function postmaster_of({dir}) {
  const [file] = fs.readdirSync(path.join(dir, 'data'), {recursive: true}).filter(name => path.basename(name) === 'postmaster.pid');
  return file ? Number(fs.readFileSync(path.join(dir, 'data', file), 'utf8').split('\n')[0]) : undefined;
}
