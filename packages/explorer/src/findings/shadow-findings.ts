import type {
  AccessPlace,
  BlockReport,
  Machine,
  ShadowFinding,
  ThreadPlace,
} from '@rseqlab/sim-machine';
import type { Finding } from '../finding.js';
import type { FindingPlace, FindingPlaceRole } from './finding-place.js';

/** What shadow state found, as findings say it. */
export function shadowFinding(machine: Machine, found: ShadowFinding): Finding {
  const who = (thread: number): string => threadText(machine, thread);
  switch (found.finding) {
    case 'data-race': {
      const { first, second } = found;
      return {
        kind: 'race',
        message: `expected accesses to ${hexadecimal(second.address)} in an order, got ${accessText(first)} by ${who(first.thread)} and ${accessText(second)} by ${who(second.thread)}, which nothing orders`,
        thread: second.thread,
        places: [accessPlace('other-access', first), accessPlace('access', second)],
      };
    }
    case 'double-free':
    case 'invalid-free': {
      const { address, place, block } = found;
      const got = found.finding === 'double-free' ? 'one that was freed before' : 'none';
      return {
        kind: found.finding,
        message: `expected ${who(place.thread)} to free a block that starts at ${hexadecimal(address)}, got ${got}`,
        thread: place.thread,
        places: [
          plainPlace('access', place, `free of ${hexadecimal(address)}`),
          ...blockPlaces(block),
        ],
      };
    }
    case 'use-after-free':
    case 'use-of-poisoned':
    case 'out-of-bounds': {
      const { access, block } = found;
      const isFreed = found.finding === 'use-after-free';
      const got = isFreed
        ? 'what was freed'
        : found.finding === 'out-of-bounds'
          ? 'what was never'
          : 'what is poisoned';
      const where = block === undefined ? '' : `, ${offsetText(access.address, block)}`;
      return {
        kind: isFreed ? 'use-after-free' : 'out-of-bounds',
        message: `expected ${who(access.thread)} to access memory that is handed out, got ${accessText(access)} of ${got}${where}`,
        thread: access.thread,
        places: [accessPlace('access', access), ...blockPlaces(block)],
      };
    }
  }
}

/** A block and where it was handed out and taken back, as places of a finding. */
export function blockPlaces(block: BlockReport | undefined): readonly FindingPlace[] {
  if (block === undefined) return [];
  const what = `${block.size} bytes at ${hexadecimal(block.start)}`;
  return [
    ...(block.freed === undefined ? [] : [plainPlace('free', block.freed, `free of ${what}`)]),
    plainPlace('allocation', block.allocated, `allocation of ${what}`),
  ];
}

/** A thread as messages name it: `T0 writer`, or the scenario's setup. */
export function threadText(machine: Machine, thread: number): string {
  if (thread < 0) return 'the setup';
  const { name } = machine.thread(thread);
  const id = `T${thread}`;
  return name === '' || name === id ? id : `${id} ${name}`;
}

/** An address as messages write it. */
export function hexadecimal(address: number): string {
  return `0x${(address >>> 0).toString(16)}`;
}

function accessPlace(role: FindingPlaceRole, access: AccessPlace): FindingPlace {
  return plainPlace(role, access, accessText(access));
}

function plainPlace(role: FindingPlaceRole, place: ThreadPlace, what: string): FindingPlace {
  const { thread, cpu, step } = place;
  return { role, thread, cpu, decision: step - 1, what };
}

function accessText({ kind, address, size, kernel }: AccessPlace): string {
  const what = kind === 'update' ? 'atomic' : kind === 'failed-update' ? 'failed atomic' : kind;
  const by = kernel ? ' by the kernel' : '';
  return `${what} of ${size === 1 ? '1 byte' : `${size} bytes`} at ${hexadecimal(address)}${by}`;
}

function offsetText(address: number, { start, size }: BlockReport): string {
  const block = `a block of ${size} bytes`;
  const offset = address - start;
  return offset < size ? `byte ${offset} of ${block}` : `${offset - size} bytes behind ${block}`;
}
