/* What a tracer is told of the registration of a traced thread. */
#define _GNU_SOURCE
#include "conformance.h"
#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

/* @source include/uapi/linux/ptrace.h */
enum { GET_RSEQ_CONFIGURATION = 0x420f };
struct configuration {
  uint64_t abi_pointer;
  uint32_t abi_size, signature, flags, pad;
};

/* The registration of a forked child, as it stops. */
void print_configuration(void) {
  struct configuration found = {0};
  int status, pid = fork();
  if (pid == 0) {
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    raise(SIGSTOP);
    _exit(0);
  }
  waitpid(pid, &status, 0);
  if (!WIFSTOPPED(status)) unavailable("ptrace");
  long result = ptrace((enum __ptrace_request)GET_RSEQ_CONFIGURATION, pid, sizeof found, &found);
  print_result(result);
  if (result >= 0) {
    print("pointer=%s", found.abi_pointer == 0 ? "0" : found.abi_pointer == (uint64_t)area_a ? "a" : "other");
    print("size=%u", found.abi_size);
    print("signature=%s", found.signature == 0 ? "0" : found.signature == SIGNATURE ? "S" : "other");
    print("flags=%u", found.flags);
  }
  kill(pid, SIGKILL);
  waitpid(pid, &status, 0);
}
