/** A write of a constant; `address` and `data` name registers that it depends on. */
export interface Store {
  readonly kind: 'store';
  readonly place: number;
  readonly value: number;
  readonly release?: boolean;
  readonly address?: number;
  readonly data?: number;
}

/** A read into register `into`. */
export interface Load {
  readonly kind: 'load';
  readonly place: number;
  readonly into: number;
  readonly acquire?: boolean;
  readonly address?: number;
}

/** An atomic exchange. */
export interface Exchange {
  readonly kind: 'exchange';
  readonly place: number;
  readonly value: number;
  readonly into: number;
}

export interface Fence {
  readonly kind: 'fence' | 'fencer' | 'fencew';
}

export type Instruction = Store | Load | Exchange | Fence;

/** The instructions of every thread. All places hold 0 at first. */
export type WeakProgram = readonly (readonly Instruction[])[];

/** Registers of a thread, and places of a program, that outcomes tell of. */
export const REGISTERS = 4;
export const PLACES = 3;

export const store = (place: number, value: number, more: Partial<Store> = {}): Store => ({
  kind: 'store',
  place,
  value,
  ...more,
});

export const load = (place: number, into: number, more: Partial<Load> = {}): Load => ({
  kind: 'load',
  place,
  into,
  ...more,
});

export const exchange = (place: number, value: number, into: number): Exchange => ({
  kind: 'exchange',
  place,
  value,
  into,
});

export const fence: Fence = { kind: 'fence' };
export const fencer: Fence = { kind: 'fencer' };
export const fencew: Fence = { kind: 'fencew' };

/** An outcome: the registers of every thread, then the places. */
export function outcomeText(
  registers: readonly (readonly number[])[],
  places: readonly number[],
): string {
  return `${registers.map((values) => values.join(' ')).join(' | ')} || ${places.join(' ')}`;
}
