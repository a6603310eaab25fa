import type { IntegerType } from '../fields/field-type.js';

/** Digits that `%g` shows. */
const PRECISION = 6;

/** Enough digits to tell a number in the middle of two of {@link PRECISION} digits from one beside. */
const EXACT_PRECISION = 40;

/** A number as C's `%g` has it. @source C11, 7.21.6.1 */
export function generalText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa, exponent] = roundedToEven(value).split('e') as [string, string];
  const power = Number(exponent);
  if (power >= -4 && power < PRECISION)
    return withoutZeros(Number(`${mantissa}e${power}`).toFixed(PRECISION - 1 - power));
  const digits = String(Math.abs(power)).padStart(2, '0');
  return `${withoutZeros(mantissa)}e${power < 0 ? '-' : '+'}${digits}`;
}

/** As `toExponential`, which rounds numbers in the middle up, where C takes the even digit. */
function roundedToEven(value: number): string {
  const exact = value.toExponential(EXACT_PRECISION);
  const isMiddle = /^-?\d\.\d{5}50+e/.test(exact);
  const isEven = '02468'.includes(exact[exact.indexOf('.') + PRECISION - 1]!);
  if (!isMiddle || !isEven) return value.toExponential(PRECISION - 1);
  return exact.replace(/(\.\d{5})\d*/, '$1');
}

function withoutZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** Makes a function that writes integers of a type in its base, as C does: `0x1F`, `017`, `0b00101`. */
export function integerText({
  sizeBits,
  isSigned,
  base,
}: IntegerType): (value: number | bigint) => string {
  if (base === 10) return (value) => value.toString();
  if (base === 2)
    return (value) =>
      `0b${BigInt.asUintN(sizeBits, BigInt(value)).toString(2).padStart(sizeBits, '0')}`;
  if (base === 8) {
    const shownBits = isSigned ? Math.min(64, Math.ceil(sizeBits / 3) * 3) : 64;
    return (value) => `0${BigInt.asUintN(shownBits, BigInt(value)).toString(8)}`;
  }
  const shownBits = Math.ceil(sizeBits / 4) * 4;
  return (value) => {
    const digits =
      typeof value === 'number' && value >= 0
        ? value.toString(16)
        : BigInt.asUintN(shownBits, BigInt(value)).toString(16);
    return `0x${digits.toUpperCase()}`;
  };
}
