/* Fires a tracepoint $1 times in bursts and prints the processor time of that, in nanoseconds. */
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "lttng-events.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define BURST 8192

static long long cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int main(int argc, char **argv)
{
	uint32_t events = argc > 1 ? strtoul(argv[1], NULL, 0) : 0;
	struct timespec pause = { 0, 2000000 };
	long long ns = 0;

	for (uint32_t from = 0; from < events; from += BURST) {
		long long start = cpu_ns();

		for (uint32_t n = from; n < from + BURST && n < events; n++)
			lttng_ust_tracepoint(bench, event, n);
		ns += cpu_ns() - start;
		nanosleep(&pause, NULL);
	}
	printf("%lld\n", ns);
	return 0;
}
