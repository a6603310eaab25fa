import { expect, it } from 'vitest';
import { TimedDirector } from '../../src/director/timed-director.js';
import { ProgramBuilder } from '../../src/isa/program-builder.js';
import { Registers } from '../../src/isa/register.js';
import { Machine } from '../../src/machine.js';

const { r0, r1, r2 } = Registers;

/** Counts r1 down to 0, then reads the clock: its first round can be compiled, the others go back. */
const COUNTDOWN = new ProgramBuilder('countdown')
  .label('count')
  .li(r2, 0)
  .label('round')
  .addi(r1, r1, -1)
  .bne(r1, r2, 'round')
  .rdclk(r0)
  .ret()
  .build();

const instructionsOf = (rounds: number): number => 1 + 2 * rounds + 2;

it.each([1, 2, 7, 1000])(
  'a routine that goes back after %d rounds takes as many steps and as much time as its instructions',
  (rounds) => {
    const machine = new Machine({ cpus: 1 }, new TimedDirector());
    const count = machine.install(COUNTDOWN).routine('count');
    const clocks: number[] = [];
    machine.createProcess('main').spawn(function* countdown(t) {
      for (let n = 0; n < 4; n++) clocks.push(yield* t.call(count, rounds));
    });
    const { steps } = machine.run();
    // Told at the beginning of a piece that nothing interrupts, compiled or not.
    const gaps = clocks.slice(1).map((clock, n) => clock - clocks[n]!);
    expect(gaps).toEqual(new Array(3).fill(instructionsOf(rounds)));
    expect(steps).toBeGreaterThanOrEqual(4 * instructionsOf(rounds));
    expect(steps).toBeLessThan(4 * instructionsOf(rounds) + 10);
  },
);
