// Proves that each field that only its dialect knows is lost by its own name, also where it stands
// within another, before upstreams of all others; an empty one where it means something.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dialectNames, targets } from '@entrepot/dialects/capabilities/targets';
import { gemini } from '@entrepot/dialects/gemini/dialect';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import { dialects } from '../capabilities/dialects.ts';

const modelOf = (name: string) => targets.find(({ dialect }) => dialect === name)!.model;
const contents = [{ role: 'user', parts: [{ text: 'a' }] }];

test('fields of generationConfig are named', () => {
  const generationConfig = {
    mediaResolution: 'MEDIA_RESOLUTION_LOW',
    speechConfig: { languageCode: 'de' },
    thinkingConfig: { thinkingBudget: 0, newlyMade: 1 },
    temperature: 0.5,
  };
  const body = Buffer.from(JSON.stringify({ contents, generationConfig, labels: {} }));
  const request = gemini.decodeRequest(body, { model: 'm', stream: false });
  for (const name of dialectNames.filter(one => one !== 'gemini')) {
    const { losses } = dialects[name].encodeRequest(request, modelOf(name));
    const lost = losses.map(({ field }) => gemini.fieldName(field));
    for (const field of ['mediaResolution', 'speechConfig', 'thinkingConfig.newlyMade']) {
      assert.ok(lost.includes(`generationConfig.${field}`), `${name}: ${lost}`);
    }
    assert.ok(!lost.includes('generationConfig') && !lost.includes('labels'), name);
  }
});

test('an empty object that turns something on is a loss', () => {
  const messages = [{ role: 'user', content: 'a' }];
  const body = Buffer.from(JSON.stringify({ model: 'm', messages, web_search_options: {} }));
  const request = openaiChat.decodeRequest(body);
  for (const name of dialectNames.filter(one => one !== 'openai-chat')) {
    const { losses } = dialects[name].encodeRequest(request, modelOf(name));
    assert.ok(
      losses.some(({ field }) => field === 'extensions.web_search_options'),
      name,
    );
  }
});
