// The signatures under the thinking of simulated Claude models: made here, and verified when the
// caller sends the thinking back. Anthropic's API and Bedrock take each other's, as the real do.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const key = 'entrepot simulated thinking';
const hashBytes = 16;

/** Holds the hash of the text, so that it can be verified also when the text was left out. */
export function signThinking(text: string): string {
  const hash = hashOf(text);
  return Buffer.concat([hash, seal(hash)]).toString('base64');
}

/** An empty text is one that was left out: only the seal is checked. */
export function isSigned(text: string, signature: string): boolean {
  const bytes = Buffer.from(signature, 'base64');
  if (bytes.length !== 2 * hashBytes) return false;
  const hash = bytes.subarray(0, hashBytes);
  if (!timingSafeEqual(bytes.subarray(hashBytes), seal(hash))) return false;
  return text === '' || timingSafeEqual(hash, hashOf(text));
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest().subarray(0, hashBytes);
}

function seal(hash: Buffer): Buffer {
  return createHmac('sha256', key).update(hash).digest().subarray(0, hashBytes);
}
