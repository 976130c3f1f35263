// C2SP's signed notes, checkpoints and cosignatures, and RFC 6962's trees by their definitions, written once more here: a log
// and a witness of somebody else's.
import {createHash, createPublicKey, generateKeyPairSync, sign, verify} from 'node:crypto';

export const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const node = (left, right) => sha256(Buffer.of(1), left, right);
export const leaf = bytes => sha256(Buffer.of(0), bytes);
const cut = n => { let k = 1; while (k * 2 < n) k *= 2; return k; };

/** Root of RFC 6962 §2.1; leaves are hashes. */
export function root(leaves) {
  if (leaves.length === 0) return sha256('');
  if (leaves.length === 1) return leaves[0];
  const k = cut(leaves.length);
  return node(root(leaves.slice(0, k)), root(leaves.slice(k)));
}

/** PROOF(m, D[n]) of RFC 6962 §2.1.2. */
export const consistency = (m, leaves, whole = true) => {
  if (m === leaves.length) return whole ? [] : [root(leaves)];
  const k = cut(leaves.length);
  return m <= k ? [...consistency(m, leaves.slice(0, k), whole), root(leaves.slice(k))] : [...consistency(m - k, leaves.slice(k), false), root(leaves.slice(0, k))];
};

/** The algorithm of RFC 9162 §2.1.4.2. */
export function consistent(first, second, first_root, second_root, proof) {
  if (first === second) return proof.length === 0 && first_root.equals(second_root);
  if (first === 0 || first > second || proof.length === 0) return false;
  const path = Number.isInteger(Math.log2(first)) ? [first_root, ...proof] : [...proof];
  let fn = first - 1, sn = second - 1;
  while (fn & 1) { fn >>= 1; sn >>= 1; }
  let fr = path[0], sr = path[0];
  for (const c of path.slice(1)) {
    if (sn === 0) return false;
    if (fn & 1 || fn === sn) {
      fr = node(c, fr);
      sr = node(c, sr);
      while (!(fn & 1) && fn !== 0) { fn >>= 1; sn >>= 1; }
    } else sr = node(sr, c);
    fn >>= 1;
    sn >>= 1;
  }
  return sn === 0 && fr.equals(first_root) && sr.equals(second_root);
}

const spki = Buffer.from('302a300506032b6570032100', 'hex');
const key_of = raw => createPublicKey({key: Buffer.concat([spki, raw]), format: 'der', type: 'spki'});
const id_of = (name, type, raw) => sha256(`${name}\n`, Buffer.of(type), raw).subarray(0, 4);

/** A signer of type 1 (a log's) or 4 (a witness's). */
export function signer(name, type) {
  const {publicKey, privateKey} = generateKeyPairSync('ed25519');
  const raw = publicKey.export({format: 'der', type: 'spki'}).subarray(12), id = id_of(name, type, raw);
  const line = bytes => `— ${name} ${Buffer.concat([id, bytes]).toString('base64')}\n`;
  return {
    name, vkey: `${name}+${id.toString('hex')}+${Buffer.concat([Buffer.of(type), raw]).toString('base64')}`,
    note: body => `${body}\n${line(sign(null, Buffer.from(body), privateKey))}`,
    cosign(body, time = Math.floor(Date.now() / 1000)) {
      const stamp = Buffer.alloc(8);
      stamp.writeBigUInt64BE(BigInt(time));
      return line(Buffer.concat([stamp, sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${body}`), privateKey)]));
    },
  };
}

export function parse_vkey(text) {
  const [, name, id, key] = text.trim().match(/^([^+]+)\+([0-9a-f]{8})\+(.+)$/);
  const bytes = Buffer.from(key, 'base64');
  return {name, id, type: bytes[0], key: key_of(bytes.subarray(1))};
}

export function parse_note(text) {
  const at = text.lastIndexOf('\n\n');
  const body = text.slice(0, at + 1);
  const [origin, size, hash] = body.split('\n');
  const signatures = text.slice(at + 2).split('\n').filter(Boolean).map(line => {
    const [, name, encoded] = line.match(/^— (\S+) (\S+)$/);
    const bytes = Buffer.from(encoded, 'base64');
    return {name, id: bytes.subarray(0, 4).toString('hex'), bytes: bytes.subarray(4), line};
  });
  return {body, origin, size: Number(size), root: Buffer.from(hash, 'base64'), signatures};
}

/** Of a note, the signatures that are good ones of that key; a cosignature's time is in `time`. */
export function good_signatures(note, vkey) {
  return note.signatures.filter(one => one.name === vkey.name && one.id === vkey.id).flatMap(one => {
    if (vkey.type === 1) return verify(null, Buffer.from(note.body), vkey.key, one.bytes) ? [one] : [];
    const time = Number(one.bytes.readBigUInt64BE(0));
    return verify(null, Buffer.from(`cosignature/v1\ntime ${time}\n${note.body}`), vkey.key, one.bytes.subarray(8)) ? [{...one, time}] : [];
  });
}
