/** One question that is put to the running kernel and to the simulated one, in the same words. */
export interface ConformanceCase {
  /** Unique; what explanations refer to. */
  readonly name: string;
  /** What is done, in the language of native/script.c: operations separated by semicolons. */
  readonly script: string;
}

/** Cases about one thing. */
export interface CaseGroup {
  /** What they are about. */
  readonly topic: string;
  /** Scripts by name. */
  readonly scripts: Readonly<Record<string, string>>;
}

/** The operations of a script, each as its words. */
export function operationsOf(script: string): readonly (readonly string[])[] {
  return script
    .split(';')
    .map((operation) => operation.trim().split(/ +/))
    .filter(([name]) => name !== '');
}
