// The body of one planned request, in the dialect that its caller speaks. The prompt is filler of
// the planned length; the words in double brackets steer the simulated cloud and mean nothing to a
// real one.

import type { PlannedRequest } from './plan.ts';

/** About four bytes of English to a token. */
const filler = 'Compare what the goods cost in every port, then say which ship should carry them. ';

const tools = [
  {
    name: 'quote_freight',
    description: 'The price of carrying goods between two ports.',
    parameters: {
      type: 'object',
      properties: { from: { type: 'string' }, to: { type: 'string' }, tons: { type: 'integer' } },
      required: ['from', 'to', 'tons'],
    },
  },
];

/** Path and JSON body of the request. */
export function ask(planned: PlannedRequest): { path: string; body: string } {
  const content = prompt(planned);
  const { route: model, stream } = planned;
  const limit = planned.outputTokens + 64;
  const common = { model, stream, messages: [{ role: 'user', content }] };
  if (planned.dialect === 'anthropic-messages') {
    const offered = tools.map(({ parameters, ...tool }) => ({ ...tool, input_schema: parameters }));
    const body = { ...common, max_tokens: limit, ...(planned.toolCalls > 0 && { tools: offered }) };
    return { path: '/v1/messages', body: JSON.stringify(body) };
  }
  const offered = tools.map(tool => ({ type: 'function', function: tool }));
  const body = {
    ...common,
    max_completion_tokens: limit,
    ...(planned.toolCalls > 0 && { tools: offered }),
  };
  return { path: '/v1/chat/completions', body: JSON.stringify(body) };
}

function prompt(planned: PlannedRequest): string {
  const steer = `[[simulate output=${planned.outputTokens} tools=${planned.toolCalls}]]`;
  const bytes = Math.max(0, planned.inputTokens * 4 - steer.length);
  return filler.repeat(Math.ceil(bytes / filler.length)).slice(0, bytes) + steer;
}
