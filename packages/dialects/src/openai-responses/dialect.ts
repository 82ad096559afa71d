// Responses of openai, spoken also by Azure OpenAI, by Bedrock's endpoint for openai's models and
// by hosts of Open Responses (platform.openai.com/docs/api-reference/responses; description 2.3.0
// of openai/openai-openapi; openresponses.org of April 2026).

import type { Dialect } from '../dialect.ts';
import { spliceModel } from '../json-member.ts';
import { decodeError, encodeError } from '../openai-error.ts';
import { encodeStreamError } from './errors.ts';
import { fieldName } from './field-names.ts';
import { decodeRequest } from './request-decode.ts';
import { encodeRequest } from './request-encode.ts';
import { decodeResponse, readUsage } from './response-decode.ts';
import { encodeResponse } from './response-encode.ts';
import { scan } from './scan.ts';
import { takes, vital } from './stored-fields.ts';
import { OpenaiResponsesDecoder } from './stream-decode.ts';
import { OpenaiResponsesEncoder } from './stream-encode.ts';
import { OpenaiResponsesTap } from './tap.ts';
import { spliceUnkept } from './unkept.ts';

export const openaiResponses: Dialect = {
  name: 'openai-responses',
  operation: 'generate',
  streamContentType: 'text/event-stream; charset=utf-8',
  scan,
  splice: spliceModel,
  spliceUnkept,
  takes,
  decodeRequest,
  encodeRequest,
  decodeResponse: (body, _headers, context) => decodeResponse(body, context),
  encodeResponse,
  readUsage,
  decodeError,
  encodeError,
  encodeStreamError: error => encodeStreamError(error),
  decoder: context => new OpenaiResponsesDecoder(context),
  encoder: context => new OpenaiResponsesEncoder(context),
  tap: () => new OpenaiResponsesTap(),
  vital,
  fieldName,
};
