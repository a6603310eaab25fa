import { beforeAll, describe, expect, it } from 'vitest';
import { SCENARIOS, command, scripted } from '../captured-io.js';
import { EXAMPLES, debug } from './debug-session.js';

const COUNTER = 'per-cpu-counter.ts';

const FINISHED =
  'expected a run that goes on, got one in which every thread has ended (reverse-step goes back, restart starts over)';

/** What is wrong, the lines that lead to it, of which the last one is, and the complaint. */
const REFUSALS: readonly (readonly [string, readonly string[], string])[] = [
  [
    'to follow what was not recorded',
    ['forward'],
    'expected decisions that lie ahead, got the end of what was recorded',
  ],
  [
    'an ambiguous beginning',
    ['re'],
    'expected one command (registers, reverse-step, reverse-continue, restart), got "re"',
  ],
  ['a thread that does not exist', ['thread T7'], 'expected a thread (T0, T1), got "T7"'],
  ['what is no thread', ['thread x'], 'expected a thread (T0, T1), got "x"'],
  ['a CPU that does not exist', ['offline 7'], 'expected a CPU (0, 1), got "7"'],
  [
    'a label that does not exist',
    ['b nowhere'],
    'expected an address, a program or a label of one (disassemble shows them), got "nowhere"',
  ],
  ['a breakpoint on no code', ['b 0x10000000'], 'expected an address of code, got "0x10000000"'],
  [
    'a breakpoint in the middle of an instruction',
    ['b add+4'],
    'expected the address of an instruction, got "add+4"',
  ],
  ['a breakpoint on data', ['b cs'], 'expected the address of an instruction, got "cs"'],
  [
    'a breakpoint for a thread that does not exist',
    ['b add if T9'],
    'expected a thread (T0, T1), got "T9"',
  ],
  ['a breakpoint for nobody', ['b add if'], 'expected a thread (T0, T1), got nothing'],
  [
    'a breakpoint that does not exist',
    ['delete 3'],
    'expected a breakpoint (there are none), got "3"',
  ],
  [
    'memory that is not mapped',
    ['x 0x30000000'],
    'expected an address that is mapped, got "0x30000000"',
  ],
  [
    'memory beyond user space',
    ['x 0x90000000'],
    'expected an address that is mapped, got "0x90000000"',
  ],
  ['memory nowhere', ['memory'], 'expected an address, got nothing'],
  ['words that a command does not take', ['threads now'], 'expected nothing more, got "now"'],
  ['a count that is none', ['step many'], 'expected a count from 1 to 1000000, got "many"'],
  ['a signal that does not exist', ['signal 65'], 'expected a signal from 1 to 64, got "65"'],
  [
    'a process that does not exist',
    ['kill other'],
    'expected a process that lives (main), got "other"',
  ],
  [
    'a preemption by nobody',
    ['preempt'],
    'expected a thread that waits for CPU 0 (migrate T1 to 0 brings one), got "none"',
  ],
  [
    'an event that cannot be',
    ['migrate T0 to 0'],
    'expected an event that the kernel can be in now (events lists some), got "migrate T0 to 0"',
  ],
  [
    'a step of a thread that is queued',
    ['migrate T1 to 0', 'step T1'],
    'expected a thread that is on a CPU, got T1, which is ready on CPU 0 behind T0 (preempt T1 gives it the CPU)',
  ],
  [
    'a preemption of a thread that has ended',
    ['c', 'rs', 'preempt'],
    'expected a selected thread that has a CPU (thread T1 selects another), got "T0"',
  ],
  ['a step behind the end', ['c', 's'], FINISHED],
  ['an event behind the end', ['c', 'tick'], FINISHED],
  [
    'registers of a thread that has ended',
    ['c', 'registers'],
    'expected a thread that lives, got T0, which has ended',
  ],
  [
    'a step back from the start',
    ['rs'],
    'expected a decision to take back, got the start of the run',
  ],
  [
    'to go back to a breakpoint from the start',
    ['rc'],
    'expected a run to go back in, got the start of the run',
  ],
];

/** Complaints in the order of the table: one person makes all these mistakes, one after the other. */
let complaints: readonly string[] = [];

beforeAll(async () => {
  const lines = REFUSALS.flatMap(([, wrong], index) => [
    ...(index === 0 ? [] : ['restart', 'thread T0']),
    ...wrong,
  ]);
  const { err } = await command(['debug', COUNTER], {
    folder: EXAMPLES,
    openInput: () => scripted(lines, true),
  });
  complaints = err.trimEnd().split('\n');
});

describe('the debugger refuses in one line', () => {
  it.each(REFUSALS.map(([what, , message], index) => [what, message, index] as const))(
    '%s',
    (_, message, index) => expect(complaints[index]).toBe(message),
  );

  it('nothing else', () => expect(complaints).toHaveLength(REFUSALS.length));
});

describe('a script ends at its first wrong line', () => {
  it('with status 2, its number and what was expected', async () => {
    const { status, err } = await debug([COUNTER], ['threads', '# remark', '', 'dance']);
    expect(status).toBe(2);
    expect(err).toMatch(
      /^rseqlab: line 4: expected a command \(threads, thread, .*quit, help, info\), got "dance"\n$/,
    );
  });
});

describe('rseqlab debug refuses', () => {
  const complaint = async (args: readonly string[], folder?: string): Promise<string> => {
    const { status, out, err } = await debug(args, [], folder);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    return err;
  };

  it('a file that is not there', async () => {
    expect(await complaint(['gone.ts'])).toBe(
      'rseqlab: gone.ts: expected a scenario file, got no such file\n',
    );
  });

  it('neither file nor token', async () => {
    expect(await complaint([])).toMatch(
      /^rseqlab: expected a scenario file or --token, got neither/,
    );
  });

  it('what is no token', async () => {
    expect(await complaint(['--token', 'hello'])).toMatch(/expected a replay token/);
  });

  it('a scenario whose setup throws', async () => {
    expect(await complaint(['throws-in-setup.ts'], SCENARIOS)).toMatch(
      /^rseqlab: throws-in-setup\.ts:\d+:\d+: expected setup of scenario/,
    );
  });

  it('to go on where the program of a thread throws', async () => {
    const { status, err } = await debug(['throws-in-thread.ts'], ['c'], SCENARIOS);
    expect(status).toBe(2);
    expect(err).toMatch(/^rseqlab: line 1: throws-in-thread\.ts:\d+:\d+: expected a thread of/);
  });
});
