import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { defineEvent } from '../../src/events/event-definition.js';
import { LogLevel } from '../../src/events/log-level.js';
import { compileRule } from '../../src/session/recording-rule.js';
import type { RecordingRule } from '../../src/session/recording-rule.js';
import type { TracerError } from '../../src/tracer-error.js';

const EVENTS = [
  defineEvent('shop:request', { logLevel: LogLevel.INFO }),
  defineEvent('shop:reply', { logLevel: LogLevel.DEBUG }),
  defineEvent('shop:error', { logLevel: LogLevel.ERR }),
  defineEvent('store:request', { logLevel: LogLevel.INFO }),
];

function meant(rule: RecordingRule): string {
  const isMeant = compileRule(rule);
  return EVENTS.filter((event) => isMeant(event))
    .map(({ name }) => name)
    .join(' ');
}

describe('a recording rule', () => {
  it.each<[RecordingRule, string]>([
    [{}, 'shop:request shop:reply shop:error store:request'],
    [{ name: 'shop:*' }, 'shop:request shop:reply shop:error'],
    [{ name: '*:request' }, 'shop:request store:request'],
    [{ name: 's*:re*t' }, 'shop:request store:request'],
    [{ name: 'shop:reply' }, 'shop:reply'],
    [{ name: 'shop:rep' }, ''],
    [{ name: 'shop:*', exclude: ['*:r*'] }, 'shop:error'],
    [{ atLeast: LogLevel.INFO }, 'shop:request shop:error store:request'],
    [{ exactly: LogLevel.DEBUG }, 'shop:reply'],
  ])('%j is about %s', (rule, events) => {
    expect(meant(rule)).toBe(events);
  });

  it('has names that match as a regular expression would', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', ':'), { maxLength: 8 });
    const glob = fc.array(fc.constantFrom('a', 'b', ':', '*'), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(glob, letters, (pattern, name) => {
        const expected = new RegExp(`^${pattern.join('').replaceAll('*', '.*')}$`);
        const event = { name: name.join(''), logLevel: LogLevel.INFO, fields: {} };
        const isMeant = compileRule({ name: pattern.join('') });
        expect(isMeant(event)).toBe(expected.test(event.name));
      }),
    );
  });

  it('that cannot be is refused', () => {
    const codeOf = (rule: RecordingRule): unknown => {
      try {
        return compileRule(rule);
      } catch (error) {
        return (error as TracerError).code;
      }
    };
    expect(codeOf({ name: 'shop request' })).toBe('ERR_RULE');
    expect(codeOf({ exclude: [''] })).toBe('ERR_RULE');
    expect(codeOf({ atLeast: LogLevel.ERR, exactly: LogLevel.ERR })).toBe('ERR_RULE');
  });
});
