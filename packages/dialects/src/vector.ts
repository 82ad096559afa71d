// Vectors in base64: 32-bit floats, little-endian, one after another, as openai's API has them.

import { DialectError } from './dialect.ts';
import type { Vector } from './embedding.ts';

const bytesPerFloat = 4;

/** Throws DialectError (upstream) for bytes that are not whole floats. */
export function vectorFromBase64(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === 0 || bytes.length % bytesPerFloat !== 0) {
    throw badVector(`${bytes.length} bytes are no floats`);
  }
  const vector = new Float32Array(bytes.length / bytesPerFloat);
  for (let i = 0; i < vector.length; i++) vector[i] = bytes.readFloatLE(i * bytesPerFloat);
  return vector;
}

export function vectorToBase64(vector: Vector): string {
  const bytes = Buffer.allocUnsafe(vector.length * bytesPerFloat);
  for (let i = 0; i < vector.length; i++) bytes.writeFloatLE(vector[i]!, i * bytesPerFloat);
  return bytes.toString('base64');
}

/** Throws DialectError (upstream) for what is no array of numbers, or an empty one. */
export function vectorFromJson(value: unknown): readonly number[] {
  if (!Array.isArray(value) || value.length === 0) throw badVector('there is none');
  if (!value.every(Number.isFinite)) throw badVector('not all of it is numbers');
  return value;
}

/** Throws DialectError (upstream) where an answer has not a vector for each input. */
export function checkVectors(vectors: readonly Vector[], inputs: number | undefined): void {
  if (inputs === undefined || vectors.length === inputs) return;
  throw badVector(`${vectors.length} came for ${inputs} inputs`);
}

function badVector(what: string): DialectError {
  const message = `The answer has a bad vector: ${what}.`;
  return new DialectError({ class: 'upstream', message });
}
