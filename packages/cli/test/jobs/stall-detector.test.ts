import { expect, test } from 'vitest';
import { Heartbeat } from '../../src/jobs/heartbeat.js';
import { StallDetector } from '../../src/jobs/stall-detector.js';
import type { Moment } from '../../src/jobs/stall-detector.js';

const LIMIT = 1000;
const at = (realMs: number, busyMs: number): Moment => ({ realMs, busyMs });

test('a job that runs without a sign of life is still once the limit is over', () => {
  const stall = new StallDetector(new Heartbeat(), at(0, 0));
  expect(stall.lasts(LIMIT, at(999, 999))).toBe(false);
  expect(stall.lasts(LIMIT, at(1000, 999))).toBe(true);
});

test('a job that the host does not let run is not still', () => {
  const stall = new StallDetector(new Heartbeat(), at(0, 0));
  expect(stall.lasts(LIMIT, at(5000, 499))).toBe(false);
  expect(stall.lasts(LIMIT, at(5000, 500))).toBe(true);
});

test('a job that sleeps is still once six times the limit is over', () => {
  const stall = new StallDetector(new Heartbeat(), at(0, 0));
  expect(stall.lasts(LIMIT, at(5999, 0))).toBe(false);
  expect(stall.lasts(LIMIT, at(6000, 0))).toBe(true);
});

test('a sign of life ends a stall, and so does a new order', () => {
  const heartbeat = new Heartbeat();
  const stall = new StallDetector(heartbeat, at(0, 0));
  heartbeat.beat();
  expect(stall.lasts(LIMIT, at(1000, 1000))).toBe(false);
  expect(stall.lasts(LIMIT, at(2000, 2000))).toBe(true);
  stall.begin(at(2000, 2000));
  expect(stall.lasts(LIMIT, at(2999, 2999))).toBe(false);
});
