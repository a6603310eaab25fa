import {
  MembarrierCommand,
  SignalNumber,
  SyscallNumber,
  membarrier,
  membarrierRseqOn,
  nanosleep,
  pthreadCreate,
  pthreadJoin,
  schedYield,
  setAffinity,
  tgkill,
} from '@rseqlab/sim-machine';
import type { Operation, Pthread, Thread } from '@rseqlab/sim-machine';
import { AttemptOffset } from './section-program.js';

const PAUSE_NS = 10_000;

/** Who is in the section, and where it and its helper meet. */
interface Target {
  readonly pid: number;
  readonly tid: number;
  readonly attempt: number;
}

type Act = (t: Thread, target: Target) => Operation<unknown>;

/** What a helper does to the thread in the section, from which CPU. */
interface Helper {
  readonly cpu: number;
  readonly act: Act;
  /** Whether it waits before it lets the section go. */
  readonly pauses: boolean;
}

function* nothing(): Operation<void> {}

const HELPERS: Readonly<Record<string, Helper>> = {
  linger: { cpu: 1, act: nothing, pauses: true },
  // It takes the CPU, sees the section running, and lets it go.
  preempt: { cpu: 0, act: nothing, pauses: false },
  migrate: { cpu: 1, act: (t, { tid }) => setAffinity(t, [1], tid), pauses: true },
  signal: {
    cpu: 1,
    act: (t, { pid, tid }) => tgkill(t, pid, tid, SignalNumber.SIGUSR1),
    pauses: true,
  },
  membarrier: {
    cpu: 1,
    act: (t) => membarrier(t, MembarrierCommand.PrivateExpeditedRseq),
    pauses: true,
  },
  'membarrier-cpu': { cpu: 1, act: (t) => membarrierRseqOn(t, 0), pauses: true },
  'sleeping-fault': { cpu: 1, act: nothing, pauses: true },
};

function* startHelper(t: Thread, helper: Helper, target: Target): Operation<Pthread> {
  const { attempt } = target;
  yield* t.store(attempt + AttemptOffset.ready, 0);
  const made = yield* pthreadCreate(t, function* help(self) {
    yield* setAffinity(self, [helper.cpu]);
    yield* self.store(attempt + AttemptOffset.ready, 1);
    while ((yield* self.load(attempt + AttemptOffset.entered)) === 0) yield* schedYield(self);
    yield* helper.act(self, target);
    if (helper.pauses) yield* nanosleep(self, PAUSE_NS);
    yield* self.store(attempt + AttemptOffset.flag, 1);
  });
  if (typeof made === 'number') throw new Error(`pthreadCreate returned ${made}`);
  while ((yield* t.load(attempt + AttemptOffset.ready)) === 0) yield* schedYield(t);
  return made;
}

/**
 * Prepares one thing that happens to the thread while it is in the section.
 *
 * @returns the helper to join, if there is one
 */
export function* beginEvent(
  t: Thread,
  event: string,
  attempt: number,
  touched: number,
): Operation<Pthread | undefined> {
  const pid = yield* t.syscall(SyscallNumber.getpid);
  const tid = yield* t.syscall(SyscallNumber.gettid);
  yield* setAffinity(t, [0]);
  for (let offset = 0; offset < AttemptOffset.timespec; offset += 4)
    yield* t.store(attempt + offset, 0);
  const helper = HELPERS[event];
  if (event === 'minor-fault' || event === 'sleeping-fault')
    yield* t.store(attempt + AttemptOffset.touch, touched);
  // What is to be read back from swap has to have been written.
  if (event === 'sleeping-fault') yield* t.store(touched, 1);
  if (event.startsWith('membarrier'))
    yield* membarrier(t, MembarrierCommand.RegisterPrivateExpeditedRseq);
  if (helper !== undefined) return yield* startHelper(t, helper, { pid, tid, attempt });
  const call = yield* callOf(t, event, attempt, [pid, tid]);
  for (const [i, word] of call.entries())
    yield* t.store(attempt + AttemptOffset.syscall + i * 4, word);
  yield* t.store(attempt + AttemptOffset.flag, 1);
  return undefined;
}

/** The system call that the section makes, and its arguments. */
function* callOf(
  t: Thread,
  event: string,
  attempt: number,
  [pid = 0, tid = 0]: readonly number[],
): Operation<readonly number[]> {
  switch (event) {
    case 'getpid':
      return [SyscallNumber.getpid];
    case 'raise':
      return [SyscallNumber.tgkill, pid, tid, SignalNumber.SIGUSR1];
    case 'sleep':
      yield* t.store(attempt + AttemptOffset.timespec, 0);
      yield* t.store(attempt + AttemptOffset.timespec + 4, PAUSE_NS);
      return [SyscallNumber.nanosleep, attempt + AttemptOffset.timespec, 0, 0];
    case 'nothing':
    case 'minor-fault':
      return [];
    default:
      throw new RangeError(`expected an event, got ${event}`);
  }
}

/** Waits for the helper. */
export function* endEvent(t: Thread, helper: Pthread | undefined): Operation<void> {
  if (helper !== undefined) yield* pthreadJoin(t, helper);
}
