/** What a record of the registry of parts is about: its first word. */
export const PartKind = {
  Label: 1,
  Kernel: 2,
  Common: 3,
  Own: 4,
  Cpu: 5,
  Memory: 6,
  Entry: 7,
  Entries: 8,
  Counted: 9,
  Thread: 10,
  History: 11,
} as const;
