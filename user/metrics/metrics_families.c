// SPDX-License-Identifier: GPL-2.0
/* The families of /metrics: one row plus its function each. Their names are a contract. */
#include "causes.h"
#include "hints.h"
#include "metrics_store.h"
#include "names.h"

static uint64_t sum(const uint64_t by_direction[DIRECTION_MAX])
{
	uint64_t n = 0;

	for (int d = 0; d < DIRECTION_MAX; d++)
		n += by_direction[d];
	return n;
}

static void put_number(struct exposition *x, uint64_t n)
{
	sample_begin(x, "");
	sample_number(x, n);
}

/* Series that never counted are left out: most states are impossible for most causes. */
static void put_cause(struct exposition *x, const char *direction, const char *cause,
		      enum tcp_state state, const uint64_t by_family[METRICS_FAMILIES])
{
	static const char *const families[METRICS_FAMILIES] = {"ipv4", "ipv6"};
	const char *name = state_name(state);

	for (int i = 0; i < METRICS_FAMILIES; i++) {
		if (!by_family[i])
			continue;
		sample_begin(x, "");
		if (direction)
			sample_label(x, "direction", direction);
		sample_label(x, "cause", cause);
		sample_label(x, "state", name ? name : "unknown");
		sample_label(x, "family", families[i]);
		sample_number(x, by_family[i]);
	}
}

static void put_causes(struct exposition *x, const char *direction, const struct metrics *m,
		       const metrics_causes causes)
{
	for (unsigned i = 0; i < m->causes_len; i++)
		for (unsigned state = 0; state < STATE_MAX; state++)
			put_cause(x, direction, m->causes[i]->id, state, causes[i][state]);
}

static void put_resets(struct exposition *x, const struct metrics *m, const struct metrics_facts *f)
{
	for (enum direction d = DIRECTION_SENT; d <= DIRECTION_RECEIVED; d++)
		put_causes(x, direction_name(d), m, m->resets[d]);
}

static void put_deaths(struct exposition *x, const struct metrics *m, const struct metrics_facts *f)
{
	put_causes(x, NULL, m, m->resets[DIRECTION_NONE]);
}

/* Of all states and families together. */
static uint64_t cause_sum(const struct metrics *m, enum direction d, unsigned cause)
{
	uint64_t n = 0;

	for (unsigned state = 0; state < STATE_MAX; state++)
		for (unsigned i = 0; i < METRICS_FAMILIES; i++)
			n += m->resets[d][cause][state][i];
	return n;
}

/* Those of this direction; the last one, "unknown", is of all. */
static bool can_count(const struct metrics *m, enum direction d, unsigned cause)
{
	return m->causes[cause]->direction == d || cause == m->causes_len - 1;
}

/* All that can ever count, from 0 on: rate() and increase() do not see what a series begins with. */
static void put_by_cause(struct exposition *x, const char *direction, const struct metrics *m,
			 enum direction d)
{
	for (unsigned i = 0; i < m->causes_len; i++) {
		if (!can_count(m, d, i))
			continue;
		sample_begin(x, "");
		if (direction)
			sample_label(x, "direction", direction);
		sample_label(x, "cause", m->causes[i]->id);
		sample_number(x, cause_sum(m, d, i));
	}
}

static void put_resets_by_cause(struct exposition *x, const struct metrics *m,
				const struct metrics_facts *f)
{
	for (enum direction d = DIRECTION_SENT; d <= DIRECTION_RECEIVED; d++)
		put_by_cause(x, direction_name(d), m, d);
}

static void put_deaths_by_cause(struct exposition *x, const struct metrics *m,
				const struct metrics_facts *f)
{
	put_by_cause(x, NULL, m, DIRECTION_NONE);
}

static void put_hints(struct exposition *x, const struct metrics *m, const struct metrics_facts *f)
{
	for (unsigned i = 0; i < m->hints_len; i++) {
		sample_begin(x, "");
		sample_label(x, "hint", m->hints[i]->id);
		sample_number(x, m->by_hint[i]);
	}
}

static void put_direction(struct exposition *x, const char *direction, uint64_t n)
{
	sample_begin(x, "");
	sample_label(x, "direction", direction);
	sample_number(x, n);
}

static void put_counted(struct exposition *x, const struct metrics *m,
			const struct metrics_facts *f)
{
	for (enum direction d = m->silent ? DIRECTION_NONE : DIRECTION_SENT; d < DIRECTION_MAX; d++)
		put_direction(x, direction_name(d),
			      m->shown[d] + m->filtered[d] + m->suppressed[d] + m->lost[d]);
	if (f->missed_runs)
		put_direction(x, "unknown", f->missed_runs);
}

static void put_shown(struct exposition *x, const struct metrics *m, const struct metrics_facts *f)
{
	put_number(x, sum(m->shown));
}

static void put_filtered(struct exposition *x, const struct metrics *m,
			 const struct metrics_facts *f)
{
	put_number(x, sum(m->filtered));
}

static void put_suppressed(struct exposition *x, const struct metrics *m,
			   const struct metrics_facts *f)
{
	put_number(x, sum(m->suppressed));
}

static void put_lost(struct exposition *x, const struct metrics *m, const struct metrics_facts *f)
{
	put_number(x, sum(m->lost) + f->missed_runs);
}

static void put_unwritten(struct exposition *x, const struct metrics *m,
			  const struct metrics_facts *f)
{
	for (size_t i = 0; i < f->outputs_len; i++) {
		sample_begin(x, "");
		sample_label(x, "output", f->outputs[i].name);
		sample_number(x, f->outputs[i].unwritten);
	}
}

static void put_skipped(struct exposition *x, const struct metrics *m,
			const struct metrics_facts *f)
{
	put_number(x, f->skipped_runs);
}

static void put_received_idle(struct exposition *x, const struct metrics *m,
			      const struct metrics_facts *f)
{
	histogram_print(&m->received_idle, x, NULL, NULL);
}

static void put_age(struct exposition *x, const struct metrics *m, const struct metrics_facts *f)
{
	for (enum direction d = m->silent ? DIRECTION_NONE : DIRECTION_SENT; d < DIRECTION_MAX; d++)
		histogram_print(&m->age[d], x, "direction", direction_name(d));
}

/* A "container" would clash with the label of that name that Kubernetes' scrapers give a target: it
 * would become "exported_container". */
static void put_by_label(struct exposition *x, const struct metrics *m, unsigned value,
			 enum direction d)
{
	static const char *const names[] = {
		[LABEL_UNIT] = "unit", [LABEL_CONTAINER] = "container_id", [LABEL_NETNS] = "netns"};
	const struct metrics_by_label *l = m->by_label;

	for (unsigned i = 0; i < m->causes_len; i++) {
		if (!l->n[value][d][i])
			continue;
		sample_begin(x, "");
		sample_label(x, names[m->label], label_values_text(&l->values, value));
		sample_label(x, "direction", direction_name(d));
		sample_label(x, "cause", m->causes[i]->id);
		sample_number(x, l->n[value][d][i]);
	}
}

static void put_label(struct exposition *x, const struct metrics *m, const struct metrics_facts *f)
{
	for (unsigned value = 0; value <= LABEL_VALUES_OTHER; value++)
		for (enum direction d = DIRECTION_SENT; d <= DIRECTION_RECEIVED; d++)
			put_by_label(x, m, value, d);
}

static void put_blind_spots(struct exposition *x, const struct metrics *m,
			    const struct metrics_facts *f)
{
	for (size_t i = 0; i < f->spots_len; i++) {
		sample_begin(x, "");
		sample_label(x, "spot", f->spots[i].id);
		sample_number(x, f->spots[i].is_blind);
	}
}

static void put_cut_clients(struct exposition *x, const struct metrics *m,
			    const struct metrics_facts *f)
{
	sample_begin(x, "");
	sample_label(x, "reason", "slow");
	sample_number(x, f->cut_slow);
	sample_begin(x, "");
	sample_label(x, "reason", "crowded");
	sample_number(x, f->cut_crowded);
}

static void put_build(struct exposition *x, const struct metrics *m, const struct metrics_facts *f)
{
	sample_begin(x, "");
	sample_label(x, "version", f->version);
	sample_label(x, "kernel", f->kernel);
	sample_number(x, 1);
}

static void put_start_time(struct exposition *x, const struct metrics *m,
			   const struct metrics_facts *f)
{
	sample_begin(x, "");
	sample_real(x, f->start_time);
}

static bool is_silent(const struct metrics *m)
{
	return m->silent;
}

static bool is_by_unit(const struct metrics *m)
{
	return m->label == LABEL_UNIT;
}

static bool is_by_container(const struct metrics *m)
{
	return m->label == LABEL_CONTAINER;
}

static bool is_by_netns(const struct metrics *m)
{
	return m->label == LABEL_NETNS;
}

#define BY_LABEL_HELP(label)                                                                    \
	"TCP resets by " label ": 200 are told apart; the others, those idle for an hour when " \
	"another needed the room, and what was only counted, are 'other'."

static const struct family {
	const char *name;
	enum metric_type type;
	const char *help;
	void (*put)(struct exposition *x, const struct metrics *m, const struct metrics_facts *f);
	bool (*is_wanted)(const struct metrics *m); /* NULL: always */
} families[] = {
	{"rstwhy_resets_total", METRIC_COUNTER,
	 "TCP resets, shown or not, by cause. What was only counted has the cause that its kind had "
	 "last. Without what user space filtered out.",
	 put_resets, NULL},
	{"rstwhy_resets_by_cause_total", METRIC_COUNTER,
	 "TCP resets by cause, over all states and families: each cause that there is, from 0 on, for "
	 "rate() and increase().",
	 put_resets_by_cause, NULL},
	{"rstwhy_deaths_total", METRIC_COUNTER,
	 "TCP connections that died without a reset, by cause.", put_deaths, is_silent},
	{"rstwhy_deaths_by_cause_total", METRIC_COUNTER,
	 "TCP connections that died without a reset, over all states and families: each cause that "
	 "there is, from 0 on.",
	 put_deaths_by_cause, is_silent},
	{"rstwhy_hints_total", METRIC_COUNTER, "Hints beside the causes of shown events.",
	 put_hints, NULL},
	{"rstwhy_resets_by_unit_total", METRIC_COUNTER, BY_LABEL_HELP("systemd unit"), put_label,
	 is_by_unit},
	{"rstwhy_resets_by_container_total", METRIC_COUNTER, BY_LABEL_HELP("container"), put_label,
	 is_by_container},
	{"rstwhy_resets_by_netns_total", METRIC_COUNTER,
	 BY_LABEL_HELP("network namespace (its inode)"), put_label, is_by_netns},
	{"rstwhy_resets_counted_total", METRIC_COUNTER,
	 "Events that passed the filters of BPF and whose fate is known, exact: shown + filtered + "
	 "suppressed + lost. Direction none: deaths without a reset.",
	 put_counted, NULL},
	{"rstwhy_events_shown_total", METRIC_COUNTER, "Events judged and given to the outputs.",
	 put_shown, NULL},
	{"rstwhy_events_filtered_total", METRIC_COUNTER,
	 "Events that a filter in user space kept from the outputs.", put_filtered, NULL},
	{"rstwhy_events_suppressed_total", METRIC_COUNTER,
	 "Events beyond the rate limit of their kind: counted, not shown.", put_suppressed, NULL},
	{"rstwhy_events_lost_total", METRIC_COUNTER,
	 "Events that found no room in the ring buffer, and runs for a reset that the kernel skipped.",
	 put_lost, NULL},
	{"rstwhy_skipped_runs_total", METRIC_COUNTER,
	 "Runs, skipped by the kernel, of programs that see more than resets: in no other number.",
	 put_skipped, NULL},
	{"rstwhy_events_unwritten_total", METRIC_COUNTER,
	 "Shown events that an output failed to write.", put_unwritten, NULL},
	{"rstwhy_received_reset_idle_seconds", METRIC_HISTOGRAM,
	 "How long no data had moved when a reset was received. Of shown events.",
	 put_received_idle, NULL},
	{"rstwhy_connection_age_seconds", METRIC_HISTOGRAM,
	 "How old the connection was, if it began while rstwhy ran. Of shown events.", put_age,
	 NULL},
	{"rstwhy_blind_spot", METRIC_GAUGE,
	 "1: this kernel hides that from rstwhy; see rstwhy doctor.", put_blind_spots, NULL},
	{"rstwhy_http_clients_cut_total", METRIC_COUNTER,
	 "Connections to this server that it hung up on or did not let in: too slow, or more than one "
	 "address or all together may have.",
	 put_cut_clients, NULL},
	{"rstwhy_build_info", METRIC_INFO, "Version of rstwhy, and of the kernel it traces.",
	 put_build, NULL},
	{"rstwhy_start_time_seconds", METRIC_GAUGE, "When tracing began, since 1970.",
	 put_start_time, NULL},
};

void metrics_print(const struct metrics *m, const struct metrics_facts *f, struct exposition *x)
{
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		const struct family *family = &families[i];

		if (family->is_wanted && !family->is_wanted(m))
			continue;
		exposition_family(x, family->name, family->type, family->help);
		family->put(x, m, f);
	}
	exposition_end(x);
}
