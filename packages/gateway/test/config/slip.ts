// A good configuration file, and what is said when it is spoilt in one place.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '../../src/config/parse-config.ts';
import { ConfigError } from '../../src/config/problem.ts';
import { resolveConfig } from '../../src/config/resolve-config.ts';
import { market } from './market.ts';

/** A name, what is replaced in the good file, by what, and the one message that follows. */
export type Slip = readonly [name: string, from: string | RegExp, to: string, message: string];

export const env: Record<string, string> = {
  CALLER: 'canary-caller-key-1',
  VENDOR: 'canary-vendor',
  BROKEN: 'canary\r\nx: 1',
  EMPTY: '',
};

export const good: string = `keys:
  - name: team
    key: env:CALLER
deployments:
  - name: gpt-one
    offer: openai-api/global/openai/gpt-5.4
    credential: { apiKey: env:VENDOR }
  - name: claude-one
    offer: bedrock/us-west-2/anthropic/claude-sonnet-5
    credential: { aws: chain }
routes:
  - name: gpt
    deployments: [gpt-one]
  - name: claude
    deployments: [claude-one]
`;

/** Every message of a file, or none when it is good. */
export function messagesOf(text: string): string[] {
  try {
    resolveConfig(parseConfig(text, 'e.yaml'), market, env);
    return [];
  } catch (cause) {
    assert.ok(cause instanceof ConfigError);
    assert.doesNotMatch(cause.message, /canary|sk-live/, 'no message shows a secret');
    return cause.message.split('\n');
  }
}

/** One test for each slip. */
export function testSlips(slips: readonly Slip[]): void {
  for (const [name, from, to, expected] of slips) {
    test(`one slip is one message: ${name}`, () => {
      const text = good.replace(from, () => to);
      assert.notEqual(text, good);
      assert.deepEqual(messagesOf(text), [`e.yaml:${expected}`]);
    });
  }
}
