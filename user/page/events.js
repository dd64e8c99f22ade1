// SPDX-License-Identifier: GPL-2.0
// The table of events: filtered by time, cause and words, sorted by a column, a page at a time.
"use strict";

const PAGE_ROWS = 50;
const PAPER_ROWS = 500; // printed: about twenty sheets

const EVENT_COLUMNS = [
	{ key: "time", label: "Time (UTC)", value: (e) => e.time },
	{ key: "direction", label: "Direction", value: (e) => valueAt(e, "reset.direction") },
	{ key: "cause", label: "Cause", value: (e) => valueAt(e, "reset.cause") },
	{ key: "local", label: "Local", value: (e) => formatEndpoint(valueAt(e, "network.local")) },
	{ key: "peer", label: "Peer", value: (e) => formatEndpoint(valueAt(e, "network.peer")) },
	{ key: "summary", label: "Summary", value: (e) => valueAt(e, "reset.summary") },
	{ key: "state", label: "State", value: (e) => valueAt(e, "network.connection.state") },
	{ key: "process", label: "Process", value: (e) => processName(e) },
];

function processName(e) {
	const who = e.process || e.owner;
	const name = valueAt(who || {}, "executable.name");
	return who && name !== undefined ? `${name} (${who.pid})` : undefined;
}

function isKnown(value) {
	return value !== undefined && value !== null && value !== "";
}

function compareValues(a, b) {
	return String(a).localeCompare(String(b), "en", { numeric: true });
}

// What is not known stands last, up or down.
function sortEvents(events, { key, down }) {
	const column = EVENT_COLUMNS.find((c) => c.key === key);
	const keyed = events.map((e) => [column.value(e), e]);
	const known = keyed.filter(([value]) => isKnown(value));
	const rest = keyed.filter(([value]) => !isKnown(value));
	const order = key === "time" ? (a, b) => (a < b ? -1 : a > b ? 1 : 0) : compareValues;
	known.sort(([a], [b]) => (down ? -1 : 1) * order(a, b));
	return [...known, ...rest].map(([, e]) => e);
}

function chooseEvents(events, { since, zoom, causes, terms }) {
	const [from, to] = zoom || [since, Infinity];
	return events.filter((e) => {
		if (causes.size && !causes.has(valueAt(e, "reset.cause"))) return false;
		if (isFinite(from)) {
			const at = parseTime(e.time);
			if (at < from || at >= to) return false;
		}
		return queryHolds(terms, e);
	});
}

function drawSample(view) {
	const sample = view.summary.sample;
	let text = "";
	if (view.live)
		text =
			`The browser keeps the last ${formatCount(view.store.limit)} events at most, those of rare causes ` +
			`longest: ${formatCount(view.store.size)} of ${formatCount(view.store.seen)} that came. ` +
			(isFinite(view.since())
				? `Figures and table are of the time since ${formatTime(view.since())} UTC.`
				: "The figures above count all.");
	else if (sample && sample.kept < sample.of)
		text =
			`A fair sample: ${formatCount(sample.kept)} of ${plural(sample.of, "event")}, at random of each cause` +
			(sample.per_cause
				? `, at most ${formatCount(sample.per_cause)} of one`
				: "") +
			". The figures above count all.";
	else if (sample && sample.of) text = `All ${plural(sample.of, "event")}.`;
	say(byId("sample"), text);
}

// What the events are limited to: what by, its words, and what lifts it.
function limits(view) {
	const all = [];
	if (view.zoom) all.push(["time", formatSpan(...view.zoom), () => view.setZoom(null)]);
	for (const cause of view.causes)
		all.push([
			`cause ${cause}`,
			[view.colours.swatch(cause), cause],
			() => view.toggleCause(cause),
		]);
	if (view.query) all.push(["words", foreign(view.query), () => view.setQuery("")]);
	return all;
}

function chip([what, words, lift]) {
	const liftAndGoOn = () => {
		lift();
		const next = byId("chips").querySelector("button") || byId("events");
		next.focus({ preventScroll: true });
	};
	return button([words, make("span", { class: "controls" }, " \u00d7")], liftAndGoOn, {
		class: "chip",
		"data-keep": `chip ${what}`,
		"aria-label": `Take off the filter by ${what}`,
	});
}

function drawShown(view, shown, all) {
	const total = all ? `${plural(all, "event")}.` : ""; // or the table's place says so
	say(byId("shown"), shown === all ? total : `${formatCount(shown)} of ${total}`);
	replace(byId("chips"), limits(view).map(chip));
}

function columnHead(view, column) {
	const sorted = view.sort.key === column.key;
	// Browsers leave a button out where they print the head again on the next sheet.
	if (view.onPaper) return make("th", { scope: "col" }, column.label);
	return make(
		"th",
		{
			scope: "col",
			"aria-sort": sorted
				? view.sort.down
					? "descending"
					: "ascending"
				: "none",
		},
		button(
			[
				column.label,
				make(
					"span",
					{ class: "arrow", "aria-hidden": "true" },
					sorted ? (view.sort.down ? "\u25bc" : "\u25b2") : "",
				),
			],
			() => view.setSort(column.key),
			{ "data-keep": `sort ${column.key}` },
		),
	);
}

// A long address is cut, its port never.
function endpointCell(text) {
	const [, address, port] = /^(.*?)(\]?:[^:]*)?$/s.exec(text);
	return make("td", { class: "address", title: text || null }, foreign(address), port);
}

function eventRow(view, e) {
	const [time, direction, cause, local, peer, summary, state, process] = EVENT_COLUMNS.map(
		(c) => c.value(e),
	);
	const suppressed = valueAt(e, "reset.suppressed");
	const open = () => view.openEvent(e);
	const clock = shortTime(time, view.summary.span);

	return make(
		"tr",
		{
			click: (click) => click.target.closest("button") || open(),
			"data-id": idOf(e),
		},
		make(
			"td",
			{ class: "brief" },
			button(clock, open, {
				class: "link time",
				title: time,
				"data-keep": `event ${idOf(e)}`,
				"aria-label": `${clock}, ${cause}: open the event`,
			}),
		),
		make("td", { class: "brief" }, DIRECTIONS[direction] || direction),
		make("td", { class: "cause" }, view.colours.swatch(cause), cause),
		endpointCell(local),
		endpointCell(peer),
		make(
			"td",
			{ class: "summary" },
			suppressed ? `${plural(suppressed, "event")} only counted: ` : null,
			foreign(summary === undefined ? "" : summary),
		),
		make("td", { class: "brief" }, state),
		make("td", { class: "name" }, foreign(process === undefined ? "" : process)),
	);
}

function drawEvents(view) {
	const all = view.events();
	const rows = sortEvents(chooseEvents(all, { ...view, since: view.since() }), view.sort);
	const each = view.onPaper ? PAPER_ROWS : PAGE_ROWS;
	const pages = Math.max(1, Math.ceil(rows.length / each));

	if (!view.onPaper) view.pageNumber = Math.min(view.pageNumber, pages - 1);
	view.listed = rows;
	drawSample(view);
	drawShown(view, rows.length, all.length);
	if (!rows.length) {
		replace(
			byId("table"),
			make(
				"p",
				{},
				all.length
					? "No event is like that."
					: view.live
						? "No event has come yet."
						: "No event was recorded.",
			),
		);
		return;
	}
	const begin = view.onPaper ? 0 : view.pageNumber * PAGE_ROWS;
	const listed = rows.slice(begin, begin + each);
	replace(
		byId("table"),
		scrolling(
			"Table of events",
			make(
				"table",
				{ class: "events" },
				make(
					"caption",
					{},
					`Events ${formatCount(begin + 1)} to ${formatCount(begin + listed.length)} of ${formatCount(rows.length)}`,
				),
				make(
					"thead",
					{},
					make(
						"tr",
						{},
						EVENT_COLUMNS.map((column) =>
							columnHead(view, column),
						),
					),
				),
				make(
					"tbody",
					{},
					listed.map((e) => eventRow(view, e)),
				),
			),
		),
		view.onPaper ? restInWords(rows.length - listed.length) : pager(view, pages),
	);
}

// What the paper has no room for.
function restInWords(rest) {
	if (!rest) return null;
	return make(
		"p",
		{},
		`${plural(rest, "more event")} not printed: a filter on the page chooses which are.`,
	);
}

function pager(view, pages) {
	if (pages === 1) return null;
	const turn = (by) => () => view.turnPage(by);
	return make(
		"p",
		{ class: "controls pager" },
		button("Previous page", turn(-1), {
			disabled: view.pageNumber === 0,
			"data-keep": "page previous",
		}),
		` Page ${view.pageNumber + 1} of ${pages} `,
		button("Next page", turn(1), {
			disabled: view.pageNumber === pages - 1,
			"data-keep": "page next",
		}),
	);
}
