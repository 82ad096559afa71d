// input_tokens of openai's Responses: the body of a response as far as it is read
// (platform.openai.com/docs/api-reference/responses/input-tokens; description 2.3.0 of
// openai/openai-openapi).

import { countReader, promptOf } from '../counted.ts';
import type { CountDialect } from '../dialect.ts';
import { spliceModel } from '../json-member.ts';
import { Losses } from '../losses.ts';
import { decodeError, encodeError } from '../openai-error.ts';
import { bytesOf } from '../utf8.ts';
import { fieldName } from './field-names.ts';
import { decodeRequest } from './request-decode.ts';
import { encodeBody } from './request-encode.ts';
import { scan } from './scan.ts';

/** What the endpoint takes; it refuses all else. */
const taken: ReadonlySet<string> = new Set([
  'model',
  'input',
  'instructions',
  'previous_response_id',
  'conversation',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'text',
  'reasoning',
  'truncation',
]);

export const openaiInputTokens: CountDialect = {
  name: 'openai-input-tokens',
  operation: 'count',
  partOf: 'openai-responses',
  scan,
  splice: spliceModel,
  decodeRequest: body => promptOf(decodeRequest(body)),
  encodeRequest: (request, target) => {
    const losses = new Losses();
    const body = encodeBody(request, target, losses);
    const read = Object.fromEntries(Object.entries(body).filter(([key]) => taken.has(key)));
    return { body: bytesOf(JSON.stringify(read)), losses: losses.list };
  },
  ...countReader('input_tokens'),
  encodeResponse: ({ inputTokens }) => {
    const body = { object: 'response.input_tokens', input_tokens: inputTokens };
    return { body: bytesOf(JSON.stringify(body)), losses: [] };
  },
  decodeError,
  encodeError,
  vital: new Set(),
  fieldName,
};
