import { Machine, TimedDirector, nanosleep } from '@rseqlab/sim-machine';
import { rseq } from '@rseqlab/rseq-runtime';
import { describe, expect, it } from 'vitest';
import { MemorySink } from '../../src/consumer/trace-sink.js';
import { defineEvent } from '../../src/events/event-definition.js';
import { u32 } from '../../src/events/field.js';
import type { LossMode } from '../../src/ring/ring-geometry.js';
import { Session } from '../../src/session/session.js';
import type { BufferScheme } from '../../src/session/session-memory.js';
import { babeltrace, hasBabeltrace } from './babeltrace.js';
import { findingsOf, readPackets, valuesOf } from './read-trace.js';

const tick = defineEvent('lab:tick', { fields: { value: u32() } });

/** Two programs and the daemon are killed after so many decisions; what was written and what is recovered. */
function crash(buffers: BufferScheme, mode: LossMode, decisions: number) {
  const machine = new Machine(
    { cpus: 2, kernel: [rseq()], maxThreads: 16, maxProcesses: 4 },
    new TimedDirector(),
  );
  const daemon = machine.createProcess('daemon');
  const session = Session.create(machine, daemon, { buffers });
  const point = session.tracepoint(tick);
  session.enable(point, session.channel('main', { subbufBytes: 256, subbufCount: 8, mode }));
  const programs = ['shop', 'bank'].map((name) => machine.createProcess(name));
  const emitted = machine.createSharedMemory(4096);
  const counts: (() => number)[] = [];
  for (const [n, program] of programs.entries()) {
    const member = session.attach(program);
    const own = member.tracepoint(tick);
    const count = program.mapShared(emitted) + 64 * n;
    program.spawn(function* worker(t) {
      yield* member.join(t);
      for (let value = 0; ; value++) {
        yield* own.emit(t, { value: 1000 * n + value });
        yield* t.store(count, value + 1);
        if (value % 8 === 0) yield* nanosleep(t, 3000);
      }
    });
    counts.push(() => program.read32(count));
  }
  const sink = new MemorySink();
  session.spawnConsumers(sink, 20_000);
  machine.run({ decisions });
  const known = counts.map((read) => read());
  for (const process of [daemon, ...programs]) process.kill(9);
  machine.run({ decisions: 1000 });
  expect([daemon, ...programs].every(({ exited }) => exited)).toBe(true);
  const recovered = new MemorySink();
  session.extractCrash(recovered);
  return { known, sink, recovered, session };
}

describe('crash extraction', () => {
  it.each<[BufferScheme, number]>([
    ['per-uid', 40],
    ['per-uid', 90],
    ['per-pid', 90],
  ])(
    'has what no consumer has read when all processes are dead, %s, after %d decisions',
    (buffers, decisions) => {
      const { known, sink, recovered } = crash(buffers, 'discard', decisions);
      const [written, rest] = [valuesOf(sink), valuesOf(recovered)];
      expect(rest.length).toBeGreaterThan(0);
      const all = [...written, ...rest];
      expect(new Set(all).size).toBe(all.length);
      const lost = Math.max(0, ...readPackets(recovered).map(({ discarded }) => discarded));
      for (const [n, count] of known.entries()) {
        expect(count).toBeGreaterThan(5);
        // Everything up to the last event that was emitted, and maybe that one.
        const own = all.filter((value) => Math.floor(value / 1000) === n).sort((a, b) => a - b);
        expect(own.length + lost).toBeGreaterThanOrEqual(count);
        expect(own.length).toBeLessThanOrEqual(count + 1);
        if (lost === 0) expect(own).toEqual(own.map((_, k) => 1000 * n + k));
      }
      const allowed = new Set(['sequence-start', 'discarded-events']);
      expect(findingsOf(recovered).filter((rule) => !allowed.has(rule))).toEqual([]);
      if (hasBabeltrace) expect(babeltrace(recovered).lines).toHaveLength(rest.length);
    },
  );

  it('has the newest events of a flight recorder, the last ones among them', () => {
    const { known, recovered, session } = crash('per-uid', 'overwrite', 2000);
    const values = valuesOf(recovered);
    const [shop = 0, bank = 0] = known;
    expect(shop).toBeGreaterThan(200);
    expect(values).not.toContain(0);
    expect(values).toContain(shop - 1);
    expect(values).toContain(1000 + bank - 1);
    expect(findingsOf(recovered).filter((rule) => rule !== 'sequence-start')).toEqual([]);
    // It reads and takes nothing: another time finds the same.
    const again = new MemorySink();
    session.extractCrash(again);
    expect(valuesOf(again)).toEqual(values);
  });

  it('is not for private buffers, which are gone with their process', () => {
    const machine = new Machine({ cpus: 1, kernel: [rseq()] }, new TimedDirector());
    const session = Session.create(machine, machine.createProcess('main'));
    expect(() => {
      session.extractCrash(new MemorySink());
    }).toThrow(expect.objectContaining({ code: 'ERR_PROCESS' }));
  });
});
