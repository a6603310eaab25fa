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
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SECONDS_A_CASE = 10, LINE = 4096 };

static const char TUNABLE[] = "glibc.pthread.rseq=0";

void print(const char *format, ...) {
  char text[256] = " ";
  va_list values;
  va_start(values, format);
  vsnprintf(text + 1, sizeof text - 1, format, values);
  va_end(values);
  if (write(STDOUT_FILENO, text, strlen(text)) < 0) _exit(3);
}

void print_result(long result) {
  if (result >= 0) print("%ld", result);
  else if (errno == EPERM) print("EPERM");
  else if (errno == EIO) print("EIO");
  else if (errno == EFAULT) print("EFAULT");
  else if (errno == EBUSY) print("EBUSY");
  else if (errno == EINVAL) print("EINVAL");
  else if (errno == ENOSYS) print("ENOSYS");
  else print("errno%d", errno);
}

void unavailable(const char *reason) {
  print("unavailable:%s", reason);
  _exit(0);
}

void reap(int pid) {
  int status;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
  if (!WIFSIGNALED(status)) return;
  if (WTERMSIG(status) == SIGALRM) print("timeout");
  else print("SIG%s", sigabbrev_np(WTERMSIG(status)));
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
    map_memory();
    run_script(script);
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
    map_memory();
    run_script(arguments[2]);
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
