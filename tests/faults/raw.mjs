// HTTP/1.1 over bare sockets, without the retries that libraries make behind one's back.
import net from 'node:net';

export class Connection {
  static open(port) {
    return new Promise((resolve, reject) => {
      const connection = new Connection();
      connection.socket = net.connect({host: '127.0.0.1', port, noDelay: true});
      connection.buffer = Buffer.alloc(0);
      connection.ended = false;
      connection.socket.once('connect', () => resolve(connection));
      connection.socket.on('data', piece => { connection.buffer = Buffer.concat([connection.buffer, piece]); connection.wake?.(); });
      connection.socket.on('end', () => { connection.ended = true; connection.wake?.(); });
      connection.socket.on('error', error => { connection.error = error; connection.ended = true; connection.wake?.(); reject(error); });
    });
  }

  write(bytes) { return new Promise((resolve, reject) => this.socket.write(bytes, error => error ? reject(error) : resolve())); }

  more(limit = 30_000) {
    return new Promise((resolve, reject) => {
      if (this.ended) return reject(this.error ?? Error(`closed after ${this.buffer.length} bytes of the answer`));
      const clock = setTimeout(() => reject(Error('no answer in time')), limit);
      this.wake = () => { clearTimeout(clock); this.wake = undefined; resolve(); };
    });
  }

  /** Reads one answer whole: {status, fields, body}. `pause` ms between reads makes a slow reader. */
  async answer({pause = 0} = {}) {
    let end;
    while ((end = this.buffer.indexOf('\r\n\r\n')) < 0) await this.more();
    const [line, ...lines] = this.buffer.subarray(0, end).toString('latin1').split('\r\n');
    const status = Number(line.match(/^HTTP\/1\.1 (\d{3})/)?.[1]);
    if (!status) throw Error(`not an answer: ${line}`);
    const fields = Object.fromEntries(lines.map(field => [field.slice(0, field.indexOf(':')).toLowerCase(), field.slice(field.indexOf(':') + 1).trim()]));
    let rest = end + 4;
    if (fields['transfer-encoding'] === 'chunked') {
      const pieces = [];
      for (;;) {
        let mark;
        while ((mark = this.buffer.indexOf('\r\n', rest)) < 0) await this.more();
        const size = parseInt(this.buffer.subarray(rest, mark).toString('latin1'), 16);
        while (this.buffer.length < mark + 2 + size + 2) await this.more();
        pieces.push(this.buffer.subarray(mark + 2, mark + 2 + size));
        rest = mark + 2 + size + 2;
        if (size === 0) break;
      }
      this.buffer = this.buffer.subarray(rest);
      return {status, fields, body: Buffer.concat(pieces)};
    }
    const length = Number(fields['content-length'] ?? 0);
    const pieces = [this.buffer.subarray(rest)];
    let got = pieces[0].length;
    this.buffer = Buffer.alloc(0);
    while (got < length) {
      if (pause) {
        this.socket.pause();
        await new Promise(resolve => setTimeout(resolve, pause));
        this.socket.resume();
      }
      if (!this.buffer.length) await this.more();
      pieces.push(this.buffer);
      got += this.buffer.length;
      this.buffer = Buffer.alloc(0);
    }
    const whole = Buffer.concat(pieces);
    this.buffer = whole.subarray(length);
    return {status, fields, body: whole.subarray(0, length)};
  }

  close() { this.socket.destroy(); }
}

export const head = (method, where, host, more = '') => `${method} ${where} HTTP/1.1\r\nHost: ${host}\r\n${more}\r\n`;

/** One upload to /-/echo, sent in small pieces over `ms`. */
export async function slow_upload(port, host, bytes, ms) {
  const connection = await Connection.open(port);
  try {
    const pieces = 16, size = Math.ceil(bytes / pieces);
    await connection.write(head('POST', '/-/echo', host, `Content-Type: application/octet-stream\r\nContent-Length: ${bytes}\r\nConnection: close\r\n`));
    for (let sent = 0; sent < bytes; sent += size) {
      await connection.write(Buffer.alloc(Math.min(size, bytes - sent), 'x'));
      await new Promise(resolve => setTimeout(resolve, ms / pieces));
    }
    const answer = await connection.answer();
    if (answer.status !== 200 || !answer.body.includes(String(bytes))) throw Error(`upload: ${answer.status} ${answer.body}`);
  } finally {
    connection.close();
  }
}

/** A whole body read little by little. */
export async function slow_download(port, host, where, pause) {
  const connection = await Connection.open(port);
  try {
    await connection.write(head('GET', where, host, 'Connection: close\r\n'));
    const answer = await connection.answer({pause});
    if (answer.status !== 200) throw Error(`download: ${answer.status}`);
    return answer.body;
  } finally {
    connection.close();
  }
}
