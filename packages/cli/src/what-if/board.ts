// What the threads of a comparison and their parent say to each other while they work: how many
// requests were replayed, and that it is enough.

export class Board {
  readonly memory: SharedArrayBuffer;
  readonly #cells: BigInt64Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(16)) {
    this.memory = memory;
    this.#cells = new BigInt64Array(memory);
  }

  count(requests: number): void {
    Atomics.add(this.#cells, 0, BigInt(requests));
  }

  get replayed(): number {
    return Number(Atomics.load(this.#cells, 0));
  }

  stop(): void {
    Atomics.store(this.#cells, 1, 1n);
  }

  get isStopped(): boolean {
    return Atomics.load(this.#cells, 1) === 1n;
  }
}
