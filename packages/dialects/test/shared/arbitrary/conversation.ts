// Conversations of many turns: what the system says, turns of the model with calls, and the answers
// of tools before what the user says next.

import type { Block, Message, ToolCallBlock } from '@entrepot/dialects/canonical';
import fc from 'fast-check';
import {
  answerNative,
  audioBlock,
  callBlock,
  citedBlock,
  documentBlock,
  imageBlock,
  redactedBlock,
  refusalBlock,
  result,
  signedText,
  textBlock,
  thinkingBlock,
  userNative,
} from './block.ts';

const attachment = fc.oneof(imageBlock, documentBlock, audioBlock, userNative);
const asked = fc.array(fc.oneof({ weight: 3, arbitrary: textBlock }, attachment), {
  minLength: 1,
  maxLength: 3,
});
const answered = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: textBlock },
    { weight: 1, arbitrary: fc.oneof(citedBlock, signedText, refusalBlock, answerNative) },
    { weight: 2, arbitrary: fc.oneof(thinkingBlock, thinkingBlock, redactedBlock) },
  ),
  { maxLength: 3 },
);
const instruction: fc.Arbitrary<Message> = fc.record({
  role: fc.constantFrom('system' as const, 'developer' as const),
  content: fc.array(textBlock, { minLength: 1, maxLength: 2 }),
});
const name = fc.option(fc.constant('ada'), { nil: undefined, freq: 8 });

function named(message: Message, by: string | undefined): Message {
  return by === undefined ? message : { ...message, name: by };
}

const userTurn: fc.Arbitrary<readonly Message[]> = fc
  .tuple(asked, name)
  .map(([content, by]) => [named({ role: 'user', content }, by)]);

/** Ids that are used again are made different: every call is answered once. */
const toolTurn: fc.Arbitrary<readonly Message[]> = fc
  .tuple(
    answered,
    fc.array(fc.tuple(callBlock, result), { minLength: 1, maxLength: 3 }),
    fc.option(asked, { nil: [] }),
    fc.boolean(),
  )
  .map(([said, calls, more, isReversed]): Message[] => {
    const results = calls.map(
      ([call, given], at): Block => ({ ...given, callId: `${call.id}${at}` }),
    );
    const made = calls.map(([call], at): ToolCallBlock => ({ ...call, id: `${call.id}${at}` }));
    return [
      { role: 'assistant', content: [...said, ...made] },
      { role: 'user', content: [...(isReversed ? results.reverse() : results), ...more] },
    ];
  });
const answerTurn: fc.Arbitrary<readonly Message[]> = fc
  .tuple(fc.oneof(answered, fc.tuple(textBlock)), name)
  .map(([content, by]) => [named({ role: 'assistant', content }, by)]);

/** Every call of the conversation has an id of its own. */
function withOwnIds(messages: readonly Message[]): readonly Message[] {
  const seen = new Set<string>();
  let renamed = new Map<string, string>();
  return messages.map(message => {
    if (message.role === 'assistant') renamed = new Map();
    const content = message.content.map((block): Block => {
      if (block.type === 'tool_call') {
        let id = block.id;
        while (seen.has(id)) id += 'x';
        seen.add(id);
        renamed.set(block.id, id);
        return { ...block, id };
      }
      if (block.type !== 'tool_result') return block;
      return { ...block, callId: renamed.get(block.callId) ?? block.callId };
    });
    return { ...message, content };
  });
}

/** Begins with the system, if it says something, and then with the user. */
export const conversation: fc.Arbitrary<readonly Message[]> = fc
  .tuple(
    fc.array(instruction, { maxLength: 2 }),
    userTurn,
    fc.array(
      fc.oneof(
        { weight: 3, arbitrary: toolTurn },
        { weight: 3, arbitrary: fc.tuple(answerTurn, userTurn).map(turns => turns.flat()) },
        {
          weight: 1,
          arbitrary: fc.oneof(
            userTurn,
            answerTurn,
            instruction.map(given => [given]),
          ),
        },
      ),
      { maxLength: 3 },
    ),
  )
  .map(([system, first, turns]) => withOwnIds([...system, ...first, ...turns.flat()]));
