import { DecisionKind, encodeDecision } from '@rseqlab/sim-machine';
import type { DecisionPoint } from '@rseqlab/sim-machine';
import type { AccessCollector } from './access-collector.js';
import { AccessMode } from './access-mode.js';
import { EventFlag } from './event-log.js';
import type { EventLog } from './event-log.js';
import type { MachineView } from './machine-view.js';
import type { RaceAnalysis } from './race-analysis.js';

const WORD = 15;

/** What the analysis of waits works on. */
export interface WaitAnalysisParts {
  readonly log: EventLog;
  readonly view: MachineView;
  readonly collector: AccessCollector;
  readonly analysis: RaceAnalysis;
  /** Ids of the CPUs, in the order in which the log numbers them. */
  readonly cpuIds: readonly number[];
}

/**
 * Finds executions in which a thread that waits for a word goes on at another moment.
 *
 * A wait conflicts with every write of its word, but it can happen only while the word has a value
 * that it waits for: to come before a write, it has to come before the last one in front of which
 * the word had such a value.
 */
export class WaitAnalysis {
  readonly #parts: WaitAnalysisParts;

  constructor(parts: WaitAnalysisParts) {
    this.#parts = parts;
  }

  /** Looks at the last event of the log, a wait that ended. @param unwanted - what it waited out */
  ended(unwanted: number): void {
    const { log, analysis, collector } = this.#parts;
    const at = log.firstAccess[log.length - 1]!;
    if (at === log.accesses || (log.mode[at]! & AccessMode.Forwarded) !== 0) return;
    analysis.analyseAwait(at, unwanted, collector.initial[log.location[at]!]);
  }

  /** Looks at the threads that wait for good: could any have gone on before its word changed? */
  unmet(point: DecisionPoint): void {
    const { log, view, analysis, cpuIds } = this.#parts;
    for (let dense = 0; dense < cpuIds.length; dense++) {
      const cpu = cpuIds[dense]!;
      const location = view.awaitedBy(point, cpu);
      if (location < 0) continue;
      const { unwanted } = view;
      const event = log.begin(dense, encodeDecision(DecisionKind.Step, cpu, 1), false);
      log.flags[event] = EventFlag.Await;
      log.access(location, WORD, AccessMode.Read, 0);
      analysis.analyse();
      this.ended(unwanted);
      log.truncate(event);
    }
  }
}
