/*
 * The yardstick: a plain C interpreter of the machine's instruction words, and the least scheduler
 * that makes a per-CPU increment need restartable sequences.
 *
 *   gcc -std=c99 -O2 -o isa isa.c
 *   ./isa bench 1|64|tiny PROGRAM [EXECUTIONS]     one line of JSON; rates are by processor time
 *   gcc -std=c99 -O2 -DCHECKED ... ; ./isa run CASES     see run_cases()
 *
 * PROGRAM holds hexadecimal words, installed at 0x1000, entered at the first one, with: r1 the
 * thread's struct rseq, r2 the counters (64 bytes a CPU), r3 what to add, r7 how often, r8 zero.
 * Memory is flat and an address is a byte offset; accesses are unchecked unless CHECKED is defined.
 * Every instruction is a step.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MEMORY = 0x10000, TEXT = 0x1000, AREAS = 0x8000, COUNTERS = 0x9000 };
enum { MAX_CPUS = 8, MAX_THREADS = 8, SIGNATURE = 0x53053053, OVERRUN_LIMIT = 100000 };
enum { BUDGET, RETURN, SYSCALL, FAULT, ILLEGAL, BREAKPOINT };

/* clang-format off */
enum {
  RET = 1, NOP, LI, LI32, MOV,
  ADD, SUB, AND, OR, XOR, SHL, SHR, SAR, MUL, SLT, SLTU,
  ADDI, ANDI, ORI = 20, XORI, SHLI, SHRI, SARI, MULI, SLTI, SLTIU,
  BEQ, BNE, BLT, BGE, BLTU, BGEU, JMP,
  LD8U, LD16U, LD8S, LD16S, LD32, LD64, ST8, ST16, ST32, ST64,
  LDA32, STL32, CAS32, XCHG32, XADD32, XAND32, XORR32 = 52, XXOR32,
  FENCE, FENCER, FENCEW, PAUSE, BRK, SYSCALL_, RDCLK, RDPID
};
/* clang-format on */

static union {
  int32_t words[MEMORY / 4];
  uint16_t halves[MEMORY / 2];
  uint8_t bytes[MEMORY];
} memory;

typedef struct {
  int32_t r[16];
  uint32_t ip;
  int exit;
} Thread;

static int is_visible(uint32_t op) {
  return op >= LD8U && op <= RDPID && op != 51;
}

#define A r[w >> 6 & 15]
#define A_NEXT r[(w >> 6 & 15) + 1]
#define B r[w >> 10 & 15]
#define C r[w >> 14 & 15]
#define IMM ((int32_t)w >> 14)
#define WRAP(left, op, right) ((int32_t)((uint32_t)(left)op(uint32_t)(right)))
#define BRANCH_IF(condition) \
  if (condition) { \
    ip += (uint32_t)IMM * 4; \
    n++; \
    continue; \
  } \
  break

#ifdef CHECKED
#define ACCESS(size, offset) \
  p = (uint32_t)B + (uint32_t)(offset); \
  if (p % (size) != 0 || p > MEMORY - (size)) { \
    exit = FAULT; \
    goto stop; \
  }
#define FETCH(address) ((address) < MEMORY ? (uint32_t)memory.words[(address) >> 2] : 0)
#else
#define ACCESS(size, offset) p = (uint32_t)B + (uint32_t)(offset);
#define FETCH(address) ((uint32_t)memory.words[(address) >> 2])
#endif
#define WORD memory.words[p >> 2]
#define UPDATE(combined) \
  ACCESS(4, IMM) old = WORD; \
  WORD = (combined); \
  A = old; \
  break

/* Runs a thread as the machine's interpreter does; returns the number of instructions executed. */
__attribute__((noinline)) static int interpret(Thread *t, int budget, int stop_anywhere) {
  int32_t *r = t->r, old;
  uint32_t ip = t->ip, p;
  int n = 0, exit = BUDGET, limit = stop_anywhere ? budget : budget + OVERRUN_LIMIT;
  for (;;) {
    uint32_t w = FETCH(ip);
    if (n >= budget && (n >= limit || is_visible(w & 63))) goto stop;
    switch (w & 63) {
      case RET: n++; exit = RETURN; goto stop;
      case NOP: case PAUSE: break;
      case LI: A = IMM; break;
      case LI32: ip += 4; A = (int32_t)FETCH(ip); break;
      case MOV: A = B; break;
      case ADD: A = WRAP(B, +, C); break;
      case SUB: A = WRAP(B, -, C); break;
      case AND: A = B & C; break;
      case OR: A = B | C; break;
      case XOR: A = B ^ C; break;
      case SHL: A = WRAP(B, <<, C & 31); break;
      case SHR: A = WRAP(B, >>, C & 31); break;
      case SAR: A = B >> (C & 31); break;
      case MUL: A = WRAP(B, *, C); break;
      case SLT: A = B < C; break;
      case SLTU: A = (uint32_t)B < (uint32_t)C; break;
      case ADDI: A = WRAP(B, +, IMM); break;
      case ANDI: A = B & IMM; break;
      case ORI: A = B | IMM; break;
      case XORI: A = B ^ IMM; break;
      case SHLI: A = WRAP(B, <<, IMM & 31); break;
      case SHRI: A = WRAP(B, >>, IMM & 31); break;
      case SARI: A = B >> (IMM & 31); break;
      case MULI: A = WRAP(B, *, IMM); break;
      case SLTI: A = B < IMM; break;
      case SLTIU: A = (uint32_t)B < (uint32_t)IMM; break;
      case BEQ: BRANCH_IF(A == B);
      case BNE: BRANCH_IF(A != B);
      case BLT: BRANCH_IF(A < B);
      case BGE: BRANCH_IF(A >= B);
      case BLTU: BRANCH_IF((uint32_t)A < (uint32_t)B);
      case BGEU: BRANCH_IF((uint32_t)A >= (uint32_t)B);
      case JMP: BRANCH_IF(1);
      case LD8U: ACCESS(1, IMM) A = memory.bytes[p]; break;
      case LD16U: ACCESS(2, IMM) A = memory.halves[p >> 1]; break;
      case LD8S: ACCESS(1, IMM) A = (int8_t)memory.bytes[p]; break;
      case LD16S: ACCESS(2, IMM) A = (int16_t)memory.halves[p >> 1]; break;
      case LD32: case LDA32: ACCESS(4, IMM) A = WORD; break;
      case LD64:
        if (w & 64) { exit = ILLEGAL; goto stop; }
        ACCESS(8, IMM) A = WORD; A_NEXT = memory.words[(p >> 2) + 1]; break;
      case ST8: ACCESS(1, IMM) memory.bytes[p] = (uint8_t)A; break;
      case ST16: ACCESS(2, IMM) memory.halves[p >> 1] = (uint16_t)A; break;
      case ST32: case STL32: ACCESS(4, IMM) WORD = A; break;
      case ST64:
        if (w & 64) { exit = ILLEGAL; goto stop; }
        ACCESS(8, IMM) WORD = A; memory.words[(p >> 2) + 1] = A_NEXT; break;
      case CAS32: ACCESS(4, (int32_t)w >> 18) old = WORD; if (old == A) WORD = C; A = old; break;
      case XCHG32: UPDATE(A);
      case XADD32: UPDATE(WRAP(old, +, A));
      case XAND32: UPDATE(old & A);
      case XORR32: UPDATE(old | A);
      case XXOR32: UPDATE(old ^ A);
      case FENCE: case FENCER: case FENCEW: break;
      case BRK: exit = BREAKPOINT; goto stop;
      case SYSCALL_: ip += 4; n++; exit = SYSCALL; goto stop;
      case RDCLK: A = 77; break;
      case RDPID: A = 3; break;
      default: exit = ILLEGAL; goto stop;
    }
    ip += 4;
    n++;
  }
stop:
  t->ip = ip;
  t->exit = exit;
  return n;
}

/* The machine: threads, a FIFO run queue a CPU, xorshift for every decision. */
static Thread threads[MAX_THREADS];
static struct { int queue[MAX_THREADS], head, count; } cpus[MAX_CPUS];
static int64_t steps, aborts;

static void enqueue(int cpu, int thread) {
  memory.words[(AREAS + 32 * thread) >> 2] = memory.words[(AREAS + 32 * thread + 4) >> 2] = cpu;
  cpus[cpu].queue[(cpus[cpu].head + cpus[cpu].count++) % MAX_THREADS] = thread;
}

static void dequeue(int cpu) {
  cpus[cpu].head = (cpus[cpu].head + 1) % MAX_THREADS;
  cpus[cpu].count--;
}

/* What the kernel does to a preempted thread before it may run again. */
static void rseq_fixup(int thread) {
  int32_t *pointer = &memory.words[(AREAS + 32 * thread + 8) >> 2];
  if (*pointer == 0) return;
  const int32_t *cs = &memory.words[*pointer >> 2];
  *pointer = 0;
  if (threads[thread].ip - (uint32_t)cs[2] >= (uint32_t)cs[4]) return;
  if (memory.words[(cs[6] >> 2) - 1] != SIGNATURE) abort();
  threads[thread].ip = (uint32_t)cs[6];
  aborts++;
}

/*
 * One execution: `count` threads add 1 to their CPU's counter, `iterations` times each. A decision
 * picks a CPU, preempts its thread if the bits of preempt_mask are 0 (to any CPU), and runs whoever
 * is there for 1 to longest_burst instructions. cpu_count is a power of two.
 */
static void execute(int cpu_count, int count, int iterations, uint32_t seed, uint32_t preempt_mask,
                    uint32_t longest_burst) {
  uint32_t x = seed ? seed : 1;
  int live = count;
  memset(threads, 0, sizeof threads);
  memset(cpus, 0, sizeof cpus);
  memset(&memory.words[AREAS >> 2], 0, COUNTERS + 64 * MAX_CPUS - AREAS);
  steps = aborts = 0;
  for (int t = 0; t < count; t++) {
    threads[t].ip = TEXT;
    threads[t].r[1] = AREAS + 32 * t;
    threads[t].r[2] = COUNTERS;
    threads[t].r[3] = 1;
    threads[t].r[7] = iterations;
    enqueue(t % cpu_count, t);
  }
  while (live > 0) {
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    int cpu = (int)x & (cpu_count - 1);
    while (cpus[cpu].count == 0) cpu = (cpu + 1) & (cpu_count - 1);
    if ((x >> 8 & preempt_mask) == 0) {
      int preempted = cpus[cpu].queue[cpus[cpu].head];
      dequeue(cpu);
      rseq_fixup(preempted);
      enqueue((int)(x >> 4) & (cpu_count - 1), preempted);
      if (cpus[cpu].count == 0) continue;
    }
    Thread *t = &threads[cpus[cpu].queue[cpus[cpu].head]];
    steps += interpret(t, 1 + (int)((x >> 16) * longest_burst >> 16), 0);
    if (t->exit == RETURN) {
      dequeue(cpu);
      live--;
    } else if (t->exit != BUDGET) abort();
  }
  int sum = 0;
  for (int c = 0; c < cpu_count; c++) sum += memory.words[(COUNTERS + 64 * c) >> 2];
  if (sum != count * iterations) abort();
}

/* Processor time, so that whatever else runs here disturbs little. */
static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int ascending(const void *left, const void *right) {
  double l = *(const double *)left, r = *(const double *)right;
  return (l > r) - (l < r);
}

/*
 * One round of so many executions; with 0, the median of five rounds of about half a second each
 * after a warm-up.
 */
static void bench(const char *density, int executions) {
  int tiny = strcmp(density, "tiny") == 0, one = strcmp(density, "1") == 0;
  int measured = executions > 0 ? 1 : 5, rounds = executions > 0 ? 1 : 7, iterations = 20000;
  double step_rates[5], execution_rates[5], seconds = 0;
  int64_t total = 0;
  if (executions == 0) executions = tiny ? 400000 : one ? 25 : 125;
  for (int round = 0; round < rounds; round++) {
    uint32_t seed = 1;
    double start = now();
    total = 0;
    for (int k = 0; k < executions; k++) {
      seed = seed * 1103515245u + 12345u;
      if (tiny) execute(2, 3, 2, seed, 7, 1);
      else execute(4, 8, iterations, seed, one ? 63 : 0, one ? 1 : 319);
      total += steps;
    }
    seconds = now() - start;
    if (round < rounds - measured) continue;
    step_rates[round - (rounds - measured)] = (double)total / seconds;
    execution_rates[round - (rounds - measured)] = executions / seconds;
  }
  qsort(step_rates, measured, sizeof *step_rates, ascending);
  qsort(execution_rates, measured, sizeof *execution_rates, ascending);
  double executions_rate = execution_rates[measured / 2];
  double increments = executions_rate * (tiny ? 3 * 2 : 8.0 * iterations);
  printf("{\"engine\":\"c\",\"density\":\"%s\",\"stepsPerSecond\":%.0f,\"incrementsPerSecond\":%.0f,"
         "\"executionsPerSecond\":%.1f,\"lastRound\":{\"executions\":%d,\"steps\":%lld,\"seconds\":%.9f}}\n",
         density, step_rates[measured / 2], increments, executions_rate, executions, (long long)total, seconds);
}

/*
 * CASES is a sequence of hexadecimal words: budget, stop_anywhere, 16 registers, ip, then the number
 * of blocks and each block as address, length in words, words. Per case prints one line: executed,
 * exit, ip, 16 registers, then all of memory that is not 0 as address:word.
 */
static void run_cases(FILE *file) {
  uint32_t budget, stop_anywhere, blocks, address, length;
  while (fscanf(file, "%x %x", &budget, &stop_anywhere) == 2) {
    Thread t;
    memset(&memory, 0, sizeof memory);
    for (int i = 0; i < 16; i++)
      if (fscanf(file, "%x", (uint32_t *)&t.r[i]) != 1) abort();
    if (fscanf(file, "%x %x", &t.ip, &blocks) != 2) abort();
    while (blocks-- > 0) {
      if (fscanf(file, "%x %x", &address, &length) != 2) abort();
      for (; length > 0; length--, address += 4)
        if (fscanf(file, "%x", (uint32_t *)&memory.words[address >> 2]) != 1) abort();
    }
    int executed = interpret(&t, (int)budget, (int)stop_anywhere);
    printf("%x %x %x", (unsigned)executed, (unsigned)t.exit, t.ip);
    for (int i = 0; i < 16; i++) printf(" %x", (uint32_t)t.r[i]);
    for (int i = 0; i < MEMORY / 4; i++)
      if (memory.words[i] != 0) printf(" %x:%x", i * 4, (uint32_t)memory.words[i]);
    printf("\n");
  }
}

int main(int count, char **arguments) {
  int is_run = count == 3 && strcmp(arguments[1], "run") == 0;
  int is_bench = (count == 4 || count == 5) && strcmp(arguments[1], "bench") == 0;
  FILE *file = is_run || is_bench ? fopen(arguments[is_run ? 2 : 3], "r") : NULL;
  if (file == NULL) {
    fprintf(stderr, "usage: isa bench 1|64|tiny PROGRAM [EXECUTIONS], or isa run CASES\n");
    return 2;
  }
  if (is_run) run_cases(file);
  for (int i = TEXT >> 2; is_bench && fscanf(file, "%x", (uint32_t *)&memory.words[i]) == 1;) i++;
  if (is_bench) bench(arguments[2], count == 5 ? atoi(arguments[4]) : 0);
  return 0;
}
