import type { CrewOptions } from './crew.js';

/** How units are launched. */
export interface LaunchOptions extends CrewOptions {
  /** What is being done, for the progress. */
  readonly what: string;
  /** Keeps what is done in this file, and goes on from it. */
  readonly resume?: string;
  /** Only writes the plan, to this file. */
  readonly plan?: string;
}
