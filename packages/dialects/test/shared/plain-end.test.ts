// The plain part of a JSON string ends where reading byte by byte says.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plainEnd } from '../../src/plain-end.ts';

const isSpecial = (byte: number): boolean => byte < 0x20 || byte === 0x22 || byte === 0x5c;

test('it ends at the first special byte, or with all of them', () => {
  // Bytes beside the special ones are the ones that could be taken for them.
  const near = fc.constantFrom(0, 1, 0x1f, 0x20, 0x21, 0x22, 0x23, 0x5b, 0x5c, 0x5d, 0x80, 0xff);
  const plain = fc.integer({ min: 0x23, max: 0xff });
  const bytes = fc.array(fc.oneof({ weight: 4, arbitrary: plain }, near), { maxLength: 40 });
  fc.assert(
    fc.property(bytes, fc.nat(5), fc.nat(20), (list, offset, from) => {
      const all = Uint8Array.from([...Array(offset).fill(0x22), ...list]).subarray(offset);
      const words = new DataView(all.buffer, all.byteOffset, all.length);
      const at = Math.min(from, all.length);
      const found = list.findIndex((byte, n) => n >= at && isSpecial(byte));
      assert.equal(plainEnd(all, words, at), found === -1 ? all.length : found);
    }),
    { numRuns: 3_000 },
  );
});

test('each byte is told in each place among others', () => {
  for (let byte = 0; byte < 256; byte++) {
    for (let place = 0; place < 9; place++) {
      for (const other of [0x23, 0x7f, 0x80, 0xff]) {
        const all = new Uint8Array(9).fill(other);
        all[place] = byte;
        const words = new DataView(all.buffer);
        assert.equal(plainEnd(all, words, 0), isSpecial(byte) ? place : 9);
      }
    }
  }
});
