import { describe, expect, it } from 'vitest';
import { Machine, TimedDirector } from '@rseqlab/sim-machine';
import type { CallbackId } from '../src/deferred/deferred-callbacks.js';
import { RcuDomain } from '../src/domain/rcu-domain.js';
import type { RcuToken } from '../src/domain/rcu-token.js';
import {
  rcuAssignPointer,
  rcuCmpxchgPointer,
  rcuDereference,
  rcuSetPointer,
  rcuXchgPointer,
} from '../src/rcu-pointer.js';
import type { AddressOf, RcuPointer } from '../src/rcu-pointer.js';

interface Route {
  readonly metric: number;
}

interface Config {
  readonly size: string;
}

describe('an RCU pointer', () => {
  it('is published, exchanged and compared, and read in sections', () => {
    const machine = new Machine({ cpus: 1 }, new TimedDirector());
    const process = machine.createProcess('main');
    const rcu = RcuDomain.create(machine, process);
    const pointer = process.allocate(4) as RcuPointer<Route>;
    const [first, second] = [process.allocate(4), process.allocate(4)] as [
      AddressOf<Route>,
      AddressOf<Route>,
    ];
    const seen: number[] = [];
    process.spawn(function* user(t) {
      yield* rcuSetPointer(t, pointer, second);
      yield* rcuAssignPointer(t, pointer, first);
      const section = yield* rcu.readLock(t);
      seen.push(yield* rcuDereference(t, section, pointer));
      yield* rcu.readUnlock(t, section);
      seen.push(yield* rcuXchgPointer(t, pointer, second));
      seen.push(yield* rcuCmpxchgPointer(t, pointer, first, first));
      seen.push(yield* rcuCmpxchgPointer(t, pointer, second, first));
    });
    machine.run();
    expect(seen).toEqual([first, first, second, second]);
    expect(process.read32(pointer)).toBe(first);
  });

  it('does not take what is no token, or the address of something else', () => {
    const pointer = 0 as RcuPointer<Route>;
    const other = 0 as AddressOf<Config>;
    const first = 0 as AddressOf<Route>;
    const token = 0 as RcuToken;
    const refused = (t: never): void => {
      // @ts-expect-error -- a number is no token: there is no section
      rcuDereference(t, 0, pointer);
      // @ts-expect-error -- where something is, not where a pointer to it is
      rcuDereference(t, token, first);
      // @ts-expect-error -- any word: nobody publishes there
      rcuDereference(t, token, 64);
      // @ts-expect-error -- what the deferred work of a domain is known by
      rcuDereference(t, 1 as CallbackId, pointer);
      // @ts-expect-error -- the address of a Config
      rcuAssignPointer(t, pointer, other);
    };
    expect(refused).toBeTypeOf('function');
  });
});
