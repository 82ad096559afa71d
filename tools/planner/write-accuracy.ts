// Writes docs/accuracy.md and its plots from what cross-validation kept in the catalog.
//   node tools/planner/write-accuracy.ts

import { writeFileSync } from 'node:fs';
import { accuracyPage } from './accuracy-page.ts';

for (const [name, text] of accuracyPage()) {
  writeFileSync(new URL(`../../docs/${name}`, import.meta.url), text);
}
