import { describe, expect, it } from 'vitest';
import {
  Machine,
  SignalNumber,
  TimedDirector,
  nanosleep,
  raise,
  setAffinity,
  sigaction,
} from '@rseqlab/sim-machine';
import type { Director, Process } from '@rseqlab/sim-machine';
import { rseq } from '@rseqlab/rseq-runtime';
import { PacketReader, parseMetadata } from '@rseqlab/trace-format';
import type { StructureValue } from '@rseqlab/trace-format';
import { MemorySink } from '../../src/consumer/trace-sink.js';
import { KernelTracer } from '../../src/kernel/kernel-tracer.js';
import { babeltrace, hasBabeltrace } from '../session/babeltrace.js';

interface Read {
  readonly cpu: number;
  readonly cycles: bigint;
  readonly name: string;
  readonly fields: StructureValue;
}

function readTrace(sink: MemorySink): Read[] {
  const reader = new PacketReader(parseMetadata(sink.text));
  const events: Read[] = [];
  for (const packets of sink.packets.values())
    for (const bytes of packets) {
      const cpu = reader.open(bytes).cpuId!;
      for (const { cycles, type, fields } of reader.events())
        events.push({ cpu, cycles, name: type.name, fields: fields! });
    }
  return events;
}

/** Runs a program with its kernel traced. */
function traced(
  setup: (process: Process) => void,
  director: Director = new TimedDirector(),
): { readonly sink: MemorySink; readonly events: Read[]; readonly decisions: Uint32Array } {
  const machine = new Machine({ cpus: 2, kernel: [rseq()] }, director);
  const sink = new MemorySink();
  const clock = { frequencyMhz: 1000 };
  const tracer = KernelTracer.attach(machine, sink, { clock, isTimed: true });
  setup(machine.createProcess('main'));
  expect(machine.run().outcome).toBe('finished');
  tracer.finish();
  return { sink, events: readTrace(sink), decisions: machine.decisions };
}

/** Sleeps, moves, and sends itself a signal. */
function busyProgram(process: Process): void {
  process.spawn(
    function* busy(t) {
      yield* sigaction(t, SignalNumber.SIGUSR1, function* handler() {});
      yield* nanosleep(t, 5000);
      yield* setAffinity(t, [1]);
      yield* raise(t, SignalNumber.SIGUSR1);
    },
    { cpu: 0 },
  );
}

describe('the kernel, traced', () => {
  it('tells where a thread ran, slept, woke and went', () => {
    const { events } = traced(busyProgram);
    const tid = events.find(({ name }) => name === 'sched_process_fork')!.fields['child_tid'];
    const switches = events.filter(
      ({ name, fields }) =>
        name === 'sched_switch' && (fields['prev_tid'] === tid || fields['next_tid'] === tid),
    );
    const told = switches.map(({ cpu, fields }) => {
      const { prev_comm, prev_state, next_comm } = fields;
      return `${cpu}: ${prev_comm as string} (${prev_state as number}) -> ${next_comm as string}`;
    });
    expect(told).toContain('0: swapper/0 (0) -> busy');
    expect(told).toContain('0: busy (1) -> swapper/0');
    expect(told.at(-1)).toBe('1: busy (16) -> swapper/1');
    const names = new Set(events.map(({ name }) => name));
    for (const name of ['sched_wakeup_new', 'sched_wakeup', 'sched_migrate_task', 'sys_exit'])
      expect(names).toContain(name);
    const wakeup = events.find(({ name }) => name === 'sched_wakeup')!;
    expect(wakeup.fields).toMatchObject({ comm: 'busy', tid, prio: 120, target_cpu: 0 });
    expect(events.filter(({ name }) => name.startsWith('signal_'))).toMatchObject([
      { name: 'signal_generate', fields: { sig: SignalNumber.SIGUSR1, comm: 'busy', tid } },
      { name: 'signal_deliver', fields: { sig: SignalNumber.SIGUSR1, comm: 'busy', tid } },
    ]);
  });

  it('has an entry and an exit of every system call that does not end the thread', () => {
    const { events } = traced(busyProgram);
    const entries = events.filter(({ name }) => name === 'sys_enter');
    const exits = events.filter(({ name }) => name === 'sys_exit');
    expect(entries.length).toBeGreaterThan(4);
    expect(exits.length).toBeLessThanOrEqual(entries.length);
    expect(entries[0]!.fields['args']).toHaveLength(6);
  });

  it('runs as it does when nobody looks', () => {
    const { decisions } = traced(busyProgram);
    const machine = new Machine({ cpus: 2, kernel: [rseq()] }, new TimedDirector());
    busyProgram(machine.createProcess('main'));
    machine.run();
    expect([...machine.decisions]).toEqual([...decisions]);
  });

  it('tells of a thread that wakes up where the last one that ran has ended', () => {
    const { events } = traced((process) => {
      process.spawn((t) => nanosleep(t, 5000), { name: 'sleeper', cpu: 0 });
      process.spawn(function* short() {}, { cpu: 1 });
    });
    const wakeups = events.filter(({ name }) => name === 'sched_wakeup');
    expect(wakeups).toMatchObject([{ cpu: 0, fields: { comm: 'sleeper', target_cpu: 0 } }]);
  });

  it('has packets of every CPU, the idle one too', () => {
    const { sink } = traced((process) => {
      process.spawn(function* nothing() {}, { cpu: 0 });
    });
    expect([...sink.packets.keys()].sort()).toEqual(['kernel_0', 'kernel_1']);
  });

  it.skipIf(!hasBabeltrace)('is read by babeltrace2 (skipped where it is not installed)', () => {
    const { sink, events } = traced(busyProgram);
    const { lines, stderr } = babeltrace(sink);
    expect(stderr).toBe('');
    expect(lines).toHaveLength(events.length);
    expect(lines.join('\n')).toMatch(
      /sched_switch: \{ cpu_id = 0 \}, \{ prev_comm = "busy", prev_tid = \d+, prev_prio = 120, prev_state = 1, next_comm = "swapper\/0", next_tid = 0, next_prio = 120 \}/,
    );
  });
});
