// Ids of calls as this dialect takes them.

import type { CallIdRules } from '../call-ids.ts';

/** The API's own limit. */
const maxChars = 64;

export const callIdRules: CallIdRules = {
  fits: id => id.length <= maxChars,
  made: count => `call_entrepot_${count}`,
};
