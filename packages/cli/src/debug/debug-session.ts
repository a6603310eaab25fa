import { DebugRun } from '@rseqlab/explorer';
import type { DebugOptions, Finding, Scenario, ThreadPlace } from '@rseqlab/explorer';
import { SectionTable, rseqStateOf } from '@rseqlab/rseq-runtime';
import type { ListedSection } from '@rseqlab/rseq-runtime';
import { REGISTER_STRIDE } from '@rseqlab/sim-machine';
import { Breakpoints } from './breakpoints.js';

/** What a debugger works on: a run, what is selected of it, and where it is to stop. */
export class DebugSession {
  readonly run: DebugRun;
  readonly breakpoints: Breakpoints = new Breakpoints();
  /** The thread that commands are about unless they name one. */
  selected = 0;
  /** Names the run so far as a replay token does. */
  readonly nameRun: (run: DebugRun) => { readonly token: string; readonly command: string };
  /** Whether the run is at its start and nobody has stopped yet. */
  isFresh = true;
  /** Decisions after which a run that goes on and on stops, for somebody to look. */
  readonly mostDecisions: number;
  /** Findings that were told. */
  #told = 0;

  /** Whether somebody wants the run to stop where it is; asking takes the wish away. */
  readonly takeInterrupt: () => boolean;

  /** @throws as {@link DebugRun} */
  constructor(
    scenario: Scenario,
    options: DebugOptions,
    {
      nameRun,
      takeInterrupt,
      mostDecisions,
    }: Pick<DebugSession, 'nameRun' | 'takeInterrupt' | 'mostDecisions'>,
  ) {
    this.takeInterrupt = takeInterrupt;
    this.mostDecisions = mostDecisions;
    this.run = new DebugRun(scenario, options);
    this.nameRun = nameRun;
    const running = this.run.threads.find(({ state }) => state === 'running');
    this.selected = running?.thread ?? 0;
  }

  /** The critical sections of what is installed now. */
  get sections(): SectionTable {
    return SectionTable.of(this.run.machine);
  }

  /** Where a thread is. */
  placeOf(thread: number): ThreadPlace | undefined {
    return this.run.threads.find((place) => place.thread === thread);
  }

  /** A word of a thread's register file. */
  register(thread: number, word: number): number {
    return this.run.machine.threads.registers[thread * REGISTER_STRIDE + word]!;
  }

  /** Address of a thread's next instruction, or -1 where only its program knows. */
  ipOf(thread: number): number {
    return this.run.nextInstruction(thread);
  }

  /** The section that a thread is inside of: one of a program, or one that only memory describes. */
  sectionOf(thread: number): Pick<ListedSection, 'startIp' | 'length' | 'name'> | undefined {
    const listed = this.sections.at(this.ipOf(thread));
    if (listed !== undefined) return listed;
    const state = rseqStateOf(this.run.machine, thread);
    if (state?.section === undefined || !state.isInside) return undefined;
    const { startIp, postCommitOffset } = state.section;
    return { name: 'without a name', startIp, length: postCommitOffset };
  }

  /** What was found since the last call. */
  newFindings(): readonly Finding[] {
    const { findings } = this.run;
    const fresh = findings.slice(Math.min(this.#told, findings.length));
    this.#told = findings.length;
    return fresh;
  }
}
