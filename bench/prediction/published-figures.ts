import { CUBIETRUCK, XEON_E5_2630V3 } from '@rseqlab/sim-machine';
import type { CostParameters } from '@rseqlab/sim-machine';
import type { LoopBody } from './loop-body.js';

/** A published figure, and what makes it on the simulated machine. */
export interface PublishedFigure {
  readonly what: string;
  readonly publishedNs: number;
  readonly body: LoopBody;
  /**
   * `fitted`: a primitive that parameters of the machine were fitted to, or a part of one.
   * `predicted`: a composite figure, which they were not.
   */
  readonly basis: 'fitted' | 'predicted';
}

/** A machine whose figures were published. */
export interface PublishedMachine {
  readonly cost: CostParameters;
  /** Nanoseconds of the loop that was measured around nothing; in all figures. */
  readonly emptyLoopNs: number;
  /**
   * Whether the core executes out of order: what follows no result of the loop then fills slots that
   * the loop leaves, and a body that fits into them takes no time. In order, times add up.
   */
  readonly isOutOfOrder: boolean;
  readonly figures: readonly PublishedFigure[];
}

const fitted = (what: string, publishedNs: number, body: LoopBody): PublishedFigure => ({
  what,
  publishedNs,
  body,
  basis: 'fitted',
});

const predicted = (what: string, publishedNs: number, body: LoopBody): PublishedFigure => ({
  what,
  publishedNs,
  body,
  basis: 'predicted',
});

const LIBRSEQ = 'rseq as librseq adds: cpu_id_start, then addv';

/**
 * The tables "Reading the CPU number", "Per-CPU counter increment" and "liburcu per-CPU", one thread.
 *
 * @source commit "rseq: Introduce restartable sequences system call" (v4.18); order of execution:
 *   ARM Cortex-A7 MPCore TRM (in order), Intel 64 and IA-32 optimization manual (Haswell)
 */
export const PUBLISHED_MACHINES: readonly PublishedMachine[] = [
  {
    cost: CUBIETRUCK,
    emptyLoopNs: 8.4,
    isOutOfOrder: false,
    figures: [
      fitted('rseq cpu_id', 16.7, 'cpuId'),
      fitted('rseq cpu_id, lazy registration', 19.8, 'lazyRegistration'),
      fitted('glibc getcpu', 301.8, 'getcpu'),
      fitted('getcpu system call', 234.9, 'systemCall'),
      predicted('counter: getcpu + atomic', 344.0, 'atomicCounter'),
      predicted(`counter: ${LIBRSEQ}`, 31.4, 'librseqCounter'),
      predicted('counter: rseq, as PerCpuCounter', 31.4, 'rseqCounter'),
      predicted('RCU lock, dereference, unlock: getcpu + atomic', 751.0, 'atomicReadSection'),
      predicted('RCU lock, dereference, unlock: rseq', 128.5, 'rseqReadSection'),
    ],
  },
  {
    cost: XEON_E5_2630V3,
    emptyLoopNs: 0.8,
    isOutOfOrder: true,
    figures: [
      fitted('rseq cpu_id', 0.8, 'cpuId'),
      fitted('rseq cpu_id, lazy registration', 0.8, 'lazyRegistration'),
      fitted('lsl', 13.0, 'hardwareNumber'),
      fitted('glibc getcpu', 16.6, 'getcpu'),
      fitted('getcpu system call', 53.9, 'systemCall'),
      predicted('counter: getcpu + atomic', 15.3, 'atomicCounter'),
      predicted(`counter: ${LIBRSEQ}`, 2.0, 'librseqCounter'),
      predicted('counter: rseq, as PerCpuCounter', 2.0, 'rseqCounter'),
      predicted('RCU lock, dereference, unlock: getcpu + atomic', 53.4, 'atomicReadSection'),
      predicted('RCU lock, dereference, unlock: rseq', 28.6, 'rseqReadSection'),
    ],
  },
];
