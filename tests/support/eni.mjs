// The ENI's official schemas and xmlsec1, as judges of what the platform writes.
import {spawnSync} from 'node:child_process';
import path from 'node:path';

export const schemas = process.env.CONCEJO_CONFORMANCE && path.join(process.env.CONCEJO_CONFORMANCE, 'eni');
const space = 'http://administracionelectronica.gob.es/ENI/XSD/v1.0/';
const signed = {
  documento: ['documento-e/contenido:contenido', 'documento-e/metadatos:metadatos'],
  expediente: ['expediente-e/indice-e:IndiceContenido', 'expediente-e/metadatos:metadatosExp'],
};

/** What xmllint says against the schema of a `kind` (documento, expediente); empty where nothing is wrong. */
export function schema_errors(kind, file) {
  const {status, stderr} = spawnSync('xmllint', ['--nonet', '--noout', '--huge', '--schema', path.join(schemas, `eni-xsd/${kind}Eni.xsd`), file],
    {encoding: 'utf8', env: {...process.env, XML_CATALOG_FILES: path.join(schemas, 'catalog.xml')}});
  return status === 0 ? '' : stderr || 'xmllint';
}

/** What xmlsec1 says of the signature over content and metadata; empty where it holds. */
export function signature_errors(kind, file, root, chain) {
  const ids = signed[kind].flatMap(name => ['--id-attr:Id', space + name]);
  const {status, stderr} = spawnSync('xmlsec1', ['--verify', '--trusted-pem', root, '--untrusted-pem', chain, ...ids,
    '--id-attr:Id', 'http://uri.etsi.org/01903/v1.3.2#:SignedProperties', file], {encoding: 'utf8'});
  return status === 0 ? '' : stderr || 'xmlsec1';
}
