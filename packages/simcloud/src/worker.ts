// The simulated clouds in a thread of their own, so that they take no time from the event loop of
// who uses them. Both ends of the thread are here: the same interface, over messages.

import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { CloudName } from './cloud-name.ts';
import type { Fault } from './fault.ts';
import type { SimcloudOptions } from './options.ts';
import type { Simcloud } from './simcloud.ts';
import type { SimcloudStats } from './stats.ts';
import type { SimcloudUrls } from './urls.ts';

/** Marks the worker data, so that importing this file in another worker starts nothing. */
const role = 'entrepot-simcloud';

type Call =
  | { readonly method: 'setFaults'; readonly cloud: CloudName; readonly faults: readonly Fault[] }
  | { readonly method: 'stats' }
  | { readonly method: 'close' };
type Started = { readonly urls: SimcloudUrls } | { readonly error: string };
type Reply = { readonly id: number; readonly value?: unknown; readonly error?: string };

/** The same as `startSimcloud`, in a worker thread. Rejects when a port is taken. */
export async function startSimcloudWorker(options: SimcloudOptions = {}): Promise<Simcloud> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { role, options },
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const fail = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const started = Promise.withResolvers<SimcloudUrls>();
  worker.once('message', (message: Started) => {
    if ('error' in message) return started.reject(new Error(message.error));
    started.resolve(message.urls);
    worker.on('message', ({ id, value, error }: Reply) => {
      const call = waiting.get(id);
      waiting.delete(id);
      if (error === undefined) call?.resolve(value);
      else call?.reject(new Error(error));
    });
  });
  worker.once('error', error => {
    started.reject(error);
    fail(error as Error);
  });
  worker.once('exit', () => {
    started.reject(new Error('the thread of the simulated clouds has ended'));
    fail(new Error('the simulated clouds are closed'));
  });
  const urls = await started.promise;
  let calls = 0;
  let closing: Promise<void> | null = null;
  const call = (message: Call): Promise<unknown> => {
    if (closing !== null) return Promise.reject(new Error('the simulated clouds are closed'));
    const id = ++calls;
    const result = Promise.withResolvers<unknown>();
    waiting.set(id, result);
    worker.postMessage({ id, ...message });
    return result.promise;
  };
  return {
    urls,
    setFaults: async (cloud, faults) => void (await call({ method: 'setFaults', cloud, faults })),
    stats: async () => (await call({ method: 'stats' })) as SimcloudStats,
    close: () => {
      closing ??= call({ method: 'close' }).then(async () => void (await worker.terminate()));
      return closing;
    },
  };
}

async function serve(options: SimcloudOptions): Promise<void> {
  const port = parentPort!;
  const { startSimcloud } = await import('./simcloud.ts');
  let simcloud: Simcloud;
  try {
    simcloud = await startSimcloud(options);
  } catch (error) {
    port.postMessage({ error: (error as Error).message } satisfies Started);
    return port.close();
  }
  port.on('message', ({ id, ...call }: Call & { readonly id: number }) => {
    perform(simcloud, call).then(
      value => port.postMessage({ id, value } satisfies Reply),
      error => port.postMessage({ id, error: String(error) } satisfies Reply),
    );
  });
  port.postMessage({ urls: simcloud.urls } satisfies Started);
}

function perform(simcloud: Simcloud, call: Call): Promise<unknown> {
  switch (call.method) {
    case 'setFaults':
      return simcloud.setFaults(call.cloud, call.faults);
    case 'stats':
      return simcloud.stats();
    case 'close':
      return simcloud.close();
  }
}

if (!isMainThread && workerData?.role === role) void serve(workerData.options);
