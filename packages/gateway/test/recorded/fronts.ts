// The five dialects in which callers ask: what each posts, and the rules that each answer, stream
// and error of it must keep, by the vendor's schema where there is one.

import assert from 'node:assert/strict';
import { checkStream as checkMessages } from '../../../dialects/test/anthropic-messages/message-grammar.ts';
import { checkFrames } from '../../../dialects/test/bedrock-converse/frame-grammar.ts';
import { checkChunks as checkGemini } from '../../../dialects/test/gemini/chunk-grammar.ts';
import { checkChunks as checkChat } from '../../../dialects/test/openai-chat/chunk-grammar.ts';
import {
  checkEventSchema,
  withoutFormat,
} from '../../../dialects/test/openai-responses/event-schemas.ts';
import { checkStream as checkResponses } from '../../../dialects/test/openai-responses/response-grammar.ts';
import { checkSchema } from '../../../dialects/test/openai-responses/schemas.ts';
import { type Fields, objectOf } from './fields.ts';
import { checkConversed, checkGenerated, checkMessage } from './whole-answers.ts';

export interface Front {
  path(stream: boolean): string;
  body(stream: boolean): object;
  /** Throws AssertionError for a whole answer, or the bytes of a stream, that breaks a rule. */
  check(bytes: Buffer, stream: boolean): void;
  /** The message of an error body, and its class in the dialect's own word. */
  error(body: Fields, headers: Headers): { readonly message: unknown; readonly word: unknown };
}

const question = 'What is in port?';
const asked = [{ role: 'user', content: question }];

export type Caller =
  | 'openai-chat'
  | 'openai-responses'
  | 'anthropic-messages'
  | 'gemini'
  | 'bedrock-converse';

export const fronts: Readonly<Record<Caller, Front>> = {
  'openai-chat': {
    path: () => '/v1/chat/completions',
    body: stream => ({
      model: 'any',
      messages: asked,
      stream,
      ...(stream ? { stream_options: { include_usage: true } } : {}),
    }),
    check(bytes, stream) {
      if (!stream) return checkSchema('openai', 'CreateChatCompletionResponse', json(bytes));
      for (const chunk of checkChat(bytes, true)) {
        if (chunk.error !== undefined) continue;
        checkSchema('openai', 'CreateChatCompletionStreamResponse', chunk);
      }
    },
    error: openaiError,
  },
  'openai-responses': {
    path: () => '/v1/responses',
    body: stream => ({ model: 'any', input: question, stream }),
    check(bytes, stream) {
      if (stream) {
        for (const event of checkResponses(bytes)) checkEventSchema(event);
        return;
      }
      checkSchema('openai', 'Response', json(bytes));
      checkSchema('open-responses', 'ResponseResource', withoutFormat(json(bytes)));
    },
    error: openaiError,
  },
  'anthropic-messages': {
    path: () => '/v1/messages',
    body: stream => ({ model: 'any', max_tokens: 1000, messages: asked, stream }),
    check(bytes, stream) {
      if (stream) checkMessages(bytes);
      else checkMessage(json(bytes));
    },
    error(body) {
      assert.equal(body.type, 'error');
      const { message, type } = objectOf(body.error);
      return { message, word: type };
    },
  },
  gemini: {
    path: stream =>
      stream
        ? '/v1beta/models/any:streamGenerateContent?alt=sse'
        : '/v1beta/models/any:generateContent',
    body: () => ({ contents: [{ role: 'user', parts: [{ text: question }] }] }),
    check(bytes, stream) {
      if (stream) checkGemini(bytes);
      else checkGenerated(json(bytes));
    },
    error(body) {
      const { message, status } = objectOf(body.error);
      return { message, word: status };
    },
  },
  'bedrock-converse': {
    path: stream => `/model/any/${stream ? 'converse-stream' : 'converse'}`,
    body: () => ({ messages: [{ role: 'user', content: [{ text: question }] }] }),
    check(bytes, stream) {
      if (stream) checkFrames(bytes);
      else checkConversed(json(bytes));
    },
    error(body, headers) {
      return { message: body.message, word: headers.get('x-amzn-errortype') };
    },
  },
};

export const callers: readonly Caller[] = Object.keys(fronts) as Caller[];

function openaiError(body: Fields): { message: unknown; word: unknown } {
  checkSchema('openai', 'ErrorResponse', body);
  const { message, type } = objectOf(body.error);
  return { message, word: type };
}

function json(bytes: Buffer): Fields {
  return JSON.parse(bytes.toString()) as Fields;
}
