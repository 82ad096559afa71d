// Proves that what docs/adding-a-vendor.md and docs/adding-a-cloud.md show is so: every block,
// before and after its change, is a configuration that `entrepot config check` finds good; the
// registry has the lines shown, and the folder the files.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, describe, test } from 'node:test';

const root = resolve(import.meta.dirname, '../../../..');
const folder = mkdtempSync(join(tmpdir(), 'entrepot-docs-'));
after(() => rmSync(folder, { recursive: true }));

const secrets = {
  ENTREPOT_KEY: 'a-key-of-a-caller',
  ANTHROPIC_API_KEY: 'a',
  GROQ_API_KEY: 'b',
  OPENROUTER_API_KEY: 'c',
};

interface Block {
  readonly title: string;
  readonly before: string;
  readonly after: string;
}

/** The diffs of a page, each under the heading before it. */
function blocksOf(page: string): Block[] {
  const text = readFileSync(join(root, 'docs', page), 'utf8');
  return [...text.matchAll(/^## (.+)\n+(?:(?!^## |^```)[^\n]*\n+)*```diff\n([\s\S]*?)^```/gm)].map(
    ([, title = '', diff = '']) => ({
      title,
      before: sideOf(diff, '-'),
      after: sideOf(diff, '+'),
    }),
  );
}

function sideOf(diff: string, sign: '-' | '+'): string {
  const lines = diff.split('\n').filter(line => line.startsWith(' ') || line.startsWith(sign));
  return `${lines.map(line => line.slice(1)).join('\n')}\n`;
}

function check(text: string): string {
  const file = join(folder, 'entrepot.yaml');
  writeFileSync(file, text);
  const command = [join(root, 'packages/cli/bin/entrepot.js'), 'config', 'check', file];
  const ran = spawnSync(process.execPath, command, { env: secrets, encoding: 'utf8' });
  assert.equal(ran.status, 0, ran.stdout + ran.stderr);
  return ran.stdout;
}

const vendors = blocksOf('adding-a-vendor.md');

test('the page shows four vendors, all beginning with the same file', () => {
  assert.deepEqual(
    vendors.map(block => block.title),
    ['vLLM on Trainium', 'Ollama on this machine', 'Groq', 'OpenRouter'],
  );
  assert.equal(new Set(vendors.map(block => block.before)).size, 1);
  check(vendors[0]!.before);
});

describe('each block is good', () => {
  const offers = [
    'vllm/us-east-2/meta/llama-3.3-70b',
    'ollama/global/qwen/qwen3-8b',
    'groq/global/openai/gpt-oss-120b',
    'openrouter/global/moonshotai/kimi-k2',
  ];
  for (const [i, block] of vendors.entries()) {
    test(block.title, () => assert.ok(check(block.after).includes(offers[i]!)));
  }
});

test('a cloud is the folder and the lines of the registry that the page shows', () => {
  const page = readFileSync(join(root, 'docs/adding-a-cloud.md'), 'utf8');
  const clouds = join(root, 'packages/gateway/src/clouds');
  const registry = readFileSync(join(clouds, 'registry.ts'), 'utf8').split('\n');
  const added = page.split('\n').filter(line => /^\+[^+]/.test(line));
  assert.equal(added.length, 2);
  for (const line of added) assert.ok(registry.includes(line.slice(1)), line);
  const files = readdirSync(join(clouds, 'openai-compatible'));
  for (const name of files) assert.ok(page.includes(`| \`${name}\` |`), name);
  for (const [, path = ''] of page.matchAll(/`(packages\/[^`]+)`/g)) {
    assert.ok(existsSync(join(root, path)), path);
  }
});
