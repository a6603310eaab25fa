/**
 * Memory that several address spaces can map: what memfd_create or shm_open give, or what stands
 * behind MAP_SHARED | MAP_ANONYMOUS.
 *
 * Made and counted by {@link MemoryObjects}; the other fields are its business.
 *
 * @source memfd_create(2), shm_open(3)
 */
export interface MemoryObject {
  /** Slot; free again when the last reference is gone. */
  readonly id: number;
  /** Size; an access to a page wholly behind it is SIGBUS. */
  readonly sizeBytes: number;
  /** Whether the descriptor allows writing; if not, no shared mapping can be writable. */
  readonly writable: boolean;
  /** Page table from page numbers of the object to frames. */
  readonly table: number;
  /** Descriptors and areas that refer to it. */
  readonly references: number;
}
