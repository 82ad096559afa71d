// How OpenAI speaks Chat Completions, beyond its dialect.

import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import { randomText } from '../random.ts';
import { bytesOf, type Speech } from './face.ts';
import { checkChat, errorBody, mapEvents, serverError, withFields } from './openai-words.ts';

const fingerprint = '"system_fingerprint":"fp_simulated"';

export const chatSpeech: Speech = {
  dialect: openaiChat,
  encryptsThinking: false,
  check: checkChat,
  responseId: random => `chatcmpl-${randomText(random, 29)}`,
  finish: body => bytesOf(withFields(Buffer.from(body).toString(), fingerprint)),
  finishEvent: bytes =>
    mapEvents(bytes, json => withFields(json, `${fingerprint},"service_tier":"default"`)),
  streamError: () => bytesOf(`data: ${errorBody(serverError, 'server_error')}\n\n`),
  brokenStream: () => bytesOf('data: {"id":"chatcmpl-broken","choices":[{"in\n\ndata: ]]}\n\n'),
};
