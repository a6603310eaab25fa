/*
 * A critical section that can make a system call, touch a page, and then waits to be let go, so that
 * an event happens while the thread is inside of it.
 */
#define _GNU_SOURCE
#include "conformance.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { COMMITTED = 1, ABORTED = 2, PASSED = 3 };

/* Attempts at a section that lets itself be interrupted, and at one that hopes not to be. */
enum { ATTEMPTS = 20, UNDISTURBED_ATTEMPTS = 500 };

/* run_inside, run_outside(struct attempt *, uint64_t *rseq_cs, uint64_t descriptor) */
long run_inside(struct attempt *attempt, volatile uint64_t *rseq_cs, uint64_t descriptor);
long run_outside(struct attempt *attempt, volatile uint64_t *rseq_cs, uint64_t descriptor);
extern const char section_start[], section_commit[], section_end[], section_abort[];

/* Offsets are those of struct attempt: rbx points to it. */
__asm__(
  ".macro await\n"
  "  movl $1, 8(%rbx)\n" /* entered */
  "  movq 16(%rbx), %rax\n"
  "  testq %rax, %rax\n"
  "  js 1f\n"
  "  movq 24(%rbx), %rdi\n"
  "  movq 32(%rbx), %rsi\n"
  "  movq 40(%rbx), %rdx\n"
  "  syscall\n"
  "1: movq 48(%rbx), %rax\n"
  "  testq %rax, %rax\n"
  "  jz 2f\n"
  "  movb (%rax), %al\n"
  "2: pause\n"
  "  cmpl $0, (%rbx)\n"
  "  je 2b\n"
  ".endm\n"
  ".text\n"
  ".globl run_inside, run_outside, section_start, section_commit, section_end, section_abort\n"
  "run_outside:\n"
  "  pushq %rbx\n"
  "  movq %rdi, %rbx\n"
  "  movq %rdx, (%rsi)\n"
  "  await\n"
  "  movl $3, %eax\n"
  "  popq %rbx\n"
  "  ret\n"
  "run_inside:\n"
  "  pushq %rbx\n"
  "  movq %rdi, %rbx\n"
  "  movq %rdx, (%rsi)\n"
  "section_start:\n"
  "  await\n"
  "section_commit:\n"
  "  movl $1, 4(%rbx)\n"
  "section_end:\n"
  "  movl $1, %eax\n"
  "  popq %rbx\n"
  "  ret\n"
  "  .long 0x53053053\n"
  "section_abort:\n"
  "  movl $2, %eax\n"
  "  popq %rbx\n"
  "  ret\n"
);

struct descriptor *armed_descriptor;

static struct descriptor *own_descriptor;
static volatile uint64_t frame_ip, frame_cs;
static int left;

void reset_descriptor(void) {
  if (own_descriptor == NULL)
    own_descriptor = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  armed_descriptor = own_descriptor;
  own_descriptor->version = own_descriptor->flags = 0;
  own_descriptor->start_ip = (uint64_t)section_start;
  own_descriptor->post_commit_offset = (uint64_t)(section_end - section_start);
  own_descriptor->abort_ip = (uint64_t)section_abort;
}

static uint64_t place_of(const char *value) {
  if (strcmp(value, "start") == 0) return (uint64_t)section_start;
  if (strcmp(value, "commit") == 0) return (uint64_t)section_commit;
  if (strcmp(value, "end") == 0) return (uint64_t)section_end;
  if (strcmp(value, "max") == 0) return UINT64_MAX;
  if (value[0] >= '0' && value[0] <= '9') return strtoull(value, NULL, 0);
  return address_of(value);
}

/* Changes a field of the descriptor, or (`at`) which address is armed. */
void describe(const char *field, const char *value) {
  uint64_t number = place_of(value);
  if (strcmp(field, "version") == 0) own_descriptor->version = (uint32_t)number;
  else if (strcmp(field, "flags") == 0) own_descriptor->flags = (uint32_t)number;
  else if (strcmp(field, "start_ip") == 0) own_descriptor->start_ip = number;
  else if (strcmp(field, "post_commit_offset") == 0) own_descriptor->post_commit_offset = number;
  else if (strcmp(field, "abort_ip") == 0) own_descriptor->abort_ip = number;
  else if (strcmp(field, "at") == 0) armed_descriptor = (struct descriptor *)number;
  else unavailable("unknown-descriptor-field");
}

static int is_inside(uint64_t ip) {
  return ip - (uint64_t)section_start < (uint64_t)(section_end - section_start);
}

static void on_signal(int number, siginfo_t *info, void *context) {
  (void)number;
  (void)info;
  uint64_t ip = (uint64_t)((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
  /* A signal that came after a disturbance had ended the section tells nothing. */
  if (ip != (uint64_t)section_abort && !is_inside(ip)) return;
  frame_ip = ip;
  frame_cs = area_a->rseq_cs;
}

/* An attempt that was not disturbed is worth more: it committed or passed, and rseq_cs is as it was. */
static int worth(long result, int is_armed) {
  return (result == COMMITTED || result == PASSED ? 2 : 0) + is_armed;
}

/*
 * Runs the section under an event. What disturbs the machine may abort a section and clear rseq_cs for
 * reasons of its own; therefore `aborted` means that no attempt out of many committed, and rseq_cs as
 * 0 that it was cleared in every one.
 */
void run_section(place where, const char *event) {
  static volatile uint64_t nowhere;
  struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
  sigaction(SIGUSR1, &action, NULL);
  volatile uint64_t *rseq_cs = where == UNARMED ? &nowhere : &area_a->rseq_cs;
  int attempts = is_disturbing(event) ? ATTEMPTS : UNDISTURBED_ATTEMPTS;
  long best = 0;
  left = -1;
  for (int i = 0; i < attempts && worth(best, left) < 3; i++) {
    struct attempt attempt = {.syscall = -1};
    begin_event(event, &attempt);
    long result = (where == INSIDE ? run_inside : run_outside)(&attempt, rseq_cs, (uint64_t)armed_descriptor);
    int is_armed = *rseq_cs != 0;
    if (best == 0 || worth(result, is_armed) > worth(best, left)) {
      best = result;
      left = is_armed;
    }
    end_event();
  }
  print(best == COMMITTED ? "committed" : best == ABORTED ? "aborted" : "passed");
}

/* Prints what rseq_cs was just after the section. */
void print_left(void) {
  print(left == 0 ? "rseq_cs=0" : "rseq_cs=armed");
}

/* Where the last signal found the thread, and whether the section was still armed then. */
void print_frame(void) {
  if (frame_ip == 0) unavailable("no-signal-in-the-section");
  print(frame_ip == (uint64_t)section_abort ? "ip=abort_ip" : "ip=inside");
  print(frame_cs == 0 ? "rseq_cs=0" : "rseq_cs=armed");
}
