// How Bedrock's runtime speaks: Converse, and Claude's Messages by InvokeModel, without the model
// and the wish for a stream in the body, its events in frames. (botocore, bedrock-runtime
// 2023-09-30; docs.aws.amazon.com/bedrock, "Anthropic Claude Messages API", seen 2026-11-24)

import { anthropicMessages } from '@entrepot/dialects/anthropic-messages/dialect';
import { bedrockConverse } from '@entrepot/dialects/bedrock-converse/dialect';
import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import type { Dialect } from '@entrepot/dialects/dialect';
import type { SimulatedModel } from '../model.ts';
import { randomText, randomUuid } from '../random.ts';
import { invalid, type Refusal } from '../refusal.ts';
import { thinkingProblem } from '../thinking-rules.ts';
import { conversation, unansweredCalls } from '../unanswered-calls.ts';
import { checkMessages } from './anthropic.ts';
import { bedrockRefusalOfOpenai } from './bedrock-words.ts';
import { chatSpeech } from './chat-speech.ts';
import { chunkFrame, exceptionFrame } from './event-frame.ts';
import type { AnswerFacts, Speech, WireCall } from './face.ts';
import { responsesSpeech } from './responses-speech.ts';

const failure =
  'The system encountered an unexpected error during processing. Try your request again.';

/** How a stream of the runtime fails, whoever speaks in it. */
export const runtimeFailures: Pick<Speech, 'streamError' | 'brokenStream'> = {
  streamError: () => exceptionFrame('internalServerException', failure),
  brokenStream,
};

/** A frame whose last checksum is wrong. */
function brokenStream(): Uint8Array {
  const frame = Buffer.from(exceptionFrame('throttlingException', 'broken'));
  frame[frame.length - 1]! ^= 0xff;
  return frame;
}

export const converseSpeech: Speech = {
  dialect: bedrockConverse,
  encryptsThinking: false,
  check: checkConverse,
  responseId: randomUuid,
  finish: body => body,
  finishEvent: bytes => bytes,
  ...runtimeFailures,
};

/** Messages, with what stands in the path put where the dialect looks for it. */
const byInvoke: Dialect = {
  ...anthropicMessages,
  streamContentType: bedrockConverse.streamContentType,
  decodeRequest: (body, path) => {
    const value = JSON.parse(Buffer.from(body).toString()) as object;
    return anthropicMessages.decodeRequest(Buffer.from(JSON.stringify({ ...value, ...path })));
  },
};

export const claudeByInvoke: Speech = {
  dialect: byInvoke,
  encryptsThinking: false,
  check: checkInvoke,
  responseId: random => `msg_bdrk_${randomText(random, 24)}`,
  finish: body => body,
  finishEvent: (bytes, _isFirst, facts) => frames(bytes, facts),
  ...runtimeFailures,
};

/** Without what openai itself adds to its chunks. */
export const bedrockChat: Speech = {
  ...chatSpeech,
  finish: body => body,
  finishEvent: bytes => bytes,
  refuse: bedrockRefusalOfOpenai,
};

export const bedrockResponses: Speech = { ...responsesSpeech, refuse: bedrockRefusalOfOpenai };

/** The member of the last event that counts what the answer took. */
export function invocationMetrics({ usage, processingMs }: AnswerFacts): string {
  const latencyMs = Math.round(processingMs);
  const metrics = JSON.stringify({
    inputTokenCount: usage.inputTokens,
    outputTokenCount: usage.outputTokens,
    invocationLatency: latencyMs,
    firstByteLatency: latencyMs,
  });
  return `"amazon-bedrock-invocationMetrics":${metrics}`;
}

function frames(bytes: Uint8Array, facts: AnswerFacts): Uint8Array {
  const lines = Buffer.from(bytes).toString().split('\n');
  const events = lines.filter(l => l.startsWith('data: ')).map(l => l.slice(6));
  const isLast = (json: string): boolean => json.startsWith('{"type":"message_stop"');
  return Buffer.concat(
    events
      .map(json => (isLast(json) ? json.replace(/}$/, `,${invocationMetrics(facts)}}`) : json))
      .map(chunkFrame),
  );
}

/** What AWS's pages name, or the date of a version, as @anthropic-ai/bedrock-sdk 1.1.3 sends it. */
const versionPattern = /^(bedrock-2023-05-31|\d{4}-\d\d-\d\d)$/;

/** A body of Messages that was not made for this address is refused, as the real one does it. */
function checkInvoke(
  request: CanonicalRequest,
  call: WireCall,
  model: SimulatedModel,
): Refusal | null {
  if (model.vendor !== 'anthropic') {
    return invalid('Malformed input request: only Claude is simulated here; use Converse.');
  }
  const body = JSON.parse(Buffer.from(call.body).toString()) as Record<string, unknown>;
  const extra = ['model', 'stream'].find(key => key in body);
  if (extra !== undefined) return invalid(`${extra}: Extra inputs are not permitted`);
  const { anthropic_version: version, anthropic_beta: betas } = body;
  if (version === undefined) return invalid('anthropic_version: Field required');
  if (!versionPattern.test(String(version))) {
    return invalid("anthropic_version: Input should be 'bedrock-2023-05-31'");
  }
  if (betas !== undefined && !Array.isArray(betas)) {
    return invalid('anthropic_beta: Input should be a valid list');
  }
  return checkMessages(request, model);
}

function checkConverse(
  request: CanonicalRequest,
  _: WireCall,
  model: SimulatedModel,
): Refusal | null {
  const messages = conversation(request.messages);
  if (messages[0]?.role !== 'user') {
    return invalid(
      'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
    );
  }
  if (messages.some((message, i) => message.role === messages[i + 1]?.role)) {
    return invalid(
      'A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.',
    );
  }
  if ((request.maxOutputTokens ?? 0) > model.maxOutputTokens) {
    return invalid(
      `The maximum tokens you requested exceeds the model limit of ${model.maxOutputTokens}. Try again with a maximum tokens value that is lower than ${model.maxOutputTokens}.`,
    );
  }
  const blocks = messages.flatMap(message => message.content);
  const usesTools = blocks.some(b => b.type === 'tool_call' || b.type === 'tool_result');
  if (usesTools && (request.tools ?? []).length === 0) {
    return invalid(
      'The toolConfig field must be defined when using toolUse and toolResult content blocks.',
    );
  }
  const unanswered = unansweredCalls(messages);
  if (unanswered !== null) {
    const { messageIndex, ids } = unanswered;
    return invalid(
      `Expected toolResult blocks at messages.${messageIndex + 1}.content for the following Ids: ${ids.join(', ')}`,
    );
  }
  const thinking = model.vendor === 'anthropic' ? thinkingProblem(request) : null;
  return thinking === null ? null : invalid(`The model returned the following errors: ${thinking}`);
}
