import { describe, expect, it } from 'vitest';
import {
  Errno,
  Machine,
  ProgramBuilder,
  RandomDirector,
  Registers,
  exec,
  exit,
  fork,
  getcpu,
  pthreadCreate,
  pthreadJoin,
  waitpid,
} from '@rseqlab/sim-machine';
import type { KernelModule, KernelPort } from '@rseqlab/sim-machine';
import type { Pthread } from '@rseqlab/sim-machine';
import { getcpuCache } from '../../../src/kernel/getcpu-cache/getcpu-cache-module.js';
import { rseq } from '../../../src/kernel/rseq-module.js';
import { getGetcpuCache, setGetcpuCache } from '../../../src/user/getcpu-cache.js';
import { HandMachine, migrate, preempt, step } from '../../hand-machine.js';

const { ENOENT } = Errno;
const { r0, r1, r5 } = Registers;

/** A module that counts the returns to user mode that somebody asked for. */
function returns(): KernelModule & { readonly of: number[] } {
  const of: number[] = [];
  return {
    name: 'returns',
    of,
    attach: () => ({
      returnToUser(thread) {
        of.push(thread);
      },
    }),
  };
}

/** A thread on CPU 0 that has set its cache and goes on, and another one there. */
function cached(): { hand: HandMachine; cache: number; counted: number[]; port: KernelPort } {
  const counter = returns();
  const module = getcpuCache();
  let port: KernelPort | undefined;
  const spy: KernelModule = {
    name: 'spy',
    attach(kernel) {
      port = kernel;
      return {};
    },
  };
  const hand = new HandMachine({}, { kernel: [module, counter, spy] });
  const cache = hand.process.allocate(4);
  hand.process.spawn(
    function* first(t) {
      yield* setGetcpuCache(t, cache);
      for (let i = 0; i < 20; i++) yield* t.fence();
    },
    { cpu: 0 },
  );
  hand.process.spawn(
    function* second(t) {
      for (let i = 0; i < 20; i++) yield* t.fence();
    },
    { cpu: 0 },
  );
  for (let i = 0; i < 40 && module.cpuNumberAddress(port!, 0) === 0; i++) hand.decide(step(0));
  expect(module.cpuNumberAddress(port!, 0)).toBe(cache);
  counter.of.length = 0;
  return { hand, cache, counted: counter.of, port: port! };
}

describe('a CPU number cache', () => {
  it('is brought up to date by a migration, before the thread executes anything', () => {
    const { hand, cache, counted } = cached();
    hand.decide(migrate(0, 2));
    expect(hand.process.read32(cache)).toBe(2);
    hand.decide(migrate(0, 1));
    expect(hand.process.read32(cache)).toBe(1);
    expect(counted).toEqual([0, 0]);
  });

  it('is written when a thread that was moved while it waited runs again', () => {
    const { hand, cache } = cached();
    hand.decide(preempt(0, 1));
    hand.process.spawn(
      function* third(t) {
        for (let i = 0; i < 20; i++) yield* t.fence();
      },
      { cpu: 2 },
    );
    hand.decide(step(2), migrate(0, 2));
    expect(hand.process.read32(cache)).toBe(0);
    hand.decide(preempt(2, 0));
    expect(hand.process.read32(cache)).toBe(2);
  });

  it('costs nothing at a switch that does not migrate', () => {
    const { hand, cache, counted } = cached();
    hand.process.write32(cache, 77);
    for (let i = 0; i < 5; i++) hand.decide(preempt(0, 1), step(0), preempt(0, 0), step(0));
    expect(counted).toEqual([]);
    expect(hand.process.read32(cache)).toBe(77);
  });

  it('costs a thread without one nothing when it migrates', () => {
    const { hand, counted } = cached();
    hand.decide(migrate(1, 2), migrate(1, 1));
    expect(counted).toEqual([]);
  });

  it('is inherited by fork, with the number of the child', () => {
    const seen: unknown[] = [];
    const hand = new HandMachine({}, { kernel: [getcpuCache()] });
    const cache = hand.process.allocate(4);
    hand.process.spawn(
      function* parent(t) {
        yield* setGetcpuCache(t, cache);
        const child = yield* fork(t, function* (c) {
          const address = yield* getGetcpuCache(c);
          const number = yield* c.load(cache);
          const { cpu } = yield* getcpu(c);
          yield* exit(c, address === cache && number === cpu ? 10 + cpu : 1);
        });
        seen.push((yield* waitpid(t, child)).status, yield* t.load(cache));
      },
      { cpu: 2 },
    );
    hand.finish();
    // The child starts on the emptiest CPU, which is not the parent's.
    expect(seen).toEqual([{ kind: 'exited', code: 10 }, 2]);
  });

  it('is not inherited by a thread', () => {
    const seen: number[] = [];
    const hand = new HandMachine({}, { kernel: [getcpuCache()] });
    const cache = hand.process.allocate(4);
    hand.process.spawn(function* first(t) {
      yield* setGetcpuCache(t, cache);
      const other = yield* pthreadCreate(t, (c) => getGetcpuCache(c));
      seen.push(yield* pthreadJoin(t, other as Pthread));
    });
    hand.finish();
    expect(seen).toEqual([-ENOENT]);
  });

  it('is cleared by exec', () => {
    const seen: number[] = [];
    const hand = new HandMachine({}, { kernel: [getcpuCache()] });
    const cache = hand.process.allocate(4);
    hand.process.spawn(function* first(t) {
      yield* setGetcpuCache(t, cache);
      yield* exec(t, function* (n) {
        seen.push(yield* getGetcpuCache(n));
      });
    });
    hand.finish();
    expect(seen).toEqual([-ENOENT]);
  });

  it('is cleared by exit: the next thread of the slot has none', () => {
    const seen: number[] = [];
    const hand = new HandMachine({}, { kernel: [getcpuCache()] });
    const cache = hand.process.allocate(4);
    hand.process.spawn(function* first(t) {
      const one = yield* pthreadCreate(t, function* (c) {
        yield* setGetcpuCache(c, cache);
      });
      yield* pthreadJoin(t, one as Pthread);
      const two = yield* pthreadCreate(t, (c) => getGetcpuCache(c));
      expect((two as Pthread).tid).not.toBe((one as Pthread).tid);
      seen.push(yield* pthreadJoin(t, two as Pthread));
    });
    hand.finish();
    expect(seen).toEqual([-ENOENT]);
  });

  it.each([
    ['alone', () => [getcpuCache()]],
    ['beside rseq', () => [rseq(), getcpuCache()]],
  ] as const)('agrees with the hardware where nothing comes between, %s', (_what, modules) => {
    // r0 = cache - rdpid: two instructions, so that a migration between them shows as well.
    const look = new ProgramBuilder('look')
      .label('look')
      .ld32(r0, r1)
      .rdpid(r5)
      .sub(r0, r0, r5)
      .ret()
      .build();
    let right = 0;
    let wrong = 0;
    for (let seed = 0; seed < 30; seed++) {
      const machine = new Machine(
        { cpus: 3, kernel: modules(), memoryBytes: 2 ** 22, maxThreads: 8 },
        new RandomDirector({ seed }),
      );
      const process = machine.createProcess('main');
      const routine = machine.install(look).routine('look');
      let migrations = 0;
      machine.events.on('migration', () => (migrations += 1));
      for (let i = 0; i < 2; i++) {
        const cache = process.allocate(4);
        process.spawn(function* looking(t) {
          yield* setGetcpuCache(t, cache);
          for (let n = 0; n < 80; n++) {
            const before = migrations;
            const difference = yield* t.call(routine, cache);
            if (before !== migrations) continue;
            if (difference === 0) right += 1;
            else wrong += 1;
          }
        });
      }
      expect(machine.run({ decisions: 50_000 }).outcome).toBe('finished');
    }
    expect(wrong).toBe(0);
    expect(right).toBeGreaterThan(100);
  });
});

describe('the module as a source of CPU numbers', () => {
  it('knows nothing of a machine that it is not part of', () => {
    const { port } = cached();
    expect(getcpuCache().cpuNumberAddress(port, 0)).toBe(0);
  });

  it('keeps the machines apart that one value is part of', () => {
    const module = getcpuCache();
    const ports: KernelPort[] = [];
    const spy: KernelModule = {
      name: 'spy',
      attach(kernel) {
        ports.push(kernel);
        return {};
      },
    };
    const first = new HandMachine({}, { kernel: [module, spy] });
    new HandMachine({}, { kernel: [module, spy] });
    const cache = first.process.allocate(4);
    first.process.spawn(function* body(t) {
      yield* setGetcpuCache(t, cache);
      expect(module.cpuNumberAddress(ports[0]!, 0)).toBe(cache);
      expect(module.cpuNumberAddress(ports[1]!, 0)).toBe(0);
      yield* t.fence();
    });
    expect(first.finish()).toBe('finished');
    expect(module.cpuNumberAddress(ports[0]!, 0)).toBe(0);
  });
});
