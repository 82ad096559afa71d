// Bodies of requests in each dialect: the least that there can be, with what a sample adds to it.

import type { SpokenDialect } from '@entrepot/dialects/capabilities/targets';

export type Fields = Readonly<Record<string, unknown>>;
/** By the name of the feature, then by dialect. */
export type Samples = Readonly<Record<string, Readonly<Partial<Record<SpokenDialect, Fields>>>>>;

export const chat = (fields: Fields = {}): Fields => ({
  model: 'm',
  messages: [{ role: 'user', content: 'hello' }],
  ...fields,
});
export const responses = (fields: Fields = {}): Fields => ({
  model: 'm',
  input: 'hello',
  ...fields,
});
export const messages = (fields: Fields = {}): Fields => ({
  model: 'm',
  max_tokens: 20_000,
  messages: [{ role: 'user', content: 'hello' }],
  ...fields,
});
export const converse = (fields: Fields = {}): Fields => ({
  messages: [{ role: 'user', content: [{ text: 'hello' }] }],
  ...fields,
});
export const gemini = (fields: Fields = {}): Fields => ({
  contents: [{ role: 'user', parts: [{ text: 'hello' }] }],
  ...fields,
});

/** A conversation of one message of the user with these parts and a text behind them. */
export const ask = {
  chat: (...parts: readonly Fields[]): Fields =>
    chat({ messages: [{ role: 'user', content: [...parts, { type: 'text', text: 'look' }] }] }),
  responses: (...parts: readonly Fields[]): Fields =>
    responses({
      input: [{ role: 'user', content: [...parts, { type: 'input_text', text: 'look' }] }],
    }),
  messages: (...blocks: readonly Fields[]): Fields =>
    messages({
      messages: [{ role: 'user', content: [...blocks, { type: 'text', text: 'look' }] }],
    }),
  converse: (...blocks: readonly Fields[]): Fields =>
    converse({ messages: [{ role: 'user', content: [...blocks, { text: 'look' }] }] }),
  gemini: (...parts: readonly Fields[]): Fields =>
    gemini({ contents: [{ role: 'user', parts: [...parts, { text: 'look' }] }] }),
};
