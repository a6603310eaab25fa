import { MachineError } from '../../base/machine-error.js';
import { PAGE_BYTES } from '../../memory/page.js';

/**
 * Refuses static data that no program can have.
 *
 * @param align alignment in bytes
 * @throws MachineError `ERR_CONFIG` unless there is a byte at least, and the alignment is a power of two up to a page
 */
export function checkDataSize(bytes: number, align: number): void {
  if (!Number.isInteger(bytes) || bytes < 1)
    throw new MachineError(
      'ERR_CONFIG',
      `expected a positive number of bytes, got ${String(bytes)}`,
    );
  if (align < 1 || align > PAGE_BYTES || align !== (align & -align))
    throw new MachineError(
      'ERR_CONFIG',
      `expected an alignment of a power of two up to ${PAGE_BYTES} bytes, got ${String(align)}`,
    );
}
