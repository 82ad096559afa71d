// How many hosts to keep ready so that a broken one can be replaced at once.

/** The chance that one more host is broken at a time than there are spares. */
const acceptedRisk = 0.01;

/**
 * Spare hosts for a job of `hosts`, where a host breaks `perHostDay` times a day and is back after
 * `repairDays`: broken hosts are Poisson, and more than the spares at once in 1 of 100 cases.
 */
export function spareHosts(hosts: number, perHostDay: number, repairDays: number): number {
  const mean = hosts * perHostDay * repairDays;
  if (mean > 400) return Math.ceil(mean + 2.33 * Math.sqrt(mean));
  let term = Math.exp(-mean);
  let sum = term;
  let spares = 0;
  while (1 - sum > acceptedRisk) {
    spares += 1;
    term *= mean / spares;
    sum += term;
  }
  return spares;
}
