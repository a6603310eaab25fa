/* Fires the tracepoints of lttng-tracepoints.h, more than a sub-buffer holds. */
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "lttng-tracepoints.h"

int main(void)
{
	for (int n = 0; n < 100; n++) {
		int numbers[3] = { n, n + 1, n + 2 };

		lttng_ust_tracepoint(lab, work_begin, n);
		lttng_ust_tracepoint(lab, every, n, "tab\t, quote \" and ü", numbers);
		lttng_ust_tracepoint(lab, work_end, n);
	}
	return 0;
}
