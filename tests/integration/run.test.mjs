// One demonstration for all of them; the cases stop and start it, so the order counts.
import {after, before, describe} from 'node:test';
import {behind_a_proxy, Demo} from '../support/demo.mjs';
import administration from './cases/administration.mjs';
import administration_words from './cases/administration_words.mjs';
import bad_starts from './cases/bad_starts.mjs';
import availability from './cases/availability.mjs';
import backup from './cases/backup.mjs';
import buzon from './cases/buzon.mjs';
import command_line from './cases/command_line.mjs';
import configuration from './cases/configuration.mjs';
import configuration_killed from './cases/configuration_killed.mjs';
import continuity from './cases/continuity.mjs';
import copias from './cases/copias.mjs';
import evidence from './cases/evidence.mjs';
import expediente_eni from './cases/expediente_eni.mjs';
import jobs from './cases/jobs.mjs';
import keeping from './cases/keeping.mjs';
import languages from './cases/languages.mjs';
import mail from './cases/mail.mjs';
import metrics from './cases/metrics.mjs';
import new_tenant from './cases/new_tenant.mjs';
import own_user from './cases/own_user.mjs';
import publishing from './cases/publishing.mjs';
import rates from './cases/rates.mjs';
import routes from './cases/routes.mjs';
import socket from './cases/socket.mjs';
import tenants from './cases/tenants.mjs';
import witnesses from './cases/witnesses.mjs';

const world = {};
describe('an installation', () => {
  before(async () => { world.demo = await Demo.start({platform: behind_a_proxy}); });
  after(() => world.demo?.remove());
  for (const cases of [command_line, languages, configuration, new_tenant, publishing, evidence, availability, witnesses, keeping, copias, expediente_eni, buzon, backup, jobs, mail, metrics, rates, routes, tenants,
    administration, administration_words, bad_starts, own_user, configuration_killed, socket, continuity]) cases(world);
});
