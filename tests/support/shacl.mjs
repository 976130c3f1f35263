// What Apache Jena says of metadata, with the official shapes of $CONCEJO_CONFORMANCE/dcat.
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const data = process.env.CONCEJO_CONFORMANCE && path.join(process.env.CONCEJO_CONFORMANCE, 'dcat');
const wanted = {'dcat-ap-es-1.0.0': /^shacl_(?!.*imports).*\.ttl$/, 'dcat-ap-3.0.0': /^(shapes|range)\.ttl$/, 'nti-risp-1.0.0': /shape.*\.ttl$/};

export const has_shapes = Boolean(data && fs.existsSync(path.join(data, 'dcat-ap-es-1.0.0')));

/** `file`: of RDF, by its ending; `profile`: a folder of shapes. {violations, warnings, about: paths of what is wrong, report}. */
export function validate(file, profile) {
  const shapes = fs.readdirSync(path.join(data, profile)).filter(name => wanted[profile].test(name)).map(name => path.join(data, profile, name));
  const {stdout, stderr} = spawnSync(path.join(root, 'plugins/open-data/dcat/shacl.sh'), ['validate', file, ...shapes], {encoding: 'utf8', maxBuffer: 1 << 28});
  if (!stdout.includes('sh:conforms')) throw Error(stderr);
  const count = severity => stdout.split(`sh:${severity}`).length - 1;
  return {violations: count('Violation'), warnings: count('Warning'), about: [...new Set([...stdout.matchAll(/sh:resultPath\s+(\S+)/g)].map(([, property]) => property))], report: stdout};
}

/** The triples of RDF/XML documents that `get` gives one by one, from page 1 until there is none, as one catalogue. */
export async function whole_catalogue(get) {
  let all = '';
  for (let page = 1; ; ++page) {
    const answer = await get(page);
    if (answer.status !== 200) return all;
    const {stdout} = spawnSync('rapper', ['-q', '-i', 'rdfxml', '-o', 'ntriples', '-I', 'http://x/', '-'], {input: answer.bytes, encoding: 'utf8', maxBuffer: 1 << 28});
    all += stdout.replaceAll('_:genid', `_:p${page}genid`);
  }
}

export const datasets_in = triples => new Set(triples.match(/^<[^>]+> <http:\/\/www.w3.org\/1999\/02\/22-rdf-syntax-ns#type> <http:\/\/www.w3.org\/ns\/dcat#Dataset>/gm)).size;
