/* The memory that cases use: two rseq areas on pages of their own, and addresses that are bad. */
#define _GNU_SOURCE
#include "conformance.h"
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct area *area_a, *area_b;

static char *read_only;

/* Below everything that a program maps, and above what nobody may map. */
enum { NEVER_MAPPED = 0x20000, STALE = 64 };

static char *map_page(void) {
  char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) unavailable("mmap");
  return page;
}

void map_memory(void) {
  area_a = (struct area *)map_page();
  area_b = (struct area *)map_page();
  read_only = map_page();
  ((struct area *)(read_only + STALE))->rseq_cs = 1;
  mprotect(read_only, PAGE, PROT_READ);
}

void unmap_area_a(void) {
  munmap(area_a, PAGE);
}

/* `a`, `b`, `readonly` (at +64 with a stale rseq_cs), `unmapped`, `kernel`, `null`, with an offset such as a+16. */
uint64_t address_of(const char *name) {
  const struct { const char *name; uint64_t address; } bases[] = {
    {"a", (uint64_t)area_a},        {"b", (uint64_t)area_b},
    {"readonly", (uint64_t)read_only}, {"unmapped", NEVER_MAPPED},
    {"kernel", 0xffff800000000000}, {"null", 0},
  };
  size_t length = strcspn(name, "+");
  uint64_t offset = name[length] == '+' ? strtoull(name + length, NULL, 0) : 0;
  for (size_t i = 0; i < sizeof bases / sizeof *bases; i++)
    if (strlen(bases[i].name) == length && strncmp(bases[i].name, name, length) == 0)
      return bases[i].address + offset;
  unavailable("unknown-address");
}

/* A 32-bit field of area a. */
uint32_t *field_of(const char *name) {
  const struct { const char *name; size_t offset; } fields[] = {
    {"cpu_id_start", offsetof(struct area, cpu_id_start)},
    {"cpu_id", offsetof(struct area, cpu_id)},
    {"flags", offsetof(struct area, flags)},
    {"node_id", offsetof(struct area, node_id)},
    {"mm_cid", offsetof(struct area, mm_cid)},
  };
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
    if (strcmp(fields[i].name, name) == 0) return (uint32_t *)((char *)area_a + fields[i].offset);
  unavailable("unknown-field");
}
