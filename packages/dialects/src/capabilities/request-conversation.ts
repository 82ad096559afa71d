// Features of the conversation itself: who speaks, in which order, and how the answer comes.

import { saidBy, some, textOf } from './contents.ts';
import { carriedByAll, type Group, type RequestFeature, said } from './feature.ts';
import { emulated, refused } from './verdict.ts';

const text: RequestFeature = {
  name: 'text',
  said: said('messages', 'input', 'messages', 'messages', 'contents'),
  content: request => saidBy(request, 'user'),
  to: carriedByAll,
};

const system: RequestFeature = {
  name: 'system prompt',
  said: said('messages', 'instructions', 'system', 'system', 'systemInstruction'),
  content: request => saidBy(request, 'system'),
  to: carriedByAll,
};

const developer: RequestFeature = {
  name: 'developer message',
  said: said('messages', 'input', null, null, null),
  content: request => saidBy(request, 'developer'),
  to: {
    ...carriedByAll,
    'openai-chat/open-weights': emulated('as the system prompt'),
    'anthropic-messages': emulated('as the system prompt'),
    'bedrock-converse': emulated('as the system prompt'),
    gemini: emulated('as the system prompt'),
  },
};

const systemInTheMiddle: RequestFeature = {
  name: 'system message in the middle',
  said: said('messages', 'input', 'messages', 'messages', null),
  content: ({ messages }) => {
    const roles = messages.map(({ role }) => role);
    return roles.lastIndexOf('system') > 0 ? roles : undefined;
  },
  to: {
    ...carriedByAll,
    'anthropic-messages': refused(
      'messages[]',
      'what the system says can only stand before all else',
    ),
    'bedrock-converse': refused(
      'messages[]',
      'what the system says can only stand before all else',
    ),
    gemini: refused(
      'messages[].role',
      'instructions in the middle of a conversation move to its front here',
    ),
  },
};

const turns: RequestFeature = {
  name: 'several turns',
  said: said('messages', 'input', 'messages', 'messages', 'contents'),
  content: ({ messages }) =>
    messages.some(({ role }) => role === 'assistant')
      ? messages.map(({ role, content }) => [role, content.flatMap(textOf)])
      : undefined,
  to: carriedByAll,
};

const names: RequestFeature = {
  name: 'names of speakers',
  said: said('messages', null, null, null, null),
  content: ({ messages }) => some(messages.flatMap(({ name }) => (name === undefined ? [] : name))),
  to: {
    ...carriedByAll,
    'openai-responses': refused('messages[].name', 'a speaker has no name in this dialect'),
    'anthropic-messages': refused('messages[].name', 'speakers have no names here'),
    'bedrock-converse': refused('messages[].name', 'speakers have no names here'),
    gemini: refused('messages[].name', 'speakers have no names in this dialect'),
  },
};

const streaming: RequestFeature = {
  name: 'streaming',
  said: said('stream', 'stream', 'stream', '', ''),
  content: ({ stream }) => (stream ? true : undefined),
  to: carriedByAll,
};

const usageInStream: RequestFeature = {
  name: 'usage in the stream',
  said: said('stream_options', 'stream', 'stream', '', ''),
  content: ({ stream, includeUsage }) => (stream && includeUsage ? true : undefined),
  to: carriedByAll,
};

export const conversation: Group<RequestFeature> = {
  title: 'Conversation',
  features: [text, system, developer, systemInTheMiddle, turns, names, streaming, usageInStream],
};
