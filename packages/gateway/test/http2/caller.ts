// A caller in HTTP/2 by prior knowledge, with Node's own client: one session, many requests.

import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import type { TestContext } from 'node:test';
import { key } from '../rig.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export class Http2Caller {
  readonly session: ClientHttp2Session;

  constructor(t: TestContext, url: string) {
    this.session = connect(url);
    // Tests end sessions on purpose, from either side.
    this.session.on('error', () => undefined);
    t.after(() => this.session.destroy());
  }

  /** Begins a request whose body is still to be written. */
  open(path: string, { method = 'POST', headers = {} }: Asking = {}): ClientHttp2Stream {
    return this.session.request(
      { ':method': method, ':path': path, authorization: `Bearer ${key}`, ...headers },
      { endStream: method !== 'POST' },
    );
  }

  /** The whole answer; rejects for one that is broken off. */
  ask(path: string, body?: unknown, asking: Asking = {}): Promise<Answer> {
    const method = asking.method ?? (body === undefined ? 'GET' : 'POST');
    const stream = this.open(path, { ...asking, method });
    if (method === 'POST') stream.end(typeof body === 'string' ? body : JSON.stringify(body));
    return answerOf(stream);
  }
}

export function answerOf(stream: ClientHttp2Stream): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let text = '';
    let headers: Answer['headers'] = {};
    stream.setEncoding('utf8');
    stream.on('response', got => {
      headers = got as Answer['headers'];
    });
    stream.on('data', (chunk: string) => {
      text += chunk;
    });
    stream.on('error', reject);
    stream.on('close', () => {
      const { rstCode } = stream;
      if (rstCode !== 0) reject(new Error(`reset with code ${rstCode}`));
      else resolve({ status: Number(headers[':status']), headers, text });
    });
  });
}
