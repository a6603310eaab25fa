/* What happens to the thread while it is in the section, and the thread that sees to it. */
#define _GNU_SOURCE
#include "conformance.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { CPUS = 2, MILLISECOND = 1000000 };

static struct attempt *current;
static const char *acting;
static pthread_t helper;
static int has_helper, target, fault_descriptor = -1;
static volatile int is_ready;
static char *page;
static const struct timespec PAUSE = {0, 2 * MILLISECOND}, MOMENT = {0, MILLISECOND / 20};

/* The CPUs that this program was started with: the first two of them are what cases call 0 and 1. */
int cpu_at(int index) {
  static int cpus[CPUS], count = -1;
  if (count < 0) {
    cpu_set_t set;
    sched_getaffinity(0, sizeof set, &set);
    count = 0;
    for (int cpu = 0; cpu < CPU_SETSIZE && count < CPUS; cpu++)
      if (CPU_ISSET(cpu, &set)) cpus[count++] = cpu;
  }
  if (index >= count) unavailable("one-cpu");
  return cpus[index];
}

void pin(int thread, int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  if (sched_setaffinity(thread, sizeof set, &set) != 0) unavailable("sched_setaffinity");
}

int is_disturbing(const char *event) {
  static const char *const QUIET[] = {"nothing", "linger", "getpid", "minor-fault"};
  for (size_t i = 0; i < sizeof QUIET / sizeof *QUIET; i++)
    if (strcmp(QUIET[i], event) == 0) return 0;
  return 1;
}

/* Waits until the thread is in the section, acts on it, and lets it go. */
static void *help(void *cpu) {
  pin(0, (int)(intptr_t)cpu);
  is_ready = 1;
  while (!current->entered) sched_yield();
  if (strcmp(acting, "migrate") == 0) pin(target, cpu_at(1));
  if (strcmp(acting, "signal") == 0) syscall(SYS_tgkill, getpid(), target, SIGUSR1);
  if (strcmp(acting, "membarrier") == 0)
    syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ, 0, 0);
  if (strcmp(acting, "membarrier-cpu") == 0)
    syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ, MEMBARRIER_CMD_FLAG_CPU, cpu_at(0));
  if (strcmp(acting, "sleeping-fault") == 0) {
    nanosleep(&PAUSE, NULL);
    struct uffdio_zeropage zero = {.range = {(uint64_t)page, PAGE}};
    ioctl(fault_descriptor, UFFDIO_ZEROPAGE, &zero);
  }
  if (!is_disturbing(acting)) nanosleep(&MOMENT, NULL);
  else if (strcmp(acting, "preempt") != 0) nanosleep(&PAUSE, NULL);
  current->flag = 1;
  return NULL;
}

/* The helper is on its CPU when this returns: getting there would preempt the section. */
static void start_helper(int cpu) {
  target = (int)syscall(SYS_gettid);
  is_ready = 0;
  if (pthread_create(&helper, NULL, help, (void *)(intptr_t)cpu) != 0) unavailable("pthread_create");
  has_helper = 1;
  while (!is_ready) sched_yield();
}

static void map_touched(void) {
  page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) unavailable("mmap");
  current->touch = page;
}

/* A page that is not there until another thread provides it: the fault sleeps. */
static void watch_page(void) {
  fault_descriptor = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
  struct uffdio_api api = {.api = UFFD_API};
  struct uffdio_register range = {.range = {(uint64_t)page, PAGE}, .mode = UFFDIO_REGISTER_MODE_MISSING};
  if (fault_descriptor < 0 || ioctl(fault_descriptor, UFFDIO_API, &api) != 0 ||
      ioctl(fault_descriptor, UFFDIO_REGISTER, &range) != 0)
    unavailable("userfaultfd");
}

static void in_section(long number, long first, long second, long third) {
  current->syscall = number;
  current->arguments[0] = first;
  current->arguments[1] = second;
  current->arguments[2] = third;
  current->flag = 1;
}

void begin_event(const char *event, struct attempt *attempt) {
  current = attempt;
  acting = event;
  pin(0, cpu_at(0));
  if (strcmp(event, "nothing") == 0) attempt->flag = 1;
  else if (strcmp(event, "getpid") == 0) in_section(SYS_getpid, 0, 0, 0);
  else if (strcmp(event, "sleep") == 0) in_section(SYS_nanosleep, (long)&PAUSE, 0, 0);
  else if (strcmp(event, "raise") == 0)
    in_section(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGUSR1);
  else if (strcmp(event, "minor-fault") == 0) {
    map_touched();
    attempt->flag = 1;
  } else if (strcmp(event, "sleeping-fault") == 0) {
    map_touched();
    watch_page();
    start_helper(cpu_at(1));
  } else if (strcmp(event, "preempt") == 0) start_helper(cpu_at(0));
  else if (strcmp(event, "membarrier") == 0 || strcmp(event, "membarrier-cpu") == 0) {
    if (syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ, 0, 0) != 0)
      unavailable("membarrier");
    start_helper(cpu_at(1));
  } else if (strcmp(event, "migrate") == 0 || strcmp(event, "signal") == 0 ||
             strcmp(event, "linger") == 0)
    start_helper(cpu_at(1));
  else unavailable("unknown-event");
}

void end_event(void) {
  if (has_helper) pthread_join(helper, NULL);
  has_helper = 0;
  if (fault_descriptor >= 0) close(fault_descriptor);
  fault_descriptor = -1;
  if (page != NULL) munmap(page, PAGE);
  page = NULL;
}
