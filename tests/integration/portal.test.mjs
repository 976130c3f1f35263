// The open-data portal, on a demonstration of its own: its cases are many, and wait for jobs.
import {after, before, describe} from 'node:test';
import {behind_a_proxy, Demo} from '../support/demo.mjs';
import open_data from './cases/open_data.mjs';
import open_data_addresses from './cases/open_data_addresses.mjs';
import open_data_contributions from './cases/open_data_contributions.mjs';
import open_data_export from './cases/open_data_export.mjs';
import open_data_follow from './cases/open_data_follow.mjs';
import open_data_gone from './cases/open_data_gone.mjs';
import open_data_harvest from './cases/open_data_harvest.mjs';
import open_data_loads from './cases/open_data_loads.mjs';
import open_data_programs from './cases/open_data_programs.mjs';
import open_data_publishing from './cases/open_data_publishing.mjs';
import open_data_versions from './cases/open_data_versions.mjs';
import open_data_services from './cases/open_data_services.mjs';
import open_data_sizes from './cases/open_data_sizes.mjs';
import open_data_sources from './cases/open_data_sources.mjs';
import open_data_views from './cases/open_data_views.mjs';
import open_data_words from './cases/open_data_words.mjs';
import open_data_workbooks from './cases/open_data_workbooks.mjs';

const world = {};
describe('the open-data portal', () => {
  before(async () => { world.demo = await Demo.start({platform: behind_a_proxy}); });
  after(() => world.demo?.remove());
  for (const cases of [open_data_sources, open_data_addresses, open_data, open_data_loads, open_data_versions, open_data_sizes, open_data_gone, open_data_publishing, open_data_harvest, open_data_export, open_data_programs, open_data_views, open_data_words, open_data_services, open_data_workbooks, open_data_contributions, open_data_follow]) cases(world);
});
