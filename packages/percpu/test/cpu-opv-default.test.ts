import { describe, expect, it } from 'vitest';
import { check, scenario } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import {
  PrimitiveOutcome,
  RSEQ_FLAG_UNREGISTER,
  RSEQ_ORIGINAL_SIZE,
  RSEQ_SIGNATURE,
  cpuOpv,
  rseq,
} from '@rseqlab/rseq-runtime';
import type { PrimitiveFallback } from '@rseqlab/rseq-runtime';
import { Machine, SyscallNumber, TimedDirector } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { PerCpuBuffer } from '../src/per-cpu-buffer.js';
import { PerCpuList } from '../src/per-cpu-list.js';
import type { PerCpuOptions } from '../src/per-cpu-options.js';

function* unregister(t: Thread): Operation<void> {
  const area = [t.threadPointer, RSEQ_ORIGINAL_SIZE, RSEQ_FLAG_UNREGISTER, RSEQ_SIGNATURE];
  yield* t.syscall(SyscallNumber.rseq, ...area);
}

/** Does by loads and stores what a section would, with nothing that keeps them together. */
const plain: PrimitiveFallback = function* (t, { definition, args }) {
  const [v, expected, value] = args as [number, number, number];
  const found = yield* t.load(v);
  if (definition.name === 'cmpnev_storeoffp_load') {
    if (found === expected) return { outcome: PrimitiveOutcome.CompareFailed, loaded: 0 };
    yield* t.store(v, yield* t.load(found + value));
    return { outcome: PrimitiveOutcome.Committed, loaded: found };
  }
  if (found !== expected) return { outcome: PrimitiveOutcome.CompareFailed, loaded: 0 };
  yield* t.store(v, value);
  return { outcome: PrimitiveOutcome.Committed, loaded: 0 };
};

const MACHINE = { cpus: 1, maxThreads: 2, maxProcesses: 1, kernel: [rseq(), cpuOpv()] };

/** One thread pops by its section, the other is not registered and pushes: all nodes are there, once. */
function sharing(second: 'push' | 'pop', options: PerCpuOptions): Scenario {
  return scenario({
    name: 'list of a registered and an unregistered thread',
    machine: MACHINE,
    setup(lab) {
      const { machine, process } = lab;
      const list = PerCpuList.create(machine, process, options);
      const nodes = [process.allocate(4), process.allocate(4), process.allocate(4)] as const;
      for (const node of nodes.slice(0, 2)) list.prepend(0, node);
      const held: number[] = second === 'pop' ? [nodes[2]] : [];
      lab.spawn(function* registered(t) {
        held.push(yield* list.pop(t));
      });
      lab.spawn(function* unregistered(t) {
        yield* unregister(t);
        if (second === 'push') yield* list.push(t, nodes[2]);
        else held.push(yield* list.pop(t));
      });
      return { list, nodes, held };
    },
    check({ list, nodes, held }, lab) {
      const found = [...list.nodes(5), ...held].sort((a, b) => a - b);
      lab.expectEqual(found.join(), nodes.join(), 'all nodes');
    },
  });
}

describe('in every interleaving of a thread with its section and one without rseq on one CPU', () => {
  it.each(['push', 'pop'] as const)('a list keeps its nodes, the other does a %s', (second) => {
    const result = check(sharing(second, {}));
    expect(result).toMatchObject({ outcome: 'holds', blocked: 0 });
  });

  it.each(['push', 'pop'] as const)(
    'a list whose fallback loads and stores is found to lose nodes, the other does a %s',
    (second) => {
      expect(check(sharing(second, { fallback: plain }))).toMatchObject({ outcome: 'fails' });
    },
  );
});

/** One thread pops, the other pushes, by concurrency ids of two CPUs; what is aborted, the fallback does. */
function byCid(options: PerCpuOptions): Scenario {
  return scenario({
    name: 'list by mm_cid with its fallback',
    machine: { ...MACHINE, cpus: 2, kernel: [rseq({ profile: 'v6.19' }), cpuOpv()] },
    setup(lab) {
      const { machine, process } = lab;
      const list = PerCpuList.create(machine, process, { ...options, index: 'mm_cid' });
      const nodes = [process.allocate(4), process.allocate(4), process.allocate(4)] as const;
      list.prepend(0, nodes[0]);
      list.prepend(1, nodes[1]);
      const held: number[] = [];
      lab.spawn(function* popping(t) {
        held.push(yield* list.pop(t));
      });
      lab.spawn(function* pushing(t) {
        yield* list.push(t, nodes[2]);
      });
      return { list, nodes, held };
    },
    check({ list, nodes, held }, lab) {
      const found = [...list.nodes(5), ...held].sort((a, b) => a - b);
      lab.expectEqual(found.join(), nodes.join(), 'all nodes');
    },
  });
}

describe('a list by mm_cid on two CPUs', () => {
  it('keeps its nodes where cpu_opv does what was aborted, as far as one kernel event goes', () => {
    const result = check(byCid({}), { kernelEvents: 1 });
    expect(result).toMatchObject({ outcome: 'unknown', kernelEvents: 1, blocked: 0 });
    expect(result).not.toHaveProperty('finding');
  });

  it('is found to lose nodes where loads and stores do', () => {
    expect(check(byCid({ fallback: plain }), { kernelEvents: 4 })).toMatchObject({
      outcome: 'fails',
    });
  });
});

describe('the default of the fallback', () => {
  /** Takes an item out and back in on a thread without rseq. */
  function run(kernel: readonly ReturnType<typeof rseq>[], options: PerCpuOptions): number[] {
    const machine = new Machine({ cpus: 2, memoryBytes: 2 ** 22, kernel }, new TimedDirector());
    const process = machine.createProcess('main');
    const buffer = PerCpuBuffer.create(machine, process, 2, options);
    buffer.fill(0, [8]);
    const seen: number[] = [];
    process.spawn(
      function* without(t) {
        yield* unregister(t);
        seen.push(yield* buffer.pop(t), Number(yield* buffer.push(t, 9)));
      },
      { cpu: 0, affinity: [0] },
    );
    expect(machine.run().outcome).toBe('finished');
    return [...seen, ...buffer.pointers()];
  }

  it('is cpu_opv where the kernel has it', () => {
    expect(run([rseq(), cpuOpv()], {})).toEqual([8, 1, 9]);
  });

  it.each<readonly [string, readonly ReturnType<typeof rseq>[], PerCpuOptions]>([
    ['in a kernel without cpu_opv', [rseq()], {}],
    ['by mm_cid on a thread that has none', [rseq(), cpuOpv()], { index: 'mm_cid' }],
  ])('is none %s', (_, kernel, options) => {
    expect(() => run(kernel, options)).toThrow(
      expect.objectContaining({ code: 'ERR_UNREGISTERED' }),
    );
  });
});
