// Reads catalog/training-parameters.json: fitted parameters, checked for what the physics needs.

import type { Fitted } from './fitted.ts';
import { type StepParameter, usualParameters } from './step-parameters.ts';

/** The fitted parameters of a file's text. Throws an error that names what is wrong. */
export function readFitted(text: string): Fitted {
  const fitted = JSON.parse(text) as Fitted;
  const names = Object.keys(usualParameters) as StepParameter[];
  const absent = names.filter(name => !Number.isFinite(fitted.base?.[name]));
  if (absent.length > 0) throw new Error(`fitted parameters lack ${absent.join(', ')}`);
  const odd = fitted.factors.find(f => !names.includes(f.parameter) || !(f.factor > 0));
  if (odd !== undefined) throw new Error(`not a factor: ${JSON.stringify(odd)}`);
  return fitted;
}
