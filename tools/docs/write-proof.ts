// Replays the recordings that lie beside the project and writes docs/proof.md:
// node tools/docs/write-proof.ts

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isExchange, sources } from '../../packages/gateway/test/recorded/exchange.ts';
import { proofPage } from '../../packages/gateway/test/recorded/proof-page.ts';
import { replayAll } from '../../packages/gateway/test/recorded/replay-all.ts';

const all = sources();
if (all.length === 0) throw new Error('the recordings of ../shared/data are not there');
const results = await replayAll(all.filter(isExchange), (exchange, caller, message) => {
  console.error(`${exchange.file} to ${caller}: ${message}`);
});
writeFileSync(join(import.meta.dirname, '../../docs/proof.md'), proofPage(results, all));
