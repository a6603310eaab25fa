/** What is written in another way inside quotes. */
// eslint-disable-next-line no-control-regex -- those are what is looked for
const SPECIAL = /[\\'"?\x00-\x1f\x7f]/g;

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\x1b': '\\e',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** Text in quotes on one line, as babeltrace2 writes strings. */
export function quotedText(text: string): string {
  return `"${text.replace(SPECIAL, escaped)}"`;
}

function escaped(character: string): string {
  if (character >= ' ' && character !== '\x7f') return `\\${character}`;
  return ESCAPES[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
