// Writes docs/capabilities.md from the capability table: node tools/docs/write-capabilities.ts

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capabilitiesPage } from '../../packages/dialects/src/capabilities/markdown.ts';

writeFileSync(join(import.meta.dirname, '../../docs/capabilities.md'), capabilitiesPage());
