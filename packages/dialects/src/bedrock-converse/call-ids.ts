// Ids of tool calls as the service takes them, and as the models do.

import type { CallIdRules } from '../call-ids.ts';
import { callIdPattern } from './block-decode.ts';

/** The models of mistral take ids of nine letters and digits alone. */
const mistralPattern = /^[a-zA-Z0-9]{9}$/;

const ofMistral: CallIdRules = {
  fits: id => mistralPattern.test(id),
  made: count => `c${String(count).padStart(8, '0')}`,
};
const ofOthers: CallIdRules = {
  fits: id => callIdPattern.test(id),
  made: count => `tooluse_entrepot_${count}`,
};

export function callIdRules(vendor: string): CallIdRules {
  return vendor === 'mistral' ? ofMistral : ofOthers;
}
