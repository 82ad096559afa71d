// The loop: a seed gives the same inputs in the same order, each of which can be made again by its
// number. What fails is made as small as it can be while it still fails in the same way.

import { DialectError } from '@entrepot/dialects/dialect';
import { below, pick, type Random, seeded } from '../shared/seeded.ts';
import { mutate } from './mutate.ts';
import type { Seed } from './seeds.ts';
import { type Target, targets } from './targets.ts';

export interface Failure {
  readonly target: string;
  readonly at: number;
  readonly reason: string;
  readonly input: Buffer;
}

/** Longer than this for one small input is a failure too, in ms of this process's own CPU. */
const slowMs = 1_000;

/** Runs the inputs [from, to) of a seed; `failed` may throw to stop. */
export function fuzz(
  seeds: readonly Seed[],
  seed: number,
  from: number,
  to: number,
  failed: (failure: Failure) => void,
): void {
  for (let at = from; at < to; at++) {
    const { target, input, random } = inputAt(seeds, seed, at);
    const reason = failureOf(target, input, random());
    if (reason !== null) failed({ target: target.name, at, reason, input });
  }
}

/** The input of one number: the target, the bytes, and what the target itself draws from. */
export function inputAt(
  seeds: readonly Seed[],
  seed: number,
  at: number,
): { readonly target: Target; readonly input: Buffer; readonly random: Random } {
  const random = seeded(Math.imul(seed, 0x9e3779b1) ^ Math.imul(at + 1, 0x85ebca6b));
  const target = targets[at % targets.length]!;
  const fitting = seeds.filter(({ kind }) => target.kinds.includes(kind));
  const { bytes } = pick(random, below(random, 10) === 0 ? seeds : fitting);
  return { target, input: mutate(bytes, pick(random, seeds).bytes, random), random };
}

/** Why the target failed on the bytes; null where it did what it must. */
export function failureOf(target: Target, input: Buffer, draw: number): string | null {
  const began = process.cpuUsage();
  try {
    target.run(input, seeded(draw * 2 ** 31));
  } catch (cause) {
    if (!(cause instanceof DialectError)) return firstLine(cause);
  }
  const { user, system } = process.cpuUsage(began);
  const ms = (user + system) / 1000;
  return ms > slowMs ? `took ${Math.round(ms)} ms for ${input.length} bytes` : null;
}

function firstLine(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return `${cause.name}: ${cause.message.split('\n')[0]}`;
}

/** The smallest part of the input, found by leaving out ever smaller pieces, that fails alike. */
export function minimized(target: Target, failure: Failure, draw: number): Buffer {
  const fails = (bytes: Buffer): boolean => failureOf(target, bytes, draw) === failure.reason;
  let smallest = failure.input;
  for (let size = Math.ceil(smallest.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < smallest.length; ) {
      const without = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + size)]);
      if (fails(without)) smallest = without;
      else at += size;
    }
  }
  return smallest;
}
