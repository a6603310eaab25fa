import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { Machine, ProgramBuilder, RandomDirector, Registers } from '@rseqlab/sim-machine';
import { RSEQ_SIGNATURE, RseqOffset } from '../../../src/kernel/rseq-abi.js';
import { rseq } from '../../../src/kernel/rseq-module.js';
import type { RseqOptions } from '../../../src/kernel/rseq-options.js';
import { HandMachine, migrate, preempt, step, tick } from '../../hand-machine.js';
import { KERNELS } from '../kernels.js';

const { r0, r1, r5, r7, r14 } = Registers;

/** add(r1: word): adds 1 in a section, and returns 1, or 0 when it was aborted. */
const program = new ProgramBuilder('add')
  .label('add')
  .li32(r7, 'cs')
  .st32(r7, r14, RseqOffset.rseqCs)
  .section('cs', {
    signature: RSEQ_SIGNATURE,
    body: (section) => section.label('first').ld32(r5, r1).addi(r5, r5, 1).st32(r5, r1),
    abort: (handler) => handler.li(r0, 0).ret(),
  })
  .label('end')
  .li(r0, 1)
  .ret()
  .build();

type Command = readonly [kind: 'step' | 'migrate' | 'preempt' | 'tick', operand: number];

const commands = fc.array(
  fc.tuple(fc.constantFrom('step', 'step', 'step', 'migrate', 'preempt', 'tick'), fc.nat(5)),
  { maxLength: 60 },
) as fc.Arbitrary<readonly Command[]>;

/** Throws with what is wrong where a thread does not abort exactly when it should. */
function abortsAsItShould(options: RseqOptions): void {
  fc.assert(
    fc.property(commands, (list) => {
      const hand = new HandMachine(options);
      const installed = hand.machine.install(program);
      const routine = installed.routine('add');
      const [first, end] = [installed.addressOf('first'), installed.addressOf('end')];
      const word = hand.process.allocate(4);
      let added = 0;
      hand.process.spawn(
        function* adder(t) {
          for (;;) added += yield* t.call(routine, word);
        },
        { cpu: 0 },
      );
      for (const cpu of [0, 1, 2])
        hand.process.spawn(
          function* idle(t) {
            for (;;) yield* t.fence();
          },
          { cpu },
        );
      hand.decide(preempt(0, 1), preempt(0, 0));
      const area = hand.areaOf(0);
      const { cpus, threads } = hand.machine;
      for (const [kind, operand] of list) {
        const cpu = threads.cpu[0]!;
        if (kind === 'step') for (let i = 0; i <= operand; i++) hand.decide(step(cpu));
        else if (kind === 'tick') hand.decide(tick(cpu));
        else {
          const ip = hand.ip(0);
          const { rseqCs } = hand.fields(area);
          const isInside = rseqCs !== 0 && ip >= first && ip < end;
          const to = operand % 3;
          if (kind === 'preempt') hand.decide(preempt(cpu, cpu + 1));
          else if (to !== cpu) hand.decide(migrate(0, to));
          else continue;
          if (cpus.current[threads.cpu[0]!] !== 0) hand.decide(preempt(threads.cpu[0]!, 0));
          expect(hand.ip(0)).toBe(isInside ? installed.addressOf('cs.abort') : ip);
          expect(hand.fields(area).rseqCs).toBe(0);
        }
        expect(hand.ids(area)).toMatchObject({ cpuId: threads.cpu[0]! });
      }
      const stored = hand.process.read32(word);
      expect(stored - added).toBeGreaterThanOrEqual(0);
      expect(stored - added).toBeLessThanOrEqual(1);
    }),
    { numRuns: 25 },
  );
}

describe.each(KERNELS)('whatever comes in whatever order, under $name,', ({ options }) => {
  it('a thread aborts exactly if it is inside when it loses its CPU, and adds what it says', () => {
    abortsAsItShould(options);
  });

  it('which a kernel that never aborts is found not to do', () => {
    expect(() => {
      abortsAsItShould({ ...options, aborts: false });
    }).toThrow(/Property failed/);
  });

  it.each(['sc', 'tso'] as const)(
    'cpu_id is that of the hardware in a section under %s',
    (memory) => {
      // r0 = cpu_id - the hardware's number of the CPU; the commit makes sure nothing came between.
      const compare = new ProgramBuilder('compare')
        .label('compare')
        .li32(r7, 'cs')
        .st32(r7, r14, RseqOffset.rseqCs)
        .section('cs', {
          signature: RSEQ_SIGNATURE,
          body: (section) =>
            section.ld32(r0, r14, RseqOffset.cpuId).rdpid(r5).sub(r0, r0, r5).st32(r0, r1),
          abort: 'compare',
        })
        .ret()
        .build();
      const machine = new Machine(
        { cpus: 2, memory, kernel: [rseq(options)], memoryBytes: 2 ** 22, maxThreads: 8 },
        new RandomDirector({ seed: 0 }),
      );
      let aborts = 0;
      machine.events.on('abort', () => (aborts += 1));
      const run = (seed: number): readonly number[] => {
        machine.reset(new RandomDirector({ seed }));
        const process = machine.createProcess('main');
        const word = process.allocate(4);
        const routine = machine.install(compare).routine('compare');
        const differences: number[] = [];
        for (let i = 0; i < 3; i++)
          process.spawn(function* comparing(t) {
            for (let n = 0; n < 2; n++) differences.push(yield* t.call(routine, word));
          });
        expect(machine.run({ decisions: 20_000 }).outcome).toBe('finished');
        return differences;
      };
      for (let seed = 0; seed < 12; seed++)
        expect(run(seed), `seed ${seed}`).toEqual(new Array(6).fill(0));
      expect(aborts).toBeGreaterThan(150);
      // Nothing of a run is left after a reset.
      const before = aborts;
      run(5);
      const once = aborts - before;
      run(5);
      expect(aborts - before).toBe(2 * once);
    },
  );
});
