// An announcement for tests to look at.
import fs from 'node:fs';
import {day} from './pdf.mjs';

/** By the command line; answers what it does: {url, id, csv, sha256…}. `more`: other options of it, by name. */
export function publish(demo, bytes, {tenant = 'valdehermoso', tipo = 'edicto', titulo, desde = day(0), hasta = day(20), ...more}) {
  const file = demo.put(`prueba-${Math.random().toString(16).slice(2)}.pdf`, bytes);
  const {code, stdout, stderr} = demo.concejo('sede', 'publish', '--json', '--tenant', tenant, '--tipo', tipo, '--titulo', titulo,
    '--desde', desde.iso, '--hasta', hasta.iso, ...Object.entries(more).flatMap(([name, value]) => [`--${name}`, value]), file);
  fs.rmSync(file);
  if (code !== 0) throw Error(`publish: ${code} ${stderr}`);
  return JSON.parse(stdout);
}
