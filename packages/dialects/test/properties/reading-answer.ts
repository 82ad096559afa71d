// What a caller of each dialect reads of an answer, less what was declared to be lost: its blocks,
// why it stopped and what it used, with the substitutes that `docs/capabilities.md` names, written
// down once more, by hand.

import assert from 'node:assert/strict';
import type { Candidate, CanonicalResponse, StopReason } from '@entrepot/dialects/canonical';
import type { SpokenDialect } from '@entrepot/dialects/capabilities/targets';
import type { Loss } from '@entrepot/dialects/dialect';

// biome-ignore lint/suspicious/noExplicitAny: blocks taken apart
type Loose = any;
type Answer = Pick<CanonicalResponse, 'candidates' | 'usage'>;

/** Throws AssertionError for what is changed and not declared, and for what is declared and not. */
export function checkAnswer(
  told: Answer,
  losses: readonly Loss[],
  read: Answer,
  dialect: SpokenDialect,
): void {
  const lost = new Set(losses.map(({ field }) => field));
  const expected = told.candidates
    .filter(({ index }) => !lost.has(`candidates[${index}]`))
    .map(candidate => said(candidate, dialect, lost));
  const actual = read.candidates
    .toSorted((one, other) => one.index - other.index)
    .map(candidate => said(candidate, dialect, new Set()));
  assert.deepEqual(actual, expected, 'the same, but for what is declared to be lost');
  for (const field of lost) assert.ok(isThere(told, field), `${field} is there to lose`);
  if (told.usage === null) return;
  for (const key of counted[dialect]) assert.equal(read.usage?.[key], told.usage[key], key);
}

/** What each can tell of tokens; what it cannot is counted with the others. */
const all = ['inputTokens', 'outputTokens', 'cachedReadTokens'] as const;
const counted = {
  'openai-chat': [...all, 'reasoningTokens'],
  'openai-responses': [...all, 'webSearches'],
  'anthropic-messages': [...all, 'cacheWrite5mTokens', 'cacheWrite1hTokens', 'reasoningTokens'],
  'bedrock-converse': [...all, 'cacheWrite5mTokens', 'cacheWrite1hTokens', 'serviceTier'],
  gemini: [...all, 'reasoningTokens', 'serviceTier'],
} as const;

function isThere(told: Answer, field: string): boolean {
  const steps = field.split(/[.[\]]+/).filter(Boolean);
  return steps.reduce((value: Loose, step) => value?.[step], told) !== undefined;
}

function said(candidate: Candidate, dialect: SpokenDialect, lost: ReadonlySet<string>): unknown {
  const { index, content, stop } = candidate;
  const path = `candidates[${index}].content`;
  const blocks = content.flatMap((block, at): Loose[] => {
    if (lost.has(`${path}[${at}]`)) return [];
    return plain(lost.has(`${path}[${at}].argumentsJson`) ? without(block) : block, dialect);
  });
  const isMalformed = dialect === 'gemini' && content.some((b, at) => isHalf(b, path, at, lost));
  const reason = isMalformed ? 'malformed' : reasonOf(stop.reason, dialect);
  return { blocks: dialect === 'openai-chat' ? inFields(blocks) : runsOf(blocks), reason };
}

/** Texts and thoughts that follow one another are one, as chunks of a stream are. */
function runsOf(blocks: readonly Loose[]): Loose[] {
  const out: Loose[] = [];
  for (const block of blocks) {
    const last = out.at(-1);
    const joins = last?.type === block.type && !block.isSigned && 'text' in block;
    if (joins) out[out.length - 1] = { ...last, text: last.text + block.text };
    else out.push(block);
  }
  return out;
}

function isHalf(block: Loose, path: string, at: number, lost: ReadonlySet<string>): boolean {
  return block.type === 'tool_call' && lost.has(`${path}[${at}]`);
}

function without(call: Loose): Loose {
  return { ...call, argumentsJson: '{}' };
}

function plain(block: Loose, dialect: SpokenDialect): Loose[] {
  const { type, text, data, signature } = block;
  switch (type) {
    case 'text':
    case 'refusal': {
      const hasRefusals = dialect.startsWith('openai');
      return text === '' ? [] : [{ type: hasRefusals ? type : 'text', text }];
    }
    case 'thinking':
      if (text === '' && signature === undefined) return [];
      return [{ type, text, isSigned: signature !== undefined }];
    case 'redacted_thinking':
      assert.notEqual(data, '');
      return [{ type }];
    default:
      return [{ type, id: block.id, name: block.name, args: argsOf(block.argumentsJson) }];
  }
}

function argsOf(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch {
    return text;
  }
}

/** Thinking, text, refusal and calls stand in fields of their own, each text in one piece. */
function inFields(blocks: readonly Loose[]): Loose[] {
  const joined = (type: string): Loose[] => {
    const some = blocks.filter(block => block.type === type);
    return some.length === 0 ? [] : [{ type, text: some.map(block => block.text).join('') }];
  };
  const thoughts = blocks.filter(({ type }) => type.endsWith('thinking'));
  const isSigned = thoughts.some(({ type, isSigned }) => isSigned || type !== 'thinking');
  const calls = blocks.filter(({ type }) => type === 'tool_call');
  const thinking = isSigned
    ? thoughts
    : joined('thinking').map(one => ({ ...one, isSigned: false }));
  return [...thinking, ...joined('text'), ...joined('refusal'), ...calls];
}

function reasonOf(reason: StopReason, dialect: SpokenDialect): StopReason {
  const isOpen = dialect.startsWith('openai') || dialect === 'gemini';
  if (reason === 'stop_sequence') return isOpen ? 'end' : reason;
  if (reason === 'context_full') return isOpen ? 'length' : reason;
  if (reason === 'pause') return dialect === 'anthropic-messages' ? reason : 'end';
  if (reason === 'content_filter') return dialect === 'anthropic-messages' ? 'refusal' : reason;
  if (reason !== 'refusal') return reason;
  return dialect === 'gemini' || dialect === 'bedrock-converse' ? 'content_filter' : reason;
}
