import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { BURSTS_OF_64, ONE_STEP, TINY_STEPS } from '../workload/burst-director.js';
import { Increments } from '../workload/increments.js';
import { CYardstick } from '../yardstick/c-yardstick.js';

const hasCompiler = spawnSync('gcc', ['--version']).status === 0;

describe.skipIf(!hasCompiler)('the C yardstick (skipped where gcc is missing)', () => {
  const yardstick = hasCompiler
    ? new CYardstick(fileURLToPath(new URL('../yardstick/', import.meta.url)))
    : undefined;
  afterAll(() => yardstick?.close());

  const pairs = [
    { mode: '64', density: BURSTS_OF_64, cpus: 4, threads: 8, iterations: 20_000 },
    { mode: '1', density: ONE_STEP, cpus: 4, threads: 8, iterations: 20_000 },
    { mode: 'tiny', density: TINY_STEPS, cpus: 2, threads: 3, iterations: 2 },
  ] as const;

  it.each(pairs)('executes about as many instructions as the machine: $mode', async (pair) => {
    const { mode, threads, iterations } = pair;
    const increments = new Increments({ ...pair, layer: false });
    const executions = mode === 'tiny' ? 500 : 1;
    let here = 0;
    for (let seed = 1; seed <= executions; seed++) here += increments.run(seed).steps;
    const there = await yardstick!.measure(mode, executions);
    expect(there.work).toBe(executions * (mode === 'tiny' ? 1 : threads * iterations));
    // Its loop is two instructions of ten that a generator does here.
    expect(here / there.steps!).toBeGreaterThan(0.75);
    expect(here / there.steps!).toBeLessThan(1.1);
  });
});
