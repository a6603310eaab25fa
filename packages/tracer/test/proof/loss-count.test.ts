// Case 2: signal handlers trace while there is no room; LTTng 2.13 counts backwards there.
import { expect, it } from 'vitest';
import {
  ClockId,
  Machine,
  SignalNumber,
  TimedDirector,
  nanosleep,
  sigaction,
  timerCreate,
  timerSettime,
} from '@rseqlab/sim-machine';
import { rseq } from '@rseqlab/rseq-runtime';
import { PacketReader, parseMetadata } from '@rseqlab/trace-format';
import { MemorySink } from '../../src/consumer/trace-sink.js';
import { defineEvent } from '../../src/events/event-definition.js';
import { u32 } from '../../src/events/field.js';
import { Session } from '../../src/session/session.js';

const ROUNDS = 200;
const PERIODS_NS = [151, 307];
const CASES = PERIODS_NS.flatMap((ns) =>
  (['sc', 'tso', 'weak'] as const).map((memory) => [ns, memory] as const),
);

it.each(CASES)(
  'events that were discarded never become fewer where handlers trace every %d ns, under %s',
  (periodNs, memory) => {
    const machine = new Machine({ cpus: 1, memory, kernel: [rseq()] }, new TimedDirector());
    const process = machine.createProcess('main');
    const session = Session.create(machine, process);
    const point = session.tracepoint(defineEvent('lab:tick', { fields: { value: u32() } }));
    session.enable(point, session.channel('main', { subbufBytes: 128, subbufCount: 2 }));
    let emitted = 0;
    let nested = 0;
    let isEmitting = false;
    process.spawn(function* producer(t) {
      yield* sigaction(t, SignalNumber.SIGALRM, function* handler(h) {
        if (isEmitting) nested += 1;
        emitted += 2;
        for (const value of [1, 2]) yield* point.emit(h, { value });
      });
      const timer = yield* timerCreate(t, ClockId.Monotonic, SignalNumber.SIGALRM);
      yield* timerSettime(t, timer, { expiryNs: periodNs, intervalNs: 3 * periodNs });
      yield* nanosleep(t, periodNs);
      for (let round = 0; round < ROUNDS; round++) {
        emitted += 1;
        isEmitting = true;
        yield* point.emit(t, { value: 0 });
        isEmitting = false;
        // The consumer is on this CPU.
        if (round % 20 === 19) yield* nanosleep(t, 3000);
      }
      yield* timerSettime(t, timer, { expiryNs: 0 });
      yield* session.stop(t);
    });
    const sink = new MemorySink();
    session.spawnConsumers(sink, 2500);
    expect(machine.run({ decisions: 100_000 }).outcome).toBe('finished');

    const reader = new PacketReader(parseMetadata(sink.text));
    const discarded: bigint[] = [];
    let recorded = 0;
    for (const bytes of sink.packets.get('main_0')!) {
      discarded.push(reader.open(bytes).eventsDiscarded!);
      recorded += [...reader.events()].length;
    }
    for (const [n, count] of discarded.entries())
      expect(count).toBeGreaterThanOrEqual(discarded[n - 1] ?? 0n);
    expect(discarded.length).toBeGreaterThan(5);
    expect(new Set(discarded).size).toBeGreaterThan(3);
    expect(BigInt(recorded) + discarded.at(-1)!).toBe(BigInt(emitted));
    // The handler came in the middle of a record, not only between two.
    expect(nested).toBeGreaterThan(10);
  },
);
