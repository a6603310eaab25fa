import { PAGE } from './fixture.js';

/** What an access comes to. */
export type Verdict = 'ok' | 'maperr' | 'accerr' | 'bus';

/** Bytes of a page; who holds the same object sees the same bytes. */
type Bytes = Uint8Array;

interface ModelPage {
  protection: number;
  readonly shared: boolean;
  /** Where a page of an object comes from. */
  readonly source: { readonly object: ModelObject; readonly page: number } | undefined;
  /** A private page's own bytes, once it was written. */
  own: Bytes | undefined;
}

/** A memory object: pages made on demand, up to its end. */
export class ModelObject {
  readonly #pages = new Map<number, Bytes>();
  readonly sizeBytes: number;

  constructor(sizeBytes: number) {
    this.sizeBytes = sizeBytes;
  }

  contains(page: number): boolean {
    return page * PAGE < this.sizeBytes;
  }

  bytes(page: number): Bytes {
    let bytes = this.#pages.get(page);
    if (bytes === undefined) this.#pages.set(page, (bytes = new Uint8Array(PAGE)));
    return bytes;
  }
}

/** An address space as a plain map from page addresses to bytes and rights: what must hold. */
export class ModelSpace {
  readonly #pages = new Map<number, ModelPage>();

  map(
    start: number,
    pages: number,
    protection: number,
    shared: boolean,
    object: ModelObject | undefined,
    firstPage: number,
  ): void {
    const backing = object ?? (shared ? new ModelObject(pages * PAGE) : undefined);
    for (let page = 0; page < pages; page++) {
      const source = backing && { object: backing, page: firstPage + page };
      this.#pages.set(start + page * PAGE, { protection, shared, source, own: undefined });
    }
  }

  /** What MAP_POPULATE does to a private writable mapping: pages of an object are copied now. */
  populate(start: number, pages: number): void {
    for (let address = start; address < start + pages * PAGE; address += PAGE) this.detach(address);
  }

  /** What a write fault does to a page, even when the access fails for another page. */
  detach(address: number): void {
    if (this.verdict(address, 1, true) === 'ok') this.write(address, this.read(address));
  }

  unmap(start: number, pages: number): void {
    for (let page = 0; page < pages; page++) this.#pages.delete(start + page * PAGE);
  }

  /** False when a page is missing; those before it are protected. */
  protect(start: number, pages: number, protection: number): boolean {
    for (let index = 0; index < pages; index++) {
      const page = this.#pages.get(start + index * PAGE);
      if (page === undefined) return false;
      page.protection = protection;
    }
    return true;
  }

  dontNeed(start: number, pages: number): void {
    for (let index = 0; index < pages; index++) {
      const page = this.#pages.get(start + index * PAGE);
      if (page !== undefined) page.own = undefined;
    }
  }

  copy(): ModelSpace {
    const child = new ModelSpace();
    for (const [address, page] of this.#pages) {
      const own = page.own === undefined ? undefined : Uint8Array.from(page.own);
      child.#pages.set(address, { ...page, own });
    }
    return child;
  }

  clear(): void {
    this.#pages.clear();
  }

  /** The first reason why an access cannot be, page by page. */
  verdict(address: number, size: number, write: boolean): Verdict {
    for (let at = address; at < address + size; at++) {
      const page = this.#pages.get(at - (at % PAGE));
      if (page === undefined) return 'maperr';
      if (write ? (page.protection & 2) === 0 : page.protection === 0) return 'accerr';
      const { source } = page;
      if (page.own === undefined && source?.object.contains(source.page) === false) return 'bus';
    }
    return 'ok';
  }

  read(address: number): number {
    const page = this.#pages.get(address - (address % PAGE))!;
    const bytes = page.own ?? page.source?.object.bytes(page.source.page);
    return bytes?.[address % PAGE] ?? 0;
  }

  write(address: number, byte: number): void {
    const page = this.#pages.get(address - (address % PAGE))!;
    const backing = page.source?.object.bytes(page.source.page);
    if (!page.shared) page.own ??= Uint8Array.from(backing ?? new Uint8Array(PAGE));
    (page.shared ? backing! : page.own!)[address % PAGE] = byte;
  }
}
