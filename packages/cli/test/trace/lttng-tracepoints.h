/* Tracepoints with a field of every kind that LTTng-UST knows. */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER lab

#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "./lttng-tracepoints.h"

#if !defined(LAB_TRACEPOINTS_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define LAB_TRACEPOINTS_H

#include <stddef.h>
#include <stdint.h>
#include <lttng/tracepoint.h>

LTTNG_UST_TRACEPOINT_ENUM(lab, state,
	LTTNG_UST_TP_ENUM_VALUES(
		lttng_ust_field_enum_value("ZERO", 0)
		lttng_ust_field_enum_range("FEW", 1, 5)
		lttng_ust_field_enum_value("MANY", 6)
	)
)

LTTNG_UST_TRACEPOINT_EVENT(lab, every,
	LTTNG_UST_TP_ARGS(int, n, const char *, text, int *, numbers),
	LTTNG_UST_TP_FIELDS(
		lttng_ust_field_integer(int, n, n)
		lttng_ust_field_integer(signed char, negative, -n)
		lttng_ust_field_integer_hex(uint64_t, hex, (uint64_t) n * 0x123456789abcULL)
		lttng_ust_field_integer_network(uint32_t, network, n)
		lttng_ust_field_float(float, single, (float) n / 3)
		lttng_ust_field_float(double, twice, n * 1e100)
		lttng_ust_field_string(text, text)
		lttng_ust_field_array(int, array, numbers, 3)
		lttng_ust_field_array_text(char, letters, "abcdef", 4)
		lttng_ust_field_sequence(int, sequence, numbers, size_t, n % 4)
		lttng_ust_field_sequence_text(char, beginning, text, size_t, n % 3 + 1)
		lttng_ust_field_enum(lab, state, int, state, n % 8)
	)
)

LTTNG_UST_TRACEPOINT_EVENT(lab, work_begin,
	LTTNG_UST_TP_ARGS(int, n),
	LTTNG_UST_TP_FIELDS(lttng_ust_field_integer(int, n, n))
)

LTTNG_UST_TRACEPOINT_EVENT(lab, work_end,
	LTTNG_UST_TP_ARGS(int, n),
	LTTNG_UST_TP_FIELDS(lttng_ust_field_integer(int, n, n))
)

#endif

#include <lttng/tracepoint-event.h>
