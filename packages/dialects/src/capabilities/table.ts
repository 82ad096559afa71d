// The capability table: what becomes of each feature between each two that do not speak the same
// dialect. To look one up: find the feature in its group's file; `to` has the answering side.

import { answerContent } from './answer-content.ts';
import { answerEnding } from './answer-ending.ts';
import type { AnswerFeature, Group, RequestFeature } from './feature.ts';
import { account } from './request-account.ts';
import { conversation } from './request-conversation.ts';
import { attachments } from './request-media.ts';
import { tokenChoice } from './request-sampling.ts';
import { steering } from './request-steering.ts';
import { toolUse } from './request-tools.ts';

export const requestGroups: readonly Group<RequestFeature>[] = [
  conversation,
  toolUse,
  attachments,
  steering,
  tokenChoice,
  account,
];

export const answerGroups: readonly Group<AnswerFeature>[] = [answerContent, answerEnding];
