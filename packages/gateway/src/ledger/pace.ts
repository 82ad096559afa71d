// How fast the ledger writes: what it gathers, how often it syncs, and so what it may lose.

/**
 * What fast mode can lose while the disk works: with the process, what was taken in the last 50 ms
 * and the batch under way; with the machine, also the 400 ms that were not synced yet. The rest of
 * the second is for the disk; what a slow or failing one keeps waiting shows in
 * stats().backlogRows.
 */
export const fastWindowMs = 1000;
export const fastSyncMs = 400;
/** How long rows that nobody waits for may wait for company. */
export const gatherMs = { durable: 2, fast: 50 } as const;
/**
 * In durable mode a transaction that comes sooner than this after the last one waits until then, so
 * that those who come meanwhile share it: a transaction's sync costs as much processor time for ten
 * as for one. One that comes later waits for nothing.
 */
export const spacingMs = 2;
/** Keeps a transaction near 10 ms, and the clone of a batch near 1. */
export const batchRows = 2000;
/** So many wait for no more company: a transaction of them takes some 2 ms. */
export const enoughRows = 300;
export const retryMs = 100;
