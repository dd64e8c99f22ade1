// SPDX-License-Identifier: GPL-2.0
// The timeline: how many of each cause in each step, stacked; what is dragged over becomes the time
// that the chart and the events are of.
"use strict";

const TIMELINE_HEIGHT = 240;
const MARGIN = { top: 8, right: 22, bottom: 24, left: 52 };
const LEAST_STEPS = 4; // of a zoom
const LEAST_WIDTH = 4; // of what is drawn, in pixels

class Timeline {
	constructor(figure, view) {
		this.figure = figure;
		this.view = view;
		this.range = [0, 0];
		this.caption = make("figcaption");
		this.controls = make(
			"div",
			{ class: "controls zoom", role: "group", "aria-label": "Zoom" },
			button("Zoom in", () => this.scale(0.5)),
			button("Zoom out", () => this.scale(2)),
			button("Earlier", () => this.move(-0.25)),
			button("Later", () => this.move(0.25)),
			button("Whole time", () => view.setZoom(null), { id: "whole" }),
			make(
				"span",
				{ class: "note" },
				"or drag over the chart; on it: arrow keys, +, -, 0",
			),
		);
		this.place = make("div", {
			class: "chart",
			tabindex: 0,
			role: "img",
			keydown: (e) => this.key(e),
		});
		this.legend = make("ul", { class: "legend" });
		this.told = make("p", { id: "zoomed", role: "status" });
		this.details = null;
		figure.append(this.caption, this.controls, this.place, this.legend, this.told);
	}

	key(event) {
		const actions = {
			ArrowLeft: () => this.move(-0.25),
			ArrowRight: () => this.move(0.25),
			"+": () => this.scale(0.5),
			"=": () => this.scale(0.5),
			"-": () => this.scale(2),
			0: () => this.view.setZoom(null),
		};
		if (event.ctrlKey || event.metaKey || event.altKey || !actions[event.key]) return;
		event.preventDefault();
		actions[event.key]();
	}

	scale(factor) {
		const [from, to] = this.range,
			middle = (from + to) / 2;
		this.zoom(middle - ((to - from) * factor) / 2, middle + ((to - from) * factor) / 2);
	}

	move(share) {
		const [from, to] = this.range,
			way = (to - from) * share;
		const inside = Math.max(this.data.begin - from, Math.min(this.data.end - to, way));
		this.zoom(from + inside, to + inside);
	}

	// Whole steps, for only they have counts: what the chart tells is then what the events are of.
	zoom(from, to) {
		const { begin, end, step, length } = this.data;
		if (!length) return;
		let first = Math.max(0, Math.round((from - begin) / step));
		let last = Math.min(length, Math.round((to - begin) / step));
		const lacking = Math.min(LEAST_STEPS, length) - (last - first);
		if (lacking > 0) {
			first = Math.max(
				0,
				Math.min(
					first - Math.floor(lacking / 2),
					length - Math.min(LEAST_STEPS, length),
				),
			);
			last = Math.min(length, first + Math.min(LEAST_STEPS, length));
		}
		const all = first === 0 && last === length;
		this.view.setZoom(
			all ? null : [begin + first * step, all ? end : begin + last * step],
		);
	}

	draw() {
		this.data = timelineSeries(this.view, this.view.causes);
		const { begin, end, length, step } = this.data;

		if (!length || isNaN(begin)) {
			replace(this.caption, "Events over time: none.");
			for (const part of [this.controls, this.place, this.legend, this.told])
				part.hidden = true;
			return;
		}
		for (const part of [this.controls, this.place, this.legend, this.told])
			part.hidden = false;
		this.range = this.view.zoom || [begin, end];
		[this.figure.dataset.from, this.figure.dataset.to] = this.range;
		this.place.setAttribute("aria-label", this.inWords());
		this.drawChart();
		this.drawLegend();
		const told = this.rangeInWords();
		if (this.told.textContent !== told) replace(this.told, told);
		const details = asTable(this.figure, () => this.asTable());
		this.details ? this.details.replaceWith(details) : this.figure.append(details);
		this.details = details;
	}

	// Read out whenever it changes: while the time goes on it says what does not.
	rangeInWords() {
		const span = formatSpan(...this.range),
			events = plural(this.total(), "event");
		if (this.view.zoom)
			return `Zoomed to ${span}: ${events}. The events below are of this time.`;
		return this.view.live
			? `Whole time: ${events}.`
			: `Whole time, ${span}: ${events}.`;
	}

	total() {
		return sum(
			this.data.series.map((one) =>
				countWithin(this.data, one.counts, this.range),
			),
		);
	}

	inWords() {
		const totals = d3
			.range(this.data.length)
			.map((i) => sum(this.data.series.map((one) => one.counts[i])));
		const peak = totals.indexOf(d3.max(totals));
		const causes = this.data.series.map(
			(one) =>
				`${this.name(one)} ${formatCount(countWithin(this.data, one.counts, this.range))}`,
		);
		return (
			`Timeline: ${plural(this.total(), "event")} in ${formatSpan(...this.range)} UTC. ` +
			`${causes.join(", ")}. Most in one step: ${formatCount(totals[peak] || 0)}, at ` +
			`${formatTime(this.data.begin + peak * this.data.step, this.data.step)}.`
		);
	}

	name(one) {
		return one.cause === "others" && one.causes
			? plural(one.causes, "other cause")
			: one.cause;
	}

	// All of them, chosen or not: a press chooses.
	drawLegend() {
		replace(
			this.legend,
			timelineSeries(this.view, new Set()).series.map((one) => {
				const label = [
					make("span", {
						class: `swatch ${one.colour}`,
						"aria-hidden": "true",
					}),
					`${this.name(one)} `,
					make(
						"span",
						{ class: "figure" },
						formatCount(
							countWithin(
								this.data,
								one.counts,
								this.range,
							),
						),
					),
				];
				return make(
					"li",
					{},
					one.colour === "cx"
						? label
						: button(
								label,
								() =>
									this.view.toggleCause(
										one.cause,
									),
								{
									class: "link",
									"aria-pressed": String(
										this.view.causes.has(
											one.cause,
										),
									),
									"data-keep": `legend ${one.cause}`,
								},
							),
				);
			}),
		);
	}

	drawChart() {
		const width = widthOf(this.figure),
			height = TIMELINE_HEIGHT;
		const { begin, step, length, series } = this.data;
		const x = d3.time.scale
			.utc()
			.domain(this.range.map((ms) => new Date(ms)))
			.range([MARGIN.left, width - MARGIN.right]);
		const first = Math.max(0, Math.round((this.range[0] - begin) / step));
		const last = Math.min(length, Math.round((this.range[1] - begin) / step));
		// Steps too narrow to be seen are drawn together.
		const group = Math.max(
			1,
			Math.ceil(
				((last - first) * LEAST_WIDTH) /
					(width - MARGIN.left - MARGIN.right),
			),
		);
		const starts = d3.range(first, last, group);
		const layers = series.map((one) => ({
			one,
			values: starts.map((i) => ({
				x: begin + i * step,
				y: sum(one.counts.slice(i, Math.min(i + group, last))),
			})),
		}));
		// An area of steps needs the end of the last one, too.
		for (const layer of layers)
			layer.values.push({
				x: begin + last * step,
				y: layer.values[layer.values.length - 1]?.y || 0,
			});
		replace(
			this.caption,
			`Events per ${formatSeconds((group * step) / 1000)} by cause, UTC`,
		);
		const stacked = layers.length
			? d3.layout.stack().values((layer) => layer.values)(layers)
			: [];
		const most =
			d3.max(stacked, (layer) => d3.max(layer.values, (v) => v.y0 + v.y)) || 1;
		const y = d3.scale
			.linear()
			.domain([0, most])
			.nice()
			.range([height - MARGIN.bottom, MARGIN.top]);
		const area = d3.svg
			.area()
			.interpolate("step-after")
			.x((v) => x(new Date(v.x)))
			.y0((v) => y(v.y0))
			.y1((v) => y(v.y0 + v.y));

		this.place.replaceChildren();
		const svg = newChart(this.place, width, height);
		addCounts(svg, y, MARGIN, width);
		svg.append("g")
			.attr("class", "axis")
			.attr("transform", `translate(0,${height - MARGIN.bottom})`)
			.call(
				d3.svg
					.axis()
					.scale(x)
					.orient("bottom")
					.tickFormat(formatTick)
					.ticks(Math.max(2, Math.floor(width / 130))),
			);
		svg.selectAll("path.layer")
			.data(stacked)
			.enter()
			.append("path")
			.attr("class", (layer) => `layer ${layer.one.colour}`)
			.attr("data-cause", (layer) => layer.one.cause)
			.attr("d", (layer) => area(layer.values));
		this.drawBrush(svg, x, y);
	}

	drawBrush(svg, x, y) {
		const brush = d3.svg
			.brush()
			.x(x)
			.on("brushend", () => {
				if (!brush.empty()) this.zoom(...brush.extent().map(Number));
			});
		const layer = svg.append("g").attr("class", "brush").call(brush);
		const place = layer.append("title");
		layer.selectAll("rect")
			.attr("y", y.range()[1])
			.attr("height", y.range()[0] - y.range()[1]);
		layer.on("mousemove", () =>
			place.text(this.stepInWords(x.invert(d3.mouse(layer.node())[0]))),
		);
	}

	stepInWords(time) {
		const { begin, step, series } = this.data;
		const i = Math.floor((Number(time) - begin) / step);
		const lines = series
			.filter((one) => one.counts[i])
			.map((one) => `${this.name(one)}: ${formatCount(one.counts[i])}`);
		return [formatTime(begin + i * step, step), ...lines].join("\n");
	}

	// Steps in which nothing happened are left out.
	asTable() {
		const { begin, step, length, series } = this.data;
		const steps = d3
			.range(length)
			.filter(
				(i) =>
					series.some((one) => one.counts[i]) &&
					begin + (i + 0.5) * step >= this.range[0] &&
					begin + (i + 0.5) * step < this.range[1],
			);
		return table(
			"Events in each step that has any",
			[
				{ label: "From (UTC)", class: "time" },
				...series.map((one) => ({
					label: this.name(one),
					class: "number",
				})),
			],
			steps.map((i) => [
				formatTime(begin + i * step, step),
				...series.map((one) => formatCount(one.counts[i])),
			]),
		);
	}
}
