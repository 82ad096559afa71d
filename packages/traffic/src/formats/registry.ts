// All formats, the more particular before those whose columns they also have.

import type { Format } from '../format.ts';
import { azure } from './azure.ts';
import { burstgpt } from './burstgpt.ts';
import { awsCur2, awsCurLegacy, azureCost } from './cost-exports.ts';
import { ledger } from './ledger.ts';
import { litellm } from './litellm.ts';
import { openaiUsage, openaiUsagePages } from './openai-usage.ts';
import { mooncake, qwenBailian } from './prefix-traces.ts';

export const formats: readonly Format[] = [
  azure,
  burstgpt,
  qwenBailian,
  mooncake,
  ledger,
  litellm,
  openaiUsage,
  openaiUsagePages,
  awsCur2,
  awsCurLegacy,
  azureCost,
];
