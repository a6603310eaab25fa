import {
  SignalNumber,
  exec,
  exit,
  fork,
  pthreadCreate,
  pthreadJoin,
  waitpid,
} from '@rseqlab/sim-machine';
import type { InstalledProgram, Operation, Thread } from '@rseqlab/sim-machine';
import type { RseqProfile } from '@rseqlab/rseq-runtime';
import type { CaseContext } from './case-context.js';
import { mapMemory } from './case-memory.js';
import { OPERATIONS } from './operations.js';

type Operations = readonly (readonly string[])[];

const SIGNAL_NAMES = new Map<number, string>(
  Object.entries(SignalNumber).map(([name, number]) => [number, name]),
);

/** The name of the signal that killed a process. */
export function signalText(signal: number): string {
  return SIGNAL_NAMES.get(signal) ?? `signal${signal}`;
}

/** What a case's program does from its first instruction on. */
export function* runProgram(
  t: Thread,
  section: InstalledProgram,
  profile: RseqProfile,
  values: string[],
  script: Operations,
): Operation<void> {
  const memory = yield* mapMemory(t, section);
  yield* runScript(t, { memory, section, profile, values, left: 0, frame: undefined }, script);
}

function* runScript(t: Thread, context: CaseContext, script: Operations): Operation<void> {
  for (const [index, [name = '', ...operands]] of script.entries()) {
    const rest = script.slice(index + 1);
    const handOver = HAND_OVERS[name];
    if (handOver !== undefined) {
      yield* handOver(t, context, rest);
      return;
    }
    const run = OPERATIONS[name];
    if (run === undefined) throw new RangeError(`expected an operation of a case, got ${name}`);
    yield* run(t, context, operands);
  }
}

/** Operations that hand the rest of the script to somebody else. */
const HAND_OVERS: Readonly<
  Record<string, (t: Thread, context: CaseContext, rest: Operations) => Operation<void>>
> = {
  *fork(t, context, rest) {
    const pid = yield* fork(t, function* child(self) {
      yield* runScript(self, context, rest);
      yield* exit(self, 0);
    });
    const { status } = yield* waitpid(t, pid);
    if (status?.kind === 'killed') context.values.push(signalText(status.signal));
  },
  *thread(t, context, rest) {
    const made = yield* pthreadCreate(t, (self) => runScript(self, context, rest));
    if (typeof made !== 'number') yield* pthreadJoin(t, made);
  },
  *exec(t, { section, profile, values }, rest) {
    yield* exec(t, (self) => runProgram(self, section, profile, values, rest));
  },
};
