// Amazon Bedrock's runtime: Converse and ConverseStream, signed with Signature Version 4 or called
// with a Bedrock API key. Exceptions and statuses by the service's model (botocore,
// bedrock-runtime 2023-09-30). There are no headers of rate limits.

import { bedrockConverse } from '@entrepot/dialects/bedrock-converse/dialect';
import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import type { SimulatedModel } from '../model.ts';
import { randomUuid } from '../random.ts';
import { invalid, type Refusal, type WireRefusal } from '../refusal.ts';
import { verifySignature } from '../sigv4.ts';
import { thinkingProblem } from '../thinking-rules.ts';
import { conversation, unansweredCalls } from '../unanswered-calls.ts';
import { exceptionFrame } from './exception-frame.ts';
import {
  bearer,
  decodedSegment,
  type Face,
  header,
  pathOf,
  type Route,
  type Speech,
  seconds,
  type WireCall,
} from './face.ts';

const callPath = /^\/model\/([^/]+)\/(converse|converse-stream)$/;

const speech: Speech = {
  dialect: bedrockConverse,
  encryptsThinking: false,
  check,
  responseId: randomUuid,
  finish: body => body,
  finishEvent: bytes => bytes,
  streamError: () => {
    const message =
      'The system encountered an unexpected error during processing. Try your request again.';
    return exceptionFrame('internalServerException', message);
  },
  brokenStream: () => {
    const frame = Buffer.from(exceptionFrame('throttlingException', 'broken'));
    frame[frame.length - 1]! ^= 0xff;
    return frame;
  },
};

export const bedrock: Face = {
  name: 'bedrock',
  cachesByItself: false,
  callIdPrefix: 'tooluse_',
  serviceTier: null,
  largestBodyBytes: 25 * 1024 * 1024,

  route: (method, target) => (method === 'POST' ? route(target) : null),
  authenticate: (call, accepted, nowMs) => {
    const key = bearer(call);
    if (key !== null) {
      return accepted.bedrock.includes(key) ? null : { reason: 'wrong-credential', shown: '' };
    }
    const wrong = verifySignature(call, { service: 'bedrock', keys: accepted.aws, nowMs });
    if (wrong === null) return null;
    return header(call, 'authorization') === null
      ? { reason: 'no-credential' }
      : { reason: 'signature', ...wrong };
  },
  refuse: (refusal, requestId) => {
    const { status, exception, message, headers } = refuse(refusal);
    return {
      status,
      headers: {
        'content-type': 'application/json',
        'x-amzn-requestid': requestId,
        'x-amzn-errortype': `${exception}:http://internal.amazon.com/coral/com.amazon.bedrock/`,
        ...headers,
      },
      body: JSON.stringify({ message }),
    };
  },

  requestId: randomUuid,
  headers: facts => ({ 'x-amzn-requestid': facts.requestId }),
};

/** The model id is one segment, percent-encoded: ARNs hold `:` and `/`. */
function route(target: string): Route | null {
  const match = callPath.exec(pathOf(target));
  if (match === null) return null;
  const model = decodedSegment(match[1]!);
  if (model === null) return null;
  return { speech, model, path: { model, stream: match[2] === 'converse-stream' } };
}

function check(request: CanonicalRequest, _: WireCall, model: SimulatedModel): Refusal | null {
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

interface BedrockRefusal {
  readonly status: number;
  readonly exception: string;
  readonly message: string;
  readonly headers?: WireRefusal['headers'];
}

function refuse(refusal: Refusal): BedrockRefusal {
  const validation = (message: string): BedrockRefusal => ({
    status: 400,
    exception: 'ValidationException',
    message,
  });
  switch (refusal.reason) {
    case 'no-credential': {
      const message = 'Missing Authentication Token';
      return { status: 403, exception: 'MissingAuthenticationTokenException', message };
    }
    case 'wrong-credential': {
      const message = 'Authentication failed: Please make sure your API Key is valid.';
      return { status: 403, exception: 'AccessDeniedException', message };
    }
    case 'signature':
      return { status: 403, exception: refusal.exception, message: refusal.message };
    case 'no-such-path':
      return { status: 404, exception: 'UnknownOperationException', message: 'Unknown operation' };
    case 'no-such-model':
      return validation('The provided model identifier is invalid.');
    case 'too-large':
      return {
        status: 413,
        exception: 'RequestEntityTooLargeException',
        message: 'Request body is too large',
      };
    case 'invalid':
      return validation(refusal.message);
    case 'context-length':
      return validation('Input is too long for requested model.');
    case 'rate-limit': {
      const unit = refusal.exceeded?.unit ?? 'requests';
      const message = `Too many ${unit}, please wait before trying again.`;
      const headers: Record<string, string> = refusal.isRetryAfterForced
        ? { 'retry-after': seconds(refusal.retryAfterMs) }
        : {};
      return { status: 429, exception: 'ThrottlingException', message, headers };
    }
    case 'overloaded': {
      const message = 'Bedrock is unable to process your request.';
      return { status: 503, exception: 'ServiceUnavailableException', message };
    }
    case 'server-error': {
      const message =
        'The system encountered an unexpected error during processing. Try your request again.';
      return { status: refusal.status ?? 500, exception: 'InternalServerException', message };
    }
  }
}
