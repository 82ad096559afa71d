// Blocks of each kind, as an answer of any dialect may hold them, and a stream's events of them.

import type {
  Block,
  BlockStart,
  StopReason,
  StreamEvent,
  Usage,
} from '@entrepot/dialects/canonical';
import { isObject } from '@entrepot/dialects/json';

export const sampleUsage: Usage = {
  inputTokens: 30,
  cachedReadTokens: 10,
  cacheWrite5mTokens: 2,
  cacheWrite1hTokens: 0,
  outputTokens: 5,
  reasoningTokens: 1,
  audioInputTokens: 0,
  audioOutputTokens: 0,
  webSearches: 2,
  serviceTier: 'priority',
  source: 'provider',
};

const own = (value: unknown): { dialect: string; value: unknown } => ({
  dialect: 'openai-responses',
  value,
});

export const citation: object = {
  type: 'url_citation',
  url: 'https://example.com/',
  title: 'Example',
  start_index: 0,
  end_index: 1,
};

export const ownSignature: string = JSON.stringify({ id: 'rs_1', encrypted_content: 'gAAAA' });

/** A tool call comes last but for the text: the last item may be incomplete. */
export const everyBlock: readonly Block[] = [
  { type: 'thinking', text: 'Hm.', signature: ownSignature, issuer: 'openai' },
  { type: 'thinking', text: 'Hmm.', signature: 'sig', issuer: 'anthropic' },
  { type: 'thinking', text: 'Let me see' },
  { type: 'redacted_thinking', data: 'DATA', issuer: 'anthropic' },
  { type: 'text', text: 'One, ', citations: own([citation]) },
  { type: 'text', text: 'two.' },
  { type: 'tool_call', id: 'call_1', name: 'f', argumentsJson: '{"a":1}' },
  { type: 'tool_call', id: 'call_2', name: 'g', argumentsJson: '' },
  { type: 'text', text: 'Done.', item: own({ id: 'msg_1', phase: 'final_answer' }) },
  { type: 'refusal', text: 'No.', item: own({ id: 'msg_1', phase: 'final_answer' }) },
];

/** The events of a stream in which each block comes in pieces of two characters. */
export function eventsOfBlocks(blocks: readonly Block[], reason: StopReason): StreamEvent[] {
  const events: StreamEvent[] = [{ type: 'start', id: 'resp_1', model: 'm' }];
  for (const [index, block] of blocks.entries()) {
    const at = { candidate: 0, index };
    events.push({ type: 'block_start', ...at, block: startOf(block) });
    const text = textOf(block);
    for (let from = 0; from < text.length; from += 2) {
      events.push({ type: 'block_delta', ...at, text: text.slice(from, from + 2) });
    }
    if (block.type === 'text' && block.citations !== undefined) {
      for (const annotation of block.citations.value as readonly unknown[]) {
        events.push({ type: 'native', native: own({ block: index, annotation }) });
      }
    }
    if (block.type === 'thinking' && block.signature !== undefined) {
      events.push({ type: 'block_signature', ...at, signature: block.signature });
    }
    events.push({ type: 'block_stop', ...at });
  }
  events.push(
    { type: 'stop', candidate: 0, stop: { reason, raw: 'x' } },
    { type: 'usage', usage: sampleUsage },
    { type: 'end' },
  );
  return events;
}

function textOf(block: Block): string {
  if (block.type === 'tool_call') return block.argumentsJson;
  if (block.type === 'redacted_thinking') return block.data;
  return 'text' in block ? block.text : '';
}

function startOf(block: Block): BlockStart {
  if (block.type === 'native') return block;
  const item = 'item' in block && block.item !== undefined ? { item: block.item } : {};
  const issuer = 'issuer' in block && block.issuer !== undefined ? { issuer: block.issuer } : {};
  switch (block.type) {
    case 'tool_call':
      return { type: 'tool_call', id: block.id, name: block.name, ...item };
    case 'thinking': {
      const kept: unknown = issuer.issuer === 'openai' ? JSON.parse(block.signature!) : null;
      const of = isObject(kept) ? { item: own({ id: kept.id }) } : {};
      return { type: 'thinking', ...issuer, ...of };
    }
    case 'redacted_thinking':
      return { type: 'redacted_thinking', ...issuer };
    case 'text':
    case 'refusal':
      return { type: block.type, ...item };
    default:
      throw new Error(`a stream has no ${block.type}`);
  }
}
