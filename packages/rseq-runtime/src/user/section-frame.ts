import { Registers } from '@rseqlab/sim-machine';
import type { ProgramBuilder } from '@rseqlab/sim-machine';
import { RSEQ_SIGNATURE, RseqOffset } from '../kernel/rseq-abi.js';
import { RSEQ_OFFSET } from './rseq-area.js';

const { r7, r14 } = Registers;

/** A critical section as libraries write it, for {@link emitSection}. */
export interface SectionFrame {
  /** Label of the descriptor, of which the labels of the section are made. */
  readonly name: string;
  /** Writes the instructions up to the committing store. */
  readonly body: (builder: ProgramBuilder) => unknown;
  /** Label where to go on after an abort; or writes the abort handler. */
  readonly aborted: string | ((builder: ProgramBuilder) => unknown);
}

/**
 * Writes a critical section and what tells the kernel of it: the address of its descriptor goes to
 * `rseq_cs` just before its first instruction. Uses r7.
 *
 * Nothing clears `rseq_cs` behind the section: the kernel does when it next looks, and another
 * section overwrites it. So sections do not enclose each other, but follow each other in any number:
 * one that a signal handler runs aborts the one it interrupted.
 */
export function emitSection(builder: ProgramBuilder, frame: SectionFrame): ProgramBuilder {
  const { name, body, aborted } = frame;
  return builder
    .li32(r7, name)
    .note(`arm: rseq_cs = &${name}`)
    .st32(r7, r14, RSEQ_OFFSET + RseqOffset.rseqCs)
    .section(name, { signature: RSEQ_SIGNATURE, body, abort: aborted });
}
