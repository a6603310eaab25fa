/**
 * Where things lie in every address space.
 *
 * | address                    | holds                                         |
 * |----------------------------|-----------------------------------------------|
 * | 0 to MMAP_MIN_ADDRESS      | nothing, so that a null pointer faults        |
 * | TEXT_BASE                  | the machine's text segment                    |
 * | HEAP_BASE and up           | the heap, moved by brk                        |
 * | MMAP_TOP and down          | mappings whose place the kernel chooses       |
 * | MMAP_TOP to USER_END       | free for fixed mappings, such as a main stack |
 * | USER_END and up            | the kernel: any user access faults            |
 *
 * User space ends at 2 GiB, as with VMSPLIT_2G on i386 or on MIPS, so that a user address is a
 * non-negative int32 everywhere.
 *
 * @source arch/x86/Kconfig (VMSPLIT_2G), Documentation/admin-guide/sysctl/vm.rst (mmap_min_addr)
 */
export const USER_END = 0x80000000;

/** Lowest address that may be mapped; see USER_END. */
export const MMAP_MIN_ADDRESS = 0x10000;

/** Where the text segment begins in every address space. */
export const TEXT_BASE = 0x00400000;

/** Initial program break; see USER_END. */
export const HEAP_BASE = 0x08000000;

/** Mappings are placed below this address, the highest free place first. */
export const MMAP_TOP = 0x7f000000;

/**
 * Whether `size` bytes (at least 1) from `address` on are user addresses, mapped or not.
 *
 * @param address int32 or uint32
 * @source arch/x86/include/asm/uaccess.h (access_ok)
 */
export function isUserRange(address: number, size: number): boolean {
  const start = address | 0;
  return start >= 0 && start + size <= USER_END;
}
