// Proves that junk costs every reader of bytes time in proportion to its size, and memory within
// bounds: in processes with a small heap, by their own CPU time, which others on the machine do not
// use up. Each kind is read at two sizes. 64 MiB of each: npm run fuzz -- --linear

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { junk } from './junk.ts';
import type { Took } from './linear.ts';
import { readers } from './readers.ts';

const mebibyte = 2 ** 20;
const smallBytes = mebibyte / 8;
const largeBytes = mebibyte;
/**
 * For a MiB. At 64 MiB nearly all pairs take at most 16. Streams of nothing but the smallest events
 * take more, for each is work: decoders up to 30, and what makes frames of them up to 100. Here
 * code is still being compiled, and a busy machine doubles what everything takes.
 */
const mostMs = 250;
/** Half way between 8, in proportion, and 64, which is what looking at all of it again takes. */
const mostTimes = 32;
/** What is not the reader's: compilation, and a collection of garbage that was due. */
const slackMs = 100;

function read(...args: readonly string[]): readonly Took[] {
  const file = join(import.meta.dirname, 'linear.ts');
  const options = ['--max-old-space-size=64', '--max-semi-space-size=2', file, ...args];
  const lines = execFileSync(process.execPath, options, { encoding: 'utf8' }).trim().split('\n');
  return lines.map(line => JSON.parse(line) as Took);
}

describe('junk of each kind', () => {
  const sizes = ['--bytes', String(smallBytes), '--bytes', String(largeBytes)];
  let took: readonly Took[] = [];

  before(() => {
    took = read(...sizes);
  });

  /** Those that are wrong, and wrong again in a process of their own. */
  function wrong(isWrong: (took: Took) => boolean): readonly Took[] {
    return took
      .filter(isWrong)
      .flatMap(({ reader, junk: name }) => read(...sizes, '--reader', reader, '--junk', name))
      .filter(isWrong);
  }

  test('is read by every reader', () => {
    assert.equal(took.length, readers.length * junk.length);
  });

  test('takes no longer than it should', () => {
    assert.deepEqual(
      wrong(({ ms }) => ms[1]! > mostMs * (largeBytes / mebibyte)),
      [],
    );
  });

  test('takes time in proportion', () => {
    assert.deepEqual(
      wrong(({ ms }) => ms[1]! > ms[0]! * mostTimes + slackMs),
      [],
    );
  });

  test('takes no memory that grows with a stream', () => {
    const bytes = 64 * mebibyte;
    const kinds = ['--junk', 'comments after content', '--junk', 'frames of empty events'];
    const streams = read('--shape', 'stream', '--bytes', String(bytes), ...kinds);
    const most = Math.max(...streams.map(({ growthBytes }) => growthBytes));
    // Less than the stream: all of them together have not kept what one of them has read.
    assert.ok(most < bytes, `${most} bytes`);
  });
});
