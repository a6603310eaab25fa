/*
 * Puts cases to the running kernel and prints one line a case: its name and the values it gave.
 *
 *   gcc -std=gnu11 -O2 -pthread -o cases *.c
 *   ./cases < CASES          each line of CASES is NAME, a tab, and a script (script.c)
 *
 * Every case is a process of its own, so that one that is killed says so (SIGSEGV) and disturbs no
 * other. The C library must not register rseq by itself: the program starts itself again without.
 */
#define _GNU_SOURCE
#include "conformance.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECONDS_A_CASE = 10, LINE = 4096 };

static const char TUNABLE[] = "glibc.pthread.rseq=0";

/* A script in a process that has run none before. */
static void run_alone(char *script) {
  map_memory();
  reset_descriptor();
  run_script(script);
}

/* A case in a child, whose time is limited. */
static void run_case(char *script) {
  int pid = fork();
  if (pid < 0) {
    print("unavailable:fork");
    return;
  }
  if (pid == 0) {
    alarm(SECONDS_A_CASE);
    run_alone(script);
    _exit(0);
  }
  reap(pid);
}

int main(int count, char **arguments) {
  const char *tunables = getenv("GLIBC_TUNABLES");
  if (tunables == NULL || strstr(tunables, TUNABLE) == NULL) {
    setenv("GLIBC_TUNABLES", TUNABLE, 1);
    execv("/proc/self/exe", arguments);
    perror("execv");
    return 2;
  }
  if (count == 3 && strcmp(arguments[1], "--rest") == 0) {
    run_alone(arguments[2]);
    return 0;
  }
  char line[LINE];
  while (fgets(line, sizeof line, stdin) != NULL) {
    line[strcspn(line, "\n")] = '\0';
    char *script = strchr(line, '\t');
    if (script == NULL) continue;
    *script++ = '\0';
    if (write(STDOUT_FILENO, line, strlen(line)) < 0) return 3;
    run_case(script);
    if (write(STDOUT_FILENO, "\n", 1) < 0) return 3;
  }
  return 0;
}
