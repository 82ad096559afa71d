// Writes docs/examples/training.md: node tools/docs/write-training-example.ts

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { trainingExample } from './training-example.ts';

const folder = join(import.meta.dirname, '../../docs/examples');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'training.md'), trainingExample());
