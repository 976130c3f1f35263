// One demonstration and one Chromium for all of them.
import {after, before, describe} from 'node:test';
import {Demo} from '../support/demo.mjs';
import {Browser} from './browser.mjs';
import accessibility from './cases/accessibility.mjs';
import citizen from './cases/citizen.mjs';
import errors from './cases/errors.mjs';
import first_visit from './cases/first_visit.mjs';
import indexing from './cases/indexing.mjs';
import jobs from './cases/jobs.mjs';
import keyboard from './cases/keyboard.mjs';
import languages from './cases/languages.mjs';
import no_script from './cases/no_script.mjs';
import sessions from './cases/sessions.mjs';
import staff from './cases/staff.mjs';
import uploads from './cases/uploads.mjs';
import wrong_input from './cases/wrong_input.mjs';

const world = {};
describe('in the browser', () => {
  before(async () => {
    world.demo = await Demo.start();
    world.browser = await Browser.start(world.demo);
  });
  after(async () => {
    await world.browser?.stop();
    await world.demo?.remove();
  });
  for (const cases of [first_visit, staff, uploads, citizen, wrong_input, languages, no_script, keyboard, indexing, errors, accessibility, jobs, sessions]) cases(world);
});
