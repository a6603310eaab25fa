import fc from 'fast-check';
import { PAGE } from './fixture.js';

const range = { start: fc.nat(9), pages: fc.integer({ min: 1, max: 4 }), space: fc.nat(3) };
const protection = fc.constantFrom(0, 1, 2, 3, 3, 3, 3, 3);
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const offset = fc.oneof(fc.nat(9), fc.integer({ min: PAGE - 9, max: PAGE - 1 }));
const access = {
  page: fc.nat(8),
  offset,
  space: fc.nat(3),
  size: fc.constantFrom(1, 2, 4, 8),
};

/** Everything that can be done to address spaces; pages are numbered from a common base. */
export const spaceCommand = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('mmap' as const),
      ...range,
      protection,
      shared: fc.boolean(),
      object: fc.option(fc.nat(1)),
      firstPage: fc.nat(2),
      populate: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('munmap' as const), ...range }) },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant('mprotect' as const), ...range, protection }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('dontNeed' as const), ...range }) },
  { weight: 8, arbitrary: fc.record({ what: fc.constant('load' as const), ...access }) },
  {
    weight: 12,
    arbitrary: fc.record({
      what: fc.constant('store' as const),
      ...access,
      low: int32,
      high: int32,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ what: fc.constant('add' as const), ...access, operand: int32 }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('fork' as const), space: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('exec' as const), space: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('destroy' as const), space: fc.nat(3) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('swapOut' as const),
      space: fc.nat(3),
      page: fc.nat(11),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('drainOne' as const), space: fc.nat(3) }) },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant('host' as const), ...access, low: int32 }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('get' as const), ...access }) },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant('put' as const), ...access, low: int32, high: int32 }),
  },
);
/** One of them. */
export type SpaceCommand = typeof spaceCommand extends fc.Arbitrary<infer Value> ? Value : never;
