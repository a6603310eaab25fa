/* What the parts of the program share: see main.c. */
#ifndef CONFORMANCE_H
#define CONFORMANCE_H

#include <stddef.h>
#include <stdint.h>

enum { PAGE = 4096, SIGNATURE = 0x53053053, OTHER_SIGNATURE = 0x12345678 };

/* struct rseq by the names of its fields; include/uapi/linux/rseq.h says where they are. */
struct area {
  uint32_t cpu_id_start, cpu_id;
  uint64_t rseq_cs;
  uint32_t flags, node_id, mm_cid, rest;
};

/* struct rseq_cs */
struct descriptor {
  uint32_t version, flags;
  uint64_t start_ip, post_commit_offset, abort_ip;
} __attribute__((aligned(32)));

/* output.c */
/* Prints one value of the case that runs. */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Prints 0 and what is above it as a number, a failure of the last system call by its name. */
void print_result(long result);
/* Prints why this machine cannot be asked, and ends the case. */
void unavailable(const char *reason) __attribute__((noreturn));
/* Waits for a child and prints the signal that killed it, if one did. */
void reap(int pid);

/* memory.c: the addresses that cases name. */
extern struct area *area_a, *area_b;
void map_memory(void);
void unmap_area_a(void);
uint64_t address_of(const char *name);
uint32_t *field_of(const char *name);

/* section.c */
extern struct descriptor *armed_descriptor;
void reset_descriptor(void);
void describe(const char *field, const char *value);
typedef enum { INSIDE, OUTSIDE, UNARMED } place;
void run_section(place where, const char *event);
void print_frame(void);
void print_left(void);

/* events.c: one thing that happens to the thread while it is in the section. */
struct attempt {
  volatile int32_t flag;    /* the section spins until it is 1 */
  volatile int32_t word;    /* the section commits by storing 1 here */
  volatile int32_t entered; /* the section is running */
  int32_t unused;
  int64_t syscall;          /* a system call that the section makes, or -1 */
  int64_t arguments[3];
  volatile char *touch;     /* memory that the section loads from, or NULL */
};
void begin_event(const char *event, struct attempt *attempt);
void end_event(void);
/* Whether the thread is expected to lose its turn. */
int is_disturbing(const char *event);
int cpu_at(int index);
void pin(int thread, int cpu);

/* script.c */
void run_script(char *script);
/* tracing.c */
void print_configuration(void);

#endif
