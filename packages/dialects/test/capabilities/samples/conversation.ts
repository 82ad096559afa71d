// Canonical samples of the features of the conversation.

import { chat, converse, gemini, messages, responses, type Samples } from './body.ts';

const chatTurn = (role: string, content: string) => ({ role, content });
const converseTurn = (role: string, text: string) => ({ role, content: [{ text }] });
const geminiTurn = (role: string, text: string) => ({ role, parts: [{ text }] });
const turns = [chatTurn('user', 'a'), chatTurn('assistant', 'b'), chatTurn('user', 'c')];
const middle = [
  chatTurn('user', 'a'),
  chatTurn('assistant', 'b'),
  chatTurn('system', 'be brief'),
  chatTurn('user', 'c'),
];

export const conversationSamples: Samples = {
  text: {
    'openai-chat': chat(),
    'openai-responses': responses(),
    'anthropic-messages': messages(),
    'bedrock-converse': converse(),
    gemini: gemini(),
  },
  'system prompt': {
    'openai-chat': chat({ messages: [chatTurn('system', 'be brief'), chatTurn('user', 'a')] }),
    'openai-responses': responses({ instructions: 'be brief' }),
    'anthropic-messages': messages({ system: 'be brief' }),
    'bedrock-converse': converse({ system: [{ text: 'be brief' }] }),
    gemini: gemini({ systemInstruction: { parts: [{ text: 'be brief' }] } }),
  },
  'developer message': {
    'openai-chat': chat({ messages: [chatTurn('developer', 'be brief'), chatTurn('user', 'a')] }),
    'openai-responses': responses({
      input: [chatTurn('developer', 'be brief'), chatTurn('user', 'a')],
    }),
  },
  'system message in the middle': {
    'openai-chat': chat({ messages: middle }),
    'openai-responses': responses({ input: middle }),
    'anthropic-messages': messages({ messages: middle }),
    'bedrock-converse': converse({
      messages: middle.map(({ role, content }) => converseTurn(role, content)),
    }),
  },
  'several turns': {
    'openai-chat': chat({ messages: turns }),
    'openai-responses': responses({ input: turns }),
    'anthropic-messages': messages({ messages: turns }),
    'bedrock-converse': converse({
      messages: turns.map(({ role, content }) => converseTurn(role, content)),
    }),
    gemini: gemini({
      contents: turns.map(({ role, content }) =>
        geminiTurn(role === 'user' ? 'user' : 'model', content),
      ),
    }),
  },
  'names of speakers': {
    'openai-chat': chat({ messages: [{ role: 'user', name: 'ada', content: 'a' }] }),
  },
  streaming: {
    'openai-chat': chat({ stream: true }),
    'openai-responses': responses({ stream: true }),
    'anthropic-messages': messages({ stream: true }),
    'bedrock-converse': converse(),
    gemini: gemini(),
  },
  'usage in the stream': {
    'openai-chat': chat({ stream: true, stream_options: { include_usage: true } }),
    'openai-responses': responses({ stream: true }),
    'anthropic-messages': messages({ stream: true }),
    'bedrock-converse': converse(),
    gemini: gemini(),
  },
};
