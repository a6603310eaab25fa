import {
  Machine,
  ProgramBuilder,
  Registers,
  TimedDirector,
  describeAt,
  ptracePokeData,
} from '@rseqlab/sim-machine';
import type { InstalledProgram } from '@rseqlab/sim-machine';
import { PtraceDebugger } from '../../src/debug/ptrace-debugger.js';
import type { SteppingMode } from '../../src/debug/ptrace-debugger.js';
import { SectionTable } from '../../src/debug/section-table.js';
import { LivelockWatch } from '../../src/debug/livelock-watch.js';
import type { Livelock } from '../../src/debug/livelock-watch.js';
import { RSEQ_SIGNATURE, RseqOffset } from '../../src/kernel/rseq-abi.js';
import { rseq } from '../../src/kernel/rseq-module.js';

const { r0, r1, r5, r7, r14 } = Registers;

/** add(r1: word): the section `cs` adds 1 to it, unless it is negative: then it branches out. */
export const ADD = new ProgramBuilder('counter')
  .label('add')
  .li(r0, 0)
  .li32(r7, 'cs')
  .st32(r7, r14, RseqOffset.rseqCs)
  .section('cs', {
    signature: RSEQ_SIGNATURE,
    body: (section) => section.ld32(r5, r1).blt(r5, r0, 'out').addi(r5, r5, 1).st32(r5, r1),
    abort: 'add',
  })
  .label('out')
  .ret()
  .build();

/** What became of a thread that a debugger stepped through a section. */
export interface DebuggedRun {
  readonly outcome: string;
  /** The word that the section adds 1 to. */
  readonly word: number;
  readonly aborts: number;
  readonly livelock: Livelock | undefined;
  /** Where the thread stopped: labels of the program, and distances from them. */
  readonly stops: readonly string[];
}

/** Steps that a debugger makes before it lets go. */
const STEPS = 60;

/**
 * Runs a thread that adds 1, and a debugger in another process that steps through it.
 *
 * @param first - a place of the program that it runs to by a breakpoint before it steps
 */
export function debugCounter(
  mode: SteppingMode,
  knowsSections: boolean,
  first?: 'cs.start+8',
): DebuggedRun {
  const machine = new Machine(
    { cpus: 2, kernel: [rseq()], maxThreads: 8, maxProcesses: 4 },
    new TimedDirector({ quantumCycles: 20 }),
  );
  const counted = machine.createProcess('counted');
  const installed = machine.install(ADD);
  const sections = SectionTable.of(machine);
  const watch = new LivelockWatch(machine, sections);
  let aborts = 0;
  machine.events.on('abort', () => (aborts += 1));
  const flag = counted.allocate(4);
  const word = counted.allocate(4);
  const target = counted.spawn(function* counting(t) {
    yield* t.waitUntilEqual(flag, 1);
    yield* t.call(installed.routine('add'), word);
  });
  const tid = machine.threads.tid[target.id]!;
  const stops: string[] = [];
  machine.createProcess('debugger').spawn(function* debugging(t) {
    const options = knowsSections ? { mode, sections } : { mode };
    const gdb = new PtraceDebugger(machine, tid, options);
    yield* gdb.attach(t);
    yield* ptracePokeData(t, tid, flag, 1);
    if (first !== undefined) {
      const { ip } = yield* gdb.runTo(t, [installed.addressOf('cs.start') + 8]);
      stops.push(placeOf(installed, ip));
    }
    for (let i = 0; i < STEPS; i++) {
      const { ip, hasEnded } = yield* gdb.step(t);
      if (hasEnded) return;
      if (machine.programAt(ip) === installed) stops.push(placeOf(installed, ip));
    }
    yield* gdb.detach(t);
  });
  const { outcome } = machine.run({ decisions: 200_000 });
  return { outcome, word: counted.read32(word), aborts, livelock: watch.take(), stops };
}

function placeOf({ program, address }: InstalledProgram, ip: number): string {
  return describeAt(program, ip - address).split(':', 1)[0]!;
}
