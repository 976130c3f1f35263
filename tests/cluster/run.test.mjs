// Two nodes behind HAProxy, one PostgreSQL, one S3 store: what is true at one is true at the other, and either may die.
import {after, before, describe} from 'node:test';
import fs from 'node:fs';
import {freePort} from '../support/demo.mjs';
import {s3_server} from '../uploads/s3_server.mjs';
import deaths from './cases/deaths.mjs';
import together from './cases/together.mjs';
import {configuration, Door, Node, Postgres, Proxy} from './nodes.mjs';

const world = {full: process.env.CONCEJO_FULL === '1'};
describe('two nodes', () => {
  before(async () => {
    [world.postgres, world.s3] = await Promise.all([Postgres.start(), s3_server()]);
    const port = await freePort();
    world.config = configuration({database: `host=127.0.0.1 port=${world.postgres.port} dbname=concejo user=concejo`, s3: world.s3, proxy: port});
    world.nodes = [await Node.make('nodo1', world.config), await Node.make('nodo2', world.config)];
    world.proxy = await Proxy.start(port, world.nodes);
    // At the same moment, on an empty server: both find nothing and make everything.
    await Promise.all(world.nodes.map(node => node.up()));
    world.since = Date.now();
    world.door = ports => new Door(ports ?? port, port, world.credentials);
  });
  after(async () => {
    for (const one of [world.proxy, ...(world.nodes ?? []), world.postgres]) await one?.remove();
    await world.s3?.stop();
    if (world.config) fs.rmSync(world.config, {recursive: true, force: true});
  });
  together(world);
  deaths(world);
});
