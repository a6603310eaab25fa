/** Where compiled code finds a word of its thread's register file. */
export function registerSlot(word: number): string {
  return `registers[base+${word}|0]`;
}
