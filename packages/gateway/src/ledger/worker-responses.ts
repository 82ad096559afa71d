// The kept answers as the gateway holds them: every read and write is a question to the thread that
// writes the ledger. What is put while a write is under way goes together with the next one.

import type { MessagePort } from 'node:worker_threads';
import type { KeptItem } from '@entrepot/dialects/openai-responses/item-references';
import { LedgerError } from './ledger-error.ts';
import type { Answered, Asked, Question } from './response-thread.ts';
import type { Conversation, ResponseStore, StoredResponse } from './stored-response.ts';

interface Waiter {
  resolve(value: unknown): void;
  reject(cause: Error): void;
}

export class WorkerResponses implements ResponseStore {
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, Waiter>();
  #asked = 0;
  /** What is put while another write is under way. */
  #next: StoredResponse[] = [];
  #nextPut: Promise<void> | null = null;
  #lastPut: Promise<void> = Promise.resolve();
  #over = false;

  constructor(port: MessagePort) {
    this.#port = port;
    port.on('message', (message: Answered) => this.#answered(message));
    port.on('close', () => this.#closed());
  }

  put(response: StoredResponse): Promise<void> {
    this.#next.push(response);
    this.#nextPut ??= this.#putNext(this.#lastPut);
    return this.#nextPut;
  }

  get(id: string, key: string): Promise<StoredResponse | null> {
    return this.#ask({ type: 'get', id, key }) as Promise<StoredResponse | null>;
  }

  conversation(id: string, key: string, maxBytes: number): Promise<Conversation> {
    return this.#ask({ type: 'conversation', id, key, maxBytes }) as Promise<Conversation>;
  }

  items(ids: readonly string[], key: string): Promise<readonly (KeptItem | null)[]> {
    return this.#ask({ type: 'items', ids, key }) as Promise<readonly (KeptItem | null)[]>;
  }

  delete(id: string, key: string): Promise<boolean> {
    return this.#ask({ type: 'delete', id, key }) as Promise<boolean>;
  }

  async close(): Promise<void> {
    await (this.#nextPut ?? this.#lastPut).catch(() => {});
    this.#port.close();
  }

  async #putNext(before: Promise<void>): Promise<void> {
    await before.catch(() => {});
    const responses = this.#next;
    this.#next = [];
    this.#lastPut = this.#nextPut!;
    this.#nextPut = null;
    await this.#ask({ type: 'put', responses });
  }

  #ask(question: Question): Promise<unknown> {
    if (this.#over) return Promise.reject(closed());
    const n = this.#asked++;
    const asked: Asked = { n, question };
    return new Promise((resolve, reject) => {
      this.#waiting.set(n, { resolve, reject });
      this.#port.postMessage(asked);
    });
  }

  #answered(message: Answered): void {
    const waiter = this.#waiting.get(message.n);
    this.#waiting.delete(message.n);
    if ('value' in message) waiter?.resolve(message.value);
    else {
      const why = `the kept answers cannot be read or written: ${message.failed}`;
      waiter?.reject(new LedgerError('ledger_disk', why));
    }
  }

  #closed(): void {
    this.#over = true;
    for (const waiter of this.#waiting.values()) waiter.reject(closed());
    this.#waiting.clear();
  }
}

function closed(): LedgerError {
  return new LedgerError('ledger_closed', 'the kept answers are closed');
}
