// The next turn of a caller: what came is sent back as it came, as the SDKs do, with a result for
// each call.

import type { CallerWire } from './caller-wire.ts';

export type Json = Readonly<Record<string, unknown>>;

const object = (value: unknown): Json => value as Json;
const list = (value: unknown): readonly Json[] => (value ?? []) as readonly Json[];

/** A body that goes on from a whole answer, each of whose calls has this result. */
export function followUp(
  { dialect }: CallerWire,
  asked: Json,
  answer: Json,
  result = 'Twelve ships.',
): Json {
  switch (dialect) {
    case 'openai-chat': {
      const message = object(list(answer.choices)[0]!.message);
      const results = list(message.tool_calls).map(({ id }) => ({
        role: 'tool',
        tool_call_id: id,
        content: result,
      }));
      return { ...asked, messages: [...list(asked.messages), message, ...results] };
    }
    case 'openai-responses': {
      const output = list(answer.output);
      const results = output
        .filter(({ type }) => type === 'function_call')
        .map(({ call_id }) => ({ type: 'function_call_output', call_id, output: result }));
      return { ...asked, input: [{ role: 'user', content: asked.input }, ...output, ...results] };
    }
    case 'anthropic-messages': {
      const content = list(answer.content)
        .filter(({ type }) => type === 'tool_use')
        .map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: result }));
      const said = { role: 'assistant', content: answer.content };
      return { ...asked, messages: [...list(asked.messages), said, { role: 'user', content }] };
    }
    case 'gemini': {
      const content = object(list(answer.candidates)[0]!.content);
      const parts = list(content.parts).flatMap(({ functionCall }) => {
        if (functionCall === undefined) return [];
        const { args: _, ...call } = object(functionCall);
        return [{ functionResponse: { ...call, response: { result } } }];
      });
      return { ...asked, contents: [...list(asked.contents), content, { role: 'user', parts }] };
    }
    default: {
      const message = object(object(answer.output).message);
      const content = list(message.content).flatMap(({ toolUse }) => {
        if (toolUse === undefined) return [];
        const { toolUseId } = object(toolUse);
        return [{ toolResult: { toolUseId, content: [{ text: result }] } }];
      });
      return { ...asked, messages: [...list(asked.messages), message, { role: 'user', content }] };
    }
  }
}
