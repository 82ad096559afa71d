// What the main thread asks of the table of kept answers, and the thread's side of it. Questions
// are answered in their order, so that what was put is found by whoever asks after it.

import type { MessagePort } from 'node:worker_threads';
import type { ResponseTable } from './response-table.ts';
import type { StoredResponse } from './stored-response.ts';

export type Question =
  | { readonly type: 'put'; readonly responses: readonly StoredResponse[] }
  | { readonly type: 'items'; readonly ids: readonly string[]; readonly key: string }
  | { readonly type: 'get' | 'delete'; readonly id: string; readonly key: string }
  | {
      readonly type: 'conversation';
      readonly id: string;
      readonly key: string;
      readonly maxBytes: number;
    };

export interface Asked {
  readonly n: number;
  readonly question: Question;
}

/** `value` is what the table returned. */
export type Answered =
  | { readonly n: number; readonly value: unknown }
  | { readonly n: number; readonly failed: string };

const sweepEveryMs = 60_000;

/** Answers until the port is closed by the other side. */
export function serveResponses(table: ResponseTable, port: MessagePort): void {
  const sweep = (): void => {
    try {
      // Piece by piece, so that the ledger's batches come in between.
      if (table.sweep(Date.now())) setImmediate(sweep);
    } catch {
      // The disk or the database refuses: whoever writes is told. It is tried again.
    }
  };
  const timer = setInterval(sweep, sweepEveryMs);
  setImmediate(sweep);
  port.on('message', ({ n, question }: Asked) => port.postMessage(reply(table, n, question)));
  port.on('close', () => clearInterval(timer));
}

function reply(table: ResponseTable, n: number, question: Question): Answered {
  try {
    return { n, value: answer(table, question, Date.now()) };
  } catch (error) {
    return { n, failed: error instanceof Error ? error.message : String(error) };
  }
}

function answer(table: ResponseTable, question: Question, nowMs: number): unknown {
  switch (question.type) {
    case 'put':
      return table.put(question.responses);
    case 'get':
      return table.get(question.id, question.key, nowMs);
    case 'items':
      return question.ids.map(id => table.item(id, question.key, nowMs));
    case 'delete':
      return table.delete(question.id, question.key, nowMs);
    case 'conversation':
      return table.conversation(question.id, question.key, question.maxBytes, nowMs);
  }
}
