// `functions`, `function_call` and the role `function`, which tools replaced in November 2023.
// Where bytes pass through they pass too; a request that must be read is refused for them, because
// its caller would wait for a `function_call` in the answer.

import { DialectError } from '../dialect.ts';

/** The error that names the field: class `unsupported`. */
export function refuseLegacy(field: string): DialectError {
  return new DialectError({
    class: 'unsupported',
    message: `'${field}' is of the old function calls. Use tools, tool_choice and role tool.`,
    code: 'unsupported_parameter',
    field,
  });
}
