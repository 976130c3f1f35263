// Makes a demonstration, stops it and keeps it: node make_demo.mjs FOLDER. Suites begin with a copy of it (CONCEJO_DEMO).
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import {Demo} from './demo.mjs';

const [folder] = process.argv.slice(2);
const demo = await Demo.start();
const {code} = await demo.stop();
fs.rmSync(folder, {recursive: true, force: true});
const {status} = spawnSync('cp', ['-a', demo.dir, folder], {stdio: 'inherit'});
await demo.remove();
process.exit(code || status);
