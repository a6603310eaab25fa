import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Errno } from '../../src/base/errno.js';
import type { AddressSpace } from '../../src/memory/address-space.js';
import { FaultOutcome } from '../../src/memory/fault-outcome.js';
import { MapFlag } from '../../src/memory/mapping-flags.js';
import type { MemorySystemOptions } from '../../src/memory/memory-system.js';
import { FastPath } from './fast-path.js';
import { createFixture, type Fixture, PAGE } from './fixture.js';
import { type SpaceCommand, spaceCommand } from './space-commands.js';
import { ModelObject, ModelSpace, type Verdict } from './space-oracle.js';

const BASE = 0x20000000;
const OBJECT_BYTES = 4 * PAGE - 100;

const verdictOf: Partial<Record<number, Verdict>> = {
  [FaultOutcome.None]: 'ok',
  [FaultOutcome.SegvMapErr]: 'maperr',
  [FaultOutcome.SegvAccErr]: 'accerr',
  [FaultOutcome.BusAdrErr]: 'bus',
};

/** The real memory and the model, side by side. */
class Comparison {
  readonly #fixture: Fixture;
  readonly #fast: FastPath;
  readonly #spaces: { real: AddressSpace; model: ModelSpace }[] = [];
  readonly #objects;

  constructor(options: Partial<MemorySystemOptions>) {
    this.#fixture = createFixture(options);
    const { memory } = this.#fixture;
    this.#fast = new FastPath(memory);
    this.#objects = [0, 1].map(() => ({
      real: memory.objects.create(OBJECT_BYTES),
      model: new ModelObject(OBJECT_BYTES),
    }));
    const first = { real: memory.spaces.create(), model: new ModelSpace() };
    this.#spaces.push(first);
    first.real.mmap(BASE, 6 * PAGE, 3, MapFlag.Fixed | MapFlag.Private | MapFlag.Anonymous);
    first.model.map(BASE, 6, 3, false, undefined, 0);
  }

  run(each: SpaceCommand): void {
    const { memory } = this.#fixture;
    const index = each.space % this.#spaces.length;
    const { real, model } = this.#spaces[index]!;
    memory.bus.enter(0, 0, real);
    if ('pages' in each) {
      this.#map(each, real, model);
      return;
    }
    if ('size' in each) {
      this.#access(each, real, model);
      return;
    }
    switch (each.what) {
      case 'fork':
        if (this.#spaces.length < 4)
          this.#spaces.push({ real: memory.spaces.fork(real), model: model.copy() });
        break;
      case 'exec':
        memory.spaces.exec(real);
        model.clear();
        break;
      case 'destroy':
        if (this.#spaces.length === 1) break;
        memory.spaces.destroy(real);
        this.#spaces.splice(index, 1);
        break;
      case 'swapOut':
        memory.spaces.swapOut(real, BASE + each.page * PAGE + 17);
        break;
      case 'drainOne':
        memory.model.drainOne(0, 0);
    }
  }

  /** Everything given back: nothing may be left. */
  finish(): void {
    const { memory } = this.#fixture;
    for (const { real } of this.#spaces) memory.spaces.destroy(real);
    memory.model.drainAll(0);
    for (const { real } of this.#objects) {
      expect(real.references).toBe(1);
      memory.objects.release(real);
    }
    expect(memory.physical.frames.used).toBe(0);
    expect(memory.swap.used).toBe(0);
    const { fingerprint } = memory.physical;
    expect([fingerprint?.low ?? 0, fingerprint?.high ?? 0]).toEqual([0, 0]);
  }

  #map(
    each: Extract<SpaceCommand, { pages: number }>,
    real: AddressSpace,
    model: ModelSpace,
  ): void {
    const start = BASE + each.start * PAGE;
    const length = each.pages * PAGE - 5;
    switch (each.what) {
      case 'mmap': {
        const object = each.object === null ? undefined : this.#objects[each.object]!;
        const firstPage = object === undefined ? 0 : each.firstPage;
        const flags =
          MapFlag.Fixed |
          (each.shared ? MapFlag.Shared : MapFlag.Private) |
          (object === undefined ? MapFlag.Anonymous : 0) |
          (each.populate ? MapFlag.Populate : 0);
        expect(
          real.mmap(start, length, each.protection, flags, object?.real, firstPage * PAGE),
        ).toBe(start);
        model.map(start, each.pages, each.protection, each.shared, object?.model, firstPage);
        if (each.populate) model.populate(start, each.pages);
        break;
      }
      case 'munmap':
        expect(real.munmap(start, length)).toBe(0);
        model.unmap(start, each.pages);
        break;
      case 'mprotect': {
        const whole = model.protect(start, each.pages, each.protection);
        expect(real.mprotect(start, length, each.protection)).toBe(whole ? 0 : -Errno.ENOMEM);
        break;
      }
      case 'dontNeed':
        real.madvise(start, length, 4);
        model.dontNeed(start, each.pages);
    }
  }

  #access(
    each: Extract<SpaceCommand, { size: number }>,
    real: AddressSpace,
    model: ModelSpace,
  ): void {
    const { bus, host, user } = this.#fixture.memory;
    const address = BASE + each.page * PAGE + each.offset;
    const bytes = (count: number): number[] =>
      Array.from({ length: count }, (_, i) => model.read(address + i));
    const modelWord = (): number => bytes(4).reduce((word, byte, i) => word | (byte << (i * 8)), 0);
    const modelValue = (): readonly number[] => {
      const all = bytes(each.size);
      const word = (from: number): number =>
        all.slice(from, from + 4).reduce((sum, byte, i) => sum | (byte << (i * 8)), 0);
      return [word(0), each.size === 8 ? word(4) : 0];
    };
    const modelWrite = (size: number, low: number, high: number): void => {
      for (let i = 0; i < size; i++)
        model.write(address + i, (i < 4 ? low >>> (i * 8) : high >>> (i * 8 - 32)) & 255);
    };
    switch (each.what) {
      case 'load': {
        const value = this.#retried(real, () => this.#fast.load(real, address, each.size));
        expect(verdictOf[bus.fault]).toBe(model.verdict(address, each.size, false));
        if (bus.fault === 0)
          expect([value, each.size === 8 ? this.#fast.high : 0]).toEqual(modelValue());
        break;
      }
      case 'store':
        this.#retried(real, () => {
          this.#fast.store(real, address, each.size, each.low, each.high);
        });
        expect(verdictOf[bus.fault]).toBe(model.verdict(address, each.size, true));
        if (bus.fault === 0) modelWrite(each.size, each.low, each.high);
        else model.detach(address);
        break;
      case 'add': {
        const old = this.#retried(real, () => bus.fetchAdd(address, each.operand));
        expect(verdictOf[bus.fault]).toBe(model.verdict(address, 4, true));
        model.detach(address);
        if (bus.fault !== 0) break;
        expect(old).toBe(modelWord());
        modelWrite(4, modelWord() + each.operand, 0);
        break;
      }
      case 'get': {
        const verdict = model.verdict(address, each.size, false);
        expect(user.get(real, address, each.size)).toBe(verdict === 'ok');
        expect(verdictOf[user.outcome]).toBe(verdict);
        if (verdict === 'ok') expect([user.value, user.high]).toEqual(modelValue());
        break;
      }
      case 'put': {
        const verdict = model.verdict(address, each.size, true);
        expect(user.put(real, address, each.size, each.low, each.high)).toBe(verdict === 'ok');
        if (verdict === 'ok') modelWrite(each.size, each.low, each.high);
        else model.detach(address);
        break;
      }
      case 'host':
        this.#fixture.memory.model.drainAll(0);
        if (model.verdict(address, 4, false) !== 'ok') break;
        expect(host.read32(real, address)).toBe(modelWord());
        if (model.verdict(address, 4, true) !== 'ok') break;
        host.write32(real, address, each.low);
        modelWrite(4, each.low, 0);
    }
  }

  /** What a thread does that sleeps while its page is read in. */
  #retried<Result>(space: AddressSpace, attempt: () => Result): Result {
    const { faults, memory } = this.#fixture;
    let result = attempt();
    while (memory.bus.fault === FaultOutcome.Major) {
      const [kind, address] = faults.log.at(-1)!;
      expect(kind).toBe('major');
      expect(space.swapIn(address)).toBe(true);
      expect(space.swapIn(address)).toBe(false);
      result = attempt();
    }
    return result;
  }
}

const configurations: readonly (readonly [string, Partial<MemorySystemOptions>])[] = [
  ['sc, with executors that reach pages themselves', {}],
  ['sc, with a fingerprint', { trackFingerprint: true }],
  ['tso', { model: 'tso' }],
  [
    'tso with one buffered store, without translations',
    {
      model: 'tso',
      storeBufferEntries: 1,
      translatedSpaces: 0,
    },
  ],
  ['sc, without translations', { translatedSpaces: 0 }],
];

describe('an address space', () => {
  it.each(configurations)('does what a map of pages would: %s', (_name, options) => {
    fc.assert(
      fc.property(
        fc.array(spaceCommand, { minLength: 1, maxLength: 120, size: 'max' }),
        (commands) => {
          const comparison = new Comparison(options);
          for (const each of commands) comparison.run(each);
          comparison.finish();
        },
      ),
      { numRuns: 150 },
    );
  });
});
