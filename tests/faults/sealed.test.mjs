// Publishing while workers are killed with -9 at random: what was acknowledged has its seal, its leaf and its proof, and nothing
// is sealed twice. Whoever got no answer sends the same form again, as a browser would. CONCEJO_FULL=1: ten thousand; otherwise
// a sample.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, describe, test} from 'node:test';
import {Client, form} from '../support/client.mjs';
import {Demo, program, sleep, unlimited} from '../support/demo.mjs';
import {day, pdf} from '../support/pdf.mjs';
import {workers_of} from './processes.mjs';

const full = process.env.CONCEJO_FULL === '1';
const wanted = full ? 10_000 : 60;
const at_once = 6;

describe('sealed under kill -9', () => {
  let demo;
  before(async () => { demo = await Demo.start({platform: unlimited}); });
  after(() => demo?.remove());

  test(`${wanted} publications: each acknowledged one is sealed once, with its proof`, {timeout: full ? 3_600_000 : 240_000}, async t => {
    const clerk = new Client(demo);
    await clerk.login('secretaria');
    let next = 0, kills = 0, again = 0;
    const acknowledged = new Map();  // title -> id of the announcement
    const patiently = async ask => {
      for (let n = 0; ; ++n) {
        t.signal.throwIfAborted();
        try {
          const answer = await ask();
          if (answer.status < 500) return answer;
          if (n === 200) throw Error(`status ${answer.status} for ever: ${answer.text.slice(0, 300)}`);
        } catch (error) {
          if (n === 200) throw error;
        }
        ++again;
        await sleep(50);
      }
    };
    const publisher = async () => {
      while (next < wanted) {
        const titulo = `Edicto sellado ${String(next++).padStart(5, '0')}`, bytes = pdf(titulo);
        const page = await patiently(() => clerk.send('/es/gestion/tablon/nuevo'));
        const blank = form(page.text, 'anuncio-formulario');
        const answer = await patiently(() => clerk.submit(blank, {titulo, accion: 'publicar', desde: day(0).typed, hasta: day(20).typed}, {documento: {name: 'edicto.pdf', type: 'application/pdf', bytes}}));
        assert.equal(answer.status, 303, answer.text?.slice(0, 2000));
        acknowledged.set(titulo, answer.headers.location.match(/[0-9a-f-]{36}/)[0]);
      }
    };
    // one falls every so many publications, so that there is always some worker left to publish: the supervisor waits longer and
    // longer before it replaces those that die young, and a loaded machine starts them slowly
    const kill_some = () => {
      const workers = workers_of(demo);
      if (workers.length === 0) return false;
      try { process.kill(workers[Math.floor(Math.random() * workers.length)].pid, 'SIGKILL'); } catch { return false; }  // gone by itself
      ++kills;
      return true;
    };
    const pause = () => (full ? 150 : 6) * (1 + 2 * Math.random());
    let due = pause();
    const killer = (async () => {
      while (acknowledged.size < wanted && !t.signal.aborted) {
        await sleep(20 + Math.random() * 200);  // at any moment of what is being published
        if (acknowledged.size >= due && kill_some()) due = acknowledged.size + pause();
      }
    })();
    const began = Date.now();
    await Promise.all([killer, ...Array.from({length: at_once}, publisher)]);
    t.diagnostic(`${acknowledged.size} acknowledged in ${((Date.now() - began) / 1000).toFixed(0)} s, ${kills} workers killed, ${again} questions asked again`);
    assert.equal(acknowledged.size, wanted);
    assert.ok(kills >= (full ? 10 : 1));

    const schema = 'm_valdehermoso';
    const rows = statement => demo.sql(statement.replaceAll('@', `"${schema}".`)).split('\n').filter(Boolean).map(line => line.split('|'));
    const sealed = new Map(rows("SELECT titulo, count(*), min(csv), min(hoja), bool_and(length(firma) > 0) FROM @evidence_documento WHERE titulo LIKE 'Edicto sellado %' GROUP BY 1").map(([title, ...more]) => [title, more]));
    assert.deepEqual([...sealed.keys()].sort(), [...acknowledged.keys()].sort());
    for (const [titulo, [count, , , signed]] of sealed) assert.deepEqual([count, signed], ['1', 't'], titulo);
    assert.equal(rows("SELECT titulo FROM @sede_anuncio WHERE titulo LIKE 'Edicto sellado %' GROUP BY 1 HAVING count(*) > 1").length, 0, 'no announcement twice');
    assert.equal(demo.concejo('evidence', 'check', '--tenant', 'valdehermoso').code, 0, 'the whole log leads to what was signed');
    // the proof of each would be the same computation; of a few, by the program that needs no server
    const key = path.join(demo.dir, 'clave.pem');
    fs.writeFileSync(key, (await demo.request('/evidencia/clave.pem')).bytes);
    const some = [...sealed.values()].filter((_, n) => n % Math.ceil(wanted / 25) === 0);
    for (const [, csv] of some) {
      const where = path.join(demo.dir, 'una.evidencia');
      fs.writeFileSync(where, (await demo.request(`/es/verificar/${csv}/evidencia`)).bytes);
      const {status, stdout, stderr} = spawnSync(path.join(path.dirname(program), 'concejo-verify'), ['--clave', key, where], {encoding: 'utf8'});
      assert.equal(status, 0, stdout + stderr);
    }
  });
});
