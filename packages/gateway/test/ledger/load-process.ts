// A gateway in small, run by the kill tests: reserves and settles without end, and says on stdout
// what it may rely on. Arguments: ledger file, mode, prefix of its request ids. Lines:
//   reserved N MS   reserve() of request N resolved, so that it has reached its upstream; Unix ms
//   settled N       the entry of request N was flushed

import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { chargeOf, reservedFor } from './kill.ts';
import { entry, reservation } from './sample.ts';

const [, , path, mode, prefix] = process.argv as [
  string,
  string,
  string,
  'durable' | 'fast',
  string,
];
const concurrency = 40;
/** Nothing holds fast mode back: at this pace it takes some 8,000 requests a second. */
const paceMs = 5;

const ledger = await openLedger({ path, mode });
let count = 0;
let settled: number[] = [];

async function caller(): Promise<never> {
  for (;;) {
    const n = count++;
    const change = { reservedNanoUsd: reservedFor(n) };
    await ledger.reserve(reservation(`${prefix}${n}`, change));
    process.stdout.write(`reserved ${n} ${Date.now()}\n`);
    if (mode === 'fast') await delay(paceMs);
    else for (let turn = 0; turn <= n % 7; turn++) await nextTurn();
    ledger.settle(entry(`${prefix}${n}`, { ...change, chargeNanoUsd: chargeOf(n) }));
    settled.push(n);
  }
}

async function announceSettled(): Promise<never> {
  for (;;) {
    const written = settled;
    settled = [];
    await ledger.flush();
    process.stdout.write(written.map(n => `settled ${n}\n`).join(''));
    await nextTurn();
  }
}

const callers = Array.from({ length: concurrency }, caller);
// Fast mode is left to its own intervals: flushing is what it must do without.
await Promise.all(mode === 'durable' ? [...callers, announceSettled()] : callers);
