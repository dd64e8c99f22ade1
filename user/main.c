// SPDX-License-Identifier: GPL-2.0
/* rstwhy: say why each TCP reset of this host happened. */
#include "doctor.h"
#include "explain.h"
#include "log.h"
#include "options.h"
#include "replay.h"
#include "report.h"
#include "trace.h"

int main(int argc, char **argv)
{
	static int (*const commands[])(const struct options *) = {
		[COMMAND_TRACE] = trace,   [COMMAND_EXPLAIN] = explain, [COMMAND_DOCTOR] = doctor,
		[COMMAND_REPLAY] = replay, [COMMAND_REPORT] = report,   [COMMAND_TOP] = trace,
	};
	struct options options;

	options_parse(&options, argc, argv);
	log_set_level(options.verbosity);
	return commands[options.command](&options);
}
