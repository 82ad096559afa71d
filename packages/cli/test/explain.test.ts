// Proves what `entrepot explain` prints and how it exits: the command as a process of its own.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { bin, runCommand } from './command-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'entrepot-explain-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, value: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
}

const asked = file('asked.json', {
  model: 'm',
  max_tokens: 100,
  system: [{ type: 'text', text: 'be brief', cache_control: { type: 'ephemeral' } }],
  messages: [{ role: 'user', content: 'hello' }],
});

test('a request of Messages on Bedrock: address, body, and what is kept', async () => {
  const args = ['--from', 'anthropic-messages', '--to', 'bedrock', '--model'];
  const { code, stdout } = await runCommand([
    ...['explain', ...args, 'anthropic/claude-sonnet-5'],
    ...['--body', asked],
  ]);
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^To anthropic\/claude-sonnet-5 on bedrock/);
  assert.match(stdout, /^POST https:\/\/bedrock-runtime\.[a-z0-9-]+\.amazonaws\.com\/model\//m);
  assert.match(stdout, /be brief/);
  assert.match(stdout, /^kept +text, system prompt, most tokens of the answer/m);
  assert.doesNotMatch(stdout, /^(lost|refused)/m);
});

test('as JSON: what is lost goes on, and is named in the words of the caller', async () => {
  const args = ['--from', 'anthropic-messages', '--to', 'openai-chat', '--body', asked, '--json'];
  const { code, stdout } = await runCommand(['explain', ...args]);
  const told = JSON.parse(stdout);
  assert.equal(code, 0);
  assert.equal(told.dialect, 'openai-chat');
  assert.equal(told.address, null);
  assert.deepEqual(told.body.messages[0], { role: 'system', content: 'be brief' });
  assert.deepEqual(
    told.lost.map((loss: { field: string }) => loss.field),
    ['cache_control'],
  );
});

test('what is refused is told with its field, and exits with 1; what is emulated with how', async () => {
  const body = file('many.json', {
    model: 'm',
    n: 2,
    messages: [
      { role: 'developer', content: 'be brief' },
      { role: 'user', content: 'hello' },
    ],
  });
  const args = ['--from', 'openai-chat', '--to', 'anthropic-api', '--body', body];
  const { code, stdout } = await runCommand(['explain', ...args]);
  assert.equal(code, 1);
  assert.match(stdout, /^POST https:\/\/api\.anthropic\.com\/v1\/messages$/m);
  assert.match(stdout, /^emulated +developer message: as the system prompt$/m);
  assert.match(stdout, /^refused +n: there is one answer to a request here$/m);
});

test('every service that the gateway can call has an address for each caller', async () => {
  const body = file('gemini.json', { contents: [{ role: 'user', parts: [{ text: 'hello' }] }] });
  const services = ['openai-api', 'azure-openai', 'anthropic-api', 'bedrock', 'bedrock-mantle'];
  for (const service of [...services, 'gemini-api', 'vertex-ai']) {
    const args = ['--from', 'gemini', '--to', service, '--body', body, '--stream'];
    const { code, stdout, stderr } = await runCommand(['explain', ...args]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^POST https:\/\//m, service);
  }
});

test('an answer as the caller gets it, from standard input', () => {
  const answer = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [{ type: 'text', text: 'hi' }],
    stop_reason: 'stop_sequence',
    stop_sequence: 'END',
    usage: { input_tokens: 1, output_tokens: 1 },
  };
  const args = ['--from', 'openai-chat', '--to', 'anthropic-messages', '--answer', '-'];
  const ran = spawnSync(process.execPath, [bin, 'explain', ...args], {
    input: JSON.stringify(answer),
    encoding: 'utf8',
  });
  assert.equal(ran.status, 0, ran.stderr);
  assert.match(ran.stdout, /"content": "hi"/);
  assert.match(ran.stdout, /^lost +candidates\[0\]\.stop\.sequence: /m);
});

test('wrong use is told with what to do, and exits with 2', async () => {
  const from = ['explain', '--from', 'openai-chat', '--body', asked];
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['explain', '--from', 'chat'], /--from must be one of openai-chat, /],
    [from, /--to must name a service, a cloud or a dialect/],
    [[...from, '--to', 'bedrok'], /there is no service, cloud or dialect bedrok; did you mean/],
    [[...from, '--to', 'bedrock', '--model', 'x'], /--model: bedrock does not sell x; it sells/],
    [['explain', '--from', 'gemini', '--to', 'aws', '--body', asked], /--body: .*contents/],
    [['explain', '--from', 'gemini', '--to', 'aws', '--body', '/nowhere'], /--body: ENOENT/],
  ];
  for (const [args, message] of cases) {
    const { code, stderr } = await runCommand(args);
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, message);
  }
});

test('help has an example', async () => {
  const { code, stdout } = await runCommand(['explain', '--help']);
  assert.equal(code, 0);
  assert.match(stdout, /Example: entrepot explain --from anthropic-messages --to bedrock/);
});
