import { describe, expect, it } from 'vitest';
import { execute } from '../../src/debug/command-table.js';
import { DebugSession } from '../../src/debug/debug-session.js';
import type { Debugger } from '../../src/debug/debugger.js';
import { localDebugger } from '../../src/debug/local-debugger.js';
import { Heartbeat } from '../../src/jobs/heartbeat.js';
import { loadScenario } from '../../src/jobs/scenario-file.js';
import { SCENARIOS } from '../captured-io.js';

const job = { command: 'debug', folder: SCENARIOS, json: false, isColored: false } as const;

/** Interrupts what is at work after some signs of life. */
class InterruptingHeartbeat extends Heartbeat {
  interrupt: (() => void) | undefined;
  #left = 50;

  override beat(): void {
    super.beat();
    if (this.interrupt !== undefined && --this.#left === 0) this.interrupt();
  }
}

async function said(target: Debugger, line: string): Promise<string> {
  const answer = await target.execute(line);
  return answer.kind === 'said' ? answer.output : answer.message;
}

describe('a command that goes on and on', () => {
  it('is interrupted where it is, and can be gone on with', async () => {
    const heartbeat = new InterruptingHeartbeat();
    const opened = await localDebugger({ ...job, file: 'endless.ts' }, heartbeat);
    heartbeat.interrupt = () => opened.interrupt();
    expect(await said(opened, 'continue')).toMatch(/^interrupted$/m);
    expect(await said(opened, 'step')).toMatch(/^CPU 0 {2}T0 /);
  });

  it('stops by itself after so many decisions', async () => {
    const { scenario } = await loadScenario('endless.ts', SCENARIOS);
    const session = new DebugSession(
      scenario,
      {},
      {
        nameRun: () => ({ token: '', command: '' }),
        takeInterrupt: () => false,
        mostDecisions: 40,
      },
    );
    const said = execute(session, 'continue');
    expect(said?.reply.text).toContain('stopped after 40 decisions; continue goes on\n');
    expect(session.run.position).toBe(40);
  });
});
