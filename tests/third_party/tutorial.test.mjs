// The runner of documents sees what is wrong in one: each seeded defect has to turn it red.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, test} from 'node:test';
import {blocks, change, matches, Tutorial} from './tutorial.mjs';

const fence = '```';
const doc = (...parts) => parts.map(([head, text]) => `Texto.\n\n${fence}${head}\n${text}\n${fence}\n`).join('\n');

describe('a document that is run', () => {
  let home;
  before(() => { home = fs.mkdtempSync(path.join(os.tmpdir(), 'concejo-tutorial-')); });
  after(() => fs.rmSync(home, {recursive: true}));
  const run = (...parts) => new Tutorial(doc(...parts), home).run();

  test('folder, variables and files stay from block to block', async () => {
    await run(['sh', 'mkdir -p a && cd a\nexport COLOR="azul claro"'], ['txt b/c.txt', 'uno\ndos\n\ntres'],
      ['diff b/c.txt', ' uno\n-dos\n+2\n\n-tres\n+3'], ['sh', 'echo "$COLOR"; cat b/c.txt'], ['text', 'azul claro\nuno\n2\n\n3'],
      ['sh falla', 'echo no; exit 3'], ['text', 'no']);
  });

  for (const [what, ...parts] of [
    ['another answer', ['sh', 'echo hola'], ['text', 'adiós']],
    ['an answer that is longer', ['sh', 'echo hola; echo más'], ['text', 'hola']],
    ['a command that fails', ['sh', 'false\ntrue']],
    ['a command that was to fail', ['sh falla', 'true']],
    ['a change of lines that are not there', ['txt x', 'uno'], ['diff x', '-dos\n+2']],
    ['a change of lines that are there twice', ['txt x', 'uno\nuno'], ['diff x', '-uno\n+2']],
    ['an answer to nothing', ['text', 'hola']],
    ['a block of no use', ['yaml', 'a: 1']],
  ]) {
    test(`${what}: red, with the line`, () => assert.rejects(run(...parts), /^Error: line \d+: /));
  }

  test('… stands for anything, and for that alone', () => {
    assert.ok(matches('a … c\n…\nz', 'a b c\n1\n2\nz\n'));
    assert.ok(matches('(1+1)', '(1+1)'));
    assert.ok(!matches('a … c', 'a b d'));
    assert.throws(() => blocks(`${fence}sh\nls\n`), /left open/);
    assert.equal(change('a\nb\nc\n', ' a\n-b\n+B\n@@\n-c\n+C\n'), 'a\nB\nC\n');
  });
});
