// SPDX-License-Identifier: GPL-2.0
// How long connections were idle before they were reset: a heat map, for an idle timeout is a line
// in it.
"use strict";

const LABEL_HEIGHT = 12;

// Where a value lies among bins that have these upper bounds: 2.5 is the middle of the third.
function placeInBins(bounds, value) {
	const i = bounds.findIndex((bound) => value <= bound);
	if (i < 0) return bounds.length + 0.5;
	const low = i > 0 ? bounds[i - 1] : bounds[0] / 2,
		high = bounds[i];
	const share = low > 0 ? Math.log(value / low) / Math.log(high / low) : value / high;
	return i + Math.max(0, Math.min(1, share));
}

// Those of the same number of seconds are one line.
function knownTimeouts(known) {
	const bySeconds = d3
		.nest()
		.key((k) => k.seconds)
		.entries(known || []);
	return bySeconds
		.map((group) => ({
			seconds: Number(group.key),
			names: group.values.map((k) => k.name),
		}))
		.sort((a, b) => a.seconds - b.seconds);
}

function idleInWords(rows, bounds, lines) {
	const total = sum(rows);
	const most = rows.indexOf(d3.max(rows));
	return (
		`Heat map: ${plural(total, "received reset")} by idle time. Most, ${formatCount(rows[most])}, after ` +
		`${binLabel(bounds, most, formatSeconds)}. Documented timeouts marked: ` +
		`${lines.map((line) => formatSeconds(line.seconds)).join(", ") || "none in this range"}.`
	);
}

function drawIdle(view) {
	const figure = byId("idle"),
		idle = view.summary.idle || {};
	const bounds = idle.bounds || [],
		columns = idle.columns || [];
	const rows = d3
		.range(bounds.length + 1)
		.map((i) => sum(columns.map((column) => column[i] || 0)));
	const [low, high] = trimmed(rows);
	const caption = make("figcaption", {}, "Idle time before received resets");

	if (low === high) {
		replace(
			figure,
			caption,
			make(
				"p",
				{ class: "note" },
				"No received reset of a connection whose idle time is known.",
			),
		);
		return;
	}
	const most = d3.max(columns, (column) => d3.max(column));
	const lines = knownTimeouts(idle.known).filter((line) => {
		const place = placeInBins(bounds, line.seconds);
		return place >= low && place <= high && line.seconds <= bounds[bounds.length - 1];
	});
	const details = asTable(figure, () => idleTable(idle, rows, low, high));
	const place = make("div", {
		class: "chart",
		role: "img",
		"aria-label": idleInWords(rows, bounds, lines),
	});
	replace(
		figure,
		caption,
		make(
			"p",
			{ class: "note" },
			"Each column is a time, each row an idle time; the stronger the colour, the more resets. ",
			"A row at a marked line speaks for that timeout.",
		),
		place,
		scaleOfShades(most),
		namesOfTimeouts(lines),
		details,
	);
	drawHeat(place, widthOf(figure), { idle, bounds, columns, low, high, lines, most });
}

// Beside the lines there is room for their seconds only: a line may have many names.
function namesOfTimeouts(lines) {
	if (!lines.length) return null;
	return make(
		"ul",
		{ class: "legend names", "aria-label": "Documented timeouts" },
		lines.map((line) =>
			make(
				"li",
				{},
				make("span", { class: "dashes", "aria-hidden": "true" }),
				`${formatSeconds(line.seconds)}: ${line.names.join(", ")}`,
			),
		),
	);
}

// How strong the colour of so many is: by their logarithm, and one can be seen, too.
function shadeOf(most) {
	return d3.scale
		.log()
		.domain([1, Math.max(2, most)])
		.range([0.25, 1]);
}

// 1, some between, and the most in one place of the heat map.
function scaleOfShades(most) {
	const shade = shadeOf(most);
	const steps = d3.range(5).map((i) => Math.round(most ** (i / 4)));
	return make(
		"ul",
		{ class: "legend shades", "aria-label": "Resets by strength of the colour" },
		steps
			.filter((n, i) => steps.indexOf(n) === i)
			.map((n) => {
				const swatch = make("span", {
					class: "swatch",
					"aria-hidden": "true",
				});
				swatch.style.opacity = shade(n);
				return make("li", {}, swatch, formatCount(n));
			}),
	);
}

function drawHeat(place, width, { idle, bounds, columns, low, high, lines, most }) {
	const rowHeight = high - low > 20 ? 10 : 16;
	const margin = { top: 10, right: 66, bottom: 24, left: 110 };
	const height = margin.top + margin.bottom + (high - low) * rowHeight;
	const begin = parseTime(idle.begin),
		step = idle.step * 1000;
	const x = d3.time.scale
		.utc()
		.domain([new Date(begin), new Date(begin + step * columns.length)])
		.range([margin.left, width - margin.right]);
	const y = (bin) => margin.top + (high - bin) * rowHeight;
	const shade = shadeOf(most);
	const cells = columns.flatMap((column, i) =>
		column.map((n, bin) => ({ i, bin, n })).filter((cell) => cell.n > 0),
	);
	const at = (i) => x(new Date(begin + i * step));

	const svg = newChart(place, width, height);
	svg.append("rect")
		.attr("class", "ground")
		.attr("x", margin.left)
		.attr("y", y(high))
		.attr("width", width - margin.left - margin.right)
		.attr("height", y(low) - y(high));
	svg.selectAll("rect.heat")
		.data(cells)
		.enter()
		.append("rect")
		.attr("class", "heat")
		.attr("x", (cell) => at(cell.i))
		.attr("width", (cell) => Math.max(1.5, at(cell.i + 1) - at(cell.i) - 0.5))
		.attr("y", (cell) => y(cell.bin + 1))
		.attr("height", rowHeight - 0.5)
		.attr("fill-opacity", (cell) => shade(cell.n))
		.append("title")
		.text(
			(cell) =>
				`${formatTime(begin + cell.i * step, step)}, ` +
				`${binLabel(bounds, cell.bin, formatSeconds)}: ${formatCount(cell.n)}`,
		);
	svg.append("g")
		.attr("class", "axis")
		.selectAll("text")
		.data(d3.range(low, high, rowHeight < 14 ? 2 : 1))
		.enter()
		.append("text")
		.attr("x", margin.left - 6)
		.attr("y", (bin) => y(bin + 0.5))
		.attr("dy", "0.32em")
		.attr("text-anchor", "end")
		.text((bin) => binShort(bounds, bin, formatSeconds));
	svg.append("g")
		.attr("class", "axis")
		.attr("transform", `translate(0,${height - margin.bottom})`)
		.call(
			d3.svg
				.axis()
				.scale(x)
				.orient("bottom")
				.tickFormat(formatTick)
				.ticks(Math.max(2, Math.floor(width / 180))),
		);
	drawTimeouts(svg, lines, {
		bounds,
		y,
		left: margin.left,
		right: width - margin.right,
	});
}

// A label that would stand on another one gives way upwards, with a line to where it belongs.
function drawTimeouts(svg, lines, { bounds, y, left, right }) {
	let above = Infinity;
	const placed = lines.map((line) => {
		const at = y(placeInBins(bounds, line.seconds));
		above = Math.min(at, above - LABEL_HEIGHT);
		return { line, at, label: above };
	});
	const group = svg.append("g").attr("class", "timeouts");
	const marks = group.selectAll("g").data(placed).enter().append("g");
	marks.append("line")
		.attr("x1", left)
		.attr("x2", right)
		.attr("y1", (p) => p.at)
		.attr("y2", (p) => p.at);
	marks.append("title").text(
		(p) => `${formatSeconds(p.line.seconds)}: ${p.line.names.join(", ")}`,
	);
	marks.filter((p) => p.label > 0)
		.append("path")
		.attr("d", (p) => `M${right},${p.at}l10,${p.label - p.at}h4`);
	marks.filter((p) => p.label > 0)
		.append("text")
		.attr("x", right + 17)
		.attr("y", (p) => p.label)
		.attr("dy", "0.32em")
		.text((p) => formatSeconds(p.line.seconds));
}

function idleTable(idle, rows, low, high) {
	const known = knownTimeouts(idle.known);
	const within = (bin) =>
		known
			.filter(
				(k) =>
					Math.floor(
						Math.min(
							placeInBins(idle.bounds, k.seconds) - 1e-9,
							idle.bounds.length,
						),
					) === bin,
			)
			.map((k) => `${formatSeconds(k.seconds)}: ${k.names.join(", ")}`)
			.join("; ");
	return table(
		"Received resets by idle time",
		[
			{ label: "Idle" },
			{ label: "Resets", class: "number" },
			{ label: "Documented timeouts" },
		],
		d3
			.range(low, high)
			.map((bin) => [
				binLabel(idle.bounds, bin, formatSeconds),
				formatCount(rows[bin]),
				within(bin),
			]),
	);
}
