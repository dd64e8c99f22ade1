// SPDX-License-Identifier: GPL-2.0
// The page: what it shows of a summary and its events, of a report or live, and what was chosen. The
// files beside this one stand before it.
"use strict";

class View {
	constructor(live) {
		this.live = live;
		this.summary = {};
		this.store = new Store(live ? LIVE_EVENTS : Infinity);
		this.causes = new Set(); // chosen; empty: all
		this.zoom = null; // [from, to) in ms; null: the whole time
		this.recent = false; // live: only the last minutes of a long run, where there are such
		this.ask = () => {}; // live: for another summary
		this.query = "";
		this.terms = [];
		this.shown = ""; // the id of the event that is open
		this.wanted = ""; // of the one that a link asks for, till it is there
		this.sort = { key: "time", down: live };
		this.pageNumber = 0;
		this.listed = []; // the events that the filter leaves, in their order
		this.opened = new Set(); // rankings that are shown whole
		this.frozen = null;
		this.onPaper = false; // while it is printed
		this.setCatalogue([]);
		this.timeline = new Timeline(byId("timeline"), this);
	}

	events() {
		return this.frozen || this.store.all();
	}

	freeze(on) {
		this.frozen = on ? this.store.all() : null;
		this.drawEvents();
	}

	// Colours are given once, so what has one keeps it.
	setCatalogue(entries) {
		this.entries = new Map(entries.map((entry) => [entry.id, entry]));
		this.colours = this.colours?.taken.size ? this.colours : new Colours(entries);
	}

	setSummary(summary) {
		this.summary = summary;
		this.colours.assign(
			(summary.causes || []).map((cause) => cause.id),
			summary.telling,
		);
		this.draw();
	}

	toggleCause(id) {
		if (!this.causes.delete(id)) this.causes.add(id);
		this.pageNumber = 0;
		keeping(() => {
			drawCauses(this);
			this.timeline.draw();
			drawEvents(this);
		});
		writeLink(this);
	}

	setZoom(zoom) {
		this.zoom = zoom;
		this.pageNumber = 0;
		keeping(() => {
			this.timeline.draw();
			drawEvents(this);
		});
		writeLink(this);
	}

	// In ms; -Infinity: from the start.
	since() {
		return this.recent && this.summary.span?.recent
			? parseTime(this.summary.span.recent)
			: -Infinity;
	}

	// The figures come with the next summary.
	setRecent(on) {
		this.recent = on;
		this.ask();
		this.setZoom(null);
	}

	takeQuery(text) {
		this.query = text.trim();
		this.terms = parseQuery(this.query);
		byId("query").value = this.query;
		this.pageNumber = 0;
	}

	setQuery(text) {
		this.takeQuery(text);
		this.drawEvents();
		writeLink(this);
	}

	// All that a link has; what it has not is not chosen.
	choose({ wanted, query, causes, zoom, recent }) {
		byId("event").close();
		this.wanted = wanted;
		this.causes = new Set(causes);
		this.zoom = zoom;
		this.recent = recent;
		this.takeQuery(query);
		this.ask();
	}

	setSort(key) {
		this.sort = { key, down: this.sort.key === key && !this.sort.down };
		this.pageNumber = 0;
		this.drawEvents();
	}

	turnPage(by) {
		this.pageNumber += by;
		this.drawEvents();
	}

	remember(ranking, open) {
		if (open) this.opened.add(ranking);
		else this.opened.delete(ranking);
	}

	setPaper(on) {
		this.onPaper = on;
		this.drawEvents();
	}

	openEvent(e, listed = this.listed) {
		this.shown = idOf(e);
		this.wanted = "";
		openDetail(this, e, listed);
		writeLink(this);
	}

	// The row that the keyboard came from may have been drawn again since.
	leaveEvent() {
		if (byId("event").open) return;
		focusKept(`event ${this.shown}`, byId("events"));
		this.shown = "";
		writeLink(this);
	}

	// Live, it may come later.
	openWanted() {
		const found = this.wanted && this.events().find((e) => idOf(e) === this.wanted);
		say(
			byId("linked"),
			this.wanted && this.store.size && !found
				? `The event of the link, ${this.wanted}, is not among those that are kept here.`
				: "",
		);
		if (found) this.openEvent(found);
	}

	drawEvents() {
		keeping(() => drawEvents(this));
		this.openWanted();
	}

	// What depends on the width.
	drawCharts() {
		this.timeline.draw();
		drawIdle(this);
		drawHistograms(this);
	}

	draw() {
		keeping(() => {
			drawSource(this.summary, this.live);
			drawSentences(this.summary);
			drawCauses(this);
			drawHints(this);
			drawRankings(this);
			drawPairs(this);
			this.drawCharts();
			drawEvents(this);
		});
		this.openWanted();
	}
}

// On paper everything is open, and there is nobody to turn the pages of the table.
function openForPrint(view) {
	const shut = [...document.querySelectorAll(":is(main, dialog) details:not([open])")];
	for (const details of shut) {
		details.open = true;
		details.drawOnce?.();
	}
	view.setPaper(true);
	const shutAgain = () => {
		shut.forEach((details) => (details.open = false));
		view.setPaper(false);
	};
	addEventListener("afterprint", shutAgain, { once: true });
}

function listenToFilter(view) {
	let later = null;

	byId("search").addEventListener("submit", (event) => {
		event.preventDefault();
		view.setQuery(byId("query").value);
	});
	byId("query").addEventListener("input", () => {
		clearTimeout(later);
		later = setTimeout(() => {
			const { value, selectionStart } = byId("query");
			if (value.trim() === view.query) return;
			view.setQuery(value);
			byId("query").value = value; // a space at the end is about to be followed by a word
			byId("query").setSelectionRange(selectionStart, selectionStart);
		}, 200);
	});
	byId("clear").addEventListener("click", () => view.setQuery(""));
	addEventListener("keydown", (event) => {
		const isTyping = event.target.closest?.("input, dialog");
		if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping)
			return;
		event.preventDefault();
		byId("query").focus();
		byId("query").select();
	});
}

function listenToPage(view) {
	let width = innerWidth;

	listenToFilter(view);
	addEventListener("resize", () => {
		if (innerWidth !== width) view.drawCharts();
		width = innerWidth;
		stopAtScrolling();
	});
	// On its way down, for it does not come up; what was opened is filled meanwhile.
	addEventListener("toggle", () => requestAnimationFrame(stopAtScrolling), true);
	addEventListener("hashchange", () => followLink(view));
	addEventListener("beforeprint", () => openForPrint(view));
	byId("event").addEventListener("close", () => view.leaveEvent());
	// Beside the dialog, not in it: that shuts it.
	byId("event").addEventListener(
		"click",
		(event) => event.target === byId("event") && byId("event").close(),
	);
}

function startReport(view, text) {
	let data;
	try {
		data = JSON.parse(text);
	} catch (error) {
		replace(
			byId("sentences"),
			make(
				"p",
				{},
				`The data of this report cannot be read: ${error.message}. The file is not whole.`,
			),
		);
		return;
	}
	view.setCatalogue(data.catalogue || []);
	for (const event of data.events || []) view.store.add(event);
	view.setSummary(data.summary || {});
}

function start() {
	const data = byId("data");
	const view = new View(!data);
	const link = readLink(location.hash);

	if (link) view.choose(link);
	listenToPage(view);
	document.documentElement.classList.add(data ? "is-report" : "is-live");
	if (data) startReport(view, data.textContent);
	else new Live(view).start();
}

start();
