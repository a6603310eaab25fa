import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MembarrierCommand, membarrier } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import type { SearchedModel } from '../../src/litmus-search/litmus-machine.js';
import { parseLkmm } from '../../src/lkmm/parse-lkmm.js';
import { KernelRcu, createKernelRcu } from '../../src/lkmm-search/kernel-rcu.js';
import { LkmmSearch } from '../../src/lkmm-search/lkmm-search.js';
import type { RcuFactory } from '../../src/lkmm-search/rcu-port.js';

const FOLDER = fileURLToPath(new URL('../../../../examples/lkmm', import.meta.url));

function verdict(name: string, model: SearchedModel, createRcu: RcuFactory): string {
  const text = readFileSync(`${FOLDER}/${name}.litmus`, 'utf8');
  return new LkmmSearch(model, createRcu).run(parseLkmm(text, name)).outcome.verdict;
}

/** A grace period that waits for nobody. */
class Hasty extends KernelRcu {
  override synchronize(t: Thread): Operation<void> {
    return fullFence(t);
  }
}

/** A grace period with a fence of its own CPU in the place of one of all CPUs. */
class Unfenced extends KernelRcu {
  override *synchronize(t: Thread): Operation<void> {
    yield* this.rcu.waitForReaders(t);
    yield* t.fence();
  }
}

/** Readers that nobody sees. */
class Invisible extends KernelRcu {
  override *readLock(): Operation<void> {}
  override *readUnlock(): Operation<void> {}
}

/** Grace periods of a domain that wait for the readers of RCU. */
class Confused extends KernelRcu {
  override synchronizeSrcu(t: Thread): Operation<void> {
    return this.synchronize(t);
  }
}

function* fullFence(t: Thread): Operation<void> {
  yield* membarrier(t, MembarrierCommand.Global);
}

describe('an RCU that is broken is seen by a Never', () => {
  it.each([
    ['waits for nobody', (environment) => new Hasty(environment), 'RCU+MP+reversed', 'sc'],
    ['waits for nobody', (environment) => new Hasty(environment), 'RCU+deferred-free', 'tso'],
    [
      'has readers that nobody sees',
      (environment) => new Invisible(environment),
      'RCU+nested',
      'sc',
    ],
    ['misses a fence', (environment) => new Unfenced(environment), 'RCU+SB', 'tso'],
    ['misses a fence', (environment) => new Unfenced(environment), 'RCU+SB', 'weak'],
    ['waits for no domain', (environment) => new Confused(environment), 'SRCU+MP', 'sc'],
  ] satisfies [string, RcuFactory, string, SearchedModel][])(
    'one that %s',
    (_what, createRcu, name, model) => {
      expect(verdict(name, model, createRcu)).toBe('Sometimes');
      expect(verdict(name, model, createKernelRcu)).toBe('Never');
    },
  );

  it('but one that only misses a fence is right where nothing is buffered', () => {
    expect(verdict('RCU+SB', 'sc', (environment) => new Unfenced(environment))).toBe('Never');
  });
});
