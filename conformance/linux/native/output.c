/* What a case gives, word by word on its line, straight to the descriptor: the case may be killed at any moment. */
#define _GNU_SOURCE
#include "conformance.h"
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

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
