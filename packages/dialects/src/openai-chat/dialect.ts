// Chat Completions of openai, spoken also by Azure OpenAI and by most hosts of open weights
// (platform.openai.com/docs/api-reference/chat; description 2.3.0 of openai/openai-openapi).

import type { Dialect } from '../dialect.ts';
import { decodeError, encodeError } from '../openai-error.ts';
import { encodeStreamError } from '../openai-stream-error.ts';
import { spliceUsage } from '../usage-wish.ts';
import { fieldName } from './field-names.ts';
import { takes } from './host.ts';
import { decodeRequest } from './request-decode.ts';
import { encodeRequest } from './request-encode.ts';
import { decodeResponse, readUsage } from './response-decode.ts';
import { encodeResponse } from './response-encode.ts';
import { scan } from './scan.ts';
import { OpenaiChatDecoder } from './stream-decode.ts';
import { OpenaiChatEncoder } from './stream-encode.ts';
import { openaiChatTap } from './tap.ts';

export const openaiChat: Dialect = {
  name: 'openai-chat',
  operation: 'generate',
  streamContentType: 'text/event-stream; charset=utf-8',
  scan,
  splice: spliceUsage,
  takes,
  decodeRequest,
  encodeRequest,
  decodeResponse: (body, _headers, context) => decodeResponse(body, context),
  encodeResponse,
  readUsage,
  decodeError,
  encodeError,
  encodeStreamError,
  decoder: context => new OpenaiChatDecoder(context),
  encoder: context => new OpenaiChatEncoder(context),
  tap: openaiChatTap,
  vital: new Set(),
  fieldName,
};
