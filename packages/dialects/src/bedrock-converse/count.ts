// CountTokens of Bedrock: the input of a Converse call, or the body of an InvokeModel call in
// base64, which only Bedrock can read (botocore, bedrock-runtime 2023-09-30).

import { decodeError, encodeError } from '../bedrock-error.ts';
import type { CanonicalRequest } from '../canonical.ts';
import { countReader, promptOf } from '../counted.ts';
import { type CountDialect, DialectError, type PathFields, type Scan } from '../dialect.ts';
import { ObjectReader, parseJsonObject } from '../json.ts';
import { scanJson } from '../json-scan.ts';
import { JsonWatch } from '../json-watch.ts';
import { Losses } from '../losses.ts';
import { pathOf } from '../path-fields.ts';
import { estimateTokens } from '../token-estimate.ts';
import { bytesOf } from '../utf8.ts';
import { fieldName } from './field-names.ts';
import { decodeBody } from './request-decode.ts';
import { encodeBody } from './request-encode.ts';

const watch = new JsonWatch({ binary: ['bytes', 'body', 'uri', 'redactedContent'] });
/** What of a Converse call can be counted. */
const counted = ['messages', 'system', 'toolConfig', 'additionalModelRequestFields'] as const;

export const bedrockCountTokens: CountDialect = {
  name: 'bedrock-count-tokens',
  operation: 'count',
  partOf: 'bedrock-converse',
  scan,
  splice: body => [body],
  decodeRequest,
  encodeRequest: (request, target) => {
    const losses = new Losses();
    const body = encodeBody(request, target, losses);
    const converse = Object.fromEntries(counted.map(key => [key, body[key]]));
    if (body.outputConfig !== undefined) {
      losses.add('responseFormat', 'the schema of an answer is not counted here');
    }
    return { body: bytesOf(JSON.stringify({ input: { converse } })), losses: losses.list };
  },
  ...countReader('inputTokens'),
  encodeResponse: ({ inputTokens }) => ({
    body: bytesOf(JSON.stringify({ inputTokens })),
    losses: [],
  }),
  decodeError,
  encodeError,
  vital: new Set(),
  fieldName,
};

function scan(body: Uint8Array, path?: PathFields): Scan {
  const { model } = pathOf(path);
  const found = scanJson(body, watch);
  const input = found.members.get('input');
  return {
    model,
    modelRange: null,
    stream: false,
    includeUsage: true,
    streamOptionsRange: null,
    maxOutputTokens: null,
    features: [],
    inputTokens: estimateTokens(input?.textBytes ?? 0, found.binaryStrings),
  };
}

function decodeRequest(bytes: Uint8Array, path?: PathFields): CanonicalRequest {
  const named = pathOf(path);
  const body = new ObjectReader(parseJsonObject(bytes, 'invalid_request'), '');
  const input = body.requiredObject('input');
  if (input.value('invokeModel') !== undefined) {
    const field = 'input.invokeModel';
    const message = `"${field}" is in the model's own form, which only Bedrock counts.`;
    throw new DialectError({ class: 'unsupported', code: 'unsupported_field', field, message });
  }
  return promptOf(decodeBody(input.requiredObject('converse'), named));
}
