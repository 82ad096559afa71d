// How a recorded request is asked again in the dialect in which it came: of another route, without
// a stream, and with a limit of output, each where the dialect has it.

import type { GenerateName } from '@entrepot/dialects/dialect';

export type Body = Readonly<Record<string, unknown>>;

/** A call of the gateway. */
export interface Asked {
  readonly path: string;
  readonly body: Body;
}

type Ask = (route: string, body: Body, mostTokens: number) => Asked;

const ways: Partial<Record<GenerateName, Ask>> = {
  'openai-chat': (model, body, most) => {
    const { stream: _, stream_options: __, max_tokens: ___, ...rest } = body;
    return {
      path: '/v1/chat/completions',
      body: { ...rest, model, max_completion_tokens: most },
    };
  },
  'openai-responses': (model, body, most) => {
    const { stream: _, stream_options: __, background: ___, ...rest } = body;
    return {
      path: '/v1/responses',
      body: { ...rest, model, max_output_tokens: most, store: false },
    };
  },
  'anthropic-messages': (model, body, most) => {
    const { stream: _, ...rest } = body;
    return { path: '/v1/messages', body: { ...rest, model, max_tokens: most } };
  },
  gemini: (route, body, most) => {
    const { generation_config: snake, generationConfig: camel, ...rest } = body;
    const { max_output_tokens: _, ...config } = { ...(snake as Body), ...(camel as Body) } as Body;
    return {
      path: `/v1beta/models/${encodeURIComponent(route)}:generateContent`,
      body: { ...rest, generationConfig: { ...config, maxOutputTokens: most } },
    };
  },
  'bedrock-converse': (route, body, most) => ({
    path: `/model/${encodeURIComponent(route)}/converse`,
    body: { ...body, inferenceConfig: { ...(body.inferenceConfig as Body), maxTokens: most } },
  }),
};

/** null for a dialect that answers cannot be compared in. */
export function wayOf(dialect: string): Ask | null {
  return ways[dialect as GenerateName] ?? null;
}

const conversation = [
  ...['system', 'instructions', 'systemInstruction', 'system_instruction'],
  ...['messages', 'input', 'contents'],
];

/** What was asked, in its own words, for whoever judges answers to it. */
export function conversationOf(body: Body): unknown {
  const [first, ...others] = conversation.flatMap(name =>
    body[name] === undefined ? [] : [[name, body[name]] as const],
  );
  if (first === undefined) return {};
  return others.length === 0 ? first[1] : Object.fromEntries([first, ...others]);
}
