// SPDX-License-Identifier: GPL-2.0
// What was chosen, as the address of the page has it behind its #, so that a ticket can point at it:
//
//	#event=003e212982080659&filter=port:443&cause=port-closed&from=2026-11-20T10:00:00.000Z&to=...
//	#window=recent
//
// Whoever makes an address can put anything there: it is taken as text, and only so much of it.
"use strict";

const LINK_TEXT = 1000; // characters of a filter or a name
const LINK_CAUSES = 64;
const LINK_KEYS = ["event", "filter", "cause", "from", "to", "window"];

function linkOf({ wanted, shown, query, causes, zoom, recent }) {
	const parts = [];
	if (shown || wanted) parts.push(["event", shown || wanted]);
	if (query) parts.push(["filter", query]);
	for (const cause of causes) parts.push(["cause", cause]);
	if (zoom)
		["from", "to"].forEach((end, i) => parts.push([end, new Date(zoom[i]).toISOString()]));
	if (recent) parts.push(["window", "recent"]);
	// A colon is the easier to read as it is.
	return String(new URLSearchParams(parts)).replaceAll("%3A", ":");
}

// A time that lacks an end, or is none, is the whole time.
function zoomOf(from, to) {
	const zoom = [from, to].map((text) => (text ? Date.parse(text) : NaN));
	return zoom[0] < zoom[1] ? zoom : null;
}

// null: it says nothing of all this, but names a part of the page, or nothing.
function readLink(hash) {
	const words = new URLSearchParams(hash.replace(/^#/, ""));
	if (!LINK_KEYS.some((key) => words.has(key))) return null;
	const text = (key) => (words.get(key) || "").slice(0, LINK_TEXT);
	return {
		wanted: text("event"),
		query: text("filter"),
		causes: words
			.getAll("cause")
			.filter((cause) => cause && cause.length <= LINK_TEXT)
			.slice(0, LINK_CAUSES),
		zoom: zoomOf(text("from"), text("to")),
		recent: text("window") === "recent",
	};
}

// In place: a choice is no page to come back to.
function writeLink(view) {
	const link = linkOf(view);
	if (link === location.hash.replace(/^#/, "")) return;
	if (!link && !readLink(location.hash)) return;
	history.replaceState(null, "", link ? `#${link}` : location.href.replace(/#.*/s, ""));
}

// A jump to a part of the page goes there, and leaves what was chosen as it is.
function followLink(view) {
	const link = readLink(location.hash);
	if (!link) return writeLink(view);
	view.choose(link);
	view.draw();
}
