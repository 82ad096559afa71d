// A look at the bytes of what is to be embedded. A model named in the body is the route's, which
// another one takes the place of: then the body is decoded and written anew.

import type { PathFields, Scan } from '../dialect.ts';
import { scanJson } from '../json-scan.ts';
import { JsonWatch } from '../json-watch.ts';
import { estimateTokens } from '../token-estimate.ts';
import { pathOf } from './request-decode.ts';

const watch = new JsonWatch({ keys: ['model'], binary: ['data', 'fileUri', 'file_uri'] });

/** Throws DialectError (invalid_request). null where the body must be decoded. */
export function scanEmbed(body: Uint8Array, path?: PathFields): Scan | null {
  const { model } = pathOf(path);
  const found = scanJson(body, watch);
  if (found.ambiguous || found.members.has('model') || found.found.has('model')) return null;
  let textBytes = 0;
  for (const member of found.members.values()) textBytes += member.textBytes;
  return {
    model,
    modelRange: null,
    stream: false,
    includeUsage: true,
    streamOptionsRange: null,
    maxOutputTokens: 0,
    features: [],
    inputTokens: estimateTokens(textBytes, found.binaryStrings),
  };
}
