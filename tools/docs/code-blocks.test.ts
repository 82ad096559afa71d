// Proves that the documents work as written: every `sh` block of README.md and docs/ runs in order
// from the root of the repository and ends with 0, and every `yaml` configuration in them is valid.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { root, sourceFiles } from '../tidy/source-files.ts';

interface Block {
  readonly place: string;
  readonly language: string;
  readonly text: string;
}

/** What the documents take from the environment; nothing is called with it. */
const credentials = {
  ENTREPOT_KEY: 'a-key-of-your-own',
  OPENAI_API_KEY: 'none',
  AZURE_OPENAI_API_KEY: 'none',
  ANTHROPIC_API_KEY: 'none',
};

function blocksOf(path: string, text: string): Block[] {
  const pattern = /^```(\w+)\n([\s\S]*?)^```$/gm;
  return [...text.matchAll(pattern)].map(match => {
    const line = text.slice(0, match.index).split('\n').length;
    return { place: `${path}:${line}`, language: match[1]!, text: match[2]! };
  });
}

function run(script: string, folder: string): { status: number | null; output: string } {
  const path = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`;
  const env = { ...process.env, ...credentials, PATH: path, SCRATCH: folder };
  const args = ['-euo', 'pipefail', '-c', script];
  const { status, stdout, stderr } = spawnSync('bash', args, {
    cwd: root,
    env,
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { status, output: `${stdout}\n${stderr}` };
}

const blocks = sourceFiles(/^(README\.md|docs\/.*\.md)$/).flatMap(f => blocksOf(f.path, f.text));

for (const { place, text } of blocks.filter(b => b.language === 'sh')) {
  test(`${place} runs`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'entrepot-docs-'));
    try {
      const { status, output } = run(text, folder);
      assert.equal(status, 0, output);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

for (const { place, text } of blocks.filter(b => b.language === 'yaml')) {
  test(`${place} is a valid configuration`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'entrepot-docs-'));
    try {
      const file = join(folder, 'entrepot.yaml');
      writeFileSync(file, text);
      const { status, output } = run(`npx --no-install entrepot config check ${file}`, folder);
      assert.equal(status, 0, output);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
