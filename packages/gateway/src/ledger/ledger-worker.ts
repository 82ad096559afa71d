// The thread that writes: opens the file, then answers each batch with what was written, or with
// why nothing was.

import { parentPort, workerData } from 'node:worker_threads';
import type { FromWorker, Rows, ToWorker } from './batch.ts';
import { giveWay } from './give-way.ts';
import { serveResponses } from './response-thread.ts';
import type { FileOptions } from './sqlite-file.ts';
import { Writer } from './writer.ts';

export interface WorkerInput extends FileOptions {
  readonly path: string;
}

const port = parentPort!;
const input = workerData as WorkerInput;

function post(message: FromWorker): void {
  port.postMessage(message);
}

function fault(error: unknown): FromWorker {
  return { type: 'fault', message: error instanceof Error ? error.message : String(error) };
}

function serve(writer: Writer): void {
  post({ type: 'open', recovered: writer.recovered });
  port.on('message', (message: ToWorker) => {
    if (message.type === 'close') {
      writer.close();
      port.close();
      return;
    }
    if (message.type === 'responses') {
      serveResponses(writer.responses(message.limits), message.port);
      return;
    }
    try {
      const rows = JSON.parse(message.rows) as Rows;
      post({ type: 'written', written: writer.write(rows, message.synced) });
    } catch (error) {
      post(fault(error));
    }
  });
}

// Who waits for the disk would wait longer.
if (input.mode === 'fast') giveWay();
try {
  serve(new Writer(input.path, input));
} catch (error) {
  post(fault(error));
}
