// Proves that published runs are judged, planned or listed with a reason, none dropped; and holds
// the measured errors, where the compiled runs are there to be read.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { validate } from '../../src/commands/plan/validate.ts';
import { run } from '../run.ts';

const llama = {
  name: 'llama3.1-405b',
  layers: 126,
  hidden: 16384,
  heads: 128,
  kv_heads: 8,
  head_dim: 128,
  ffn: 53248,
  gated_ffn: true,
  vocab: 128256,
  seq: 8192,
};
const whole = {
  id: 'whole',
  source: 'NVIDIA/dgxc-benchmarking llama3.1/README_405b.md',
  date: '2025-04',
  framework: 'NeMo/Megatron-Core',
  model: llama,
  accelerator: 'H100-SXM',
  count: 576,
  precision: 'bf16',
  ...{ tp: 8, pp: 9, dp: 4, cp: 2, ep: null, etp: null, vpp: 7 },
  sharding: 'zero1_distributed_optimizer',
  micro_batch: 1,
  global_batch: 252,
  recompute: null,
  measured: { step_time_s: 17.5, tokens_per_s_per_chip: 204.8, memory_gib: null },
  notes: null,
};
const rows = [
  whole,
  { ...whole, id: 'open', tp: null, pp: null, dp: null, cp: null, micro_batch: null },
  { ...whole, id: 'no layers', model: { ...llama, name: 'of nobody', layers: null } },
  { ...whole, id: 'unknown chip', accelerator: 'Z9' },
];

interface Written {
  readonly summary: readonly { readonly by: string; readonly runs: number }[];
  readonly runs: readonly {
    readonly id: string;
    readonly predicted: { readonly stepSeconds: number; readonly fits: boolean } | null;
    readonly error: number | null;
    readonly planned: boolean;
    readonly reason: string | null;
  }[];
}

test('each run is predicted, planned and marked, or listed with the reason', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'entrepot-validate-'));
  try {
    const file = join(dir, 'runs.json');
    const out = join(dir, 'out.json');
    writeFileSync(file, JSON.stringify(rows));
    const ran = await run(validate, '--runs', file, '--json', out);
    assert.equal(ran.code, 0);
    assert.match(ran.text, /1 runs are planned/);
    const written = JSON.parse(readFileSync(out, 'utf8')) as Written;
    const by = new Map(written.runs.map(found => [found.id, found]));
    assert.equal(written.runs.length, rows.length);
    assert.ok(Math.abs(by.get('whole')!.error!) < 0.1);
    assert.equal(by.get('whole')!.predicted!.fits, true);
    assert.equal(by.get('open')!.planned, true);
    assert.match(by.get('no layers')!.reason!, /layers not published/);
    assert.match(by.get('unknown chip')!.reason!, /no accelerator Z9/);
    assert.equal(written.summary.find(group => group.by === 'all')!.runs, 2);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('rows that are not as they should be are listed with the field, none breaks the rest', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'entrepot-validate-'));
  try {
    const file = join(dir, 'runs.json');
    const { notes: _, framework: __, date: ___, ...bare } = whole;
    const untimed = { ...whole.measured, step_time_s: null, tokens_per_s_per_chip: null };
    const odd: readonly unknown[] = [
      { ...bare, id: 'bare' },
      { ...whole, id: 'text', tp: '8' },
      { ...whole, id: 'below', global_batch: -1 },
      { ...whole, id: 'no model', model: null },
      { ...whole, id: 'list', measured: [] },
      { ...whole, id: 'model field', model: { ...llama, layers: 'many' } },
      { ...whole, id: 'name alone', model: { name: 'llama-3.1-405b', seq: 8192 } },
      { ...whole, id: 'oom', micro_batch: 63, measured: { ...untimed, oom: true } },
      { ...whole, id: 'note', measured: untimed, notes: 'OOM' },
      { id: 'neither' },
      null,
    ];
    writeFileSync(file, JSON.stringify(odd));
    const ran = await run(validate, '--runs', file, '--json', '-');
    const { runs } = JSON.parse(ran.text) as Written;
    assert.equal(runs.length, odd.length);
    const by = new Map(runs.map(found => [found.id, found]));
    for (const id of ['bare', 'name alone']) assert.ok(Math.abs(by.get(id)!.error!) < 0.15, id);
    assert.match(by.get('text')!.reason!, /^tp must be a number above 0, not "8"$/);
    assert.match(by.get('below')!.reason!, /^global_batch must be .* not -1$/);
    assert.match(by.get('no model')!.reason!, /^model is missing$/);
    assert.match(by.get('list')!.reason!, /^measured must be an object/);
    assert.match(by.get('model field')!.reason!, /^model.layers must be .* not "many"$/);
    assert.equal(by.get('oom')!.predicted!.fits, false);
    assert.equal(by.get('note')!.predicted!.fits, true, 'predicted, though it did not');
    for (const id of ['neither', 'row 11']) assert.match(by.get(id)!.reason!, /no kind of run/);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('a file that holds no runs is refused', async () => {
  const own = fileURLToPath(new URL('../../package.json', import.meta.url));
  await assert.rejects(run(validate, '--runs', own), /must hold a JSON list of runs/);
});

test('without a file: the errors by cross-validation, by accelerator', async () => {
  const ran = await run(validate);
  assert.match(ran.text, /accelerator +H100-SXM +\d+ +\d+ +\d/);
  assert.match(ran.notes, /cross-validation/i);
});

const shared = '/work/shared/data/training_runs.json';
const skip = existsSync(shared) ? false : 'needs the compiled runs';

test('of the compiled runs, errors and fits are within what is promised', { skip }, async () => {
  const ran = await run(validate, '--runs', shared, '--json', '-');
  const { runs } = JSON.parse(ran.text) as Written;
  assert.equal(runs.length, (JSON.parse(readFileSync(shared, 'utf8')) as unknown[]).length);
  const judged = runs.filter(found => found.error !== null);
  const errors = judged.map(found => Math.abs(found.error!)).sort((a, b) => a - b);
  assert.ok(errors[Math.floor(errors.length / 2)]! < 0.05);
  const fit = judged.filter(found => found.predicted!.fits).length;
  assert.ok(fit >= 0.97 * judged.length);
});
