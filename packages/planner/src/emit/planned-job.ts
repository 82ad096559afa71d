// A training job as a plan has settled it: all that an engine has to be told.

import type { Cloud } from '@entrepot/catalog/offer';
import type { ChipFamily } from '../chip.ts';
import type { HostTerm } from '../cost/host-offer.ts';
import type { Layout, TrainingJob } from '../layout.ts';

export interface PlannedJob {
  /** A DNS label: it names the job everywhere. */
  readonly name: string;
  /** As the plan was asked for it: `llama-3.1-405b`. */
  readonly modelId: string;
  readonly job: TrainingJob;
  readonly layout: Layout;
  readonly steps: number;
  readonly checkpointEverySteps: number;
  readonly host: PlannedHosts;
}

export interface PlannedHosts {
  readonly acceleratorId: string;
  readonly family: ChipFamily;
  readonly cloud: Cloud;
  readonly region: string | null;
  readonly instance: string;
  readonly count: number;
  readonly spares: number;
  readonly chips: number;
  /** What software sees of one chip: 4 on Trainium2 (logical NeuronCores), 1 on most. */
  readonly ranksPerChip: number;
  readonly term: HostTerm;
  /** The longest that the job is likely to take. */
  readonly daysAtMost: number;
}

export interface EmittedFile {
  readonly path: string;
  readonly text: string;
}

/** A DNS label of at most 40 letters, so that what engines append to it fits too. */
export function dnsLabel(text: string): string {
  const label = text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return label.slice(0, 40).replace(/^-+|-+$/g, '');
}
