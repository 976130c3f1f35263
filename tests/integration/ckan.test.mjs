// CKAN's API of the open-data portal, on a demonstration of its own.
import {after, before, describe} from 'node:test';
import {behind_a_proxy, Demo} from '../support/demo.mjs';
import ckan from './cases/ckan.mjs';
import ckan_clients from './cases/ckan_clients.mjs';
import ckan_collaborators from './cases/ckan_collaborators.mjs';
import ckan_more from './cases/ckan_more.mjs';
import ckan_python from './cases/ckan_python.mjs';
import ckan_r from './cases/ckan_r.mjs';
import ckan_relationships from './cases/ckan_relationships.mjs';
import ckan_sql from './cases/ckan_sql.mjs';

const world = {};
describe('CKAN\'s API', () => {
  before(async () => { world.demo = await Demo.start({platform: behind_a_proxy}); });
  after(() => world.demo?.remove());
  for (const cases of [ckan, ckan_more, ckan_relationships, ckan_collaborators, ckan_python, ckan_clients, ckan_r, ckan_sql]) cases(world);
});
