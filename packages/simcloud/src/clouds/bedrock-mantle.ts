// Bedrock's other endpoint: openai's API for models of many vendors, and Messages for Claude. The
// name that it is signed under is its own, and so is the prefix of openai's closed models.
// (docs.aws.amazon.com/bedrock, "Responses API", seen 2026-11-24; @anthropic-ai/bedrock-sdk 1.1.3)

import { randomUuid } from '../random.ts';
import { invalid, type Refusal } from '../refusal.ts';
import { anthropic, messagesSpeech } from './anthropic.ts';
import { awsRefusal } from './aws-credential.ts';
import { bedrockChat, bedrockResponses } from './bedrock-speech.ts';
import { bedrockRefusal, bedrockRefusalOfOpenai, isOfFront } from './bedrock-words.ts';
import { type Face, pathOf, type Speech } from './face.ts';

const closed = /(^|\.)openai\.(?!gpt-oss)/;

const claude: Speech = {
  ...messagesSpeech,
  check: (request, call, model) =>
    model.vendor === 'anthropic' ? messagesSpeech.check(request, call, model) : wrongRoute(request),
  refuse: (refusal, requestId, nowMs) =>
    isOfFront(refusal)
      ? bedrockRefusal(refusal, requestId)
      : anthropic.refuse(refusal, requestId, nowMs),
};

const speechAt: ReadonlyMap<string, Speech> = new Map([
  ['/v1/chat/completions', at(false, bedrockChat)],
  ['/v1/responses', at(false, bedrockResponses)],
  ['/openai/v1/chat/completions', at(true, bedrockChat)],
  ['/openai/v1/responses', at(true, bedrockResponses)],
  ['/anthropic/v1/messages', claude],
]);

export const bedrockMantle: Face = {
  name: 'bedrock-mantle',
  cachesByItself: true,
  callIdPrefix: 'call_',
  serviceTier: 'default',
  largestBodyBytes: 25 * 1024 * 1024,

  route: (method, target) => {
    const speech = speechAt.get(pathOf(target));
    return method === 'POST' && speech !== undefined ? { speech, model: null, path: null } : null;
  },
  authenticate: (call, accepted, nowMs) => awsRefusal('bedrock-mantle', call, accepted, nowMs),
  refuse: bedrockRefusalOfOpenai,

  requestId: randomUuid,
  headers: facts => ({ 'x-amzn-requestid': facts.requestId }),
};

/** Each model is under one prefix alone. */
function at(isClosed: boolean, speech: Speech): Speech {
  return {
    ...speech,
    check: (request, call, model) =>
      closed.test(request.model) === isClosed && model.vendor !== 'anthropic'
        ? speech.check(request, call, model)
        : wrongRoute(request),
  };
}

function wrongRoute({ model }: { readonly model: string }): Refusal {
  return invalid(`model \`${model}\` isn't supported on this route`, 'model');
}
