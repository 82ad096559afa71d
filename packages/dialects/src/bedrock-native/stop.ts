// Why a model stopped, in the words of each vendor's own form.

import { type JsonObject, objectsAt, stringAt } from '../json.ts';

const names = ['stop_reason', 'completionReason', 'finish_reason'] as const;
const lists = ['outputs', 'choices', 'results', 'generations'] as const;

/** Of a whole answer or of one event of a stream; null where it does not say. */
export function stopOf(answer: JsonObject): string | null {
  const places = [answer, ...lists.map(name => objectsAt(answer, name)[0])];
  for (const place of places) {
    for (const name of names) {
      const stop = stringAt(place, name);
      if (stop !== undefined) return stop;
    }
  }
  // What a guardrail blocks has neither a reason of the model nor a count. (recording of 2025)
  return answer['amazon-bedrock-guardrailAction'] === 'INTERVENED' ? 'guardrail_intervened' : null;
}
