import type {
  ByteOrder,
  EnumerationMapping,
  FieldPath,
  FieldType,
  IntegerType,
  NamedField,
} from '../fields/field-type.js';
import { SCOPES } from '../fields/scope.js';
import { parseDottedName } from './attributes.js';
import { alignmentFrom, parseFloat64, parseInteger, parseString } from './parse-scalar.js';
import type { TokenStream } from './token-stream.js';
import { TypeScope } from './type-scope.js';

/** Kinds of types that can be defined in passing, without a field of that type. */
const DEFINED_IN_PASSING = new Set(['structure', 'variant', 'enumeration']);

/** What is parsed where. */
export interface TypeContext {
  readonly tokens: TokenStream;
  readonly scope: TypeScope;
  readonly native: ByteOrder;
}

/**
 * Reads a type as it stands in front of a name or in an assignment.
 *
 * @throws TraceFormatError `ERR_METADATA` with line and column
 * @source CTF 1.8, C.2 and C.3
 */
export function parseType(context: TypeContext): FieldType {
  const { tokens, native } = context;
  tokens.take('const');
  if (tokens.take('integer')) return parseInteger(tokens, native);
  if (tokens.take('floating_point')) return parseFloat64(tokens, native);
  if (tokens.take('string')) return parseString(tokens);
  if (tokens.take('struct')) return parseStructure(context);
  if (tokens.take('variant')) return parseVariant(context);
  if (tokens.take('enum')) return parseEnumeration(context);
  return parseNamedType(context);
}

/** Reads `typealias TYPE := NAME ;`, behind the first word. */
export function parseTypealias(context: TypeContext): void {
  const { tokens, scope } = context;
  const type = parseType(context);
  tokens.expect(':=');
  scope.define(parseAliasName(tokens), type);
  tokens.expect(';');
}

/** Reads `typedef TYPE NAME ;`, behind the first word. */
export function parseTypedef(context: TypeContext): void {
  const { tokens, scope } = context;
  const type = parseType(context);
  do {
    const name = tokens.word('a name for the type');
    scope.define(name, parseDimensions(context, type));
  } while (tokens.take(','));
  tokens.expect(';');
}

/** A field's name as it is in memory: readers drop one underscore in front. */
function bareName(name: string): string {
  return name.length > 1 && name.startsWith('_') ? name.slice(1) : name;
}

function parseNamedType({ tokens, scope }: TypeContext): FieldType {
  const start = tokens.peek();
  let name = tokens.word('a type');
  let type = scope.find(name);
  // Names of several words, such as `unsigned long`: as many of them as still make a type.
  for (let longer = name; tokens.peek().kind === 'word';) {
    longer += ` ${tokens.peek().text}`;
    const found = scope.find(longer);
    if (found === undefined && type !== undefined) break;
    if (found !== undefined) type = found;
    name = longer;
    tokens.next();
  }
  return type ?? tokens.fail(`a type that is defined, not ${name}`, start);
}

function parseAliasName(tokens: TokenStream): string {
  const words: string[] = [];
  while (tokens.peek().kind === 'word') {
    const { text } = tokens.next();
    if (text !== 'const') words.push(text);
  }
  while (tokens.take('*')) words.push('*');
  return words.length === 0 ? tokens.fail('a name for the type') : words.join(' ');
}

function parseStructure(context: TypeContext): FieldType {
  return parseTagged(context, 'struct', () => {
    const inner = { ...context, scope: new TypeScope(context.scope) };
    const fields = parseFields(inner);
    const { tokens } = context;
    let minAlignBits = 1;
    if (tokens.take('align')) {
      tokens.expect('(');
      const token = tokens.peek();
      const integer = tokens.integer('an alignment');
      minAlignBits = alignmentFrom({ integer, isQuoted: false, token }, tokens);
      tokens.expect(')');
    }
    return { kind: 'structure', minAlignBits, fields };
  });
}

/** Reads an optional name and a body; or a name that was given to such a type before. */
function parseTagged(
  { tokens, scope }: TypeContext,
  tag: string,
  body: () => FieldType,
): FieldType {
  const name = tokens.peek().kind === 'word' ? `${tag} ${tokens.next().text}` : undefined;
  if (name !== undefined && !tokens.is('{'))
    return scope.find(name) ?? tokens.fail(`a type that is defined, not ${name}`);
  const type = body();
  if (name !== undefined) scope.define(name, type);
  return type;
}

function parseVariant(context: TypeContext): FieldType {
  const { tokens, scope } = context;
  const name = tokens.peek().kind === 'word' ? `variant ${tokens.next().text}` : undefined;
  const tag = tokens.take('<') ? parsePath(tokens, '>') : undefined;
  if (!tokens.is('{')) {
    const type = scope.find(name ?? '');
    if (type?.kind !== 'variant') return tokens.fail('a variant that is defined');
    return tag === undefined ? type : { ...type, tag };
  }
  // An option is named as the label that chooses it, with its underscore.
  const options = parseFields({ ...context, scope: new TypeScope(scope) }, (written) => written);
  const type: FieldType = { kind: 'variant', tag: tag ?? [], options };
  if (name !== undefined) scope.define(name, type);
  return type;
}

function parseFields(
  context: TypeContext,
  nameOf: (written: string) => string = bareName,
): NamedField[] {
  const { tokens } = context;
  const fields: NamedField[] = [];
  tokens.expect('{');
  while (!tokens.take('}')) {
    if (tokens.take('typealias')) parseTypealias(context);
    else if (tokens.take('typedef')) parseTypedef(context);
    else {
      const type = parseType(context);
      if (DEFINED_IN_PASSING.has(type.kind) && tokens.take(';')) continue;
      do {
        const name = nameOf(tokens.word('the name of a field'));
        fields.push({ name, type: parseDimensions(context, type) });
      } while (tokens.take(','));
      tokens.expect(';');
    }
  }
  return fields;
}

/** Reads `[2][n]`: the leftmost is the outermost. */
function parseDimensions(context: TypeContext, element: FieldType): FieldType {
  const { tokens } = context;
  if (!tokens.take('[')) return element;
  if (tokens.peek().kind === 'integer') {
    const token = tokens.peek();
    const length = Number(tokens.integer('a length'));
    tokens.expect(']');
    if (length > 0xffffffff) tokens.fail('a length below 2^32', token);
    return { kind: 'array', length, element: parseDimensions(context, element) };
  }
  const length = parsePath(tokens, ']');
  return { kind: 'sequence', length, element: parseDimensions(context, element) };
}

/** A path up to a mark; the scope in front, if there is one, as one name. */
function parsePath(tokens: TokenStream, end: string): FieldPath {
  const text = parseDottedName(tokens);
  tokens.expect(end);
  const scope = SCOPES.find((name) => text.startsWith(`${name}.`));
  const rest = scope === undefined ? text : text.slice(scope.length + 1);
  const names = rest.split('.').map(bareName);
  return scope === undefined ? names : [scope, ...names];
}

function parseEnumeration(context: TypeContext): FieldType {
  const { tokens, scope } = context;
  const name = tokens.peek().kind === 'word' ? `enum ${tokens.next().text}` : undefined;
  if (name !== undefined && !tokens.is('{') && !tokens.is(':'))
    return scope.find(name) ?? tokens.fail(`a type that is defined, not ${name}`);
  const start = tokens.peek();
  const container = tokens.take(':') ? parseType(context) : scope.find('int');
  if (container?.kind !== 'integer') return tokens.fail('an integer for the enumeration', start);
  const type: FieldType = {
    kind: 'enumeration',
    container,
    mappings: parseMappings(tokens, container),
  };
  if (name !== undefined) scope.define(name, type);
  return type;
}

function parseMappings(tokens: TokenStream, container: IntegerType): EnumerationMapping[] {
  const mappings: EnumerationMapping[] = [];
  let next = 0n;
  tokens.expect('{');
  while (!tokens.take('}')) {
    const token = tokens.next();
    if (token.kind !== 'word' && token.kind !== 'text') tokens.fail('a label', token);
    let low = next;
    if (tokens.take('=')) low = tokens.integer('a value');
    const high = tokens.take('...') ? tokens.integer('the end of the range') : low;
    if (high < low) tokens.fail(`a range that does not end before it begins`, token);
    if (!container.isSigned && low < 0n) tokens.fail('a value that is not negative', token);
    mappings.push({ label: token.text, low, high });
    next = high + 1n;
    if (!tokens.take(',') && !tokens.is('}')) tokens.fail('"," or "}"');
  }
  return mappings;
}
