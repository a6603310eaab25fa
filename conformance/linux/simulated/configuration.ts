import {
  SignalNumber,
  fork,
  kill,
  ptrace,
  ptraceTraceMe,
  raise,
  waitpid,
} from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { RSEQ_SIGNATURE } from '@rseqlab/rseq-runtime';
import { resultText } from './case-context.js';
import type { CaseContext } from './case-context.js';

/** The request; profiles before Linux 5.13 do not know it. @source include/uapi/linux/ptrace.h */
const PTRACE_GET_RSEQ_CONFIGURATION = 0x420f;
const CONFIGURATION_BYTES = 24;

/** Prints what a tracer is told of the registration of a child that was forked. */
export function* printConfiguration(t: Thread, context: CaseContext): Operation<void> {
  const { values, memory } = context;
  const found = memory.attempt;
  const pid = yield* fork(t, function* traced(self) {
    yield* ptraceTraceMe(self);
    yield* raise(self, SignalNumber.SIGSTOP);
  });
  yield* waitpid(t, pid);
  const request = PTRACE_GET_RSEQ_CONFIGURATION;
  const result = yield* ptrace(t, request, pid, CONFIGURATION_BYTES, found);
  values.push(resultText(result));
  if (result >= 0) {
    const pointer = yield* t.load(found);
    const size = yield* t.load(found + 8);
    const signature = yield* t.load(found + 12);
    const flags = yield* t.load(found + 16);
    values.push(
      `pointer=${pointer === 0 ? '0' : pointer === memory.a ? 'a' : 'other'}`,
      `size=${size}`,
      `signature=${signature === 0 ? '0' : signature === RSEQ_SIGNATURE ? 'S' : 'other'}`,
      `flags=${flags}`,
    );
  }
  yield* kill(t, pid, SignalNumber.SIGKILL);
  yield* waitpid(t, pid);
}
