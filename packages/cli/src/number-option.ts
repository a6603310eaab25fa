import { InvalidArgumentError } from 'commander';

/**
 * Makes a parser of an option whose value is an integer.
 *
 * The parser throws InvalidArgumentError, of which commander makes a line with the option's name.
 */
export function integerOption(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^-?\d+$/.test(text.trim()) ? Number(text) : NaN;
    if (!(value >= min && value <= max))
      throw new InvalidArgumentError(`expected an integer from ${min} to ${max}, got '${text}'.`);
    return value;
  };
}
