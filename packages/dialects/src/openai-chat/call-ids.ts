// Ids of tool calls as hosts of this dialect take them.

import type { CallIdRules } from '../call-ids.ts';

/** The API's own limit. */
const maxChars = 40;

export const callIdRules: CallIdRules = {
  fits: id => id.length <= maxChars,
  made: count => `call_entrepot_${count}`,
};
