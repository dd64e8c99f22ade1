// SPDX-License-Identifier: GPL-2.0
// The steps of the timeline: which series there are, what lies within a time. Pure.
"use strict";

// One series for each coloured cause, one for all others; of `chosen` causes only, if there are any.
// The time of a step is that of its beginning.
function timelineSeries(view, chosen) {
	const timeline = view.summary.timeline || {};
	const length = timeline.length || 0;
	const step = (timeline.step || 1) * 1000;
	const begin = parseTime(timeline.begin);
	const series = [];
	let others = null;

	for (const one of timeline.series || []) {
		if (chosen.size && !chosen.has(one.cause)) continue;
		const counts = Array.from({ length }, (_, i) => one.counts[i] || 0);
		if (view.colours.has(one.cause)) {
			series.push({
				cause: one.cause,
				colour: view.colours.of(one.cause),
				counts,
				causes: 1,
			});
			continue;
		}
		others = others || {
			cause: "others",
			colour: "cx",
			counts: new Array(length).fill(0),
			causes: 0,
		};
		others.causes++;
		counts.forEach((n, i) => (others.counts[i] += n));
	}
	series.sort((a, b) => sum(b.counts) - sum(a.counts));
	return {
		begin,
		step,
		length,
		end: begin + step * length,
		series: others ? [...series, others] : series,
	};
}

// Of the steps that lie within the time.
function countWithin(timeline, counts, [from, to]) {
	return sum(
		counts.filter((_, i) => {
			const middle = timeline.begin + (i + 0.5) * timeline.step;
			return middle >= from && middle < to;
		}),
	);
}
