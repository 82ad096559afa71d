// The Messages API of anthropic, spoken also by Claude on Vertex AI and Bedrock, and by hosts that
// imitate it (docs.anthropic.com, "Messages"; types of @anthropic-ai/sdk 1.12).

import type { Dialect } from '../dialect.ts';
import { spliceModel } from '../json-member.ts';
import { holdsSealed } from '../sealed-signature.ts';
import { decodeError, encodeError, encodeStreamError } from './errors.ts';
import { fieldName } from './field-names.ts';
import { decodeRequest } from './request-decode.ts';
import { encodeRequest } from './request-encode.ts';
import { decodeResponse, readUsage } from './response-decode.ts';
import { encodeResponse } from './response-encode.ts';
import { scan } from './scan.ts';
import { AnthropicMessagesDecoder } from './stream-decode.ts';
import { AnthropicMessagesEncoder } from './stream-encode.ts';
import { AnthropicMessagesTap } from './tap.ts';

export const anthropicMessages: Dialect = {
  name: 'anthropic-messages',
  operation: 'generate',
  streamContentType: 'text/event-stream; charset=utf-8',
  requestIdHeader: 'request-id',
  scan,
  splice: spliceModel,
  takes: body => !holdsSealed(body),
  decodeRequest,
  encodeRequest,
  decodeResponse: (body, _headers, context) => decodeResponse(body, context),
  encodeResponse,
  readUsage,
  decodeError,
  encodeError,
  encodeStreamError,
  decoder: context => new AnthropicMessagesDecoder(context),
  encoder: context => new AnthropicMessagesEncoder(context),
  // Usage is part of events that say other things too: there is nothing to hide.
  tap: () => new AnthropicMessagesTap(),
  vital: new Set(),
  fieldName,
};
