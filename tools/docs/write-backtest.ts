// Predicts dated facts from the catalog and writes docs/backtest.md:
// node tools/docs/write-backtest.ts

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backtestPage } from './backtest-page.ts';

writeFileSync(join(import.meta.dirname, '../../docs/backtest.md'), await backtestPage());
