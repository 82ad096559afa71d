// Bytes in pieces that follow each other: what did not change of a body lies where it lay, and is
// not copied to stand beside what did.

export type Pieces = readonly Uint8Array[];

/** Of all of them, in bytes. */
export function lengthOf(pieces: Pieces): number {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  return length;
}
