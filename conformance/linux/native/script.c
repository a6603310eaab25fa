/*
 * The language of cases: operations with words as operands, separated by semicolons. A system
 * call prints its result or the name of its errno.
 *
 *   rseq AREA LENGTH FLAGS SIGNATURE   the system call; S and T are signatures
 *   membarrier COMMAND FLAGS CPU       the system call
 *   field NAME                         prints a field of area a: rseq_cs as 0, armed or other
 *   set NAME VALUE                     writes a 32-bit field of area a
 *   arm                                stores the descriptor's address into rseq_cs of area a
 *   describe FIELD VALUE               changes the descriptor (section.c)
 *   inside | outside | unarmed EVENT   runs the section, or a loop outside of it, under an event
 *   left                               prints what the section left in rseq_cs
 *   frame                              prints what the last signal handler saw
 *   pin CPU                            moves the thread to a CPU and keeps it there
 *   unmap                              unmaps area a
 *   auxv ENTRY                         prints an entry of the auxiliary vector
 *   configuration                      prints what ptrace says
 *   fork | thread | exec               the rest of the script runs in a child, in a new thread, or in
 *                                      a program that replaces this one
 */
#define _GNU_SOURCE
#include "conformance.h"
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { WORDS = 6 };

static long number_of(const char *word) {
  if (strcmp(word, "S") == 0) return SIGNATURE;
  if (strcmp(word, "T") == 0) return OTHER_SIGNATURE;
  return strtol(word, NULL, 0);
}

static void call_rseq(char **w) {
  print_result(syscall(334, address_of(w[1]), (uint32_t)number_of(w[2]), (int)number_of(w[3]),
                       (uint32_t)number_of(w[4])));
}

static void call_membarrier(char **w) {
  print_result(syscall(SYS_membarrier, (int)number_of(w[1]), (unsigned)number_of(w[2]), (int)number_of(w[3])));
}

static void print_field(char **w) {
  if (strcmp(w[1], "rseq_cs") != 0) print("%d", (int)*field_of(w[1]));
  else if (area_a->rseq_cs == 0) print("0");
  else print(area_a->rseq_cs == (uint64_t)armed_descriptor ? "armed" : "other");
}

static void set_field(char **w) {
  *field_of(w[1]) = (uint32_t)number_of(w[2]);
}

static void arm(char **w) {
  (void)w;
  area_a->rseq_cs = (uint64_t)armed_descriptor;
}

static void change_descriptor(char **w) {
  describe(w[1], w[2]);
}

static void inside(char **w) {
  run_section(INSIDE, w[1]);
}

static void outside(char **w) {
  run_section(OUTSIDE, w[1]);
}

static void unarmed(char **w) {
  run_section(UNARMED, w[1]);
}

static void frame(char **w) {
  (void)w;
  print_frame();
}

static void left(char **w) {
  (void)w;
  print_left();
}

static void pin_self(char **w) {
  pin(0, cpu_at((int)number_of(w[1])));
  /* Cases call the CPUs 0 and 1, whatever their numbers are. */
  if (cpu_at((int)number_of(w[1])) != (int)number_of(w[1])) unavailable("cpu-numbers");
}

static void unmap(char **w) {
  (void)w;
  unmap_area_a();
}

static void auxv(char **w) {
  print("%lu", getauxval((unsigned long)number_of(w[1])));
}

static void configuration(char **w) {
  (void)w;
  print_configuration();
}

static const struct { const char *name; int operands; void (*run)(char **words); } OPERATIONS[] = {
  {"rseq", 4, call_rseq}, {"membarrier", 3, call_membarrier}, {"field", 1, print_field},
  {"set", 2, set_field},  {"arm", 0, arm},                    {"describe", 2, change_descriptor},
  {"inside", 1, inside},  {"outside", 1, outside},            {"unarmed", 1, unarmed},
  {"frame", 0, frame},    {"pin", 1, pin_self},               {"unmap", 0, unmap},
  {"auxv", 1, auxv},      {"left", 0, left},                  {"configuration", 0, configuration},
};

static void *run_rest(void *script) {
  run_script(script);
  return NULL;
}

/* Hands the rest of a script to somebody else; 0 when the operation is no such. */
static int hand_over(const char *operation, char *rest) {
  if (strcmp(operation, "fork") == 0) {
    int pid = fork();
    if (pid != 0) {
      reap(pid);
      return 1;
    }
    alarm(5);
    run_script(rest);
    _exit(0);
  }
  if (strcmp(operation, "thread") == 0) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, run_rest, rest) != 0) unavailable("pthread_create");
    pthread_join(thread, NULL);
    return 1;
  }
  if (strcmp(operation, "exec") == 0) {
    execl("/proc/self/exe", "cases", "--rest", rest, (char *)NULL);
    unavailable("execl");
  }
  return 0;
}

void run_script(char *script) {
  for (char *next; script != NULL && *script != '\0'; script = next) {
    char *words[WORDS] = {0}, *state = NULL;
    int count = 0;
    next = strchr(script, ';');
    if (next != NULL) *next++ = '\0';
    for (char *word = strtok_r(script, " ", &state); word != NULL && count < WORDS; word = strtok_r(NULL, " ", &state))
      words[count++] = word;
    if (count == 0) continue;
    if (count == 1 && hand_over(words[0], next)) return;
    size_t i = 0, known = sizeof OPERATIONS / sizeof *OPERATIONS;
    while (i < known && strcmp(OPERATIONS[i].name, words[0]) != 0) i++;
    if (i == known || OPERATIONS[i].operands != count - 1) unavailable("unknown-operation");
    OPERATIONS[i].run(words);
  }
}
