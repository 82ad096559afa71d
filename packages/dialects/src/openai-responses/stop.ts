// Why an answer stopped: a status, and a detail where it is not complete.

import type { Stop } from '../canonical.ts';
import { type JsonObject, objectAt, stringAt } from '../json.ts';
import type { StopWords } from '../stop-detail.ts';

/**
 * What else is known of the answer: the status is `completed` also after calls and refusals. Calls
 * of tools that only this dialect has (a shell, a patch) are not meant: elsewhere an answer that
 * stopped for a call must have one.
 */
export interface Said {
  readonly toolCalls: boolean;
  readonly refusal: boolean;
}

/** The upstream's own word: the detail where there is one, else the status. */
export function stopRawOf(response: JsonObject): string {
  const reason = stringAt(objectAt(response, 'incomplete_details'), 'reason');
  return reason ?? stringAt(response, 'status') ?? '';
}

/** An unknown status is `end`; what is incomplete for an unknown reason was cut. */
export function decodeStop(response: JsonObject, said: Said): Stop {
  const raw = stopRawOf(response);
  const status = stringAt(response, 'status');
  if (raw === 'content_filter') return { reason: 'content_filter', raw };
  if (status === 'incomplete' || raw !== (status ?? '')) return { reason: 'length', raw };
  if (isUnfinished(raw)) return { reason: 'pause', raw };
  if (said.toolCalls) return { reason: 'tool_call', raw };
  return { reason: said.refusal ? 'refusal' : 'end', raw };
}

/** An answer that is made in the background. */
function isUnfinished(status: string): boolean {
  return status === 'queued' || status === 'in_progress';
}

export interface Ending {
  readonly status: 'completed' | 'incomplete' | 'failed' | 'queued' | 'in_progress';
  readonly incomplete: 'max_output_tokens' | 'content_filter' | null;
}

/** A refusal in words is complete; one without words can only be a filter's. */
export function encodeStop(stop: Stop, said: Pick<Said, 'refusal'>): Ending {
  switch (stop.reason) {
    case 'length':
    case 'context_full':
      return { status: 'incomplete', incomplete: 'max_output_tokens' };
    case 'content_filter':
      return { status: 'incomplete', incomplete: 'content_filter' };
    case 'refusal':
      return said.refusal ? completed : { status: 'incomplete', incomplete: 'content_filter' };
    case 'malformed':
      return { status: 'failed', incomplete: null };
    case 'pause':
      return isUnfinished(stop.raw)
        ? { status: stop.raw as 'queued' | 'in_progress', incomplete: null }
        : completed;
    default:
      return completed;
  }
}

const completed: Ending = { status: 'completed', incomplete: null };

/** What a caller of this dialect can be told of it: a pause only as an answer that is not ready. */
export function stopWords({ raw }: Stop): StopWords {
  return { sequence: false, pause: isUnfinished(raw), malformed: true };
}
