import { describe, expect, it } from 'vitest';
import { MachineError } from '../../src/base/machine-error.js';
import { RandomDirector } from '../../src/director/random-director.js';
import { checkConfig, describeConfig } from '../../src/machine-config.js';
import type { MachineConfig } from '../../src/machine-config.js';
import { Machine } from '../../src/machine.js';
import { COST_MACHINES } from '../../src/cpu/cost-machines.js';

function build(config: unknown): Machine {
  return new Machine(config as MachineConfig, new RandomDirector({ seed: 1 }));
}

const IMPOSSIBLE: readonly (readonly [config: object, message: string])[] = [
  [{ cpus: 0 }, 'expected at least 1 CPU, got 0 CPUs'],
  [{ cpus: -1 }, 'expected 0 to 4096 CPUs, got -1'],
  [{ cpus: 4097 }, 'expected 0 to 4096 CPUs, got 4097'],
  [{ cpus: 1.5 }, 'expected 0 to 4096 CPUs, got 1.5'],
  [{ cpus: NaN }, 'expected 0 to 4096 CPUs, got NaN'],
  [{ cpus: [] }, 'expected at least 1 CPU, got 0 CPUs'],
  [{ cpus: [0, 4096] }, 'expected CPU numbers 0 to 4095, got 4096'],
  [{ cpus: [0, -1] }, 'expected CPU numbers 0 to 4095, got -1'],
  [{ cpus: [3, 3] }, 'expected each CPU once, got CPU 3 twice'],
  [{ cpus: 'two' }, 'expected a CPU list such as "0-3,8", got "two" (at "two")'],
  [{ cpus: '3-1' }, 'expected an ascending range, got "3-1" in "3-1"'],
  [{ cpus: { cpus: 4, nodes: 5 } }, 'expected a CPU for every node, got 5 nodes for 4 CPUs'],
  [{ cpus: { cpus: 4, nodes: 0 } }, 'expected 1 to 4096 nodes, got 0'],
  [{ cpus: { cpus: 2, nodes: [] } }, 'expected at least 1 node, got 0 nodes'],
  [{ cpus: { cpus: 2, nodes: [[0, 1], []] } }, 'expected a CPU in every node, got node 1 empty'],
  [
    {
      cpus: {
        cpus: 3,
        nodes: [
          [0, 1],
          [1, 2],
        ],
      },
    },
    'expected each CPU in one node, got CPU 1 in nodes 0 and 1',
  ],
  [{ cpus: { cpus: 2, nodes: [[0]] } }, 'expected each CPU in one node, got CPU 1 in none'],
  [
    { cpus: { cpus: 2, nodes: [[0, 1, 2]] } },
    'expected node 0 CPUs among the possible ones (0-1), got "0-2"',
  ],
  [
    { cpus: { cpus: 2, present: 3 } },
    'expected present CPUs among the possible ones (0-1), got "0-2"',
  ],
  [
    { cpus: { cpus: 4, present: [1], online: [0] } },
    'expected online CPUs among the present ones (1), got "0"',
  ],
  [{ cpus: { cpus: 4, online: [] } }, 'expected at least 1 online CPU, got none'],
  [{ memory: 'pso' }, 'expected a memory model (sc, tso, weak), got "pso"'],
  [{ memory: 'toString' }, 'expected a memory model (sc, tso, weak), got "toString"'],
  [{ maxThreads: 0 }, 'expected maxThreads to be an integer from 1 to 65536, got 0'],
  [{ maxThreads: 65537 }, 'expected maxThreads to be an integer from 1 to 65536, got 65537'],
  [{ maxThreads: 2.5 }, 'expected maxThreads to be an integer from 1 to 65536, got 2.5'],
  [{ maxProcesses: 0 }, 'expected maxProcesses to be an integer from 1 to 1024, got 0'],
  [{ maxProcesses: 1025 }, 'expected maxProcesses to be an integer from 1 to 1024, got 1025'],
  [{ memoryBytes: 0 }, 'a multiple of 4096, got 0'],
  [{ memoryBytes: -4096 }, 'a multiple of 4096, got -4096'],
  [{ memoryBytes: 2 ** 20 + 1 }, 'a multiple of 4096, got 1048577'],
  [{ memoryBytes: 2 ** 31 }, 'a multiple of 4096, got 2147483648'],
  [{ memoryBytes: 8192 }, 'expected a text segment that fits into memory'],
  [{ storeBufferEntries: 0 }, 'expected storeBufferEntries to be an integer from 1 to 64, got 0'],
  [{ storeBufferEntries: 65 }, 'expected storeBufferEntries to be an integer from 1 to 64, got 65'],
  [{ seed: 0.5 }, 'expected seed to be an integer from -2147483648 to 4294967295, got 0.5'],
  [
    { seed: 2 ** 32 },
    'expected seed to be an integer from -2147483648 to 4294967295, got 4294967296',
  ],
  [{ seed: '1' }, 'expected seed to be an integer'],
  [{ kernel: 'rseq' }, 'expected a list of kernel modules, such as [rseq()], got "rseq"'],
  [{ kernel: { rseq: 'v6.1' } }, 'expected a list of kernel modules, such as [rseq()], got'],
  [
    { kernel: [{ name: 'x' }] },
    'expected a list of kernel modules, such as [rseq()], got one without',
  ],
  [{ events: { preempt: true } }, 'expected kernel events (preemption, migration, ticks,'],
  [{ events: { ticks: 1 } }, 'expected events.ticks to be true or false, got 1'],
  [
    { events: { signals: [0] } },
    'expected events.signals to be a list of signals from 1 to 64, got 0',
  ],
  [{ events: { signals: [10, 65] } }, 'list of signals from 1 to 64, got 10,65'],
  [{ events: { kills: 'main' } }, 'expected events.kills to be a list of process names, got main'],
  [
    { cost: { name: 'slow', frequencyMhz: 0, costs: {} } },
    'expected a frequency above 0 MHz for "slow", got 0',
  ],
  [{ cpu: 2 }, 'expected options of a machine (cpus, memory, kernel,'],
];

describe('a configuration that cannot be built', () => {
  it.each(IMPOSSIBLE)('is refused with ERR_CONFIG: %j', (config, message) => {
    expect(() => build(config)).toThrow(MachineError);
    expect(() => build(config)).toThrow(
      expect.objectContaining({
        code: 'ERR_CONFIG',
        message: expect.stringContaining(message) as string,
      }),
    );
  });
});

describe('a configuration', () => {
  it('has defaults for everything', () => {
    const machine = build({});
    expect(machine.cpus.possible).toEqual([0, 1]);
    expect(machine.threads.capacity).toBe(64);
    expect(machine.buffersStores).toBe(false);
    expect(checkConfig({})).toEqual({
      topology: { cpus: 2 },
      memory: 'sc',
      kernel: [],
      seed: 1,
      maxThreads: 64,
      maxProcesses: 16,
      memoryBytes: 64 * 2 ** 20,
      storeBufferEntries: 8,
      cost: false,
      events: {},
      fingerprint: false,
      shadow: false,
    });
  });

  it('says which CPUs there are by number, by list, by text, or with nodes', () => {
    expect(build({ cpus: 3 }).cpus.possible).toEqual([0, 1, 2]);
    expect(build({ cpus: [7, 2] }).cpus.possible).toEqual([2, 7]);
    expect(build({ cpus: '0-1,4' }).cpus.possible).toEqual([0, 1, 4]);
    const { cpus } = build({ cpus: { cpus: 4, online: '0,2-3', nodes: 2 } });
    expect([...cpus.online]).toEqual([1, 0, 1, 1]);
    expect([...cpus.node]).toEqual([0, 0, 1, 1]);
  });

  it.each([
    ['one CPU', { cpus: 1 }],
    ['4096 CPUs', { cpus: 4096 }],
    ['the CPU with the highest number alone', { cpus: [4095] }],
    ['one thread and one process', { maxThreads: 1, maxProcesses: 1 }],
    ['65536 threads', { maxThreads: 65536 }],
    ['a store buffer of one entry', { memory: 'tso', storeBufferEntries: 1 }],
    ['the least memory', { memoryBytes: 2 ** 20 + 8192 }],
    ['costs of a named machine', { cost: COST_MACHINES[0]! }],
  ] as const)('may ask for %s', (_what, config: MachineConfig) => {
    const machine = build({ ...config, events: { migration: false } });
    const process = machine.createProcess('main');
    const word = process.allocate(4);
    process.spawn(function* body(t) {
      yield* t.store(word, 7);
    });
    expect(machine.run().outcome).toBe('finished');
    expect(process.read32(word)).toBe(7);
  });
});

describe('describeConfig', () => {
  const described = (config: MachineConfig): string => describeConfig(checkConfig(config));
  const module = (name: string): NonNullable<MachineConfig['kernel']> => [
    { name, attach: () => ({}) },
  ];

  it('says which modules the kernel has', () => {
    expect(build({}).kernelModules).toEqual([]);
    expect(build({ kernel: module('cpu_opv') }).kernelModules).toEqual(['cpu_opv']);
  });

  it('is the same for the same configuration, with defaults spelled out or not', () => {
    expect(described({})).toBe(described({ cpus: 2, memory: 'sc', seed: 1 }));
    expect(build({}).description).toBe(described({}));
  });

  it('does not tell machines apart that keep fingerprints, whose runs are the same', () => {
    expect(described({ fingerprint: true })).toBe(described({}));
  });

  it.each<readonly [string, MachineConfig]>([
    ['number of CPUs', { cpus: 3 }],
    ['nodes', { cpus: { cpus: 2, nodes: 2 } }],
    ['memory model', { memory: 'tso' }],
    ['store buffer', { storeBufferEntries: 7 }],
    ['kernel modules', { kernel: module('rseq v6.1') }],
    ['seed', { seed: 2 }],
    ['costs', { cost: COST_MACHINES[0]! }],
    ['events', { events: { ticks: true } }],
    ['threads', { maxThreads: 8 }],
    ['memory size', { memoryBytes: 32 * 2 ** 20 }],
  ])('differs with the %s', (_what, config) => {
    expect(described(config)).not.toBe(described({}));
  });

  it('tells kernel modules apart by their names', () => {
    expect(described({ kernel: module('a') })).not.toBe(described({ kernel: module('b') }));
  });
});
