// Every sample of a request, by the name of its feature.

import { accountSamples } from './account.ts';
import type { Samples } from './body.ts';
import { conversationSamples } from './conversation.ts';
import { mediaSamples } from './media.ts';
import { samplingSamples } from './sampling.ts';
import { steeringSamples } from './steering.ts';
import { toolSamples } from './tools.ts';

export const requestSamples: Samples = {
  ...accountSamples,
  ...conversationSamples,
  ...mediaSamples,
  ...samplingSamples,
  ...steeringSamples,
  ...toolSamples,
};
