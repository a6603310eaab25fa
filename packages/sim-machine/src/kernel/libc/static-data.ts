/** Where objects of the C library get their memory from: a process. */
export interface StaticData {
  /** Reserves zeroed bytes and returns their address. */
  allocate(bytes: number, align?: number): number;
}
