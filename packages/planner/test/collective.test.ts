// Proves the times of collectives and matrix products where they can be worked out by hand.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  exchangeSeconds,
  gatherSeconds,
  insideDomain,
  type Links,
  reduceSeconds,
  sendSeconds,
} from '../src/collective.ts';
import { type GemmSpeed, gemmSeconds } from '../src/gemm.ts';

const links: Links = {
  scaleUpBytesPerSecond: 100e9,
  scaleUpSeconds: 0,
  scaleOutBytesPerSecond: 10e9,
  scaleOutSeconds: 0,
  scaleOutLoss: 0,
  domain: 8,
};

test('inside a domain a ring moves (n-1)/n of the bytes', () => {
  assert.equal(gatherSeconds(8e9, { size: 8, stride: 1 }, links), 0.07);
  assert.equal(reduceSeconds(8e9, { size: 8, stride: 1 }, links), 0.14);
  assert.equal(gatherSeconds(8e9, { size: 1, stride: 1 }, links), 0);
});

test('between domains each local rank carries its share', () => {
  assert.equal(insideDomain({ size: 16, stride: 1 }, 8), 8);
  assert.equal(insideDomain({ size: 16, stride: 8 }, 8), 1);
  assert.equal(gatherSeconds(16e9, { size: 16, stride: 1 }, links), 0.14);
  assert.equal(gatherSeconds(16e9, { size: 16, stride: 8 }, links), 1.5);
});

test('a message takes a hop to each other domain; a wider group gets less of the network', () => {
  const group = { size: 16, stride: 8 };
  const hops = { ...links, scaleOutSeconds: 0.01 };
  assert.equal(gatherSeconds(16e9, group, hops), 1.5 + 15 * 0.01);
  assert.equal(gatherSeconds(16e9, group, hops, 4), 1.5 + 4 * 15 * 0.01);
  // 16 domains are four doublings.
  assert.equal(gatherSeconds(16e9, group, { ...links, scaleOutLoss: 0.05 }), 1.5 * 1.2);
});

test('an all-to-all is as slow as what leaves the domain', () => {
  assert.equal(exchangeSeconds(16e9, { size: 16, stride: 1 }, links), 0.8);
  assert.equal(sendSeconds(1e9, 8, links), 0.1);
  assert.equal(sendSeconds(1e9, 1, links), 0.01);
});

const speed: GemmSpeed = {
  flopsPerSecond: 1e12,
  bytesPerSecond: 1e12,
  operandBytes: 2,
  rate: 1,
  halfSide: 0,
  tile: 128,
};

test('a product fills whole tiles, and waits for its operands when it is thin', () => {
  assert.equal(gemmSeconds(speed, 1024, 1024, 1024), (2 * 1024 ** 3) / 1e12);
  assert.equal(gemmSeconds(speed, 1000, 1024, 1024), gemmSeconds(speed, 1024, 1024, 1024));
  const thin = { ...speed, tile: 1, bytesPerSecond: 1e9 };
  assert.ok(gemmSeconds(thin, 1, 1024, 1024) > (2 * 1024 * 1024) / 1e9);
  const short = { ...speed, halfSide: 1024 };
  assert.equal(gemmSeconds(short, 1024, 1024, 1024), (2 * 2 * 1024 ** 3) / 1e12);
});
