// Processes of the benchmarks: pinned, told apart by their port, ended with everything they began.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** The side under test runs on one processor, the load and the mock upstream on another. */
export const sideCpu = 0;
export const loadCpu = 1;

const canPin = spawnSync('taskset', ['-c', '0,1', 'true']).status === 0;

export interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** For its standard input. */
  readonly input?: string;
  /** With a channel for messages. */
  readonly channel?: boolean;
  /** Kept to this processor where `taskset` (util-linux) and two of them are there; null: not. */
  readonly cpu: number | null;
}

const running = new Set<ChildProcess>();

// What was started runs in groups of its own, and would outlive a benchmark that is ended.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    for (const { pid } of running) if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    process.exit(130);
  });
}

/** Starts a command in a process group of its own. Its standard output can be read. */
export function startChild(command: readonly string[], options: ChildOptions): ChildProcess {
  const { cpu, env, input, channel } = options;
  const stdin = input === undefined ? 'ignore' : 'pipe';
  const all = canPin && cpu !== null ? ['taskset', '-c', String(cpu), ...command] : command;
  const child = spawn(all[0]!, all.slice(1), {
    env: { ...process.env, ...env },
    stdio: [stdin, 'pipe', 'pipe', ...(channel === true ? ['ipc' as const] : [])],
    detached: true,
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  child.stdin?.end(input);
  child.stderr!.resume();
  return child;
}

/** The first line that it prints. Rejects when it ends before, with what it said of that. */
export async function firstLine(child: ChildProcess): Promise<string> {
  let said = '';
  child.stderr!.on('data', (bytes: Buffer) => {
    said = (said + bytes).slice(-2000);
  });
  const ended = once(child, 'close').then(() => {
    throw new Error(`${child.spawnargs.join(' ')} ended before it was ready: ${said}`);
  });
  const [line] = (await Promise.race([once(child.stdout!, 'data'), ended])) as [Buffer];
  ended.catch(() => {});
  child.stdout!.resume();
  return line.toString();
}

export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  const force = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), 5_000);
  process.kill(-child.pid!, 'SIGTERM');
  await exited;
  clearTimeout(force);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
