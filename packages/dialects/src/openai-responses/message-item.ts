// What the model said, as message items: for the history of a request and for an answer.

import type { Block, RefusalBlock, TextBlock } from '../canonical.ts';
import { arrayAt, type JsonObject, stringAt } from '../json.ts';
import type { Losses } from '../losses.ts';
import { isHollow, leaveSignature } from '../signed.ts';
import { ownValue } from './native.ts';

export type SaidBlock = TextBlock | RefusalBlock;

/** The id of the item that a block came in; undefined where it came in none. */
export function itemIdOf(block: { readonly item?: TextBlock['item'] }): string | undefined {
  return stringAt(ownValue(block.item), 'id');
}

export function saidPart(block: SaidBlock, path: string, losses: Losses): JsonObject {
  if (block.type === 'refusal') return { type: 'refusal', refusal: block.text };
  const { citations } = block;
  leaveSignature(block, path, losses);
  if (citations !== undefined && citations.dialect !== 'openai-responses') {
    losses.add(`${path}.citations`, 'citations of another dialect have no place here');
  }
  const own = citations?.dialect === 'openai-responses' ? citations.value : [];
  const annotations = arrayAt({ own }, 'own');
  return { type: 'output_text', text: block.text, annotations, logprobs: [] };
}

/**
 * Runs of blocks, each with the place of its first: texts and refusals that may stand in one
 * message, for they come from the same one or from none; any other block is a run by itself.
 */
export function gatherSaid(
  blocks: readonly Block[],
  path: string,
  losses: Losses,
): readonly (readonly [number, readonly Block[]])[] {
  const runs: [number, Block[]][] = [];
  for (const [place, block] of blocks.entries()) {
    if (isHollow(block)) {
      leaveSignature(block as TextBlock, `${path}[${place}]`, losses);
      continue;
    }
    const [first, last] = runs.at(-1) ?? [0];
    const follows = last !== undefined && first + last.length === place;
    if (follows && isSaid(block) && isSaid(last[0]!) && sameItem(block, last[0]!)) {
      last.push(block);
    } else runs.push([place, [block]]);
  }
  return runs;
}

export function isSaid(block: { readonly type: string }): block is SaidBlock {
  return block.type === 'text' || block.type === 'refusal';
}

function sameItem(one: SaidBlock, other: SaidBlock): boolean {
  return itemIdOf(one) === itemIdOf(other);
}
