import { describe, expect, it } from 'vitest';
import { kindOf } from '../real/kernel-note.js';
import { chooseProfile, profileNamed } from '../simulated/profile-choice.js';

describe('the profile', () => {
  it.each([
    ['v4.18', ['4.18.0', '5.15.0-91-generic', '6.0.9']],
    ['v6.1', ['6.1.0', '6.2.16']],
    ['v6.18', ['6.3.0', '6.8.0-45-generic', '6.18.44-fc-v657']],
    ['v6.19', ['6.19.2', '7.0.1']],
    ['v7.1', ['7.1.0', '8.0']],
  ])('%s is that of Linux %j', (profile, releases) => {
    for (const release of releases)
      expect(chooseProfile(release)).toEqual({
        profile,
        reason: `the profile for Linux ${release}`,
      });
  });

  it('of another kernel says so when it is not the one that describes it', () => {
    expect(chooseProfile('3.10.0').reason).toContain('has no rseq');
    for (const release of ['4.18.0', '6.19.2', '7.1.0', '8.0'])
      expect(chooseProfile(release).reason).toMatch(/^the profile for|does not exist/);
  });

  it('of a name that does not exist is refused', () => {
    expect(profileNamed('v6.1')).toBe('v6.1');
    expect(() => profileNamed('v5')).toThrow('expected --profile of');
  });
});

describe('what passes itself off as Linux', () => {
  it('is told from it', () => {
    const gvisor = '#1 SMP Sun Jan 10 15:06:54 PST 2016';
    expect(kindOf('4.4.0', gvisor, '')).toBe('gvisor');
    expect(kindOf('6.1.0', '#1 SMP', '[ 0.0] Starting gVisor...')).toBe('gvisor');
    expect(kindOf('4.4.0-19041-Microsoft', '#1', '')).toBe('wsl1');
    expect(kindOf('5.15.0-microsoft-standard-WSL2', '#1', '')).toBe('linux');
    expect(kindOf('6.18.44', '#1 SMP', 'Linux version 6.18')).toBe('linux');
  });
});
