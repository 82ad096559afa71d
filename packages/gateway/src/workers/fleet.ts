// Several processes that serve at one port, as the primary sees them. It serves nothing itself: it
// starts them, starts again what dies, adds up what they count, and ends them. When it dies, they
// see their channel closed and end by themselves.

import cluster from 'node:cluster';
import { fileURLToPath } from 'node:url';
import { addCounts, type Counts, lasting, noCounts } from './counts.ts';
import { Member } from './member.ts';
import type { Start, ToWorker } from './messages.ts';
import { Restarts } from './restarts.ts';
import { sharedPort } from './shared-port.ts';
import { SpendLog } from './spend-log.ts';
import type { WorkerStartError } from './worker-start-error.ts';

export interface FleetOptions {
  /** What a worker runs; it calls `runWorker`. */
  readonly script: URL;
  readonly size: number;
  readonly host: string;
  /** Port 0 takes a free one. */
  readonly port: number;
  /** false: all share one handle, as they do anyway where a system cannot have it otherwise. */
  readonly reusePort?: boolean;
  /** What a worker makes its configuration of; plain data. */
  readonly input: unknown;
  /** For how long what was spent counts. */
  readonly spendMs: number;
  /** How long a worker may take to end. */
  readonly stopMs: number;
  /** Told of each worker that has died. */
  readonly note: (text: string) => void;
}

interface Slot {
  member: Member;
  readonly restarts: Restarts;
}

export class Fleet {
  readonly port: number;
  /** Resolves when no worker is left and none can be started. */
  readonly failed: Promise<WorkerStartError>;
  readonly #options: FleetOptions;
  readonly #start: Omit<Start, 'spent'>;
  readonly #spent: SpendLog;
  readonly #slots: Slot[] = [];
  readonly #fail: (cause: WorkerStartError) => void;
  #restarted = 0;
  /** What those counted that are gone. */
  #gone: Counts = noCounts;
  #stopping = false;
  #waiting = new Set<NodeJS.Timeout>();

  /**
   * All of them listen when it resolves. Rejects with WorkerStartError, or with `EADDRINUSE` of
   * whoever tried the port; then none is left.
   */
  static async start(options: FleetOptions): Promise<Fleet> {
    const { script, host, port, reusePort = true, input } = options;
    cluster.setupPrimary({ exec: fileURLToPath(script), args: [] });
    // Else the primary would take all connections and pass them on.
    cluster.schedulingPolicy = cluster.SCHED_NONE;
    const shared = await sharedPort(host, port);
    const start = { input, port: shared.port, reusePort: reusePort && shared.reusePort };
    const fleet = new Fleet(options, start);
    try {
      // The first alone: it makes or migrates the ledger, and what it fails of is told once.
      for (const count of [1, options.size - 1]) {
        const added = Array.from({ length: count }, () => fleet.#add());
        await Promise.all(added.map(member => member.started));
      }
    } catch (cause) {
      await fleet.stop();
      throw cause;
    }
    return fleet;
  }

  private constructor(options: FleetOptions, start: Omit<Start, 'spent'>) {
    this.#options = options;
    this.#spent = new SpendLog(options.spendMs);
    this.#start = start;
    this.port = start.port;
    const { promise, resolve } = Promise.withResolvers<WorkerStartError>();
    this.failed = promise;
    this.#fail = resolve;
    process.on('exit', this.#endAll);
  }

  /** Lets all of them finish what is open, and resolves when they have ended. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const timer of this.#waiting) clearTimeout(timer);
    const members = this.#slots.map(slot => slot.member);
    for (const member of members) member.send({ type: 'stop' });
    const late = setTimeout(this.#endAll, this.#options.stopMs);
    await Promise.all(members.map(member => member.ended));
    clearTimeout(late);
    process.off('exit', this.#endAll);
  }

  /** Once told to stop, those that are left when the primary ends have no time left either. */
  readonly #endAll = (): void => {
    if (this.#stopping) for (const { member } of this.#slots) member.kill();
  };

  #add(): Member {
    const slot: Slot = { member: this.#fork(), restarts: new Restarts() };
    this.#slots.push(slot);
    this.#watch(slot);
    return slot.member;
  }

  #fork(): Member {
    const start = { ...this.#start, spent: this.#spent.sum(performance.now()) };
    const member: Member = new Member(cluster.fork(), start, {
      sum: n => void this.#sum(member, n),
      spent: spent => {
        this.#spent.add(spent, performance.now());
        this.#tellOthers(member, { type: 'spent', spent });
      },
      rests: rests => this.#tellOthers(member, { type: 'rests', rests }),
    });
    return member;
  }

  #watch(slot: Slot): void {
    const { member, restarts } = slot;
    void member.ended.then(async () => {
      this.#gone = addCounts(this.#gone, lasting(member.counts));
      const { servedMs } = member;
      const cause = await member.started.then(
        () => null,
        (error: WorkerStartError) => error,
      );
      if (this.#stopping || this.#isStarting()) return;
      const waitMs = restarts.waitMs(servedMs);
      const what = cause?.message ?? `worker ${member.pid} has died`;
      if (cause !== null && restarts.hopeless && !this.#slots.some(s => s.member.ready)) {
        this.#fail(cause);
        return;
      }
      this.#options.note(`${what}; another starts${waitMs > 0 ? ` in ${waitMs} ms` : ''}`);
      this.#restartIn(slot, waitMs);
    });
  }

  /** `start` tells of those that die before all are there. */
  #isStarting(): boolean {
    return this.#slots.length < this.#options.size;
  }

  #restartIn(slot: Slot, waitMs: number): void {
    const timer = setTimeout(() => {
      this.#waiting.delete(timer);
      this.#restarted++;
      slot.member = this.#fork();
      this.#watch(slot);
    }, waitMs);
    this.#waiting.add(timer);
  }

  #tellOthers(teller: Member, message: ToWorker): void {
    for (const { member } of this.#slots) if (member !== teller) member.send(message);
  }

  async #sum(asker: Member, n: number): Promise<void> {
    // Those that are over are in `gone`.
    const members = this.#slots.map(slot => slot.member).filter(member => !member.over);
    const gone = this.#gone;
    const counted = await Promise.all(members.map(member => member.count()));
    const ready = members.filter(member => member.ready).length;
    const counts = counted.reduce(addCounts, gone);
    asker.send({ type: 'sum', n, sum: { counts, ready, restarts: this.#restarted } });
  }
}
