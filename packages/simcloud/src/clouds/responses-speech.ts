// How OpenAI and Azure speak Responses, beyond the dialect. Nothing is kept here: whoever goes on
// with a kept answer is told that there is none, as the real ones say it.

import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';
import type { SimulatedModel } from '../model.ts';
import { randomText } from '../random.ts';
import { invalid, type Refusal } from '../refusal.ts';
import { isSigned } from '../signature.ts';
import { unansweredCalls } from '../unanswered-calls.ts';
import { bytesOf, type Speech } from './face.ts';
import { serverError } from './openai-words.ts';

export const responsesSpeech: Speech = {
  dialect: openaiResponses,
  encryptsThinking: true,
  check: (request, _call, model) =>
    checkStored(request) ?? checkEncrypted(request) ?? checkAnswerable(request, model),
  responseId: random => `resp_${randomText(random, 48).toLowerCase()}`,
  finish: body => body,
  finishEvent: bytes => bytes,
  streamError: () => {
    const error = { type: 'error', code: 'server_error', message: serverError, param: null };
    return bytesOf(`event: error\ndata: ${JSON.stringify({ ...error, sequence_number: 0 })}\n\n`);
  },
  brokenStream: () => bytesOf('event: response.created\ndata: {"type":"response.cre\n\nevent\n\n'),
};

function checkStored({ extensions }: CanonicalRequest): Refusal | null {
  const { previous_response_id: previous, conversation, background } = extensions?.fields ?? {};
  if (previous !== undefined) {
    const message = `Previous response with id '${previous}' not found.`;
    return invalid(message, 'previous_response_id', 'previous_response_not_found');
  }
  if (conversation !== undefined) {
    return invalid('Conversation not found.', 'conversation', 'conversation_not_found');
  }
  if (background !== true) return null;
  return invalid('Background mode is not simulated.', 'background', 'unsupported_parameter');
}

/** Reasoning that comes back must be what was made here. */
function checkEncrypted({ messages }: CanonicalRequest): Refusal | null {
  for (const block of messages.flatMap(message => message.content)) {
    if (block.type !== 'thinking' || block.issuer !== 'openai') continue;
    const kept = JSON.parse(block.signature!) as { id?: string; encrypted_content?: string };
    const { id, encrypted_content: content } = kept;
    if (content !== undefined && isSigned('', content)) continue;
    const message = `The encrypted content for item ${id} could not be verified.`;
    return invalid(message, null, 'invalid_encrypted_content');
  }
  return null;
}

function checkAnswerable(request: CanonicalRequest, model: SimulatedModel): Refusal | null {
  const { maxOutputTokens, messages, temperature } = request;
  const most = model.maxOutputTokens;
  if ((maxOutputTokens ?? 0) > most) {
    const message =
      "Invalid 'max_output_tokens': integer above maximum value. Expected a value <= " +
      `${most}, but got ${maxOutputTokens} instead.`;
    return invalid(message, 'max_output_tokens', 'integer_above_max_value');
  }
  const unanswered = unansweredCalls(messages);
  if (unanswered !== null) {
    return invalid(`No tool output found for function call ${unanswered.ids[0]}.`, 'input');
  }
  const isFixed = model.reasoning && model.vendor === 'openai';
  if (!isFixed || temperature === undefined || temperature === 1) return null;
  const message = "Unsupported parameter: 'temperature' is not supported with this model.";
  return invalid(message, 'temperature');
}
