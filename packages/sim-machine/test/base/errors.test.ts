import { describe, expect, it } from 'vitest';
import { Errno } from '../../src/base/errno.js';
import { invariant } from '../../src/base/invariant.js';
import { MachineError } from '../../src/base/machine-error.js';

describe('MachineError', () => {
  it('is an Error with a name, a literal code and a cause', () => {
    const cause = new Error('below');
    const error = new MachineError('ERR_STATE', 'expected a, got b', { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'MachineError',
      code: 'ERR_STATE',
      message: 'expected a, got b',
      cause,
    });
  });
});

describe('invariant', () => {
  it('says that a broken invariant is a bug of our own', () => {
    expect(() => {
      invariant(false, 'a thread on two CPUs');
    }).toThrow('rseqlab bug: a thread on two CPUs');
    expect(() => {
      invariant(true, 'never said');
    }).not.toThrow();
  });
});

describe('Errno', () => {
  it('has the numbers of the Linux headers', () => {
    expect(Errno).toMatchObject({
      EPERM: 1,
      ENOENT: 2,
      ESRCH: 3,
      EINTR: 4,
      ECHILD: 10,
      EAGAIN: 11,
      ENOMEM: 12,
      EFAULT: 14,
      EBUSY: 16,
      EINVAL: 22,
      ENOSYS: 38,
      ETIMEDOUT: 110,
    });
  });
});
