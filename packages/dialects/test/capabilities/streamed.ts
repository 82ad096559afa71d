// A whole answer as the events of a stream, and back.

import type {
  Block,
  BlockStart,
  Candidate,
  CanonicalResponse,
  Stop,
  StreamEvent,
  Usage,
} from '@entrepot/dialects/canonical';

/** Texts and arguments come in two pieces. */
export function eventsOf({ id, model, candidates, usage }: CanonicalResponse): StreamEvent[] {
  return [
    { type: 'start', id, model },
    ...candidates.flatMap(({ index: candidate, content, stop }): StreamEvent[] => [
      ...content.flatMap((block, index) => blockEvents(block, candidate, index)),
      { type: 'stop', candidate, stop },
    ]),
    ...(usage === null ? [] : [{ type: 'usage', usage } as const]),
    { type: 'end' },
  ];
}

function blockEvents(block: Block, candidate: number, index: number): StreamEvent[] {
  const place = { candidate, index };
  const { signature, issuer } = block as { signature?: string; issuer?: string };
  const text = textOf(block);
  const half = Math.ceil(text.length / 2);
  const pieces = [text.slice(0, half), text.slice(half)].filter(piece => piece !== '');
  return [
    { type: 'block_start', ...place, block: startOf(block) },
    ...pieces.map((piece): StreamEvent => ({ type: 'block_delta', ...place, text: piece })),
    ...(signature === undefined || block.type === 'tool_call'
      ? []
      : [{ type: 'block_signature', ...place, signature, issuer: issuer! } as const]),
    { type: 'block_stop', ...place },
  ];
}

function startOf(block: Block): BlockStart {
  switch (block.type) {
    case 'tool_call': {
      const { argumentsJson: _, cache: _cache, ...start } = block;
      return start;
    }
    case 'text':
    case 'refusal':
      return { type: block.type };
    case 'thinking':
    case 'redacted_thinking': {
      const issuer = block.issuer === undefined ? {} : { issuer: block.issuer };
      return { type: block.type, ...issuer };
    }
    default:
      throw new Error(`no stream of a ${block.type}`);
  }
}

function textOf(block: Block): string {
  switch (block.type) {
    case 'tool_call':
      return block.argumentsJson;
    case 'redacted_thinking':
      return block.data;
    default:
      return 'text' in block ? block.text : '';
  }
}

/** Throws for a stream that does not come to its end. */
export function gathered(
  events: readonly StreamEvent[],
): Pick<CanonicalResponse, 'candidates' | 'usage'> {
  const blocks = new Map<string, Record<string, unknown>>();
  const stops = new Map<number, Stop>();
  let usage: Usage | null = null;
  for (const event of events) {
    if (event.type === 'block_start') {
      blocks.set(`${event.candidate} ${event.index}`, { ...event.block, text: '' });
    } else if (event.type === 'block_delta') {
      const block = blocks.get(`${event.candidate} ${event.index}`)!;
      block.text += event.text;
    } else if (event.type === 'block_signature') {
      const { candidate, index, signature, issuer } = event;
      const block = blocks.get(`${candidate} ${index}`)!;
      Object.assign(block, { signature }, issuer === undefined ? {} : { issuer });
    } else if (event.type === 'stop') stops.set(event.candidate, event.stop);
    else if (event.type === 'usage') usage = event.usage;
  }
  if (events.at(-1)?.type !== 'end') throw new Error('the stream has no end');
  const candidates = [...stops].map(([index, stop]): Candidate => {
    const own = [...blocks].filter(([key]) => key.startsWith(`${index} `));
    const content = own.map(([, block]) => whole(block)) as unknown as Block[];
    return { index, content, stop };
  });
  return { candidates, usage };
}

/** What a delta carries, by the kind of the block. */
function whole({ text, ...block }: Record<string, unknown>): Record<string, unknown> {
  if (block.type === 'tool_call') return { ...block, argumentsJson: text };
  return block.type === 'redacted_thinking' ? { ...block, data: text } : { ...block, text };
}
