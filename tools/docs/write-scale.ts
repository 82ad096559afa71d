// Writes docs/scale.md from bench/results/scale.json: node tools/docs/write-scale.ts

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScaleResult } from '../../bench/scale/result.ts';
import { scalePage } from './scale-page.ts';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'bench/results/scale.json'), 'utf8');
writeFileSync(join(root, 'docs/scale.md'), scalePage(JSON.parse(text) as ScaleResult));
