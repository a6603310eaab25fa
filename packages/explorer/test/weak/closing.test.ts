import { Machine, ProgramBuilder, Registers } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import { ExhaustiveDirector } from '../../src/search/exhaustive-director.js';

const { r1, r2, r3 } = Registers;

/** One thread writes 1 and 0 for ever, the other reads for ever: so nothing is left out as an end. */
const BLINK = new ProgramBuilder('blink')
  .label('write')
  .li(r2, 1)
  .li(r3, 0)
  .label('again')
  .st32(r2, r1)
  .st32(r3, r1)
  .jmp('again')
  .label('read')
  .ld32(r2, r1)
  .jmp('read')
  .build();

/** How many states a search of every interleaving sees; undefined when it does not end. */
function statesUnder(memory: 'sc' | 'tso' | 'weak'): number | undefined {
  const fingerprint = {
    low: 0,
    high: 0,
    compute: (): void => {
      machine.fingerprint(fingerprint);
    },
  };
  const director = new ExhaustiveDirector(fingerprint);
  const machine = new Machine(
    {
      cpus: 2,
      memory,
      storeBufferEntries: 2,
      maxThreads: 2,
      maxProcesses: 1,
      memoryBytes: 2 ** 22,
      fingerprint: true,
      events: { preemption: false, migration: false },
    },
    director,
  );
  director.begin();
  for (let runs = 0; runs < 2000; runs++) {
    machine.reset(director);
    const process = machine.createProcess('main');
    const word = process.allocate(4);
    process.write32(word, 0);
    const code = machine.install(BLINK);
    for (const [cpu, label] of ['write', 'read'].entries()) {
      const routine = code.routine(label);
      process.spawn(
        function* endless(t) {
          yield* t.call(routine, word);
        },
        { cpu },
      );
    }
    machine.run();
    if (!director.advance()) return director.states;
  }
  return undefined;
}

describe('a search of threads that never end', () => {
  it('ends where all states were seen, however many writes and loads there were', () => {
    const [sc, tso, weak] = (['sc', 'tso', 'weak'] as const).map(statesUnder);
    expect(sc).toBeGreaterThan(1);
    expect(tso).toBeGreaterThan(sc!);
    expect(weak).toBeGreaterThan(tso!);
  });
});
