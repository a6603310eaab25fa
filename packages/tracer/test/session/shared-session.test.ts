import { Machine, TimedDirector, kill, nanosleep, waitpid } from '@rseqlab/sim-machine';
import type { Process } from '@rseqlab/sim-machine';
import { rseq } from '@rseqlab/rseq-runtime';
import { PacketReader, parseMetadata } from '@rseqlab/trace-format';
import { describe, expect, it } from 'vitest';
import { MemorySink } from '../../src/consumer/trace-sink.js';
import { defineEvent } from '../../src/events/event-definition.js';
import { u32 } from '../../src/events/field.js';
import { Session } from '../../src/session/session.js';
import type { BufferScheme } from '../../src/session/session-memory.js';
import { TracerError } from '../../src/tracer-error.js';
import { findingsOf, readPackets } from './read-trace.js';

const tick = defineEvent('lab:tick', { fields: { value: u32() } });

/** Events with the process and thread that they are of. */
function eventsOf(sink: MemorySink): { pid: number; tid: number; value: number; file: string }[] {
  const reader = new PacketReader(parseMetadata(sink.text));
  const found: ReturnType<typeof eventsOf> = [];
  for (const [file, packets] of sink.packets)
    for (const bytes of packets) {
      reader.open(bytes);
      for (const { streamContext, fields } of reader.events())
        found.push({
          pid: streamContext!['vpid'] as number,
          tid: streamContext!['vtid'] as number,
          value: fields!['value'] as number,
          file,
        });
    }
  return found;
}

/** A daemon that consumes, and two programs of two threads each, of which one may be killed. */
function twoPrograms(buffers: BufferScheme, killAfterNs?: number) {
  const machine = new Machine(
    { cpus: 2, kernel: [rseq()], maxThreads: 16, maxProcesses: 4 },
    new TimedDirector(),
  );
  const daemon = machine.createProcess('daemon');
  const session = Session.create(machine, daemon, { buffers });
  const size = { subbufBytes: 256, subbufCount: 16 };
  const channel = session.channel('main', { ...size, contexts: ['vpid', 'vtid'] });
  const own = session.tracepoint(tick);
  session.enable(own, channel, { filter: 'value != 13 || $ctx.vpid == 0' });
  const sink = new MemorySink();
  const programs = ['shop', 'bank'].map((name) => machine.createProcess(name));
  const done = machine.createSharedMemory(4096);
  for (const program of programs) {
    const member = session.attach(program);
    const point = member.tracepoint(tick);
    const word = program.mapShared(done);
    for (let thread = 0; thread < 2; thread++)
      program.spawn(function* worker(t) {
        yield* member.join(t);
        for (let value = 0; value < 50; value++) {
          yield* point.emit(t, { value });
          if (value % 10 === 9) yield* nanosleep(t, 20_000);
        }
        if ((yield* t.fetchAdd(word, 1)) % 2 === 1) yield* member.leave(t);
      });
  }
  session.spawnConsumers(sink, 20_000);
  const victim = programs[0]!.pid;
  daemon.spawn(function* controller(t) {
    yield* session.join(t);
    yield* own.emit(t, { value: 1000 });
    if (killAfterNs !== undefined) {
      yield* nanosleep(t, killAfterNs);
      yield* kill(t, victim, 9);
    }
    yield* nanosleep(t, 3_000_000);
    yield* session.stop(t);
  });
  expect(machine.run({ decisions: 1_000_000 }).outcome).toBe('finished');
  return { session, sink, programs, daemon };
}

function pidsOf(processes: readonly Process[]): number[] {
  return processes.map(({ pid }) => pid);
}

describe('a session on shared buffers', () => {
  it.each(['per-uid', 'per-pid'] as const)(
    'records what several processes emit, %s, with the process and thread of each event',
    (buffers) => {
      const { session, sink, programs, daemon } = twoPrograms(buffers);
      const events = eventsOf(sink);
      expect(session.statistics()).toMatchObject({ emitted: 197, discarded: 0, recorded: 197 });
      expect(events).toHaveLength(197);
      for (const pid of pidsOf(programs)) {
        const values = events.filter((event) => event.pid === pid).map(({ value }) => value);
        values.sort((a, b) => a - b);
        const expected = Array.from({ length: 98 }, (_, n) => n >> 1);
        expect(values).toEqual(expected.map((value) => (value < 13 ? value : value + 1)));
      }
      expect(events.filter(({ pid }) => pid === daemon.pid).map(({ value }) => value)).toEqual([
        1000,
      ]);
      expect(new Set(events.map(({ tid }) => tid)).size).toBe(5);
      expect(findingsOf(sink)).toEqual([]);
    },
  );

  it('has streams of its own for each process, per-pid, and one for each CPU, per-uid', () => {
    const shared = twoPrograms('per-uid');
    expect([...shared.sink.packets.keys()].sort()).toEqual(['main_0', 'main_1']);
    const separate = twoPrograms('per-pid');
    const [shop, bank] = pidsOf(separate.programs);
    expect([...separate.sink.packets.keys()].sort()).toEqual([
      `bank-${bank}_main_0`,
      `bank-${bank}_main_1`,
      'main_0',
      'main_1',
      `shop-${shop}_main_0`,
      `shop-${shop}_main_1`,
    ]);
    for (const { pid, file } of eventsOf(separate.sink))
      expect(file.startsWith(pid === shop ? 'shop' : pid === bank ? 'bank' : 'main')).toBe(true);
  });

  it.each(['per-uid', 'per-pid'] as const)(
    'goes on when one of them is killed, whenever that is, %s: the others record everything',
    (buffers) => {
      let cut = 0;
      for (const killAfterNs of [10_000, 30_000, 50_000, 70_000]) {
        const { session, sink, programs } = twoPrograms(buffers, killAfterNs);
        const events = eventsOf(sink);
        const [shop, bank] = pidsOf(programs);
        expect(events.filter(({ pid }) => pid === bank)).toHaveLength(98);
        const left = events.filter(({ pid }) => pid === shop).length;
        if (left > 0 && left < 98) cut += 1;
        const { recorded, discarded } = session.statistics();
        expect(recorded).toBe(events.length);
        // At most one record of each of its threads was reserved and not whole.
        expect(discarded).toBeLessThanOrEqual(2);
        expect(Math.max(...readPackets(sink).map((packet) => packet.discarded))).toBe(discarded);
        expect(findingsOf(sink).filter((rule) => rule !== 'discarded-events')).toEqual([]);
      }
      expect(cut).toBeGreaterThan(0);
    },
  );

  it('records what a forked child emits, in the name of the child', () => {
    const machine = new Machine(
      { cpus: 2, kernel: [rseq()], maxThreads: 8, maxProcesses: 4 },
      new TimedDirector(),
    );
    const daemon = machine.createProcess('daemon');
    const session = Session.create(machine, daemon, { buffers: 'per-uid' });
    const own = session.tracepoint(tick);
    session.enable(own, session.channel('main', { contexts: ['vpid', 'vtid'] }));
    const program = machine.createProcess('shop');
    const member = session.attach(program);
    const point = member.tracepoint(tick);
    const sink = new MemorySink();
    session.spawnConsumers(sink);
    let forked = 0;
    program.spawn(function* parent(t) {
      yield* member.join(t);
      yield* point.emit(t, { value: 1 });
      forked = yield* member.fork(t, function* child(c) {
        for (const value of [2, 3]) yield* point.emit(c, { value });
        yield* member.leave(c);
      });
      yield* waitpid(t, forked);
      yield* point.emit(t, { value: 4 });
      yield* member.leave(t);
    });
    daemon.spawn(function* controller(t) {
      yield* nanosleep(t, 1_000_000);
      yield* session.stop(t);
    });
    expect(machine.run({ decisions: 1_000_000 }).outcome).toBe('finished');
    const events = eventsOf(sink).sort((a, b) => a.value - b.value);
    expect(forked).toBeGreaterThan(0);
    expect(events.map(({ pid }) => pid)).toEqual([program.pid, forked, forked, program.pid]);
    expect(findingsOf(sink)).toEqual([]);
  });

  it('is for processes that are attached, and events that the session has', () => {
    const machine = new Machine({ cpus: 1, kernel: [rseq()] }, new TimedDirector());
    const codeOf = (call: () => unknown): string => {
      try {
        call();
        return 'nothing';
      } catch (error) {
        return error instanceof TracerError ? error.code : String(error);
      }
    };
    const main = machine.createProcess('main');
    const other = machine.createProcess('other');
    const alone = Session.create(machine, main);
    expect(codeOf(() => alone.attach(other))).toBe('ERR_PROCESS');
    const separate = Session.create(machine, main, { buffers: 'per-pid' });
    separate.channel('main');
    expect(codeOf(() => separate.attach(other).tracepoint(tick))).toBe('ERR_EVENT');
    separate.spawnConsumers(new MemorySink());
    expect(codeOf(() => separate.attach(other))).toBe('ERR_OUTPUT');
    const full = (): unknown => {
      for (;;) separate.tracepoint(tick);
    };
    expect(codeOf(full)).toBe('ERR_EVENT');
  });
});
