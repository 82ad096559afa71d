// The state of its reasoning that Google hangs on a call, on its way through a caller whose dialect
// has signatures of thinking and none of calls: a thinking without words stands before the call and
// has the signature of it. Such callers send thinking back as it came, also those that keep known
// fields alone; ids of calls, which they send back too, are too short for it.

import type { Block, Signed, StreamEvent, ThinkingBlock } from './canonical.ts';

const issuer = 'google';

/** No signature of thinking begins so: those are base64. */
const mark = 'call.';

/** The blocks of an answer, each signature of a call in a thinking before it. */
export function carrySignatures(content: readonly Block[]): readonly Block[] {
  if (!content.some(isSignedCall)) return content;
  return content.flatMap(block => {
    if (!isSignedCall(block)) return [block];
    const { signature, issuer: _, ...call } = block;
    return [carrier(signature), call];
  });
}

/** The same for an event of a stream; null for one that says nothing of a signed call. */
export function carryEvent(event: StreamEvent): readonly StreamEvent[] | null {
  if (event.type !== 'block_start' || !isSignedCall(event.block)) return null;
  const { candidate, block } = event;
  const { signature, issuer: _, ...call } = block;
  // A place of its own: those of the stream count from 0.
  const at = { candidate, index: -1 - event.index };
  return [
    { type: 'block_start', ...at, block: { type: 'thinking', issuer } },
    { type: 'block_signature', ...at, signature: mark + signature, issuer },
    { type: 'block_stop', ...at },
    { ...event, block: call },
  ];
}

/** What a caller sends back as the model's words: each signature on the call behind it again. */
export function restoreSignatures(content: readonly Block[]): readonly Block[] {
  if (!content.some(isCarrier)) return content;
  const restored: Block[] = [];
  let signature: string | null = null;
  for (const block of content) {
    if (isCarrier(block)) {
      signature = block.signature.slice(mark.length);
    } else if (block.type === 'tool_call' && signature !== null) {
      restored.push({ ...block, signature, issuer });
      signature = null;
    } else restored.push(block);
  }
  return restored;
}

function isSignedCall<B extends { readonly type: string } & Signed>(
  block: B,
): block is B & { readonly type: 'tool_call'; readonly signature: string } {
  return block.type === 'tool_call' && block.signature !== undefined && block.issuer === issuer;
}

function carrier(signature: string): ThinkingBlock {
  return { type: 'thinking', text: '', signature: mark + signature, issuer };
}

function isCarrier(block: Block): block is ThinkingBlock & { readonly signature: string } {
  return (
    block.type === 'thinking' &&
    block.issuer === issuer &&
    block.signature?.startsWith(mark) === true
  );
}
