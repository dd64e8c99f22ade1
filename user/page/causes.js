// SPDX-License-Identifier: GPL-2.0
// What happened, the totals, the causes (which are the legend of all charts) and the hints.
"use strict";

const FIRST_CAUSES = 12;
const LOUD = new Set(["warning", "error", "critical"]); // what is less is no news

function drawSentences(summary) {
	replace(
		byId("sentences"),
		(summary.sentences || []).map((text) => make("p", {}, text)),
	);
	const totals = summary.totals || {};
	const items = [
		["counted", "Counted"],
		["sent", "Sent"],
		["received", "Received"],
		["none", "Died without reset"],
		["shown", "Shown"],
		["filtered", "Filtered"],
		["suppressed", "Only counted"],
		["lost", "Lost"],
	].filter(([key]) => totals[key] !== undefined && (totals[key] || key !== "filtered"));
	replace(
		byId("totals"),
		items.map(([key, label]) =>
			make(
				"div",
				{ class: `total-${key}` },
				make("dt", {}, label),
				make("dd", {}, formatCount(totals[key])),
			),
		),
	);
}

function drawSource(summary, live) {
	const source = summary.source || {},
		span = summary.span || {};
	const begin = parseTime(span.first),
		end = parseTime(span.last);
	const title = source.host ? `TCP resets on ${source.host}` : "TCP resets";
	const parts = [];

	replace(byId("title"), title);
	document.title = `${visible(title).slice(0, 100)} - rstwhy`;
	if (!isNaN(begin) && !isNaN(end))
		parts.push(
			`${formatSpan(begin, end)} UTC (${formatSeconds(Math.max(0, span.seconds || 0))})`,
		);
	if (source.kernel) parts.push(`Linux ${source.kernel}`);
	if (source.files && source.files.length) parts.push(`from ${source.files.join(", ")}`);
	if (source.bad_lines)
		parts.push(`${plural(source.bad_lines, "line")} left out: not events`);
	if (source.without_facts)
		parts.push(
			`${plural(source.without_facts, "event")} with the verdict of its recording`,
		);
	replace(byId("source"), parts.join(" \u00b7 "));
	replace(byId("maker"), `rstwhy ${source.version || ""}${live ? ", live" : ""}`);
}

function causeButton(view, cause) {
	const chosen = view.causes.has(cause.id);

	return button(cause.id, () => view.toggleCause(cause.id), {
		class: "cause",
		"aria-pressed": String(chosen),
		"data-keep": `cause ${cause.id}`,
	});
}

// A part of the whole, as a number and a bar that is as long; zero has none. `sign`: before the number.
function share(n, whole, colour, sign = "") {
	const meter = make("span", { class: `bar ${colour}`, "aria-hidden": "true" });

	meter.style.width = `${whole > 0 && n > 0 ? Math.max(1, (100 * n) / whole) : 0}%`;
	return [
		make("span", { class: "track", "aria-hidden": "true" }, meter),
		`${sign}${formatShare(n, whole)}`,
	];
}

function causeRow(view, cause, whole) {
	const severity = LOUD.has(cause.severity)
		? make("span", { class: `severity ${cause.severity}` }, cause.severity)
		: null;
	const hidden = cause.count - (cause.shown === undefined ? cause.count : cause.shown);

	return [
		[view.colours.swatch(cause.id), causeButton(view, cause), severity],
		DIRECTIONS[cause.direction] || cause.direction,
		[
			formatCount(cause.count),
			hidden > 0
				? make("small", {}, ` ${formatCount(hidden)} only counted`)
				: null,
		],
		share(cause.count, whole, view.colours.of(cause.id)),
		[
			cause.title,
			cause.example
				? make("div", { class: "example" }, foreign(cause.example))
				: null,
		],
		make(
			"span",
			{ class: "time", title: cause.last },
			shortTime(cause.last, view.summary.span).replace(/\.\d+$/, ""),
		),
	];
}

function causesTable(view, caption, causes, whole) {
	return scrolling(
		caption,
		table(
			caption,
			[
				{ label: "Cause" },
				{ label: "Direction" },
				{ label: "Count", class: "number" },
				{ label: "Share", class: "share" },
				{ label: "What it is, and its latest example" },
				{ label: "Last", class: "number" },
			],
			causes.map((cause) => causeRow(view, cause, whole)),
			{ class: "causes" },
		),
	);
}

function drawCauses(view) {
	const causes = view.summary.causes || [];
	const whole = sum(causes.map((cause) => cause.count));
	const rest = causes.slice(FIRST_CAUSES);

	if (!causes.length) {
		replace(byId("causes"), make("p", {}, "No reset was seen."));
		return;
	}
	replace(
		byId("causes"),
		causesTable(
			view,
			"Causes, most frequent first",
			causes.slice(0, FIRST_CAUSES),
			whole,
		),
		rest.length
			? more(
					view,
					"causes",
					plural(rest.length, "rarer cause"),
					causesTable(view, "Rarer causes", rest, whole),
				)
			: null,
	);
}

// What is opened stays open when it is drawn again.
function more(view, key, label, ...content) {
	return make(
		"details",
		{ open: view.opened.has(key), toggle: (e) => view.remember(key, e.target.open) },
		make("summary", { "data-keep": `more ${key}` }, label),
		content,
	);
}

function drawHints(view) {
	const hints = view.summary.hints || [];

	if (!hints.length) {
		replace(byId("hints"));
		return;
	}
	replace(
		byId("hints"),
		make("h3", {}, "Hints"),
		scrolling(
			"Hints",
			table(
				"Hints, most frequent first",
				[
					{ label: "Hint" },
					{ label: "Events", class: "number" },
					{ label: "What it says" },
				],
				hints.map((hint) => [
					button(
						hint.id,
						() => view.setQuery(`hint:${quoteValue(hint.id)}`),
						{ class: "link", "data-keep": `hint ${hint.id}` },
					),
					formatCount(hint.count),
					hint.title || "",
				]),
			),
		),
	);
}
