// A side of the comparison: the gateway, a floor, or a peer. How each is started is in sides/.

import type { ChildProcess } from 'node:child_process';
import type { Work } from './works.ts';

/** What a side is started with: a folder of its own, and the mock upstream's port. */
export interface Setting {
  readonly folder: string;
  readonly mockPort: number;
  /** For a side of this checkout: further flags of its Node, and a channel for messages. */
  readonly flags?: readonly string[];
  readonly channel?: boolean;
  /** Processes of a side of this checkout, all on the processor of the sides; absent: one. */
  readonly workers?: number;
  /** The gateway from its sources, whose names a profile shows, and not as it is published. */
  readonly fromSource?: boolean;
}

export interface Running {
  readonly process: ChildProcess;
  /** Where and how this side is asked for a work; null where it cannot do it. */
  ask(work: Work): Ask | null;
}

export interface Ask {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Side {
  readonly name: string;
  /** Its version where it is installed, or why it is not to be had. Installs what it needs. */
  find(): Found | Promise<Found>;
  /** Resolves when the process runs; it may not answer yet. */
  start(setting: Setting): Promise<Running>;
}

export type Found = { readonly version: string } | { readonly absent: string };
