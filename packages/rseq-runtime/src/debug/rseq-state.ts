import { MachineError, REGISTER_STRIDE, RegisterFile, isUserRange } from '@rseqlab/sim-machine';
import type { Machine } from '@rseqlab/sim-machine';
import { RseqCsOffset, RseqOffset } from '../kernel/rseq-abi.js';

/** What a descriptor says, as it lies in memory: the kernel has not looked at it yet. */
export interface ArmedSection {
  readonly version: number;
  readonly flags: number;
  /** Address of the first instruction. */
  readonly startIp: number;
  /** Length in bytes. */
  readonly postCommitOffset: number;
  /** Address of the abort handler. */
  readonly abortIp: number;
  /** The word in front of the abort handler, or undefined where nothing is mapped. */
  readonly signature: number | undefined;
}

/** A thread's rseq area and what it points to. */
export interface RseqState {
  /** Address of the area. */
  readonly area: number;
  /** The signature that was registered. */
  readonly signature: number;
  readonly cpuIdStart: number;
  readonly cpuId: number;
  /** Address of the armed descriptor, or 0. */
  readonly rseqCs: number;
  readonly flags: number;
  /** The armed descriptor; undefined if none is, or nothing is mapped there. */
  readonly section: ArmedSection | undefined;
  /** Whether the thread's next instruction lies inside of what is armed. */
  readonly isInside: boolean;
}

/**
 * Reads a thread's rseq state from outside, without a fault and without a trace.
 *
 * Under `tso` what the thread's CPU has buffered is not in memory yet.
 *
 * @returns undefined for a thread that has not registered an area, and for a kernel without rseq
 */
export function rseqStateOf(machine: Machine, thread: number): RseqState | undefined {
  const area = machine.column('rseq.area')?.[thread] ?? 0;
  if (area === 0) return undefined;
  const process = machine.process(machine.threads.process[thread]!);
  const read = (address: number): number | undefined => peek(process, address);
  const field = (offset: number): number => read(area + offset) ?? 0;
  const rseqCs = field(RseqOffset.rseqCs);
  const section = rseqCs === 0 ? undefined : readSection(read, rseqCs);
  const ip = machine.threads.registers[thread * REGISTER_STRIDE + RegisterFile.Ip]!;
  return {
    area,
    signature: machine.column('rseq.signature')?.[thread] ?? 0,
    cpuIdStart: field(RseqOffset.cpuIdStart),
    cpuId: field(RseqOffset.cpuId),
    rseqCs,
    flags: field(RseqOffset.flags),
    section,
    isInside:
      section !== undefined && (ip - section.startIp) >>> 0 < section.postCommitOffset >>> 0,
  };
}

function readSection(
  read: (address: number) => number | undefined,
  descriptor: number,
): ArmedSection | undefined {
  const field = (offset: number): number | undefined => read(descriptor + offset);
  const version = field(RseqCsOffset.version);
  const flags = field(RseqCsOffset.flags);
  const startIp = field(RseqCsOffset.startIp);
  const postCommitOffset = field(RseqCsOffset.postCommitOffset);
  const abortIp = field(RseqCsOffset.abortIp);
  if (version === undefined || flags === undefined || startIp === undefined) return undefined;
  if (postCommitOffset === undefined || abortIp === undefined) return undefined;
  return { version, flags, startIp, postCommitOffset, abortIp, signature: read(abortIp - 4) };
}

function peek(process: { read32(address: number): number }, address: number): number | undefined {
  if (!isUserRange(address, 4)) return undefined;
  try {
    return process.read32(address);
  } catch (error) {
    if (error instanceof MachineError && error.code === 'ERR_ADDRESS') return undefined;
    throw error;
  }
}
