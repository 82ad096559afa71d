// Which parameters the fit may move, at which level: physics that differs by silicon with the chip,
// links with the family, kernels and overlap with the framework, experts with the software's age.

import type { Dial, FitOptions, FitRun } from '../../packages/planner/src/train/fit.ts';
import { type FactorLevel, namesOf } from '../../packages/planner/src/train/fitted.ts';
import type { StepParameter } from '../../packages/planner/src/train/step-parameters.ts';

const base: readonly StepParameter[] = [
  'gemmBf16',
  'gemmFp8',
  'gemmFp4',
  'gemmInt8',
  'halfSide',
  'attention',
  'attentionBackward',
  'attentionHalfTokens',
  'attentionHalfDim',
  'hbm',
  'elementwise',
  'cast',
  'logitPasses',
  'scaleUp',
  'scaleOut',
  'scaleUpSeconds',
  'scaleOutSeconds',
  'scaleOutLoss',
  'exposedTensor',
  'exposedContext',
  'exposedPipeline',
  'exposedData',
  'exposedShards',
  'exposedExpert',
  'exposedSlices',
  'sliceSeconds',
  'exchange',
  'layerSeconds',
  'expertLayerSeconds',
  'expertSeconds',
  'latentLayerSeconds',
  'stepSeconds',
  'jitter',
  'expertGemm',
  'expertHalfSide',
  'permute',
  'biasPasses',
];

/** From the broad to the narrow: what many runs share is fitted before what few have. */
const byLevel: Readonly<Record<FactorLevel, readonly StepParameter[]>> = {
  family: ['gemmBf16', 'halfSide', 'scaleUp'],
  generation: ['gemmBf16', 'gemmFp8', 'attention', 'elementwise'],
  framework: [
    'attention',
    'elementwise',
    'stepSeconds',
    'exposedTensor',
    'exposedData',
    'exposedShards',
    'gemmBf16',
    'latentLayerSeconds',
    'scoreBytes',
    'selective',
  ],
  'framework+generation': ['attention'],
  format: ['gemmFp8', 'cast'],
  // Chips of one design run the same bf16 kernels: what those reach of a chip is of the design.
  chip: ['gemmFp8', 'gemmFp4', 'scaleOut'],
  'framework+age': ['attention', 'expertLayerSeconds', 'permute'],
  'framework+age+precision': [
    'expertGemm',
    'cast',
    'expertSeconds',
    'expertLayerSeconds',
    'exposedExpert',
  ],
};

/** Levels that are fitted first, alone. */
export const broadLevels: ReadonlySet<string> = new Set([
  'base',
  'family',
  'generation',
  'framework',
]);

/** Loss per unit of |log factor|: narrow levels have to earn theirs. */
export const fitPenalty: FitOptions['penalty'] = {
  family: 0.0005,
  generation: 0.0005,
  framework: 0.0005,
  'framework+generation': 0.001,
  format: 0.001,
  chip: 0.0012,
  'framework+age': 0.0006,
  'framework+age+precision': 0.0006,
};

/** Attention is a small part of most steps: it would take up what is wrong with the rest. */
export const fitStiffness: FitOptions['stiffness'] = { attention: 4 };

export const fitBounds: FitOptions['bounds'] = {
  gemmBf16: [0.5, 1.1],
  gemmFp8: [0.5, 1.1],
  gemmFp4: [0.3, 1.1],
  gemmInt8: [0.4, 1.1],
  halfSide: [20, 3000],
  attention: [0.1, 0.85],
  attentionBackward: [0.4, 1.2],
  attentionHalfTokens: [10, 4000],
  attentionHalfDim: [1, 200],
  hbm: [0.5, 0.92],
  elementwise: [0.5, 8],
  cast: [0.2, 6],
  logitPasses: [1, 12],
  scaleUp: [0.3, 0.95],
  scaleOut: [0.2, 0.95],
  scaleUpSeconds: [1e-6, 40e-6],
  scaleOutSeconds: [1e-6, 200e-6],
  scaleOutLoss: [1e-4, 0.3],
  exposedTensor: [0.05, 1],
  exposedContext: [0.02, 1],
  exposedPipeline: [0.01, 1],
  exposedData: [0.005, 1],
  exposedShards: [0.005, 1],
  exposedExpert: [0.1, 1],
  exposedSlices: [0.02, 1],
  sliceSeconds: [1e-4, 0.05],
  exchange: [0.1, 1],
  layerSeconds: [1e-6, 1e-3],
  expertLayerSeconds: [1e-6, 5e-3],
  expertSeconds: [1e-7, 1e-3],
  latentLayerSeconds: [1e-6, 1e-3],
  stepSeconds: [1e-3, 0.02],
  // Published spreads are 0.3 to 1 % (goodput/straggler.ts).
  jitter: [0.003, 0.01],
  expertGemm: [0.3, 1],
  expertHalfSide: [50, 5000],
  permute: [1, 40],
  biasPasses: [1, 60],
  selective: [0.05, 1],
};

/** The dials for which there are runs. */
export function dialsFor(runs: readonly FitRun[]): Dial[] {
  const dials: Dial[] = base.map(parameter => ({ level: 'base', of: '', parameter }));
  for (const [level, parameters] of Object.entries(byLevel)) {
    const name = level as FactorLevel;
    const pairs = new Map<string, Set<string>>();
    for (const run of runs) {
      const of = namesOf(run.setting)[name];
      pairs.set(of, (pairs.get(of) ?? new Set()).add(run.pair));
    }
    for (const of of pairs.keys()) {
      for (const parameter of parameters) {
        dials.push({ level: name, of, parameter });
      }
    }
  }
  return dials;
}
