// What is said of a model's shape: a row of the list, and a block of lines for one model.

import type { ModelEntry } from '@entrepot/planner/model-entry';
import { attentionKind, countParameters } from '@entrepot/planner/model-shape';
import { kvBytesPerToken } from '@entrepot/planner/serve/memory';

const billions = (value: number): string => `${(value / 1e9).toFixed(value < 1e10 ? 2 : 1)} B`;

/** Cells of the list of all models. */
export function modelRow(entry: ModelEntry): string[] {
  const { shape } = entry;
  const { total, active } = countParameters(shape);
  const { experts } = shape;
  return [
    entry.id,
    billions(total),
    billions(active),
    String(shape.layers),
    String(shape.hidden),
    attentionKind(shape),
    experts === null ? 'dense' : `${experts.topK} of ${experts.count}`,
  ];
}

/** All that is known of one model. */
export function modelText(entry: ModelEntry): string {
  const { shape } = entry;
  const { experts, latent, linear, sparse } = shape;
  const { total, active } = countParameters(shape);
  const head = `${shape.heads} heads of ${shape.headDim}, ${shape.kvHeads} for keys and values`;
  const kv = kvBytesPerToken(shape, 1, 2, 8192) / 1024;
  const lines: [string, string][] = [
    ['model', entry.id],
    ['parameters', `${billions(total)}, ${billions(active)} work on a token`],
    ['layers', `${shape.layers} of width ${shape.hidden}; vocabulary ${shape.vocab}`],
    ['attention', `${attentionKind(shape)}: ${latent === null ? head : `${shape.heads} heads`}`],
    ['feed-forward', `${shape.ffn}${shape.gated ? ', gated' : ''}`],
    ['cache', `${kv.toFixed(1)} KiB a token in bf16, at a context of 8,192`],
  ];
  if (latent !== null) {
    const { keyValueRank, queryRank, rotaryDim } = latent;
    lines.push(['latent', `ranks ${queryRank} and ${keyValueRank}, ${rotaryDim} with position`]);
  }
  if (experts !== null) {
    const { count, topK, ffn, shared, firstDenseLayers } = experts;
    const rest = `${shared} shared, ${firstDenseLayers} dense layers first`;
    lines.push(['experts', `${topK} of ${count}, ${ffn} wide, ${rest}`]);
  }
  if (shape.window !== null) {
    const { window, fullAttentionEvery } = shape;
    lines.push(['window', `${window} tokens; 1 layer of ${fullAttentionEvery} sees all`]);
  }
  if (linear !== null) {
    lines.push(['linear', `all layers but 1 of ${linear.fullAttentionEvery} hold a fixed state`]);
  }
  if (sparse !== null) lines.push(['sparse', `a query reads ${sparse.topK} chosen tokens`]);
  if (entry.aliases.length > 0) lines.push(['also', entry.aliases.join(', ')]);
  lines.push(['source', `${entry.source} (${entry.seenOn})`]);
  const { verified } = entry;
  const second = verified === null ? 'not found' : `${verified.source} (${verified.seenOn})`;
  if (!entry.id.startsWith('imported/')) lines.push(['the same at', second]);
  return lines.map(([name, text]) => `${name.padEnd(14)}${text}`).join('\n');
}
