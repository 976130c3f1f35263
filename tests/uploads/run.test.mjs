// Uploads to one demonstration: the protocol by hand, then a peer's client with cuts and deaths; downloads. Then the same
// files on a third party's S3 server. CONCEJO_FULL=1: longer.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe} from 'node:test';
import {Demo} from '../support/demo.mjs';
import client from './cases/client.mjs';
import downloads from './cases/downloads.mjs';
import protocol from './cases/protocol.mjs';
import signatures from './cases/signatures.mjs';
import {s3_server, s3_settings} from './s3_server.mjs';
import {swift_missing, swift_server} from './swift_server.mjs';
import {blob_file} from './support.mjs';

describe('uploads', () => {
  const world = {full: process.env.CONCEJO_FULL === '1'};
  before(async () => { world.demo = await Demo.start(); });
  after(() => world.demo?.remove());
  for (const cases of [protocol, client]) cases(world);
  downloads(world, {name: 'in a folder', file: blob_file});
});

function with_store(world, start) {
  before(async () => {
    world.s3 = await start();
    world.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'concejo-demo-'));
    fs.mkdirSync(path.join(world.dir, 'config/secretos'), {recursive: true, mode: 0o700});
    fs.writeFileSync(path.join(world.dir, 'config/secretos/s3'), world.s3.keys.secret + '\n', {mode: 0o600});
    world.demo = await Demo.start({dir: world.dir, platform: text => text + s3_settings(world.s3)});
  });
  after(async () => {
    await world.demo?.remove();
    await world.s3?.stop();
    fs.rmSync(world.dir, {recursive: true, force: true, maxRetries: 5});
  });
}

describe('uploads to S3', () => {
  const world = {};
  with_store(world, s3_server);
  downloads(world, {name: 'in a bucket', file: (demo, sha256) => world.s3.files(sha256).find(file => !file.includes('.blocks'))});
});

describe('uploads to S3 that verifies signatures', {skip: swift_missing() ? `not installed: ${swift_missing()}` : false}, () => {
  const world = {};
  with_store(world, swift_server);
  downloads(world, {name: 'in Swift'});
  signatures(world);
});
