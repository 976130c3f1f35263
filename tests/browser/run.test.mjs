// One demonstration and one Chromium for all of them.
import {after, before, describe} from 'node:test';
import {behind_a_proxy, Demo} from '../support/demo.mjs';
import {Browser} from './browser.mjs';
import accessibility from './cases/accessibility.mjs';
import administration from './cases/administration.mjs';
import citizen from './cases/citizen.mjs';
import error_pages from './cases/error_pages.mjs';
import errors from './cases/errors.mjs';
import evidence from './cases/evidence.mjs';
import every_page from './cases/every_page.mjs';
import first_visit from './cases/first_visit.mjs';
import indexing from './cases/indexing.mjs';
import jobs from './cases/jobs.mjs';
import keyboard from './cases/keyboard.mjs';
import modes from './cases/modes.mjs';
import languages from './cases/languages.mjs';
import open_data from './cases/open_data.mjs';
import open_data_clerk from './cases/open_data_clerk.mjs';
import open_data_harvest from './cases/open_data_harvest.mjs';
import open_data_services from './cases/open_data_services.mjs';
import open_data_versions from './cases/open_data_versions.mjs';
import no_script from './cases/no_script.mjs';
import sessions from './cases/sessions.mjs';
import mistakes from './cases/mistakes.mjs';
import staff from './cases/staff.mjs';
import uploads from './cases/uploads.mjs';
import staff_list from './cases/staff_list.mjs';
import wrong_input from './cases/wrong_input.mjs';

const world = {};
describe('in the browser', () => {
  before(async () => {
    world.demo = await Demo.start({platform: behind_a_proxy});
    world.browser = await Browser.start(world.demo);
  });
  after(async () => {
    await world.browser?.stop();
    await world.demo?.remove();
  });
  for (const cases of [first_visit, staff, evidence, uploads, citizen, wrong_input, staff_list, mistakes, languages, no_script, keyboard, indexing, errors, accessibility, jobs, administration, modes, open_data, open_data_clerk, open_data_services, open_data_versions, open_data_harvest, every_page, error_pages, sessions]) cases(world);
});
