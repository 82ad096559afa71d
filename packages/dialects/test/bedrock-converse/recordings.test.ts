// Proves that recorded answers of the real service mean here what they mean to Amazon's own client:
// it reads the same bytes, and text, calls, reasoning, stop and usage must agree.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ConverseStreamOutput, TokenUsage } from '@aws-sdk/client-bedrock-runtime';
import { bedrockConverse } from '@entrepot/dialects/bedrock-converse/dialect';
import type { Block, StreamEvent, Usage } from '@entrepot/dialects/canonical';
import { answerContext } from '../shared/answer-context.ts';
import { checkEvents, gather } from '../shared/event-grammar.ts';
import { recordings, recordingsMissing } from '../shared/recordings.ts';
import { converseStreams, decodeStream, encodeStream } from './converse-streams.ts';
import { sdkStreamed, sdkWhole } from './sdk-reader.ts';

const skip = recordingsMissing;
const wholes = recordings('converse').filter(({ status }) => status === 200);
const streams = converseStreams();

/** What a block says, in one form for both sides. */
type Said = readonly [kind: string, ...rest: unknown[]];

function ourBlock(block: Block): Said {
  switch (block.type) {
    case 'text':
      return ['text', block.text, block.citations?.value ?? []];
    case 'tool_call':
      return ['call', block.id, block.name, JSON.parse(block.argumentsJson)];
    case 'thinking':
      return ['thinking', block.text, block.signature];
    default:
      return [block.type];
  }
}

function agreesOnUsage(ours: Usage | null, theirs: TokenUsage | undefined): void {
  assert.ok(ours !== null && theirs !== undefined);
  const read = theirs.cacheReadInputTokens ?? 0;
  const written = theirs.cacheWriteInputTokens ?? 0;
  assert.equal(ours.inputTokens, theirs.inputTokens! + read + written);
  assert.equal(ours.cachedReadTokens, read);
  assert.equal(ours.outputTokens, theirs.outputTokens);
  assert.equal(ours.inputTokens + ours.outputTokens, theirs.totalTokens);
  assert.equal(ours.source, 'provider');
}

describe('whole answers', { skip }, () => {
  for (const { file, body, headers } of wholes) {
    test(file, async () => {
      const theirs = await sdkWhole(body);
      const ours = bedrockConverse.decodeResponse(body, headers, answerContext);
      assert.equal(ours.id, headers['x-amzn-requestid'] ?? answerContext.id);
      assert.equal(ours.model, answerContext.model);
      const { content, stop } = ours.candidates[0]!;
      const said = theirs.output!.message!.content!.map((block): Said => {
        const { text, toolUse, reasoningContent, citationsContent } = block;
        if (text !== undefined) return ['text', text, []];
        if (toolUse !== undefined) {
          return ['call', toolUse.toolUseId, toolUse.name, toolUse.input];
        }
        const thought = reasoningContent?.reasoningText;
        if (thought !== undefined) return ['thinking', thought.text, thought.signature];
        const cited = citationsContent!.content!.map(part => part.text).join('');
        return ['text', cited, citationsContent!.citations];
      });
      assert.deepEqual(content.map(ourBlock), said);
      assert.ok(said.length > 0);
      assert.equal(stop.raw, theirs.stopReason);
      assert.equal(stop.reason === 'tool_call', theirs.stopReason === 'tool_use');
      agreesOnUsage(ours.usage, theirs.usage);
      const { usage, stopRaw } = bedrockConverse.readUsage(body);
      assert.deepEqual(usage, ours.usage);
      assert.equal(stopRaw, stop.raw);
      const { body: again, losses } = bedrockConverse.encodeResponse(ours, answerContext);
      assert.deepEqual(losses, []);
      assert.deepEqual(bedrockConverse.decodeResponse(again, headers, answerContext), ours);
    });
  }
});

interface Gathered {
  text: string;
  call: readonly [string | undefined, string | undefined] | null;
  input: string;
  thought: string;
  signature: string;
}

/** Blocks by number, as a reader of the client's events puts them together. */
function theirBlocks(events: readonly ConverseStreamOutput[]): Gathered[] {
  const blocks: Gathered[] = [];
  const at = (index: number | undefined): Gathered => {
    blocks[index!] ??= { text: '', call: null, input: '', thought: '', signature: '' };
    return blocks[index!]!;
  };
  for (const { contentBlockStart, contentBlockDelta } of events) {
    const call = contentBlockStart?.start?.toolUse;
    if (call !== undefined && call.type !== 'server_tool_use') {
      at(contentBlockStart?.contentBlockIndex).call = [call.toolUseId, call.name];
    }
    if (contentBlockDelta?.delta === undefined) continue;
    const block = at(contentBlockDelta.contentBlockIndex);
    const { text, toolUse, reasoningContent } = contentBlockDelta.delta;
    block.text += text ?? '';
    block.input += toolUse?.input ?? '';
    block.thought += reasoningContent?.text ?? '';
    block.signature += reasoningContent?.signature ?? '';
  }
  return blocks;
}

function said(events: readonly StreamEvent[], type: string): string[] {
  const blocks = gather(events).candidates.get(0) ?? [];
  return blocks.filter(block => block.type === type).map(({ text }) => text);
}

describe('streams', { skip }, () => {
  for (const { file, body } of streams) {
    test(file, async () => {
      const theirs = await sdkStreamed(body);
      const ours = decodeStream([body]);
      checkEvents(ours, { interleaved: false });
      const blocks = theirBlocks(theirs);
      const texts = blocks.map(({ text }) => text).filter(text => text !== '');
      assert.deepEqual(said(ours, 'text'), texts);
      const thoughts = blocks.filter(({ thought, signature }) => thought || signature);
      assert.deepEqual(
        (gather(ours).candidates.get(0) ?? [])
          .filter(({ type }) => type === 'thinking')
          .map(block => [block.text, block.signature ?? '']),
        thoughts.map(({ thought, signature }) => [thought, signature]),
      );
      const calls = blocks.filter(({ call }) => call !== null);
      assert.deepEqual(
        (gather(ours).candidates.get(0) ?? [])
          .filter(({ type }) => type === 'tool_call')
          .map(({ id, name, text }) => [id, name, text]),
        calls.map(({ call, input }) => [...call!, input]),
      );
      for (const { input } of calls) JSON.parse(input);
      const stop = ours.find(event => event.type === 'stop')?.stop;
      assert.equal(stop?.raw, theirs.find(event => event.messageStop)?.messageStop?.stopReason);
      const usage = ours.findLast(event => event.type === 'usage')?.usage ?? null;
      agreesOnUsage(usage, theirs.find(event => event.metadata)?.metadata?.usage);
      assert.equal(ours.at(-1)?.type, 'end');
      // Written again, it means the same, to the client too.
      const again = encodeStream(ours);
      assert.deepEqual(decodeStream([again]), ours);
      assert.deepEqual(
        theirBlocks(await sdkStreamed(again))
          .map(({ text }) => text)
          .join(''),
        texts.join(''),
      );
    });
  }
});

test('recordings are at hand', { skip }, () => {
  assert.ok(wholes.length > 15 && streams.length > 20);
});
