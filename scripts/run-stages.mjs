import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** @typedef {import('./stages.mjs').Stage} Stage */

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */

/**
 * How a stage ended.
 *
 * @typedef {object} StageResult
 * @property {string} name
 * @property {boolean} ok
 * @property {number} seconds
 * @property {string} output everything it printed
 * @property {Count} count what it adds to the total
 */

/**
 * Where and how stages run.
 *
 * @typedef {object} Surroundings
 * @property {string} root the folder in which commands run
 * @property {number} slots how many stages at a time
 * @property {string} logs folder for the output of each stage, relative to the root
 * @property {(stage: Stage) => void} onStart
 * @property {(result: StageResult) => void} onEnd
 */

/**
 * Counts the tests of a report, or the stage itself.
 *
 * A test run that fails although no test failed (a file that does not load, a crash) is one failure.
 *
 * @param {Stage} stage
 * @param {boolean} ok
 * @param {string} root
 * @returns {Count}
 */
function countOf(stage, ok, root) {
  const self = { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
  if (stage.report === undefined) return self;
  try {
    const tests = /** @type {Record<string, number>} */ (
      JSON.parse(readFileSync(join(root, stage.report), 'utf8'))
    );
    const failed = tests['numFailedTests'] ?? 0;
    return {
      passed: tests['numPassedTests'] ?? 0,
      failed: !ok && failed === 0 ? 1 : failed,
      skipped: (tests['numPendingTests'] ?? 0) + (tests['numTodoTests'] ?? 0),
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/**
 * @param {Stage} stage
 * @param {Surroundings} surroundings
 * @returns {Promise<StageResult>}
 */
function runStage(stage, { root, logs }) {
  const started = Date.now();
  if (stage.report !== undefined) rmSync(join(root, stage.report), { force: true });
  return new Promise((resolve) => {
    const [program = '', ...parameters] = stage.command;
    /** @type {Buffer[]} */
    const chunks = [];
    const posix = process.platform !== 'win32';
    // A process group of its own, so that a stage that hangs is ended with all it started.
    const child = spawn(program, parameters, {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: !posix,
      detached: posix,
    });
    const end = () => {
      if (child.pid === undefined) return;
      try {
        if (posix) process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // It has ended by itself in the meantime.
      }
    };
    const interrupted = () => {
      end();
      process.exit(130);
    };
    process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
    const limitMinutes = stage.limitMinutes ?? 10;
    const timer = setTimeout(() => {
      chunks.push(Buffer.from(`\nended: it ran longer than ${String(limitMinutes)} minutes\n`));
      end();
    }, limitMinutes * 60_000);
    child.stdout.on('data', (/** @type {Buffer} */ chunk) => chunks.push(chunk));
    child.stderr.on('data', (/** @type {Buffer} */ chunk) => chunks.push(chunk));
    child.on('error', (error) => chunks.push(Buffer.from(`${error.message}\n`)));
    child.on('close', (status) => {
      clearTimeout(timer);
      process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
      const ok = status === 0;
      const output = Buffer.concat(chunks).toString('utf8');
      const log = join(root, logs, `${stage.name}.log`);
      mkdirSync(dirname(log), { recursive: true });
      writeFileSync(log, output);
      const seconds = (Date.now() - started) / 1000;
      resolve({ name: stage.name, ok, seconds, output, count: countOf(stage, ok, root) });
    });
  });
}

/**
 * Runs every stage, a failed one stopping no other.
 *
 * @param {readonly Stage[]} stages
 * @param {Surroundings} surroundings
 * @returns {Promise<readonly StageResult[]>} in the order in which they ended
 */
export async function runStages(stages, surroundings) {
  const waiting = [...stages];
  /** @type {Map<string, Promise<StageResult>>} */
  const running = new Map();
  /** @type {StageResult[]} */
  const results = [];
  const names = new Set(stages.map(({ name }) => name));
  let exclusive = false;

  /** @param {Stage} stage */
  const mayStart = (stage) =>
    !exclusive &&
    (running.size === 0 || (stage.alone !== true && running.size < surroundings.slots)) &&
    (stage.after ?? []).every(
      (name) => !names.has(name) || results.some((result) => result.name === name),
    );

  while (waiting.length > 0 || running.size > 0) {
    for (const stage of [...waiting]) {
      if (!mayStart(stage)) continue;
      waiting.splice(waiting.indexOf(stage), 1);
      exclusive = stage.alone === true;
      surroundings.onStart(stage);
      running.set(stage.name, runStage(stage, surroundings));
    }
    if (running.size === 0)
      throw new Error(`stages wait for each other: ${waiting.map(({ name }) => name).join(', ')}`);
    const result = await Promise.race(running.values());
    running.delete(result.name);
    exclusive = false;
    results.push(result);
    surroundings.onEnd(result);
  }
  return results;
}

/**
 * Adds up what the stages counted.
 *
 * @param {readonly StageResult[]} results
 * @returns {Count}
 */
export function totalOf(results) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { count } of results) {
    total.passed += count.passed;
    total.failed += count.failed;
    total.skipped += count.skipped;
  }
  return total;
}

/**
 * What was counted, in a line.
 *
 * @param {Count} count
 * @returns {string}
 */
export function summaryOf({ passed, failed, skipped }) {
  const line = `${String(passed)} passed, ${String(failed)} failed`;
  return skipped === 0 ? line : `${line}, ${String(skipped)} skipped`;
}
