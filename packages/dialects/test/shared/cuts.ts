// Ways to cut bytes into pieces, as networks do.

import fc from 'fast-check';

/** Each way to cut the bytes into two, the empty first piece included. */
export function* everyCut(bytes: Uint8Array): Generator<readonly [Uint8Array, Uint8Array]> {
  for (let at = 0; at <= bytes.length; at++) yield [bytes.subarray(0, at), bytes.subarray(at)];
}

/**
 * Frames of an event stream, each of them cut at the same place, for every place up to the longest:
 * together they cut the bytes at every byte, in as many ways as a frame is long and not the stream.
 */
export function* everyCutOfFrames(bytes: Buffer): Generator<readonly Uint8Array[]> {
  const ends: number[] = [];
  let longest = 0;
  for (let at = 0; at < bytes.length; at = ends.at(-1)!) {
    const length = bytes.readUInt32BE(at);
    longest = Math.max(longest, length);
    ends.push(at + length);
  }
  for (let place = 0; place < longest; place++) {
    const starts = [0, ...ends.slice(0, -1)];
    const places = starts.map((start, at) => Math.min(start + place, ends[at]!));
    yield cutAt(bytes, places);
  }
}

/** One piece for each byte. */
export function byteByByte(bytes: Uint8Array): readonly Uint8Array[] {
  return Array.from(bytes, (_byte, at) => bytes.subarray(at, at + 1));
}

/** The bytes with places to cut them, the same place more than once included. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const sorted = places.map(place => place % (bytes.length + 1)).sort((one, two) => one - two);
  const ends = [...sorted, bytes.length];
  return ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1]!, end));
}

export const cutPlaces: fc.Arbitrary<number[]> = fc.array(fc.nat(100_000), { maxLength: 12 });
