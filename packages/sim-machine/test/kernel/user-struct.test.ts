import { describe, expect, it } from 'vitest';
import type { KernelModule, KernelPort } from '../../src/kernel/kernel-module.js';
import type { UserStruct } from '../../src/kernel/user-struct.js';
import type { MachineConfig } from '../../src/machine-config.js';
import { ScriptedMachine } from './core/scripted-machine.js';

const BYTES = 32;

/** What happens when a thread on its way to user mode has a structure of its process opened. */
function opened(
  config: MachineConfig,
  addressOf: (data: number) => number,
  use: (struct: UserStruct, port: KernelPort, address: number) => void,
): void {
  let address = 0;
  let uses = 0;
  const module: KernelModule = {
    name: 'opener',
    attach: (port) => {
      const struct = port.userStruct(BYTES);
      return {
        threadStart(thread) {
          port.notifyResume(thread);
        },
        returnToUser() {
          struct.open(address);
          use(struct, port, address);
          uses += 1;
        },
      };
    },
  };
  const scripted = new ScriptedMachine({ cpus: 1, kernel: [module], ...config });
  const { process } = scripted;
  // The upper page first, so that their frames do not follow each other as their addresses do.
  const pages = process.map(8192);
  process.write32(pages + 4096, 0);
  process.write32(pages, 0);
  address = addressOf(pages);
  process.spawn(function* body() {});
  scripted.decide();
  expect(uses).toBe(1);
}

describe.each([
  ['directly', {}],
  ['through the memory model', { memory: 'tso' }],
  ['past shadow state', { shadow: true }],
] as const)('an open structure that is reached %s', (_how, config) => {
  it('reads and writes its words', () => {
    const seen: number[] = [];
    opened(
      config,
      (data) => data + 64,
      (struct, { user }, at) => {
        user.put32(at + 4, 7);
        struct.open(at);
        seen.push(struct.get32(4));
        struct.put32(8, -9);
        seen.push(struct.get32(8), user.get32(at + 8));
        expect(struct.failed).toBe(false);
      },
    );
    expect(seen).toEqual([7, -9, -9]);
  });

  it('may lie across two pages', () => {
    opened(
      config,
      (data) => data + 4096 - 16,
      (struct, { user }, at) => {
        user.put32(at, 1);
        user.put32(at + 16, 2);
        struct.open(at);
        struct.put32(12, 5);
        struct.put32(16, 6);
        expect([struct.get32(0), struct.get32(12), struct.get32(16)]).toEqual([1, 5, 6]);
        expect([user.get32(at + 12), user.get32(at + 16)]).toEqual([5, 6]);
      },
    );
  });

  it('says that an access failed, until it is opened again', () => {
    const failures: boolean[] = [];
    opened(
      config,
      () => 0x1000,
      (struct, _port, at) => {
        struct.get32(0);
        failures.push(struct.failed);
        struct.put32(4, 1);
        failures.push(struct.failed);
        struct.open(at);
        failures.push(struct.failed);
      },
    );
    expect(failures).toEqual([true, true, false]);
  });
});
