// Proves the goodput model against the public record of Llama 3 (16,384 H100, 54 days, 419
// unplanned interruptions, over 90 % effective), its parts against a simulation of failures drawn
// one by one, and its intervals against the best found by trying.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reclaimedPerHostDay } from '@entrepot/planner/cost/spot';
import { checkpointCost, dalySeconds, youngSeconds } from '@entrepot/planner/goodput/checkpoint';
import { failureRateOf, meanSecondsBetween } from '@entrepot/planner/goodput/failure-rate';
import { goodput } from '@entrepot/planner/goodput/goodput';
import { spareHosts } from '@entrepot/planner/goodput/spares';
import { extraStragglerFactor, stragglerFactor } from '@entrepot/planner/goodput/straggler';

const llama3 = {
  parameters: 405e9,
  chips: 16_384,
  hosts: 2_048,
  rate: failureRateOf('H100-SXM'),
};

test('Llama 3 is interrupted every 3 hours and works for more than 90 % of its time', () => {
  const result = goodput(llama3);
  const hours = result.meanSecondsBetweenFailures / 3600;
  assert.ok(Math.abs(hours - (54 * 24) / 419) < 0.01, `${hours} h`);
  assert.ok(result.share.likely > 0.9, `${result.share.likely}`);
  assert.ok(result.share.likely < 0.96, `${result.share.likely}`);
  assert.ok(result.share.low < result.share.likely && result.share.likely < result.share.high);
});

test('the shares add up, and each cost is there', () => {
  const { parts } = goodput(llama3);
  const { useful, saving, lostWork, restarting, maintenance } = parts;
  assert.ok(Math.abs(useful + saving + lostWork + restarting + maintenance - 1) < 1e-12);
  for (const part of [saving, lostWork, restarting, maintenance]) assert.ok(part > 0);
});

test('a simulation of failures agrees within 1 %', () => {
  const random = seeded(7);
  for (const chips of [1_024, 16_384, 131_072]) {
    const input = { ...llama3, chips, hosts: chips / 8 };
    const result = goodput(input);
    const simulated = simulate(result, 600, random);
    const share = result.parts.useful / (1 - result.parts.maintenance);
    assert.ok(Math.abs(simulated / share - 1) < 0.01, `${chips}: ${simulated} ${share}`);
  }
});

test('more chips have less goodput, and it never falls below nothing', () => {
  const shares = [8, 1_024, 16_384, 1e6, 1e8].map(
    chips => goodput({ ...llama3, chips, hosts: chips / 8 }).share.likely,
  );
  shares.slice(1).forEach((share, i) => {
    assert.ok(share < shares[i]!);
  });
  assert.ok(shares.at(-1)! >= 0);
});

test('no interval of checkpoints is better than the one of Daly', () => {
  const mtbf = 11_000;
  for (const hold of [1, 30, 300, 3_000]) {
    const time = (every: number): number => Math.expm1((every + hold) / mtbf) / every;
    const chosen = time(dalySeconds(hold, mtbf));
    for (let every = 10; every < 4 * mtbf; every *= 1.1) {
      assert.ok(time(every) > chosen * 0.998, `${hold} s: ${every} s is better`);
    }
  }
  assert.ok(Math.abs(dalySeconds(1, mtbf) / youngSeconds(1, mtbf) - 1) < 0.01);
  assert.equal(dalySeconds(30_000, mtbf), mtbf);
});

test('a checkpoint of 405B is 5.67 TB, and writing it bounds how often it is made', () => {
  const cost = checkpointCost(405e9, 16_384, 2_048);
  assert.equal(cost.bytes, 5.67e12);
  const few = goodput({ ...llama3, chips: 512, hosts: 64 });
  assert.ok(few.checkpointEverySeconds >= few.checkpoint.writeSeconds);
});

test('spares cover what is broken at a time in 99 of 100 cases', () => {
  assert.equal(spareHosts(2_048, 0, 1), 0);
  const perHostDay = 8 * failureRateOf('H100-SXM').unplannedPerChipDay.likely;
  const spares = spareHosts(2_048, perHostDay, 1);
  assert.ok(spares >= 14 && spares <= 17, `${spares}`);
  assert.ok(spareHosts(500_000, perHostDay, 1) > 500_000 * perHostDay);
});

test('spot capacity that is taken back weighs on a large job', () => {
  const spot = goodput({ ...llama3, reclaimedPerHostDay });
  assert.ok(spot.share.likely < goodput(llama3).share.likely);
  assert.ok(spot.share.low < 0.5, 'at 100 hosts a day taken back little is left');
});

test('a chip without a record has the rate of H100 and a wider range', () => {
  const trainium = failureRateOf('Trainium2');
  const h100 = failureRateOf('H100-SXM');
  assert.equal(trainium.measured, false);
  assert.equal(trainium.unplannedPerChipDay.likely, h100.unplannedPerChipDay.likely);
  assert.ok(trainium.unplannedPerChipDay.high > h100.unplannedPerChipDay.high);
  assert.ok(meanSecondsBetween(h100.unplannedPerChipDay.likely, 1) / 86_400 > 2_000);
});

test('stragglers grow slowly with hosts, and only beyond what was measured', () => {
  assert.equal(stragglerFactor(1, 0.01), 1);
  assert.ok(stragglerFactor(2_048, 0.006) < 1.03);
  assert.equal(extraStragglerFactor(64, 2_048, 0.006), 1);
  assert.ok(extraStragglerFactor(2_048, 64, 0.006) > 1);
});

/** Useful share of a job that fails at random until it has done `failures` of them. */
function simulate(
  result: ReturnType<typeof goodput>,
  failures: number,
  random: () => number,
): number {
  const { checkpointEverySeconds: every, checkpoint } = result;
  const segment = every + checkpoint.holdSeconds;
  let clock = 0;
  let done = 0;
  for (let i = 0; i < failures * 40; i++) {
    let until = -Math.log(1 - random()) * result.meanSecondsBetweenFailures;
    const whole = Math.floor(until / segment);
    done += whole * every;
    clock += until;
    // A restart can fail too, and begins anew.
    for (;;) {
      until = -Math.log(1 - random()) * result.meanSecondsBetweenFailures;
      if (until >= 600) break;
      clock += until;
    }
    clock += 600;
  }
  return done / clock;
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
