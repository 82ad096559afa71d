// Amazon Bedrock's runtime: Converse, InvokeModel for Claude, Llama and Mistral, and openai's API
// for openai's models, signed with Signature Version 4 or called with a Bedrock API key. (botocore,
// bedrock-runtime 2023-09-30) There are no headers of rate limits.

import { randomUuid } from '../random.ts';
import { awsRefusal } from './aws-credential.ts';
import { bedrockErrand } from './bedrock-errands.ts';
import { nativeSpeech } from './bedrock-native-speech.ts';
import { bedrockChat, bedrockResponses, claudeByInvoke, converseSpeech } from './bedrock-speech.ts';
import { bedrockRefusal } from './bedrock-words.ts';
import { decodedSegment, type Face, pathOf, type Route, type Speech } from './face.ts';

const openaiSpeechAt: ReadonlyMap<string, Speech> = new Map([
  ['/openai/v1/chat/completions', bedrockChat],
  ['/openai/v1/responses', bedrockResponses],
]);

const callPath =
  /^\/model\/([^/]+)\/(converse|converse-stream|invoke|invoke-with-response-stream)$/;

export const bedrock: Face = {
  name: 'bedrock',
  cachesByItself: false,
  callIdPrefix: 'tooluse_',
  serviceTier: null,
  largestBodyBytes: 25 * 1024 * 1024,

  route: (method, target) => (method === 'POST' ? route(target) : null),
  errand: (method, target) => (method === 'POST' ? bedrockErrand(pathOf(target)) : null),
  authenticate: (call, accepted, nowMs) => awsRefusal('bedrock', call, accepted, nowMs),
  refuse: bedrockRefusal,

  requestId: randomUuid,
  headers: facts => ({ 'x-amzn-requestid': facts.requestId }),
};

/** The model id is one segment, percent-encoded: ARNs hold `:` and `/`. */
function route(target: string): Route | null {
  const openai = openaiSpeechAt.get(pathOf(target));
  if (openai !== undefined) return { speech: openai, model: null, path: null };
  const match = callPath.exec(pathOf(target));
  if (match === null) return null;
  const model = decodedSegment(match[1]!);
  if (model === null) return null;
  const stream = match[2]!.endsWith('-stream');
  const speech = match[2]!.startsWith('invoke')
    ? (nativeSpeech(model) ?? claudeByInvoke)
    : converseSpeech;
  return { speech, model, path: { model, stream } };
}
