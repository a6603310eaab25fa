import { describe, expect, it } from 'vitest';
import { command, scripted, SCENARIOS } from '../captured-io.js';
import { EXAMPLES, debug, said } from './debug-session.js';

const COUNTER = 'per-cpu-counter.ts';

describe('rseqlab debug', () => {
  it('says what is debugged, and ends with status 0 at the end of its input', async () => {
    const { status, out, err } = await debug([COUNTER], []);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatchInlineSnapshot(`
      "per-CPU counter: 2 CPUs, 2 threads; help lists the commands
      T0 increment on CPU 0 at per-CPU counter: add
      => li32 r7, cs
      "
    `);
  });

  it('lists threads, CPUs and sections', async () => {
    expect(await said(COUNTER, ['threads', 'cpus', 'sections'])).toMatchInlineSnapshot(`
      "  thread  name       process  cpu  state    at                                 source
      * T0      increment  main     0    running  per-CPU counter: add: li32 r7, cs
        T1      increment  main     1    running  per-CPU counter: add: li32 r7, cs
      cpu  state   runs  queued  buffered stores  instructions  cycles
      0    online  T0            0                0             0
      1    online  T1            0                0             0
      section              start     bytes  abort     descriptor
      per-CPU counter: cs  0x4000ec  24     0x40010c  0x400120
      "
    `);
  });

  it('shows the code with labels, notes, sections, threads and breakpoints', async () => {
    const lines = ['break cs.start+12', 's 3', 'disassemble'];
    expect(await said(COUNTER, lines)).toMatchInlineSnapshot(`
      "breakpoint 1: per-CPU counter: cs.start+12 (0x4000f8)
      CPU 0  T0 li32 r7, cs
      CPU 0  T0 st32 r7, [r14 + 8]  [0x70008008] = 0x400120  ; arm: rseq_cs = &cs
      CPU 0  T0 ld32 r5, [r14 + 4]  [0x70008004] is 0  ; cpu = rseq->cpu_id
      T0 increment on CPU 0 at per-CPU counter: cs.start+4, in section cs, per-cpu-counter.ts:15:22
      => shli r5, r5, 6
      per-CPU counter
               add:
            T1   0x4000e0  li32 r7, cs
                 0x4000e8  st32 r7, [r14 + 8]  ; arm: rseq_cs = &cs
               cs.start:
               | 0x4000ec  ld32 r5, [r14 + 4]  ; cpu = rseq->cpu_id
            => | 0x4000f0  shli r5, r5, 6
               | 0x4000f4  add r5, r5, r1
             B | 0x4000f8  ld32 r6, [r5]  ; value = counter[cpu]
               | 0x4000fc  add r6, r6, r2
               | 0x400100  st32 r6, [r5]  ; commit: counter[cpu] = value + delta
               cs.postCommit:
                 0x400104  ret
                 0x400108  .word 0x53053053
               cs.abort:
                 0x40010c  jmp add
               cs:
                 0x400120  struct rseq_cs
      "
    `);
  });

  it('stops at a breakpoint for one thread, and shows its rseq state and memory', async () => {
    const lines = ['b cs.start+20 if T1', 'c', 'rseq', 'x/2 r5', 'registers T1'];
    expect(await said(COUNTER, lines)).toMatchInlineSnapshot(`
      "breakpoint 1: per-CPU counter: cs.start+20 (0x400100) if T1
      breakpoint 1, per-CPU counter: cs.start+20 (0x400100): T1
      T1 increment on CPU 1 at per-CPU counter: cs.start+20, in section cs, per-cpu-counter.ts:15:22
      => st32 r6, [r5]  ; commit: counter[cpu] = value + delta
      area                  0x70008100  signature 0x53053053
      cpu_id_start          1
      cpu_id                1
      rseq_cs               0x400120    per-CPU counter: cs
      flags                 0x0
        version             0
        flags               0x0
        start_ip            0x4000ec    per-CPU counter: cs.start
        post_commit_offset  24
        abort_ip            0x40010c    per-CPU counter: cs.abort, behind 0x53053053
      ip                    0x400100    inside of it
      0x10000040:        0x0        0x0
      r0   0x0         0
      r1   0x10000000  268435456
      r2   0x1         1
      r3   0x0         0
      r4   0x0         0
      r5   0x10000040  268435520
      r6   0x1         1
      r7   0x400120    4194592
      r8   0x0         0
      r9   0x0         0
      r10  0x0         0
      r11  0x0         0
      r12  0x0         0
      r13  0x0         0
      r14  0x70008100  1879081216  thread pointer
      r15  0x60028000  1610776576  stack pointer
      ip   0x400100    4194560     per-CPU counter: cs.start+20
      "
    `);
  });

  it('makes kernel events happen, and shows the abort', async () => {
    const lines = ['s 4', 'migrate T1 to 0', 'preempt now', 'thread T0', 'preempt T0', 'step'];
    expect(await said(COUNTER, lines)).toMatchInlineSnapshot(`
      "CPU 0  T0 li32 r7, cs
      CPU 0  T0 st32 r7, [r14 + 8]  [0x70008008] = 0x400120  ; arm: rseq_cs = &cs
      CPU 0  T0 ld32 r5, [r14 + 4]  [0x70008004] is 0  ; cpu = rseq->cpu_id
      CPU 0  T0 shli r5, r5, 6
      T0 increment on CPU 0 at per-CPU counter: cs.start+8, in section cs, per-cpu-counter.ts:15:22
      => add r5, r5, r1
      CPU 0  >> migrate: T1 moves here from CPU 1
      T0 increment on CPU 0 at per-CPU counter: cs.start+8, in section cs, per-cpu-counter.ts:15:22
      => add r5, r5, r1
      CPU 0  >> preempt: T1 takes the CPU from T0
      T0 increment ready, CPU 0 at per-CPU counter: cs.start+8, in section cs, per-cpu-counter.ts:15:22
      => add r5, r5, r1
      T0 increment ready, CPU 0 at per-CPU counter: cs.start+8, in section cs, per-cpu-counter.ts:15:22
      => add r5, r5, r1
      CPU 0  >> preempt: T0 takes the CPU from T1
      CPU 0  !! abort: T0 was at add r5, r5, r1, goes on at jmp add
      T0 increment on CPU 0 at per-CPU counter: cs.abort, per-cpu-counter.ts:15:22
      => jmp add
      CPU 0  T0 jmp add
      T0 increment on CPU 0 at per-CPU counter: add, per-cpu-counter.ts:15:22
      => li32 r7, cs
      "
    `);
  });

  it('steps over a section as one', async () => {
    expect(await said(COUNTER, ['n', 'n', 'n'])).toMatchInlineSnapshot(`
      "CPU 0  T0 li32 r7, cs
      T0 increment on CPU 0 at per-CPU counter: add+8, per-cpu-counter.ts:15:22
      => st32 r7, [r14 + 8]  ; arm: rseq_cs = &cs
      CPU 0  T0 st32 r7, [r14 + 8]  [0x70008008] = 0x400120  ; arm: rseq_cs = &cs
      T0 increment on CPU 0 at per-CPU counter: cs.start, in section cs, per-cpu-counter.ts:15:22
      => ld32 r5, [r14 + 4]  ; cpu = rseq->cpu_id
      CPU 0  T0 ld32 r5, [r14 + 4]  [0x70008004] is 0  ; cpu = rseq->cpu_id
      CPU 0  T0 shli r5, r5, 6
      CPU 0  T0 add r5, r5, r1
      CPU 0  T0 ld32 r6, [r5]  [0x10000000] is 0  ; value = counter[cpu]
      CPU 0  T0 add r6, r6, r2
      CPU 0  T0 st32 r6, [r5]  [0x10000000] = 1  ; commit: counter[cpu] = value + delta
      T0 increment on CPU 0 at per-CPU counter: cs.postCommit, per-cpu-counter.ts:15:22
      => ret
      "
    `);
  });

  it('goes back step by step, and to where a breakpoint was', async () => {
    const lines = ['b cs.start+8', 'c', 'c T0', 'rs', 'reverse-continue', 'rc', 'c'];
    expect(await said(COUNTER, lines)).toMatchInlineSnapshot(`
      "breakpoint 1: per-CPU counter: cs.start+8 (0x4000f4)
      breakpoint 1, per-CPU counter: cs.start+8 (0x4000f4): T0
      T0 increment on CPU 0 at per-CPU counter: cs.start+8, in section cs, per-cpu-counter.ts:15:22
      => add r5, r5, r1
      T0 increment has ended
      undone: CPU 0  T0 exit(0)
      decision 12, 1 lie ahead
      T0 increment on CPU 0 at access: syscall, per-cpu-counter.ts:15:22
      => syscall
      undone: CPU 0  T0 add r5, r5, r1
      undone: CPU 0  T0 ld32 r6, [r5]  [0x10000000] is 0  ; value = counter[cpu]
      undone: CPU 0  T0 add r6, r6, r2
      and 2 more
      breakpoint 1, per-CPU counter: cs.start+8 (0x4000f4): T0
      decision 7, 6 lie ahead
      T0 increment on CPU 0 at per-CPU counter: cs.start+8, in section cs, per-cpu-counter.ts:15:22
      => add r5, r5, r1
      undone: CPU 0  T0 li32 r7, cs
      undone: CPU 1  T1 li32 r7, cs
      undone: CPU 0  T0 st32 r7, [r14 + 8]  [0x70008008] = 0x400120  ; arm: rseq_cs = &cs
      and 4 more
      the start of the run
      decision 0, 13 lie ahead
      T0 increment on CPU 0 at per-CPU counter: add
      => li32 r7, cs
      breakpoint 1, per-CPU counter: cs.start+8 (0x4000f4): T0
      T0 increment on CPU 0 at per-CPU counter: cs.start+8, in section cs, per-cpu-counter.ts:15:22
      => add r5, r5, r1
      "
    `);
  });

  it('prints a token that replay and debug take', async () => {
    const lines = ['s 3', 'migrate T0 to 1', 'c', 'token'];
    const [last = ''] = (await said(COUNTER, lines)).trim().split('\n').slice(-1);
    const token = /^rseqlab replay (\S+)$/.exec(last)?.[1] ?? '';
    expect((await command(['replay', token], { folder: EXAMPLES })).status).toBe(0);
    const { out } = await debug(['--token', token], ['forward 3', 'forward', 'c', 'token']);
    expect(out).toContain('decisions of the token lie ahead');
    expect(out).toContain('>> migrate: T0 moves here from CPU 0');
    expect(out.trim().split('\n').at(-1)).toBe(last);
  });

  it('follows the run that a search found to its finding, and back', async () => {
    const { out: found } = await command(['check', 'per-cpu-counter-without-rseq.ts', '--json'], {
      folder: EXAMPLES,
    });
    const { token } = JSON.parse(found) as { token: string };
    const { status, out } = await debug(['--token', token], ['c', 'rs 2', 'c']);
    expect(status).toBe(0);
    expect(out.match(/!! assertion: expected the sum to be 2, got 1/g)).toHaveLength(2);
  });

  it('finds a livelock, and names the section and the way out', async () => {
    const out = await said('single-step-livelock.ts', ['c']);
    expect(out).toContain(
      'livelock: section per-CPU counter: cs of T0 was aborted 8 times in a row and gets nowhere; ' +
        'a debugger that stops inside of it has to step over it as one (stepover)\n',
    );
  });

  it('delivers signals, takes pages away, and lets threads sleep and wake', async () => {
    const script = ['c T1', 'c T0', 'page-out', 'c T0', 'page-in', 'events', 'signal USR1', 'c'];
    expect(await said('page-and-signal.ts', script, SCENARIOS)).toMatchInlineSnapshot(`
      "CPU 1  -- T1 sleeps
      T1 waiting asleep, CPU 1 at access: syscall+4, page-and-signal.ts:19:40
      => ret
      no thread can go on unless a kernel event comes: events lists what can
      T0 handling on CPU 0 at access: again+8, page-and-signal.ts:16:16
      => again
      CPU 0  >> the page that T0 accesses next is taken away
      T0 handling on CPU 0 at access: again+8, page-and-signal.ts:16:16
      => again
      CPU 0  -- page fault, not in memory: 0x10000000
      CPU 0  -- T0 sleeps
      T0 handling asleep, CPU 0 at access: again+8, page-and-signal.ts:16:16
      => again
      CPU 0  -- the page that T0 waits for is there
      CPU 0  -- T0 wakes up
      CPU 0  -- T0 gets the CPU
      no thread can go on unless a kernel event comes: events lists what can
      T0 handling on CPU 0 at access: again+8, page-and-signal.ts:16:16
      => again
      migrate T0 to 1
      signal 10 T0
      signal 10 T1
      page-out T0
      CPU 0  >> SIGUSR1 is sent to T0
      CPU 0  -- SIGUSR1 is handled by T0
      T0 handling on CPU 0 at access: syscall+4, page-and-signal.ts:16:16
      => ret
      CPU 1  -- T1 wakes up
      CPU 1  -- T1 gets the CPU
      every thread has ended, and nothing was found
      "
    `);
  });

  it('answers in JSON, one line a command', async () => {
    const script = ['step 2', 'break cs.start+8', 'continue', 'rseq', 'events', '# no answer', 'q'];
    const { out } = await debug([COUNTER, '--json'], script);
    const answers = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(answers.map((answer) => answer['command'])).toEqual([
      undefined,
      'step',
      'break',
      'continue',
      'rseq',
      'events',
      'quit',
    ]);
    expect(answers[1]).toMatchObject({ position: 2, at: { place: 'per-CPU counter: cs.start' } });
    expect(answers[3]).toMatchObject({ breakpoint: 1, at: { thread: 0, section: 'cs' } });
    expect(answers[4]).toMatchObject({ registered: true, isInside: true, cpuId: 0 });
  });
});

describe('a person at a terminal', () => {
  it('is told what was wrong, goes on, and repeats the last command by an empty line', async () => {
    const lines = ['dance', 'step', '', 'thread', 'quit', 'step'];
    const { status, out, err } = await command(['debug', COUNTER], {
      folder: EXAMPLES,
      openInput: () => scripted(lines, true),
    });
    expect(status).toBe(0);
    expect(err).toMatch(/^expected a command \(threads, .*\), got "dance"\n$/);
    expect(out.match(/^CPU 0 {2}T0/gm)).toHaveLength(2);
    expect(out.trim().split('\n').at(-1)).toBe('=> ld32 r5, [r14 + 4]  ; cpu = rseq->cpu_id');
  });

  it('gets every command explained', async () => {
    const help = await said(COUNTER, ['help']);
    const names = [...help.matchAll(/^ {2}([a-z-]+)/gm)].map((match) => match[1]!);
    expect(names.length).toBeGreaterThan(30);
    const explained = await said(
      COUNTER,
      names.map((name) => `help ${name}`),
    );
    for (const name of names) expect(explained).toMatch(new RegExp(`^${name}\\b`, 'm'));
  });
});
