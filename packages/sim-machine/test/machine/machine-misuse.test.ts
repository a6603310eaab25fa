import { describe, expect, it } from 'vitest';
import { RandomDirector } from '../../src/director/random-director.js';
import { ScriptedDirector } from '../../src/director/scripted-director.js';
import { TimedDirector } from '../../src/director/timed-director.js';
import { ProgramBuilder } from '../../src/isa/program-builder.js';
import { Registers } from '../../src/isa/register.js';
import type { SpawnOptions } from '../../src/kernel/spawn-options.js';
import type { ThreadBody } from '../../src/kernel/thread.js';
import type { MachineConfig } from '../../src/machine-config.js';
import { Machine } from '../../src/machine.js';

function build(config: MachineConfig = {}): Machine {
  return new Machine(
    { maxThreads: 4, maxProcesses: 2, ...config },
    new RandomDirector({ seed: 1 }),
  );
}

function* nothing(): Generator<undefined, void, undefined> {}

function refused(action: () => unknown, code: string, message: string): void {
  expect(action).toThrow(
    expect.objectContaining({
      name: 'MachineError',
      code,
      message: expect.stringContaining(message) as string,
    }),
  );
}

describe('ERR_CAPACITY', () => {
  it('refuses a thread more than the machine holds, and none of those before', () => {
    const process = build().createProcess('main');
    for (let i = 0; i < 4; i++) process.spawn(nothing);
    refused(
      () => process.spawn(nothing),
      'ERR_CAPACITY',
      'expected at most 4 threads (maxThreads)',
    );
    expect(process.threadCount).toBe(4);
  });

  it('is lifted when a thread exits', () => {
    const machine = build({ maxThreads: 1 });
    const process = machine.createProcess('main');
    process.spawn(nothing);
    refused(() => process.spawn(nothing), 'ERR_CAPACITY', 'got one more');
    machine.run();
    process.spawn(nothing);
    expect(machine.liveThreads).toBe(1);
  });

  it('refuses a process more than the machine holds', () => {
    const machine = build();
    machine.createProcess('a');
    machine.createProcess('b');
    refused(
      () => machine.createProcess('c'),
      'ERR_CAPACITY',
      'expected at most 2 processes (maxProcesses), got one more',
    );
  });

  it('refuses static data beyond 128 MiB, naming what is left', () => {
    const process = build().createProcess('main');
    process.allocate(4096);
    const left = 128 * 2 ** 20 - 4096;
    refused(
      () => process.allocate(left + 1),
      'ERR_CAPACITY',
      `expected at most ${left} more bytes of static data, got ${left + 1}`,
    );
  });

  it('refuses static data that physical memory has no page for', () => {
    const process = build({ memoryBytes: 2 ** 20 + 64 * 4096 }).createProcess('main');
    refused(() => process.allocate(2 ** 20), 'ERR_CAPACITY', 'expected a free page frame');
  });

  it('refuses a program that the text segment has no room for', () => {
    const builder = new ProgramBuilder('huge').label('entry');
    for (let i = 0; i < 2 ** 18; i++) builder.word(0);
    refused(() => build().install(builder.build()), 'ERR_CAPACITY', 'the rest of the text segment');
  });
});

describe('ERR_STATE', () => {
  it('refuses a thread slot that the machine does not have', () => {
    refused(() => build().thread(4), 'ERR_STATE', 'expected a thread slot below 4, got 4');
    refused(() => build().thread(-1), 'ERR_STATE', 'got -1');
  });

  it('refuses the process of a slot that was never used', () => {
    refused(() => build().thread(2).process, 'ERR_STATE', 'got the unused slot 2');
  });

  it('refuses a process of the run before a reset', () => {
    const machine = build();
    const process = machine.createProcess('main');
    machine.reset(new RandomDirector({ seed: 1 }));
    refused(() => process.space, 'ERR_STATE', 'got process 0, which has ended');
    refused(() => process.read32(0x10000000), 'ERR_STATE', 'which has ended');
  });

  it('refuses a director of another kind at reset', () => {
    const machine = build();
    refused(
      () => {
        machine.reset(new TimedDirector());
      },
      'ERR_STATE',
      'got "policy" and "instruction"',
    );
    refused(
      () => {
        machine.reset(new ScriptedDirector([]));
      },
      'ERR_STATE',
      'granularity "access"',
    );
  });

  it('refuses the fingerprint of a machine that keeps none', () => {
    refused(
      () => {
        build().fingerprint({ low: 0, high: 0 });
      },
      'ERR_STATE',
      'fingerprint: true',
    );
  });
});

describe('ERR_ADDRESS', () => {
  it.each([0, 0x40, 0x30000000, 0x80000000, 0xfffffffc])(
    'refuses to read or write %i, where nothing is mapped',
    (address) => {
      const process = build().createProcess('main');
      const message = `expected an address that is mapped, got 0x${address.toString(16)}`;
      refused(() => process.read32(address), 'ERR_ADDRESS', message);
      refused(
        () => {
          process.write32(address, 1);
        },
        'ERR_ADDRESS',
        message,
      );
    },
  );
});

describe('ERR_CONFIG', () => {
  it.each<readonly [SpawnOptions, string]>([
    [{ cpu: 2 }, 'expected an online CPU of the affinity mask (0, 1), got 2'],
    [{ cpu: -1 }, 'got -1'],
    [{ cpu: 0.5 }, 'got 0.5'],
    [{ affinity: [] }, 'expected an online CPU in the affinity mask (0, 1), got []'],
    [{ affinity: [0, 7] }, 'expected a possible CPU (0, 1), got 7'],
    [{ affinity: [0], cpu: 1 }, 'expected an online CPU of the affinity mask (0), got 1'],
    [{ nice: 20 }, 'expected a nice value (-20, ..., 19), got 20'],
    [{ nice: -21 }, 'got -21'],
    [{ nice: 0.5 }, 'got 0.5'],
    [
      { realTime: { policy: 'fifo', priority: 0 } },
      'expected a real-time priority (1, ..., 99), got 0',
    ],
    [{ realTime: { policy: 'rr', priority: 100 } }, 'got 100'],
    [
      { realTime: { policy: 'idle' as 'rr', priority: 1 } },
      'expected a real-time policy (fifo, rr), got idle',
    ],
  ])('refuses to spawn a thread with %j, and leaves no trace of it', (options, message) => {
    const machine = build();
    const process = machine.createProcess('main');
    refused(() => process.spawn(nothing, options), 'ERR_CONFIG', message);
    expect(machine.threads.highWater).toBe(0);
    for (let i = 0; i < 4; i++) process.spawn(nothing);
    expect(machine.run().outcome).toBe('finished');
  });

  it('refuses a CPU that is offline, and an affinity mask of such CPUs alone', () => {
    const process = build({ cpus: { cpus: 3, online: [0, 2] } }).createProcess('main');
    refused(() => process.spawn(nothing, { cpu: 1 }), 'ERR_CONFIG', '(0, 2), got 1');
    refused(() => process.spawn(nothing, { affinity: [1] }), 'ERR_CONFIG', 'got [1]');
    expect(process.spawn(nothing, { affinity: [1, 2] }).id).toBe(0);
  });

  it.each([0, -4, 1.5, NaN, Infinity])('refuses to allocate %s bytes', (bytes) => {
    const process = build().createProcess('main');
    refused(() => process.allocate(bytes), 'ERR_CONFIG', 'expected a positive number of bytes');
  });

  it.each([0, 3, -4, 2.5, 8192, NaN])('refuses an alignment of %s', (align) => {
    const process = build().createProcess('main');
    refused(
      () => process.allocate(4, align),
      'ERR_CONFIG',
      'expected an alignment of a power of two',
    );
  });

  it.each([-1, NaN])('refuses a limit of %s decisions', (decisions) => {
    refused(
      () => build().run({ decisions }),
      'ERR_CONFIG',
      'expected a limit of 0 decisions or more',
    );
  });

  it('refuses a signal that does not exist', () => {
    const process = build().createProcess('main');
    refused(
      () => {
        process.kill(65);
      },
      'ERR_CONFIG',
      'expected a signal from 1 to 64, got 65',
    );
  });
});

describe('ERR_PROGRAM', () => {
  const { r0, r1, r5 } = Registers;
  const program = new ProgramBuilder('p').label('p').ld32(r5, r1).ld32(r0, r1).ret().build();

  it('refuses a thread that is no generator function', () => {
    const process = build().createProcess('main');
    const plain = (() => 5) as unknown as ThreadBody;
    refused(
      () => process.spawn(plain, { name: 'plain' }),
      'ERR_PROGRAM',
      'expected thread "plain" to be a generator function (function*), got a function that returns 5',
    );
  });

  it('refuses a program that yields without an operation, instead of hanging', () => {
    const machine = build();
    machine.createProcess('main').spawn(function* idle() {
      for (;;) yield;
    });
    refused(() => machine.run(), 'ERR_PROGRAM', 'got a yield without one');
  });

  it('refuses a program that never yields, instead of hanging', () => {
    const machine = build();
    const process = machine.createProcess('main');
    const word = process.allocate(4);
    const routine = machine.install(program).routine('p');
    process.spawn(function* hog(t) {
      for (;;) t.exec(routine, word);
    });
    refused(() => machine.run(), 'ERR_PROGRAM', 'got another operation');
  });

  it('refuses a program that ends in the middle of an operation', () => {
    const machine = build();
    const process = machine.createProcess('main');
    const word = process.allocate(4);
    const routine = machine.install(program).routine('p');
    process.spawn(function* hasty(t) {
      t.exec(routine, word);
    });
    refused(() => machine.run(), 'ERR_PROGRAM', 'got the end');
  });

  it('refuses, in a search, a register that the program does not return', () => {
    const machine = build({ fingerprint: true });
    const process = machine.createProcess('main');
    const word = process.allocate(4);
    const routine = machine.install(program).routine('p');
    process.spawn(function* asking(t) {
      if (!t.exec(routine, word)) yield;
      t.register(5);
    });
    refused(
      () => machine.run(),
      'ERR_PROGRAM',
      'expected a register that the program returns, got r5',
    );
  });
});
