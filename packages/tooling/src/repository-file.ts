/** A file of the repository, as the rules see it. */
export interface RepositoryFile {
  /** Path from the root, with forward slashes. */
  readonly path: string;
  /** Its whole text. */
  readonly text: string;
}

/** Whether a file is part of a library: it must run in a browser, and the same on every run. */
export function isLibrarySource(path: string): boolean {
  return /^packages\/(?!cli\/|tooling\/)[^/]+\/src\/.*\.ts$/.test(path);
}

/** Whether a file is the source of any package. */
export function isPackageSource(path: string): boolean {
  return /^packages\/[^/]+\/src\/.*\.ts$/.test(path);
}

/** Whether a file belongs to the tests of a package. */
export function isTest(path: string): boolean {
  return /^packages\/[^/]+\/test\/.*\.ts$/.test(path);
}
