/** How hard a schedule is to follow. */
export interface ScheduleCost {
  /** How often another thread than before executed a step. */
  readonly switches: number;
  /** Kernel events. */
  readonly kernelEvents: number;
  /** Decisions. */
  readonly decisions: number;
}

/** Whether one schedule is simpler: fewer switches, then fewer kernel events, then shorter. */
export function isSimpler(one: ScheduleCost, other: ScheduleCost): boolean {
  if (one.switches !== other.switches) return one.switches < other.switches;
  if (one.kernelEvents !== other.kernelEvents) return one.kernelEvents < other.kernelEvents;
  return one.decisions < other.decisions;
}
