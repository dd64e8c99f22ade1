// SPDX-License-Identifier: GPL-2.0
// What all charts share.
"use strict";

// The chart's width: that of its place, and of paper where nothing is laid out.
function widthOf(figure) {
	return Math.max(280, Math.min(1600, figure.clientWidth || 900));
}

// Without the empty bins before the first and behind the last that has something.
function trimmed(counts, around = 1) {
	const first = counts.findIndex((n) => n > 0);
	if (first < 0) return [0, 0];
	const last = counts.length - 1 - [...counts].reverse().findIndex((n) => n > 0);
	return [Math.max(0, first - around), Math.min(counts.length, last + 1 + around)];
}

// There is no half event.
function wholeTick(n) {
	return Number.isInteger(n) ? formatCount(n) : "";
}

// Its figures stand beside it in words and as a table: what is read out.
function newChart(place, width, height) {
	return d3
		.select(place)
		.append("svg")
		.attr("viewBox", `0 0 ${width} ${height}`)
		.attr("width", width)
		.attr("height", height)
		.attr("aria-hidden", "true");
}

// The axis of counts, its lines across the chart.
function addCounts(svg, y, margin, width) {
	svg.append("g")
		.attr("class", "axis grid")
		.attr("transform", `translate(${margin.left},0)`)
		.call(
			d3.svg
				.axis()
				.scale(y)
				.orient("left")
				.ticks(4)
				.tickFormat(wholeTick)
				.innerTickSize(margin.left + margin.right - width)
				.outerTickSize(0),
		);
}
