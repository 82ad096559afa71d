// Writes docs/capabilities.md from the capability tables: node tools/docs/write-capabilities.ts

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wholePage } from '../../packages/gateway/src/capabilities/page.ts';

writeFileSync(join(import.meta.dirname, '../../docs/capabilities.md'), wholePage());
