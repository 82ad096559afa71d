/** What random numbers are drawn for: each has a seed of its own, made from that of the replay. */
export const purposes = { engine: 1, traffic: 2, parameters: 3, upstream: 4, world: 5 } as const;
