// One demonstration; what ends it comes last. CONCEJO_FULL=1: longer.
import {after, before, describe} from 'node:test';
import {Demo} from '../support/demo.mjs';
import database from './cases/database.mjs';
import draining from './cases/draining.mjs';
import memory from './cases/memory.mjs';
import reload from './cases/reload.mjs';
import workers from './cases/workers.mjs';

const world = {full: process.env.CONCEJO_FULL === '1'};
describe('faults', () => {
  before(async () => { world.demo = await Demo.start({platform: text => text.replace(/\nhttp:\n/, '\nhttp:\n  drenaje_s: 20\n')}); });
  after(() => world.demo?.remove());
  for (const cases of [reload, memory, workers, database, draining]) cases(world);
});
