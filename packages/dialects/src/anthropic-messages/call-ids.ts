// Ids of tool calls as the API takes them.

import type { CallIdRules } from '../call-ids.ts';

const allowed = /^[a-zA-Z0-9_-]+$/;

export const callIdRules: CallIdRules = {
  fits: id => allowed.test(id),
  made: count => `call_entrepot_${count}`,
};
