// models.jsonl: what is sold, wherever it is sold.

import type { Model, ModelFlag, ModelKind } from '../catalog.ts';
import { Fields, type Place } from '../fields.ts';
import type { Problem } from '../problem.ts';

const kinds: readonly ModelKind[] = ['chat', 'embedding'];
const media = ['text', 'image', 'audio', 'video', 'pdf', 'code'];
const flagNames: readonly ModelFlag[] = [
  'rejectsSampling',
  'samplingWithEffortNone',
  'maxCompletionTokens',
  'developerRole',
  'adaptiveThinking',
  'xhighEffort',
  'structuredOutput',
  'noToolsWithReasoningOnChat',
  'cacheBreakpoints',
  'thinkingLevel',
  'thinkingBudget',
];
const known = [
  'id',
  'kind',
  'contextTokens',
  'maxOutputTokens',
  'inputs',
  'outputs',
  'releasedOn',
  'openWeights',
  'reasoning',
  'flags',
  'source',
  'seenOn',
];

export function readModel(value: unknown, place: Place, problems: Problem[]): Model {
  const fields = new Fields(value, known, place, problems);
  const id = fields.text('id');
  const [vendor = '', name = '', ...rest] = id.split('/');
  if (vendor === '' || name === '' || rest.length > 0) {
    fields.problem('id', `must be vendor/name, not ${JSON.stringify(id)}`);
  }
  return {
    id,
    vendor,
    name,
    kind: fields.oneOf('kind', kinds),
    contextTokens: fields.countOrNull('contextTokens'),
    maxOutputTokens: fields.countOrNull('maxOutputTokens'),
    inputs: fields.has('inputs') ? fields.someOf('inputs', media) : null,
    outputs: fields.has('outputs') ? fields.someOf('outputs', media) : null,
    releasedOn: fields.dateOrNull('releasedOn'),
    openWeights: fields.flagOrNull('openWeights'),
    reasoning: fields.flagOrNull('reasoning'),
    flags: fields.has('flags') ? readFlags(fields.object('flags', flagNames)) : {},
    source: fields.text('source'),
    seenOn: fields.date('seenOn'),
  };
}

function readFlags(fields: Fields): Partial<Record<ModelFlag, boolean>> {
  const flags: Partial<Record<ModelFlag, boolean>> = {};
  for (const name of flagNames) {
    const flag = fields.flagOrNull(name);
    if (flag !== null) flags[name] = flag;
  }
  return flags;
}
