// What encoders of embeddings ask of the inputs, where their dialect has less than the canonical
// form.

import { DialectError } from './dialect.ts';
import type { EmbedInput, EmbedTask } from './embedding.ts';

/** The texts. Throws DialectError (unsupported) for an input that is none. */
export function textsOf(inputs: readonly EmbedInput[]): readonly string[] {
  return inputs.map(input => {
    if (input.type === 'text') return input.text;
    throw uncarried(
      'inputs',
      input.type === 'tokens'
        ? 'the ids of tokens mean nothing to another tokenizer'
        : 'an input is one text here',
    );
  });
}

/** The task of all inputs. Throws DialectError (unsupported) where they differ. */
export function taskOf(inputs: readonly EmbedInput[]): EmbedTask | undefined {
  const task = inputs[0]?.task;
  if (inputs.every(input => input.task === task)) return task;
  throw uncarried('task', 'all inputs have the same one here');
}

/** DialectError (unsupported): there is nothing to embed without it. */
export function uncarried(field: string, reason: string): DialectError {
  const message = `"${field}" cannot be carried: ${reason}.`;
  return new DialectError({ class: 'unsupported', message, field, code: 'unsupported_field' });
}
