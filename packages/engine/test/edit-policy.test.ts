// Proves that a scenario's edits of a policy change what they name and leave the rest.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadScenario } from '@entrepot/catalog/load-scenario';
import type { Policy } from '../src/deployment.ts';
import { editPolicy } from '../src/edit-policy.ts';

const policy: Policy = {
  objective: 'balanced',
  constraints: {
    maxTtftMs: 900,
    residency: ['us'],
    maxInputPicoUsd: null,
    maxOutputPicoUsd: null,
    maxShare: null,
  },
};

test('edits of one route stand over those of all, and what is not named stays', () => {
  const text = `
id: test
title: A test
source: hypothetical
seenOn: 2026-05-05
policy:
  objective: cost
  constraints: { maxShare: 0.6, residency: null, minQuality: 0.5 }
  routes:
    chat: { objective: latency, constraints: { residency: [eu] } }`;
  const edits = loadScenario({ path: 'test.yaml', text }).policy;
  const all = { ...policy.constraints, maxShare: 0.6, residency: null };
  assert.deepEqual(editPolicy(policy, edits, 'code'), { objective: 'cost', constraints: all });
  assert.deepEqual(editPolicy(policy, edits, 'chat'), {
    objective: 'latency',
    constraints: { ...all, residency: ['eu'] },
  });
});
