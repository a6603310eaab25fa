import { counterScenario } from './counter-states.js';

/** Three threads that add to a per-CPU counter four times each: many states, for workers to share. */
export default counterScenario({ threads: 3, adds: 4 });
