/*
 * Threads that add to a per-CPU counter in restartable sequences, on two CPUs of the simulated kernel:
 * the states that `rseqlab check --search states` tells apart, and the same transitions between them.
 *
 * THREADS (2 or 3) threads add ADDS times each, under at most EVENTS kernel events. The number of events
 * so far is part of a state here.
 */
#define CPUS 2
#define IDLE 255

/* What a thread executes next: arm the section, load cpu_id, load the counter, commit, exit. */
#define ARM 0
#define LOAD_ID 1
#define LOAD 2
#define COMMIT 3
#define EXIT 4
#define GONE 5

byte counter[CPUS];
byte current[CPUS] = IDLE;
/* The CPU that a thread is on or queued on, and the one that its rseq area names. */
byte cpu[THREADS];
byte cpuId[THREADS] = IDLE;
/* Whether rseq_cs points to the section, and whether an event came since the thread last ran. */
bit armed[THREADS];
bit event[THREADS];
byte next[THREADS];
byte adds[THREADS];
byte index[THREADS];
byte value[THREADS];
byte events;
bit started;
hidden byte t;

#define QUEUED(T, C) (next[T] != GONE && cpu[T] == C && current[C] != T)
#define EXITING(C) (current[C] != IDLE && next[current[C]] == EXIT)
#define MAY_STEP(C) (started && current[C] != IDLE && !EXITING(0) && !EXITING(1))
#define MAY_ACT (started && !EXITING(0) && !EXITING(1) && events < EVENTS)

/*
 * Back to user mode: restart an interrupted section, forget one that is over, write the CPU's number. As
 * in Linux v6.1 (rseq_ip_fixup) an event that came outside a section is remembered.
 */
#define RUN(T, C) \
  current[C] = T; \
  if :: armed[T] && event[T] && next[T] >= LOAD_ID && next[T] <= COMMIT -> \
          next[T] = ARM; index[T] = 0; value[T] = 0; event[T] = 0 \
     :: else fi; \
  armed[T] = 0; cpuId[T] = C

#define STEP(C) \
  :: d_step { MAY_STEP(C) -> t = current[C]; \
       if :: next[t] == ARM -> armed[t] = 1; next[t] = LOAD_ID \
          :: next[t] == LOAD_ID -> index[t] = cpuId[t]; next[t] = LOAD \
          :: next[t] == LOAD -> value[t] = counter[index[t]] + 1; next[t] = COMMIT \
          :: next[t] == COMMIT -> counter[index[t]] = value[t]; adds[t] = adds[t] + 1; \
               if :: adds[t] < ADDS -> next[t] = ARM; index[t] = 0; value[t] = 0 \
                  :: else -> next[t] = EXIT fi \
       fi; t = 0 }

/*
 * An exit is carried out at once, that of the lower CPU first; then another thread gets the CPU. Its
 * registers count as arguments of the system call until it is gone.
 */
#define LEAVES(C) (started && EXITING(C) && (C == 0 || !EXITING(0)))
#define GO(C) \
  t = current[C]; next[t] = GONE; cpu[t] = 0; event[t] = 0; index[t] = 0; value[t] = 0; t = 0; current[C] = IDLE
#define EXIT_TO(C, T) :: d_step { LEAVES(C) && QUEUED(T, C) -> GO(C); RUN(T, C) }
#define EXIT_TO_IDLE(C) :: d_step { LEAVES(C) && !ANY_QUEUED(C) -> GO(C) }

#define PREEMPT(C, T) \
  :: d_step { MAY_ACT && current[C] != IDLE && QUEUED(T, C) -> \
       event[current[C]] = 1; RUN(T, C); events++ }

/* A queued thread moves: it runs at once where the CPU idles. */
#define ARRIVE(T, C) \
  cpu[T] = C; event[T] = 1; \
  if :: current[C] == IDLE -> RUN(T, C) :: else fi; \
  events++
#define MOVE(T, FROM, TO) \
  :: d_step { MAY_ACT && QUEUED(T, FROM) -> ARRIVE(T, TO) }
/* A running thread moves: another one of its CPU takes its place. */
#define MOVE_FOR(T, FROM, TO, U) \
  :: d_step { MAY_ACT && current[FROM] == T && QUEUED(U, FROM) -> \
       current[FROM] = IDLE; RUN(U, FROM); ARRIVE(T, TO) }
#define MOVE_OFF(T, FROM, TO) \
  :: d_step { MAY_ACT && current[FROM] == T && !ANY_QUEUED(FROM) -> \
       current[FROM] = IDLE; ARRIVE(T, TO) }

#if THREADS == 2
#define ANY_QUEUED(C) (QUEUED(0, C) || QUEUED(1, C))
#define EACH_THREAD(WHAT, C) WHAT(C, 0) WHAT(C, 1)
#define MOVES(FROM, TO) \
  MOVE(0, FROM, TO) MOVE(1, FROM, TO) \
  MOVE_FOR(0, FROM, TO, 1) MOVE_FOR(1, FROM, TO, 0) \
  MOVE_OFF(0, FROM, TO) MOVE_OFF(1, FROM, TO)
#define START \
  d_step { cpu[1] = 1; RUN(0, 0); RUN(1, 1); started = 1 }
#define ALL_GONE (next[0] == GONE && next[1] == GONE)
#else
#define ANY_QUEUED(C) (QUEUED(0, C) || QUEUED(1, C) || QUEUED(2, C))
#define EACH_THREAD(WHAT, C) WHAT(C, 0) WHAT(C, 1) WHAT(C, 2)
#define MOVES(FROM, TO) \
  MOVE(0, FROM, TO) MOVE(1, FROM, TO) MOVE(2, FROM, TO) \
  MOVE_FOR(0, FROM, TO, 1) MOVE_FOR(0, FROM, TO, 2) \
  MOVE_FOR(1, FROM, TO, 0) MOVE_FOR(1, FROM, TO, 2) \
  MOVE_FOR(2, FROM, TO, 0) MOVE_FOR(2, FROM, TO, 1) \
  MOVE_OFF(0, FROM, TO) MOVE_OFF(1, FROM, TO) MOVE_OFF(2, FROM, TO)
/* Two threads begin on CPU 0: either may be the first to run. */
#define START \
  if :: d_step { cpu[1] = 1; RUN(0, 0); RUN(1, 1); started = 1 } \
     :: d_step { cpu[1] = 1; RUN(2, 0); RUN(1, 1); started = 1 } fi
#define ALL_GONE (next[0] == GONE && next[1] == GONE && next[2] == GONE)
#endif

active proctype machine() {
  START;
  do
  STEP(0) STEP(1)
  EACH_THREAD(EXIT_TO, 0) EACH_THREAD(EXIT_TO, 1)
  EXIT_TO_IDLE(0) EXIT_TO_IDLE(1)
  EACH_THREAD(PREEMPT, 0) EACH_THREAD(PREEMPT, 1)
  MOVES(0, 1) MOVES(1, 0)
  :: d_step { ALL_GONE && counter[0] + counter[1] != THREADS * ADDS -> assert(false) }
  od
}
