// PDFs for the tests: small real ones, and ones that must be refused.
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** One page with this text (Latin-1); two texts never give the same bytes. */
export function pdf(text) {
  const lines = text.match(/.{1,80}(\s|$)/g) ?? [text];
  const shown = lines.map((line, n) => `BT /F1 12 Tf 60 ${760 - 18 * n} Td (${line.trim().replace(/[\\()]/g, '\\$&')}) Tj ET`).join('\n');
  return of_objects([
    '<< /Type /Catalog /Pages 2 0 R /Lang (es-ES) >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${Buffer.byteLength(shown, 'latin1')} >>\nstream\n${shown}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ]);
}

/** An A4 page that is a grey image, as a scanner makes them, of that many pixels an inch. */
export function scan(dpi) {
  const width = Math.ceil(8.2677 * dpi), height = Math.ceil(11.6929 * dpi);
  const contents = 'q 595.276 0 0 841.89 0 0 cm /Im0 Do Q';
  return of_objects([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595.276 841.89] /Contents 4 0 R /Resources << /XObject << /Im0 5 0 R >> >> >>',
    `<< /Length ${contents.length} >>\nstream\n${contents}\nendstream`,
    `<< /Type /XObject /Subtype /Image /Width ${width} /Height ${height} /BitsPerComponent 8 /ColorSpace /DeviceGray /Length ${width * height} >>\nstream\n${'\xd0'.repeat(width * height)}\nendstream`,
  ]);
}

/** A PDF of these objects, the first of which is its catalog; Latin-1. */
export function of_objects(objects) {
  let out = '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n';
  const offsets = objects.map((object, n) => {
    const at = out.length;
    out += `${n + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const xref = out.length;
  out += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map(at => `${String(at).padStart(10, '0')} 00000 n \n`).join('')}`;
  out += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${xref}\n%%EOF\n`;
  return Buffer.from(out, 'latin1');
}

/** The same document behind a password, by qpdf. */
export function encrypted(text) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'concejo-pdf-'));
  try {
    const [from, to] = ['claro.pdf', 'cifrado.pdf'].map(name => path.join(folder, name));
    fs.writeFileSync(from, pdf(text));
    execFileSync('qpdf', ['--encrypt', 'secreto', 'secreto', '256', '--', from, to]);
    return fs.readFileSync(to);
  } finally {
    fs.rmSync(folder, {recursive: true});
  }
}

/** Cut in the middle: it begins like a PDF and is none. */
export const broken = text => { const whole = pdf(text); return Buffer.concat([whole.subarray(0, 150), Buffer.alloc(400, 'x')]); };

const two = n => String(n).padStart(2, '0');
/** A day as Madrid counts it, `days` from today: {iso: "2026-05-01", typed: "01/05/2026"}. */
export function day(days = 0) {
  const [year, month, date] = new Intl.DateTimeFormat('sv-SE', {timeZone: 'Europe/Madrid'}).format(Date.now() + days * 86_400_000).split('-').map(Number);
  return {iso: `${year}-${two(month)}-${two(date)}`, typed: `${two(date)}/${two(month)}/${year}`};
}
