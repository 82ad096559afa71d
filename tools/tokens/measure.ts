// Counts the tokens of a small set of texts by the real vocabularies that are published, and writes
// catalog/token-counts.json. The vocabularies are large, so they are installed into a cache.
//
//   node tools/tokens/measure.ts

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cacheFolder, npmInstalled } from '../../bench/cache.ts';
import { tokenizers, type Vocabulary } from './vocabularies.ts';

const folder = join(import.meta.dirname, 'texts');
const texts = readdirSync(folder)
  .sort()
  .map(name => ({ name, text: readFileSync(join(folder, name), 'utf8') }));

type Encode = (text: string) => number;

async function encoderOf({ npm, version, entry }: Vocabulary): Promise<Encode> {
  const found = npmInstalled(npm, version);
  if ('absent' in found) throw new Error(found.absent);
  const require = createRequire(join(cacheFolder(npm), 'package.json'));
  const module = await import(pathToFileURL(require.resolve(entry)).href);
  if (typeof module.encode === 'function') return text => module.encode(text).length;
  const tokenizer = module.fromPreTrained();
  return text => tokenizer.encode(text, { add_special_tokens: false }).length;
}

const measured = [];
for (const { name, models, source, vocabulary } of tokenizers) {
  const encode = await encoderOf(vocabulary);
  const { npm, version } = vocabulary;
  const counts = texts.map(({ text }) => encode(text));
  measured.push({ name, models, counts, source, vocabulary: `npm ${npm} ${version}` });
}
const file = {
  measuredOn: new Date().toISOString().slice(0, 10),
  texts: texts.map(({ name, text }) => {
    return { name, sha256: createHash('sha256').update(text).digest('hex') };
  }),
  tokenizers: measured,
};
const target = join(import.meta.dirname, '../../catalog/token-counts.json');
writeFileSync(target, `${JSON.stringify(file, null, 2)}\n`);
