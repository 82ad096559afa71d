// What the chips of an instance talk over: the links of a scale-up domain (a host of eight, a rack
// of 72, a slice of a TPU), and the network from one domain to the next. No published run that the
// parameters are fitted on is over several domains: the network's figures are not fitted here.

import type { Chip } from '../chip.ts';
import type { Links } from '../collective.ts';

/** Share of a port's bandwidth that messages reach: where training's fit of it starts, too. */
const networkShare = 0.8;
/** Seconds of a message between hosts; between slices of TPUs it is the data centre's network. */
const networkSeconds = 20e-6;
const slicesSeconds = 75e-6;
/** Bytes of an activation. */
const activationBytes = 2;

/** Domains that so many chips side by side lie in. */
export function domainsOf(chip: Chip, chips: number): number {
  return Math.max(1, Math.ceil(chips / Math.max(1, chip.scaleUpChips)));
}

/** The links of a chip at what software reaches of them. */
export function linksOf(chip: Chip, scaleUpBytesPerSecond: number, scaleUpSeconds: number): Links {
  return {
    scaleUpBytesPerSecond,
    scaleUpSeconds,
    // Where the network is not known no layout is over it.
    scaleOutBytesPerSecond: (chip.scaleOutBytesPerSecond ?? scaleUpBytesPerSecond) * networkShare,
    scaleOutSeconds: chip.family === 'tpu' ? slicesSeconds : networkSeconds,
    // An instance spans few domains.
    scaleOutLoss: 0,
    domain: Math.max(1, chip.scaleUpChips),
  };
}

/** An exchange between attention replicas and experts: where it goes, and how much of it. */
export interface Exchange {
  /** Tokens of one replica, in so many bytes, and the experts that each goes to. */
  readonly tokens: number;
  readonly hidden: number;
  readonly copies: number;
  /** Chips that it is between, and those of one replica. */
  readonly chips: number;
  readonly tensor: number;
}

/**
 * Seconds of one exchange. Each copy takes a link on its last way; over the network a token goes
 * once to each domain that has an expert of its, and is spread out there (as DeepEP does,
 * github.com/deepseek-ai/DeepEP, seen 2026-11-25).
 */
export function exchangeSeconds(sent: Exchange, chip: Chip, links: Links): number {
  const { tokens, hidden, copies, chips, tensor } = sent;
  const bytes = (tokens * copies * hidden * activationBytes * (chips - 1)) / chips / tensor;
  const near = links.scaleUpSeconds + bytes / links.scaleUpBytesPerSecond;
  const domains = domainsOf(chip, chips);
  if (domains === 1) return near;
  const met = (domains - 1) * (1 - (1 - 1 / domains) ** copies);
  const far = (tokens * met * hidden * activationBytes) / tensor;
  return Math.max(near, far / links.scaleOutBytesPerSecond) + links.scaleOutSeconds;
}
