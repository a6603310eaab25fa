/** Colours of the page, light or dark as the reader's system is. */
export interface Palette {
  readonly paper: string;
  readonly ink: string;
  readonly soft: string;
  readonly rule: string;
  readonly raised: string;
  readonly focus: string;
  readonly caption: string;
  readonly series: readonly string[];
}

const SERIES = 8;

/** Reads the colours that the style has now. */
export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    paper: colour('paper'),
    ink: colour('ink'),
    soft: colour('soft'),
    rule: colour('rule'),
    raised: colour('raised'),
    focus: colour('focus'),
    caption: colour('caption'),
    series: Array.from({ length: SERIES }, (_, n) => colour(`t${n}`)),
  };
}

/** Gives every name a colour, in the order in which they are met, so that few names get different ones. */
export class NameColours {
  readonly #indices = new Map<string, number>();

  of(name: string, { series }: Palette): string {
    let index = this.#indices.get(name);
    if (index === undefined) this.#indices.set(name, (index = this.#indices.size));
    return series[index % series.length]!;
  }
}
