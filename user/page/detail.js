// SPDX-License-Identifier: GPL-2.0
// One event: summary, evidence, hints, ladder, facts, the catalogue's article, the line itself.
"use strict";

// All leaves of an object as ["socket.unread", 904].
function leaves(value, path = "") {
	if (value === null || typeof value !== "object") return [[path, value]];
	if (Array.isArray(value) && value.every((one) => one === null || typeof one !== "object"))
		return value.length ? [[path, value.join(", ")]] : [];
	return Object.entries(value).flatMap(([key, inner]) =>
		leaves(inner, path ? `${path}.${key}` : key),
	);
}

function factRows(e) {
	const told = new Set(["reset.summary", "reset.evidence"]);
	return leaves(e).filter(
		([path]) =>
			!told.has(path) &&
			!path.startsWith("facts.") &&
			!path.startsWith("reset.hints"),
	);
}

function fact([path, value]) {
	return make(
		"div",
		{},
		make("dt", {}, make("code", {}, path)),
		make("dd", {}, foreign(value === null ? "none" : value)),
	);
}

function list(items) {
	return make(
		"ul",
		{},
		items.map((item) => make("li", {}, item)),
	);
}

// Only what is plainly an address of the web becomes one; the rest stays text.
function reference(text) {
	const found = /^(.*?)(https:\/\/[^\s<>"]+)(.*)$/.exec(text);
	return found
		? [
				found[1],
				make("a", { href: found[2], rel: "noreferrer noopener" }, found[2]),
				found[3],
			]
		: text;
}

function article(entry) {
	if (!entry) return [];
	return [
		make("p", {}, entry.what || entry.title),
		entry.know ? [make("h4", {}, "How rstwhy knows"), make("p", {}, entry.know)] : null,
		entry.confirm?.length
			? [
					make("h4", {}, "How to confirm it"),
					make(
						"ul",
						{ class: "commands" },
						entry.confirm.map((line) =>
							make("li", {}, make("code", {}, line)),
						),
					),
				]
			: null,
		entry.advice
			? [
					make("h4", {}, "What to do"),
					make("p", { class: "advice" }, entry.advice),
				]
			: null,
		entry.references?.length
			? [make("h4", {}, "References"), list(entry.references.map(reference))]
			: null,
	];
}

function hintItem(view, hint) {
	const entry = view.entries.get(hint.id);
	return [
		make("b", {}, hint.id),
		": ",
		foreign(hint.text),
		entry
			? make(
					"details",
					{},
					make("summary", {}, `About ${hint.id}`),
					article(entry),
				)
			: null,
	];
}

function copyButton(text) {
	const told = make("span", { role: "status" });
	const copy = async () => {
		try {
			await navigator.clipboard.writeText(text);
			replace(told, " copied");
		} catch {
			// A page of a file, or one that is not asked for over TLS, may not; the text can be selected.
			getSelection().selectAllChildren(byId("raw"));
			replace(told, " selected: copy it with Ctrl-C");
		}
	};
	return make("p", { class: "controls" }, button("Copy", copy, { id: "copy" }), told);
}

function section(title, ...content) {
	return make("section", {}, make("h3", {}, title), content);
}

// Among the events as they were listed when the first one was opened: live, others have come since.
function detailHead(view, e, listed) {
	const at = listed.indexOf(e);
	const go = (by) => () => view.openEvent(listed[at + by], listed);
	return make(
		"div",
		{ class: "head" },
		make(
			"h2",
			{ id: "event-title", tabindex: -1 },
			view.colours.swatch(valueAt(e, "reset.cause")),
			valueAt(e, "reset.cause"),
		),
		make(
			"div",
			{ class: "controls" },
			button("Previous", go(-1), { disabled: at <= 0 }),
			button("Next", go(1), { disabled: at < 0 || at + 1 >= listed.length }),
			button("Close", () => byId("event").close(), { id: "close" }),
		),
	);
}

function drawDetail(view, e, listed) {
	const raw = JSON.stringify(e, null, 1);
	const hints = valueAt(e, "reset.hints") || [],
		evidence = valueAt(e, "reset.evidence") || [];
	const entry = view.entries.get(valueAt(e, "reset.cause"));
	const confidence = valueAt(e, "reset.confidence");

	replace(
		byId("event"),
		detailHead(view, e, listed),
		make(
			"p",
			{ class: "lead" },
			foreign(valueAt(e, "reset.summary") || ""),
			confidence ? make("span", { class: "severity" }, confidence) : null,
		),
		make(
			"p",
			{ class: "note" },
			`${DIRECTIONS[valueAt(e, "reset.direction")] || ""}, ${e.time}`,
		),
		section(
			"Evidence",
			evidence.length
				? list(evidence.map((text) => foreign(text)))
				: "None was recorded.",
		),
		hints.length
			? section("Hints", list(hints.map((hint) => hintItem(view, hint))))
			: null,
		valueAt(e, "reset.suppressed") ? null : drawLadder(e),
		section(entry ? entry.title : "The cause", article(entry)),
		section(
			"Facts",
			make("dl", { class: "facts" }, factRows(e).map(fact)),
		),
		section(
			"The line, as --format=json writes it",
			copyButton(JSON.stringify(e)),
			make(
				"pre",
				{ id: "raw", tabindex: 0, role: "region", "aria-label": "JSON" },
				raw,
			),
		),
	);
}

function openDetail(view, e, listed) {
	const dialog = byId("event");
	drawDetail(view, e, listed);
	if (!dialog.open) dialog.showModal();
	dialog.scrollTop = 0;
	byId("event-title").focus();
}
