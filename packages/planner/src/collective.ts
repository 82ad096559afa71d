// Time of collective operations over a group of chips: the alpha-beta model (Thakur et al. 2005),
// a scale-up domain inside and the network between domains.

/** The links of a group: bandwidths one way out of a chip, after what software reaches of them. */
export interface Links {
  readonly scaleUpBytesPerSecond: number;
  readonly scaleUpSeconds: number;
  readonly scaleOutBytesPerSecond: number;
  readonly scaleOutSeconds: number;
  /** Share of the network's bandwidth that is lost per doubling of the domains that are spanned. */
  readonly scaleOutLoss: number;
  /** Chips in one scale-up domain. */
  readonly domain: number;
}

/** How the chips of a group lie: so many side by side, `stride` ranks apart. */
export interface Group {
  readonly size: number;
  readonly stride: number;
}

/** Chips of a group inside one domain. A rank is `stride` ranks from the next of its group. */
export function insideDomain(group: Group, domain: number): number {
  const inside = Math.floor(domain / group.stride);
  if (inside <= 1) return 1;
  return Math.min(group.size, inside);
}

/**
 * All-gather or reduce-scatter of `bytes` (the whole, gathered) over a group, in so many messages.
 * Inside the domain a switch, and between domains a ring of each local rank on its own network
 * port: a message takes a hop to each domain but one.
 */
export function gatherSeconds(bytes: number, group: Group, links: Links, messages = 1): number {
  if (group.size <= 1 || bytes === 0) return 0;
  const inside = insideDomain(group, links.domain);
  const outside = group.size / inside;
  let seconds = 0;
  if (inside > 1) {
    const share = (inside - 1) / inside;
    seconds += (share * bytes) / links.scaleUpBytesPerSecond;
    seconds += messages * Math.log2(inside) * links.scaleUpSeconds;
  }
  if (outside > 1) {
    const share = (outside - 1) / outside;
    const out = (share * bytes) / inside / farBytesPerSecond(group, links);
    // Steps of the two rings overlap: the slower one sets the pace.
    seconds = Math.max(seconds, out) + messages * (outside - 1) * links.scaleOutSeconds;
  }
  return seconds;
}

/**
 * What a group gets of the network. Flows of a wider group cross more tiers of switches, where they
 * meet others (arXiv 2407.21783, 3.3.1). That upper tiers are narrower costs rings nothing more: of
 * each one flow leaves a pod, and 128 of 400 Gb/s are a third of what 3,072 chips have at 1:7.
 */
function farBytesPerSecond({ size, stride }: Group, links: Links): number {
  const domains = Math.max(1, (size * stride) / links.domain);
  return links.scaleOutBytesPerSecond / (1 + links.scaleOutLoss * Math.log2(domains));
}

/** All-reduce: a reduce-scatter and an all-gather. */
export function reduceSeconds(bytes: number, group: Group, links: Links): number {
  return 2 * gatherSeconds(bytes, group, links);
}

/** All-to-all in which every chip sends `bytes` in all, evenly over the group. */
export function exchangeSeconds(bytes: number, group: Group, links: Links): number {
  if (group.size <= 1 || bytes === 0) return 0;
  const inside = insideDomain(group, links.domain);
  const near = ((inside - 1) / group.size) * bytes;
  const far = ((group.size - inside) / group.size) * bytes;
  let seconds = near / links.scaleUpBytesPerSecond + (inside > 1 ? links.scaleUpSeconds : 0);
  if (far > 0) {
    seconds = Math.max(seconds, far / links.scaleOutBytesPerSecond) + links.scaleOutSeconds;
  }
  return seconds;
}

/** One chip sends `bytes` to a chip `stride` ranks away. */
export function sendSeconds(bytes: number, stride: number, links: Links): number {
  if (stride < links.domain) return bytes / links.scaleUpBytesPerSecond + links.scaleUpSeconds;
  return bytes / links.scaleOutBytesPerSecond + links.scaleOutSeconds;
}
