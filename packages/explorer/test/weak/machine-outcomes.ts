import { ProgramBuilder, Registers } from '@rseqlab/sim-machine';
import type { Program, Register } from '@rseqlab/sim-machine';
import { LITMUS_ENTRY } from '../../src/litmus/compile-litmus.js';
import { LitmusMachine } from '../../src/litmus-search/litmus-machine.js';
import type { LoadedLitmus, SearchedModel } from '../../src/litmus-search/litmus-machine.js';
import { operationsOf, writesLater } from '../../src/litmus-search/visible-operation.js';
import { outcomeText, PLACES, REGISTERS } from './weak-program.js';
import type { WeakProgram } from './weak-program.js';

const { r0, r1, r2, r3, r8, r9, r10 } = Registers;
const RESULTS: readonly Register[] = [r0, r1, r2, r3];
/** Where place 0 is: the first allocation of a process. */
export const FIRST_PLACE = 0x10000000;
const STRIDE_BYTES = 64;

const machines = new Map<string, LitmusMachine>();

/** All outcomes that the machine reaches under a model. */
export function machineOutcomes(program: WeakProgram, model: SearchedModel): Set<string> {
  const key = `${model} ${program.length}`;
  const machine = machines.get(key) ?? new LitmusMachine(model, program.length);
  machines.set(key, machine);
  const loaded = load(program);
  const outcomes = new Set<string>();
  machine.search.begin();
  do {
    const state = machine.execute(loaded);
    if (state === 'endless') throw new Error('expected a straight-line program to end');
    if (state === 'cut') continue;
    const values = state.map(Number);
    const registers = program.map((_, thread) =>
      values.slice(thread * REGISTERS, (thread + 1) * REGISTERS),
    );
    outcomes.add(outcomeText(registers, values.slice(program.length * REGISTERS)));
  } while (machine.search.advance());
  return outcomes;
}

/** As a translated litmus test: the machine does not know where it comes from. */
function load(program: WeakProgram): LoadedLitmus {
  const places = Array.from({ length: PLACES }, (_, place) => `p${place}`);
  const threads = program.map((instructions, thread) => ({
    program: programOf(instructions, thread),
    registers: new Map(RESULTS.map((register) => [`r${register}`, register])),
  }));
  const observed = [
    ...program.flatMap((_, thread) =>
      RESULTS.map((n) => ({ kind: 'register', thread, register: `r${n}` })),
    ),
    ...places.map((location) => ({ kind: 'location', location })),
  ];
  const operations = threads.map((each) => operationsOf(each.program));
  return {
    test: { observed },
    layout: new Map(places.map((name, place) => [name, addressOf(place)])),
    threads,
    memory: places.map((location, place) => ({ location, address: addressOf(place), word: 0 })),
    operations,
    writes: threads.map((each, n) => writesLater(each.program, operations[n]!)),
  } as unknown as LoadedLitmus;
}

function addressOf(place: number): number {
  return FIRST_PLACE + place * STRIDE_BYTES;
}

/** A thread in machine code; dependencies are such that they change no value. */
export function programOf(instructions: WeakProgram[number], thread: number): Program {
  const builder = new ProgramBuilder(`P${thread}`).label(LITMUS_ENTRY);
  for (const register of RESULTS) builder.li(register, 0);
  /** Leaves an address in r9 that depends on a register without being changed by it. */
  const address = (place: number, on: number | undefined): void => {
    builder.li32(r9, addressOf(place));
    if (on !== undefined) builder.xor(r8, RESULTS[on]!, RESULTS[on]!).add(r9, r9, r8);
  };
  for (const instruction of instructions)
    switch (instruction.kind) {
      case 'store':
        address(instruction.place, instruction.address);
        builder.li(r10, instruction.value);
        if (instruction.data !== undefined) {
          const data = RESULTS[instruction.data]!;
          builder.xor(r8, data, data).add(r10, r10, r8);
        }
        if (instruction.release === true) builder.stl32(r10, r9);
        else builder.st32(r10, r9);
        break;
      case 'load':
        address(instruction.place, instruction.address);
        if (instruction.acquire === true) builder.lda32(RESULTS[instruction.into]!, r9);
        else builder.ld32(RESULTS[instruction.into]!, r9);
        break;
      case 'exchange':
        address(instruction.place, undefined);
        builder.li(r10, instruction.value).xchg32(r10, r9).mov(RESULTS[instruction.into]!, r10);
        break;
      default:
        builder[instruction.kind]();
    }
  return builder
    .returns(...RESULTS)
    .ret()
    .build();
}
