// Answers of one connection, read out of its bytes.

import type { HeaderMap } from '@entrepot/dialects/dialect';
import { type AnswerHead, readAnswerHead } from './answer-head.ts';
import { HttpError } from './http-error.ts';
import { type HeadForm, MessageReader } from './message-reader.ts';

export interface AnswerParts {
  head(status: number, headers: HeaderMap): void;
  /** A piece of the body, never empty. */
  body(bytes: Buffer): void;
  /** The answer is whole. `keepsAlive`: another may follow on the connection. */
  end(keepsAlive: boolean): void;
}

const form: HeadForm<AnswerHead> = {
  limitBytes: 32 * 1024,
  begins(byte) {
    if (byte !== 0x48 /* H */) throw new HttpError('bad_http', 'it does not speak HTTP');
  },
  read(text) {
    const head = readAnswerHead(text);
    if (head.status === 101) throw new HttpError('bad_http', 'it speaks another protocol');
    // Said before the answer, as 103 is.
    return head.status < 200 ? null : head;
  },
};

/** A reader of answers, one after another. What follows one that nobody has asked for is lost. */
export function answerReader(parts: AnswerParts): MessageReader<AnswerHead> {
  let keepsAlive = true;
  return new MessageReader(form, {
    head: head => {
      keepsAlive = head.keepsAlive;
      parts.head(head.status, head.headers);
    },
    body: bytes => parts.body(bytes),
    end: rest => parts.end(keepsAlive && rest === null),
  });
}
