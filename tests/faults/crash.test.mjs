// A demonstration with a plugin that breaks when it is asked to. CONCEJO_FULL=1: more of it.
import {after, afterEach, before, describe} from 'node:test';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {Demo, program, unlimited} from '../support/demo.mjs';
import attribution from './cases/crash_attribution.mjs';
import jobs from './cases/crash_jobs.mjs';
import load from './cases/crash_load.mjs';
import page from './cases/crash_page.mjs';
import starting from './cases/crash_starting.mjs';

const build = path.resolve(path.dirname(program), '..');
const world = {plugin: 'es.prueba.averias', full: process.env.CONCEJO_FULL === '1'};
describe('crashes', () => {
  before(async () => {
    const folders = [path.join(build, 'share/concejo/demo/plugins'), path.join(build, 'tests/faults/plugins')];
    const platform = text => unlimited(text).replace(/\nhttp:\n/, '\nhttp:\n  limites: {manejador_s: 3}\n').replace(/\nadministracion:\n/, '\nadministracion:\n  avisos: [guardia@valdehermoso.example]\n').replace(/\nplugins:\n.*\n/, '\n') + `\nplugins:\n  carpetas: ${JSON.stringify(folders)}\ncorreo: {servidor: 127.0.0.1, puerto: 9, cifrado: ninguno, remitente: sede@valdehermoso.example}\n`;
    world.orders = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'concejo-averias-')), 'orden');
    world.demo = await Demo.start({platform, env: {CONCEJO_AVERIAS: world.orders}});
    for (const slug of ['valdehermoso', 'riomar'])
      world.demo.edit(`municipios/${slug}.yaml`, text => text.replace(/\nmodulos:\n/, `\nmodulos:\n  ${world.plugin}:\n    activo: true\n`));
    const {code, stderr} = world.demo.concejo('reload');
    if (code !== 0) throw Error(stderr);
  });
  afterEach(() => world.others?.stop());
  after(async () => {
    await world.demo?.remove();
    fs.rmSync(path.dirname(world.orders), {recursive: true, force: true});
  });
  for (const cases of [attribution, load, jobs, page, starting]) cases(world);
});
