// countTokens of Google. The Gemini API wants a whole request inside of `generateContentRequest`
// and takes nothing but contents beside it, Vertex AI has its fields at the top
// (ai.google.dev/api/tokens, cloud.google.com/vertex-ai/docs/reference/rest, seen 2026-11-24).

import type { CanonicalRequest } from '../canonical.ts';
import { countReader, promptOf } from '../counted.ts';
import type { CountDialect, PathFields, Scan, TargetModel } from '../dialect.ts';
import { type JsonObject, parseJsonObject } from '../json.ts';
import { scanJson } from '../json-scan.ts';
import { Losses } from '../losses.ts';
import { bytesOf } from '../utf8.ts';
import { decodeError, encodeError } from './errors.ts';
import { fieldName } from './field-names.ts';
import { ProtoReader } from './proto-reader.ts';
import { decodeBody, pathOf } from './request-decode.ts';
import { encodeBody } from './request-encode.ts';
import { scan } from './scan.ts';

export const geminiCountTokens: CountDialect = {
  ...countDialect((body, { name }) => ({
    generateContentRequest: { model: `models/${name}`, ...body },
  })),
  name: 'gemini-count-tokens',
  partOf: 'gemini',
  scan: (body, path) => (isContentsAlone(body) ? scan(body, path) : null),
};

export const vertexCountTokens: CountDialect = {
  ...countDialect(body => body),
  name: 'vertex-count-tokens',
  partOf: 'gemini',
  scan: (body, path) =>
    scanJson(body).members.has('generateContentRequest') ? null : scan(body, path),
};

function countDialect(
  form: (body: JsonObject, target: TargetModel) => JsonObject,
): Omit<CountDialect, 'name' | 'scan'> {
  return {
    operation: 'count',
    splice: (body: Uint8Array, _scan: Scan) => [body],
    decodeRequest,
    encodeRequest: (request, target) => {
      const losses = new Losses();
      const body = form(encodeBody(request, target, losses), target);
      return { body: bytesOf(JSON.stringify(body)), losses: losses.list };
    },
    ...countReader('totalTokens'),
    encodeResponse: ({ inputTokens: totalTokens }) => ({
      body: bytesOf(JSON.stringify({ totalTokens })),
      losses: [],
    }),
    decodeError,
    encodeError,
    vital: new Set(),
    fieldName,
  };
}

/** What passes through must name no model, and be of the form that the Gemini API takes. */
function isContentsAlone(body: Uint8Array): boolean {
  const { members } = scanJson(body);
  return members.size === 1 && members.has('contents');
}

function decodeRequest(bytes: Uint8Array, path?: PathFields): CanonicalRequest {
  const body = new ProtoReader(parseJsonObject(bytes, 'invalid_request'), '');
  return promptOf(decodeBody(body.child('generateContentRequest') ?? body, pathOf(path)));
}
