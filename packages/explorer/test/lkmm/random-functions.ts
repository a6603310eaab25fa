import fc from 'fast-check';

/** Statements that read or write the two locations, and what orders them. */
const SINGLE = [
  'WRITE_ONCE(*x, 1);',
  'WRITE_ONCE(*y, 2);',
  'r0 = READ_ONCE(*x);',
  'r1 = READ_ONCE(*y);',
  'r0 = smp_load_acquire(y);',
  'smp_store_release(x, r1 + 1);',
  'smp_store_mb(*y, 3);',
  'smp_mb();',
  '*y = r0;',
  'r1 = *x;',
  'WRITE_ONCE(*p, x);',
  'r1 = READ_ONCE(*(int *)READ_ONCE(*p));',
  'WRITE_ONCE(*(int *)READ_ONCE(*p), 4);',
  'r0 = xchg(x, 5);',
  'r1 = cmpxchg(y, 0, 6);',
  'atomic_inc(x);',
  'r0 = atomic_fetch_sub(2, y);',
  'r1 = atomic_add_unless(x, 1, 1);',
  'if (r0 == 0) WRITE_ONCE(*x, 7); else WRITE_ONCE(*y, 7);',
  'r0 = READ_ONCE(*x) && !READ_ONCE(*y);',
  'r1 = r0 ? 8 : READ_ONCE(*x) * 2 - 1;',
  'for (r0 = 0; r0 < 2; r0++) WRITE_ONCE(*x, r0);',
] as const;

/** What keeps its statements together. */
const AROUND = [
  ['rcu_read_lock();', 'rcu_read_unlock();'],
  ['spin_lock(l);', 'spin_unlock(l);'],
  ['', 'synchronize_rcu();'],
  ['', 'smp_memb();'],
] as const;

const single = fc.constantFrom(...SINGLE);

/** @param most - statements, besides what is around some of them */
const body = (most: number): fc.Arbitrary<readonly string[]> =>
  fc.oneof(
    fc.array(single, { minLength: 1, maxLength: most }),
    fc
      .tuple(
        fc.constantFrom(...AROUND),
        fc.array(single, { minLength: 1, maxLength: most - 1 }),
        fc.array(single, { maxLength: most - 2 }),
      )
      .map(([[before, after], inside, behind]) => [before, ...inside, after, ...behind]),
  );

/** Texts of C tests of so many functions over `x`, `y`, the pointer `p` and the lock `l`. */
export function randomFunctions(threads: number): fc.Arbitrary<string> {
  return fc
    .tuple(...Array.from({ length: threads }, () => body(threads < 3 ? 3 : 2)))
    .map((bodies) => {
      const functions = bodies.map(
        (statements, id) =>
          `P${id}(int *x, int *y, int **p, spinlock_t *l)\n{\n\tint r0;\n\tint r1;\n\n\t${statements.join('\n\t')}\n}\n`,
      );
      const observed = bodies.map((_, id) => `${id}:r0; ${id}:r1;`).join(' ');
      return `C random\n{ int *p = y; int 0:r0 = 1; }\n\n${functions.join('\n')}\nlocations [x; y; p; ${observed}]`;
    });
}
