import { describe, expect, it } from 'vitest';
import {
  Machine,
  SignalCode,
  SignalNumber,
  SyscallNumber,
  TimedDirector,
  kill,
  nanosleep,
  raise,
  setAffinity,
  sigaction,
  tgkill,
} from '@rseqlab/sim-machine';
import type { Director, Process } from '@rseqlab/sim-machine';
import { rseq } from '@rseqlab/rseq-runtime';
import { PacketReader, parseMetadata } from '@rseqlab/trace-format';
import type { StructureValue } from '@rseqlab/trace-format';
import { MemorySink } from '../../src/consumer/trace-sink.js';
import { KernelTracer } from '../../src/kernel/kernel-tracer.js';
import { babeltrace, hasBabeltrace } from '../session/babeltrace.js';

const SA_SIGINFO = 4;

/** @source include/linux/errno.h */
const ERESTART_RESTARTBLOCK = 516;

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
    const sig = SignalNumber.SIGUSR1;
    expect(events.filter(({ name }) => name.startsWith('signal_'))).toMatchObject([
      {
        name: 'signal_generate',
        fields: {
          sig,
          errno: 0,
          code: SignalCode.SI_TKILL,
          comm: 'busy',
          pid: tid,
          group: 0,
          result: 0,
        },
      },
      {
        name: 'signal_deliver',
        fields: { sig, errno: 0, code: SignalCode.SI_TKILL, sa_flags: SA_SIGINFO },
      },
    ]);
  });

  it('tells a signal that is ignored when it is sent from one that is taken up', () => {
    const { events } = traced((process) => {
      process.spawn(function* ignoring(t) {
        yield* kill(t, process.pid, SignalNumber.SIGCHLD);
      });
    });
    expect(events.filter(({ name }) => name.startsWith('signal_'))).toMatchObject([
      {
        name: 'signal_generate',
        fields: { sig: SignalNumber.SIGCHLD, code: SignalCode.SI_USER, group: 1, result: 1 },
      },
    ]);
  });

  it('tells what a thread is told of where it runs', () => {
    const { events } = traced((process) => {
      process.spawn(
        function* moving(t) {
          yield* setAffinity(t, [1]);
          yield* t.load(t.threadPointer);
        },
        { cpu: 0 },
      );
    });
    const updates = events.filter(({ name }) => name === 'rseq_update');
    expect(updates.map(({ cpu, fields }) => [cpu, fields])).toEqual([
      [0, { cpu_id: 0, node_id: 0, mm_cid: 0 }],
      [1, { cpu_id: 1, node_id: 0, mm_cid: 0 }],
    ]);
  });

  it('has an entry and an exit of every system call that does not end the thread', () => {
    const { events } = traced(busyProgram);
    const entries = events.filter(({ name }) => name === 'sys_enter');
    const exits = events.filter(({ name }) => name === 'sys_exit');
    expect(entries.length).toBeGreaterThan(4);
    const numbers = (of: readonly Read[]) => of.map(({ fields }) => fields['id']).sort();
    const ending = [SyscallNumber.exit];
    expect([...numbers(exits), ...ending].sort()).toEqual(numbers(entries));
    expect(entries[0]!.fields['args']).toHaveLength(6);
  });

  it('has the exit of a call that slept where its thread runs again, with what it returns', () => {
    const { events } = traced((process) => {
      process.spawn((t) => nanosleep(t, 5000), { name: 'sleeper', cpu: 0 });
    });
    const story = events.filter(({ cpu, name }) => cpu === 0 && /^sched_[sw]|^sys_/.test(name));
    expect(story.map(({ name, fields }) => [name, fields['id'] ?? fields['next_comm']])).toEqual([
      ['sched_wakeup_new', undefined],
      ['sched_switch', 'sleeper'],
      ['sys_enter', SyscallNumber.nanosleep],
      ['sched_switch', 'swapper/0'],
      ['sched_wakeup', undefined],
      ['sched_switch', 'sleeper'],
      ['sys_exit', SyscallNumber.nanosleep],
      ['sys_enter', SyscallNumber.exit],
      ['sched_switch', 'swapper/0'],
    ]);
    expect(story.find(({ name }) => name === 'sys_exit')!.fields['ret']).toBe(0);
  });

  it('has the exit of a call that a signal ends, before the signal is delivered', () => {
    const { events } = traced((process) => {
      let tid = 0;
      process.spawn(
        function* interrupted(t) {
          tid = yield* t.syscall(SyscallNumber.gettid);
          yield* sigaction(t, SignalNumber.SIGUSR1, function* handler() {});
          yield* nanosleep(t, 50_000);
        },
        { cpu: 0 },
      );
      process.spawn(
        function* killer(t) {
          yield* nanosleep(t, 9000);
          yield* tgkill(t, process.pid, tid, SignalNumber.SIGUSR1);
        },
        { cpu: 1 },
      );
    });
    const exit = events.findIndex(
      ({ cpu, name, fields }) =>
        cpu === 0 && name === 'sys_exit' && fields['id'] === SyscallNumber.nanosleep,
    );
    // What the kernel has in the register until the way out decides between EINTR and a restart.
    expect(events[exit]!.fields['ret']).toBe(-ERESTART_RESTARTBLOCK);
    expect(events.findIndex(({ name }) => name === 'signal_deliver')).toBeGreaterThan(exit);
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
