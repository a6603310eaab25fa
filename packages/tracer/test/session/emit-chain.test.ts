import {
  Machine,
  NOT_FOLLOWED,
  SignalNumber,
  Thread,
  TimedDirector,
  XEON_E5_2630V3,
  kill,
  nanosleep,
  sigaction,
} from '@rseqlab/sim-machine';
import type { MachineConfig, Operation } from '@rseqlab/sim-machine';
import { rseq } from '@rseqlab/rseq-runtime';
import { RcuDomain } from '@rseqlab/urcu';
import { afterEach, expect, it, vi } from 'vitest';
import { MemorySink } from '../../src/consumer/trace-sink.js';
import { defineEvent } from '../../src/events/event-definition.js';
import { i16, u8, u32 } from '../../src/events/field.js';
import { EmitCall } from '../../src/session/emit-chain.js';
import { MAX_NESTING, NESTING_OFFSET } from '../../src/ring/nesting.js';
import { Session } from '../../src/session/session.js';
import { findingsOf, valuesOf } from './read-trace.js';

const { SIGURG } = SignalNumber;

const small = defineEvent('lab:small', { fields: { value: u32() } });
const wide = defineEvent('lab:wide', { fields: { value: u32(), a: u8(), b: i16(), c: u32() } });

const EACH = 450;

/** What following chains returned in the last run. */
let followed: Set<number>;

const { follow } = Thread.prototype;

/**
 * Three producers on two CPUs, one of them with a handler that emits, too, a consumer on each, and one who takes the
 * probe away and puts it back: everything that can be told of the run.
 */
function runOf(config: MachineConfig, isWatched: boolean): Record<string, unknown> {
  followed = new Set();
  vi.spyOn(Thread.prototype, 'follow').mockImplementation(function (this: Thread, chain) {
    const done = follow.call(this, chain);
    followed.add(done);
    return done;
  });
  const director = new TimedDirector({ quantumCycles: 20_000, tickCycles: 20_000 });
  const machine = new Machine({ cpus: 2, kernel: [rseq()], ...config }, director);
  // Whoever watches operations sees each: no chain is followed.
  if (isWatched) machine.watchOperations(() => {});
  const process = machine.createProcess('main');
  const create = vi.spyOn(RcuDomain, 'create');
  const session = Session.create(machine, process);
  const rcu = create.mock.results.at(-1)!.value as RcuDomain;
  const channel = session.channel('main', { subbufBytes: 2 ** 14, subbufCount: 2 });
  const points = [session.tracepoint(small), session.tracepoint(wide)] as const;
  const probe = session.enable(points[0], channel);
  session.enable(points[1], channel);
  const sink = new MemorySink();
  session.spawnConsumers(sink, 50_000);
  for (let thread = 1; thread <= 3; thread++)
    process.spawn(function* producer(t) {
      yield* sigaction(t, SIGURG, function* handler(self) {
        yield* points[0].emit(self, { value: 9 });
      });
      for (let n = 0; n < EACH; n++) {
        const value = 10_000 * thread + n;
        yield* points[0].emit(t, { value });
        yield* points[1].emit(t, { value, a: n & 255, b: -n, c: thread });
        if (n % 100 === 50) yield* kill(t, process.pid, SIGURG);
        if (n % 100 === 70) yield* emitNested(t);
      }
      ended += 1;
    });
  let ended = 0;
  function* emitNested(t: Thread): Operation<void> {
    const nesting = t.threadPointer + NESTING_OFFSET;
    yield* t.store(nesting, MAX_NESTING);
    yield* points[0].emit(t, { value: 0 });
    yield* t.store(nesting, 0);
  }
  // In long read sections, so that grace periods sleep and have to be woken.
  process.spawn(function* reader(t) {
    while (ended < 3) {
      const token = yield* rcu.readLock(t);
      yield* nanosleep(t, 20_000);
      yield* rcu.readUnlock(t, token);
    }
  });
  process.spawn(function* controller(t) {
    while (ended < 3) {
      yield* nanosleep(t, 10_000);
      yield* session.disableProbe(t, probe);
      yield* session.enableProbe(t, probe);
    }
    yield* session.stop(t);
  });
  const { outcome, steps, cycles, decisions } = machine.run({ decisions: 2_000_000 });
  return {
    outcome,
    steps,
    cycles,
    decisions,
    statistics: session.statistics(),
    packets: [...sink.packets].map(([file, packets]) => [file, Buffer.concat(packets)]),
    text: sink.text,
    findings: findingsOf(sink),
    events: valuesOf(sink).length,
  };
}

afterEach(() => vi.restoreAllMocks());

it('a run is the same to the byte whether chains are followed or not', () => {
  const stops = new Set<number>();
  const configs: MachineConfig[] = [{}, { memory: 'tso' }, { cost: XEON_E5_2630V3 }];
  for (const config of configs) {
    const chained = runOf(config, false);
    for (const done of followed) stops.add(done);
    const single = runOf(config, true);
    expect(followed).toEqual(new Set([NOT_FOLLOWED]));
    expect(chained).toEqual(single);
    expect(chained).toMatchObject({ outcome: 'finished' });
    expect(chained['events']).toBeGreaterThan(500);
  }
  // To the end; refused as nested; into the system call of an opening; with a grace period to be woken; not at all.
  const { reserve, unlock } = EmitCall;
  expect(stops).toEqual(new Set([unlock + 1, reserve, ~reserve, unlock, NOT_FOLLOWED]));
});

it.each<[string, MachineConfig]>([
  ['tell states apart', { fingerprint: true }],
  ['let loads look back', { memory: 'weak' }],
])('machines that %s follow none', (_, config) => {
  runOf(config, false);
  expect(followed).toEqual(new Set([NOT_FOLLOWED]));
});
