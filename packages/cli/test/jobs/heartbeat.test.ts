import { describe, expect, it } from 'vitest';
import { Heartbeat, JobPhase } from '../../src/jobs/heartbeat.js';

describe('a heartbeat', () => {
  it('is seen by the other side of its memory', () => {
    const job = new Heartbeat();
    const watcher = new Heartbeat(job.buffer);
    const before = watcher.beats;
    job.enter(JobPhase.Threads);
    job.report({ executions: 2 ** 40, classes: 3, blocked: 5, kernelEvents: 4 });
    expect(watcher.beats).not.toBe(before);
    expect(watcher.phase).toBe(JobPhase.Threads);
    expect(watcher.counts).toEqual({
      executions: 2 ** 40,
      classes: 3,
      blocked: 5,
      kernelEvents: 4,
    });
  });

  it('changes with every beat', () => {
    const heartbeat = new Heartbeat();
    const seen = [heartbeat.beats];
    for (let i = 0; i < 3; i++) {
      heartbeat.beat();
      seen.push(heartbeat.beats);
    }
    expect(new Set(seen).size).toBe(4);
  });
});
