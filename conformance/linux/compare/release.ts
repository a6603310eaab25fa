/** The first two numbers of a kernel release: `6.8` of `6.8.0-45-generic`. */
export function majorMinor(release: string): readonly [major: number, minor: number] {
  const [major = Number.NaN, minor = 0] = release.split(/[.-]/).map(Number);
  return [major, minor];
}

/** Whether a release is `from` or later, and earlier than `before`. */
export function isRelease(release: string, from: string, before?: string): boolean {
  return !isBefore(release, from) && (before === undefined || isBefore(release, before));
}

function isBefore(release: string, limit: string): boolean {
  const [major, minor] = majorMinor(release);
  const [limitMajor, limitMinor] = majorMinor(limit);
  return major < limitMajor || (major === limitMajor && minor < limitMinor);
}
