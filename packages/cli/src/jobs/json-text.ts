/** JSON for people and machines: indented, one line end at the end; undefined members are absent. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
