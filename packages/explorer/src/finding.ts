/** What kind of thing the laboratory found. */
export type FindingKind =
  'assertion' | 'deadlock' | 'crash' | 'race' | 'use-after-free' | 'step-bound' | 'program-error';

/** What the laboratory found in one run; data, never an exception. */
export interface Finding {
  /** What kind of thing it is. */
  readonly kind: FindingKind;
  /** One sentence that says what is wrong, with the values that show it. */
  readonly message: string;
  /** The thread it concerns, where it concerns one. */
  readonly thread?: number;
}
