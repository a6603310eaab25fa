import { check, scenario } from '@rseqlab/explorer';
import type { Lab } from '@rseqlab/explorer';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { rseq } from '@rseqlab/rseq-runtime';
import { describe, expect, it } from 'vitest';
import { MemorySink } from '../../src/consumer/trace-sink.js';
import { defineEvent } from '../../src/events/event-definition.js';
import { u32 } from '../../src/events/field.js';
import { Session } from '../../src/session/session.js';
import { findingsOf, valuesOf } from './read-trace.js';

const tick = defineEvent('lab:tick', { fields: { value: u32() } });
const EACH = 4;
const EXECUTIONS = 8;
const ALLOWED = ['sequence-start', 'discarded-events'];

interface Orders {
  readonly session: Session;
  readonly chunks: readonly MemorySink[];
}

/** Two threads emit while a third one rotates, stops, starts and clears. */
function ordered(memory: MemoryModelName, checked: () => void) {
  return scenario<Orders>({
    name: 'orders at any moment',
    machine: { cpus: 2, memory, kernel: [rseq()], maxThreads: 10 },
    setup(lab) {
      const { machine, process } = lab;
      const session = Session.create(machine, process);
      const point = session.tracepoint(tick);
      session.enable(point, session.channel('main', { subbufBytes: 64, subbufCount: 4 }));
      const chunks = [new MemorySink(), new MemorySink(), new MemorySink()];
      // Without a timer: executions in which it is due again and again have no end.
      session.spawnConsumers(chunks[0]!, Infinity);
      const done = process.allocate(4);
      for (let thread = 1; thread <= 2; thread++)
        lab.spawn(function* producer(t) {
          for (let n = 0; n < EACH; n++) yield* point.emit(t, { value: 100 * thread + n });
          yield* t.fetchAdd(done, 1);
        });
      lab.spawn(function* controller(t) {
        yield* point.emit(t, { value: 1 });
        yield* session.rotate(t, chunks[1]!);
        yield* point.emit(t, { value: 2 });
        yield* session.stop(t);
        yield* point.emit(t, { value: 3 });
        yield* session.start(t);
        yield* session.clear(t);
        yield* point.emit(t, { value: 4 });
        yield* session.rotate(t, chunks[2]!);
        yield* point.emit(t, { value: 5 });
        yield* t.waitUntilEqual(done, 2);
        yield* session.stop(t);
      });
      return { session, chunks };
    },
    check(orders, lab) {
      checked();
      checkOrders(orders, lab);
    },
  });
}

function checkOrders({ session, chunks }: Orders, lab: Lab): void {
  const values = chunks.map((sink) => valuesOf(sink));
  const all = values.flat();
  const { recorded, discarded, emitted } = session.statistics();
  lab.expectEqual(recorded + discarded, emitted, 'recorded and discarded events');
  lab.expect(new Set(all).size === all.length, 'each event once');
  lab.expect(
    !all.includes(2) && !all.includes(3),
    'nothing that was cleared, or came while inactive',
  );
  for (const [chunk, value] of [1, 4, 5].entries())
    lab.expect(
      discarded > 0 || values[chunk]!.includes(value),
      `event ${value} in chunk ${chunk}, got ${values.map((each) => each.join()).join(' | ')}`,
    );
  for (const sink of chunks) {
    const findings = findingsOf(sink).filter((rule) => !ALLOWED.includes(rule));
    lab.expectEqual(findings.join(), '', 'findings');
  }
}

describe('orders that come at any moment', () => {
  it.each<MemoryModelName>(['sc', 'tso', 'weak'])(
    'are obeyed by all consumers, in executions drawn by PCT, %s',
    (memory) => {
      let ended = 0;
      const result = check(
        ordered(memory, () => {
          ended += 1;
        }),
        { search: 'pct', executions: EXECUTIONS, kernelEvents: 4 },
      );
      expect(result.finding).toBeUndefined();
      expect(ended).toBe(EXECUTIONS);
    },
  );
});
