import { describe, expect, it } from 'vitest';
import { MachineEvents } from '../../src/observe/machine-events.js';

describe('MachineEvents', () => {
  it('calls every listener of the event, with what was emitted, and no other', () => {
    const events = new MachineEvents();
    const heard: unknown[] = [];
    events.on('exit', (event) => heard.push(['first', event]));
    events.on('exit', (event) => heard.push(['second', event]));
    events.on('hotplug', (event) => heard.push(['other', event]));
    const event = { thread: 3, status: 0 };
    events.emit('exit', event);
    expect(heard).toEqual([
      ['first', event],
      ['second', event],
    ]);
  });

  it('wants an event exactly while somebody listens to it', () => {
    const events = new MachineEvents();
    const listener = (): void => undefined;
    const other = (): void => undefined;
    expect(events.wanted.syscall).toBe(false);
    events.on('syscall', listener);
    events.on('syscall', other);
    expect(events.wanted.syscall).toBe(true);
    expect(events.wanted.syscallExit).toBe(false);
    events.off('syscall', listener);
    expect(events.wanted.syscall).toBe(true);
    events.off('syscall', other);
    expect(events.wanted.syscall).toBe(false);
  });

  it('takes all listeners away at clear()', () => {
    const events = new MachineEvents();
    const fail = (): never => {
      throw new Error('heard after clear()');
    };
    events.on('switch', fail);
    events.on('exit', fail);
    events.clear();
    events.emit('exit', { thread: 0, status: 0 });
    expect(events.wanted.exit).toBe(false);
    expect(events.wanted.switch).toBe(false);
  });

  it('tells its owner whenever interest has changed', () => {
    const events = new MachineEvents();
    const interest: boolean[] = [];
    events.onInterest = () => interest.push(events.wanted.access);
    const listener = (): void => undefined;
    events.on('access', listener);
    events.off('access', listener);
    events.on('access', listener);
    events.clear();
    expect(interest).toEqual([true, false, true, false]);
  });
});
