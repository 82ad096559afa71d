// One content to embed, as it stands in a request of its own or in a batch.

import type { PathFields, TargetModel } from '../dialect.ts';
import { uncarried } from '../embed-inputs.ts';
import type { EmbedInput, EmbedTask } from '../embedding.ts';
import { given } from '../given.ts';
import type { JsonObject } from '../json.ts';
import { Losses } from '../losses.ts';
import { CallBook } from './call-book.ts';
import { decodePart } from './part-decode.ts';
import { encodePart } from './part-encode.ts';
import type { ProtoReader } from './proto-reader.ts';

/** In the order of their numbers. */
export const taskWords = [
  'TASK_TYPE_UNSPECIFIED',
  'RETRIEVAL_QUERY',
  'RETRIEVAL_DOCUMENT',
  'SEMANTIC_SIMILARITY',
  'CLASSIFICATION',
  'CLUSTERING',
  'QUESTION_ANSWERING',
  'FACT_VERIFICATION',
  'CODE_RETRIEVAL_QUERY',
] as const;
const tasks: readonly (EmbedTask | undefined)[] = [
  undefined,
  'query',
  'document',
  'similarity',
  'classification',
  'clustering',
  'question',
  'fact-check',
  'code-query',
];

export const itemKeys: ReadonlySet<string> = new Set([
  'model',
  'content',
  'taskType',
  'title',
  'outputDimensionality',
]);

/** Throws DialectError (invalid_request), also for a model that is not the path's. */
export function decodeItem(item: ProtoReader, path: PathFields): EmbedInput {
  const named = item.string('model')?.replace(/^models\//, '');
  if (named !== undefined && named !== path.model) {
    throw item.bad('model', 'it must be the model of the path');
  }
  const parts = item.requiredObject('content').objects('parts') ?? [];
  const blocks = parts.flatMap(part => decodePart(part, 'user', new CallBook()));
  if (blocks.length === 0) throw item.bad('content', 'it says nothing');
  const [first] = blocks;
  const task = taskOfWord(item.enumWord('taskType', taskWords));
  const title = item.string('title');
  return {
    ...(blocks.length === 1 && first!.type === 'text'
      ? { type: 'text', text: first!.text }
      : { type: 'parts', parts: blocks }),
    ...given({ task, title }),
  };
}

/** Throws DialectError (unsupported) for what is no content. */
export function encodeItem(
  input: EmbedInput,
  dimensions: number | undefined,
  { name }: TargetModel,
): JsonObject {
  return {
    model: `models/${name}`,
    content: { parts: encodeParts(input) },
    ...given({
      taskType: wordOfTask(input.task),
      title: input.title,
      outputDimensionality: dimensions,
    }),
  };
}

export function taskOfWord(word: (typeof taskWords)[number] | undefined): EmbedTask | undefined {
  return word === undefined ? undefined : tasks[taskWords.indexOf(word)];
}

export function wordOfTask(task: EmbedTask | undefined): string | undefined {
  return task === undefined ? undefined : taskWords[tasks.indexOf(task)];
}

function encodeParts(input: EmbedInput): readonly JsonObject[] {
  switch (input.type) {
    case 'text':
      return [{ text: input.text }];
    case 'tokens':
      throw uncarried('inputs', 'the ids of tokens mean nothing to another tokenizer');
    case 'parts': {
      const losses = new Losses();
      const parts = input.parts.map(block => encodePart(block, 'inputs', losses));
      const [lost] = losses.list;
      if (lost !== undefined) throw uncarried('inputs', lost.reason);
      return parts.filter(part => part !== null);
    }
  }
}
