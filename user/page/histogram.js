// SPDX-License-Identifier: GPL-2.0
// Histograms of the age of connections and of what was unread.
"use strict";

function drawHistogram(figure, histogram, { caption, nothing, what, format }) {
	const { bounds = [], counts = [] } = histogram || {};
	const [low, high] = trimmed(counts);
	const bins = d3.range(low, high);

	if (low === high) {
		replace(
			figure,
			make("figcaption", {}, caption),
			make("p", { class: "note" }, nothing),
		);
		return;
	}
	const most = counts.indexOf(d3.max(counts));
	const place = make("div", {
		class: "chart",
		role: "img",
		"aria-label":
			`Histogram: ${plural(sum(counts), what)}. ` +
			bins
				.filter((bin) => counts[bin])
				.map(
					(bin) =>
						`${binLabel(bounds, bin, format)}: ${formatCount(counts[bin])}`,
				)
				.join("; ") +
			`. Most: ${binLabel(bounds, most, format)}.`,
	});
	const details = asTable(figure, () =>
		table(
			caption,
			[{ label: "Range" }, { label: "Count", class: "number" }],
			bins.map((bin) => [
				binLabel(bounds, bin, format),
				formatCount(counts[bin]),
			]),
		),
	);
	replace(figure, make("figcaption", {}, caption), place, details);
	drawBars(place, widthOf(figure), { bounds, counts, bins, format });
}

function drawBars(place, width, { bounds, counts, bins, format }) {
	const height = 180,
		margin = { top: 8, right: 22, bottom: 24, left: 52 };
	const x = d3.scale
		.ordinal()
		.domain(bins)
		.rangeBands([margin.left, width - margin.right], 0.08);
	const y = d3.scale
		.linear()
		.domain([0, d3.max(counts)])
		.nice()
		.range([height - margin.bottom, margin.top]);
	const each = Math.ceil(bins.length / Math.max(1, Math.floor((width - margin.left) / 64)));
	const svg = newChart(place, width, height);

	addCounts(svg, y, margin, width);
	svg.append("g")
		.attr("class", "axis")
		.attr("transform", `translate(0,${height - margin.bottom})`)
		.call(
			d3.svg
				.axis()
				.scale(x)
				.orient("bottom")
				.outerTickSize(0)
				.tickValues(bins.filter((_, i) => i % each === 0))
				.tickFormat((bin) => binShort(bounds, bin, format)),
		);
	svg.selectAll("rect.bin")
		.data(bins)
		.enter()
		.append("rect")
		.attr("class", "bin")
		.attr("x", (bin) => x(bin))
		.attr("width", x.rangeBand())
		.attr("y", (bin) => y(counts[bin]))
		.attr("height", (bin) => y(0) - y(counts[bin]))
		.append("title")
		.text((bin) => `${binLabel(bounds, bin, format)}: ${formatCount(counts[bin])}`);
}

function drawHistograms(view) {
	drawHistogram(byId("age"), view.summary.age, {
		caption: "Age of the connections",
		what: "connection",
		format: formatSeconds,
		nothing: "No connection whose age is known.",
	});
	drawHistogram(byId("unread"), view.summary.unread, {
		caption: "Bytes unread when a socket was closed",
		what: "socket",
		format: formatBytes,
		nothing: "No socket was closed with bytes unread.",
	});
}
