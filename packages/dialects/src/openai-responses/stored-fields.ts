// Fields that work only on what the vendor keeps: another answer, a conversation, a prompt, or this
// answer once it is there. Only an upstream of this dialect can have kept it.

import type { Scan, TargetModel } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import { jsonOf } from '../json-member.ts';
import type { Losses } from '../losses.ts';
import { holdsSealed } from '../sealed-signature.ts';

const keeping = ['previous_response_id', 'conversation', 'background', 'store'] as const;

/** A request with one of them wants its answer kept. */
export const keepingFields: readonly string[] = keeping;

const needing = [...keeping, 'prompt'];

export const vital: ReadonlySet<string> = new Set(needing.map(name => `extensions.${name}`));

/**
 * False where the body needs what this host does not keep, since hosts leave such fields unread;
 * and where it holds reasoning that was sealed for the caller.
 */
export function takes(body: Uint8Array, { fields }: Scan, target: TargetModel): boolean {
  if (holdsSealed(body)) return false;
  if (keepsAnswers(target)) return true;
  return !needing.some(name => {
    const member = fields?.get(name);
    return member !== undefined && isSaid(jsonOf(body, member));
  });
}

/** The caller's own fields without those that need what the host does not keep. */
export function keptBy(target: TargetModel, own: JsonObject, losses: Losses): JsonObject {
  if (keepsAnswers(target)) return own;
  const kept = Object.entries(own).filter(([name, value]) => {
    if (!needing.includes(name)) return true;
    if (isSaid(value)) losses.add(`extensions.${name}`, 'the host keeps no answers');
    return false;
  });
  return Object.fromEntries(kept);
}

function keepsAnswers({ host }: TargetModel): boolean {
  return host === undefined || host.keepsAnswers === true;
}

function isSaid(value: unknown): boolean {
  return value !== null && value !== undefined && value !== false;
}
