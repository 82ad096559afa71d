// What the Gemini API refuses although its dialect can say it. From generation 3 on the first call
// of each turn must come back with its signature, or with the word that stands for a lost one.

import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import type { SimulatedModel } from '../model.ts';
import { invalid, type Refusal } from '../refusal.ts';
import { isSigned } from '../signature.ts';
import { steeringOf } from '../steering.ts';
import { conversation, unansweredCalls } from '../unanswered-calls.ts';
import type { WireCall } from './face.ts';

const unsigned = 'skip_thought_signature_validator';

export function checkGenerate(
  request: CanonicalRequest,
  _: WireCall,
  model: SimulatedModel,
): Refusal | null {
  const most = model.maxOutputTokens;
  if ((request.maxOutputTokens ?? 0) > most) {
    return invalid(
      `Unable to submit request because it has a maxOutputTokens value of ${request.maxOutputTokens} ` +
        `but the supported range is from 1 (inclusive) to ${most + 1} (exclusive).`,
    );
  }
  if (unansweredCalls(request.messages) !== null) {
    return invalid(
      'Please ensure that the number of function response parts is equal to the number of ' +
        'function call parts of the function call turn.',
    );
  }
  return checkSignatures(request);
}

function checkSignatures(request: CanonicalRequest): Refusal | null {
  const { model, messages } = request;
  const { insistsOnSignatures } = steeringOf(request);
  const isTaken = (text: string): boolean =>
    isSigned('', text) || (text === unsigned && !insistsOnSignatures);
  const needsThem = /^gemini-([3-9]|\d\d)/.test(model);
  for (const [place, { content }] of conversation(messages).entries()) {
    const signatures = content.flatMap(block => ('signature' in block ? [block.signature!] : []));
    if (!signatures.every(isTaken)) {
      return invalid('Thought signature is not valid.');
    }
    const call = content.find(block => block.type === 'tool_call');
    if (!needsThem || call === undefined || call.signature !== undefined) continue;
    return invalid(
      'Function call is missing a thought_signature in functionCall parts. This is required for ' +
        `tools to work correctly. Function call \`default_api:${call.name}\`, position ${place + 1}.`,
    );
  }
  return null;
}
