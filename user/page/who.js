// SPDX-License-Identifier: GPL-2.0
// Whose resets: rankings by unit, process, peer ..., and the pairs of which both ends were seen.
"use strict";

const RANKINGS = [
	{ key: "unit", title: "systemd unit" },
	{ key: "container", title: "Container" },
	{ key: "process", title: "Process" },
	{ key: "peer", title: "Peer" },
	{ key: "port", title: "Local port", query: "localport" },
	{ key: "netns", title: "Network namespace" },
];
const FIRST_ROWS = 8;

// "17": exact. "12 to 17": keys had to share a place.
function rankCount(row) {
	return row.error
		? `${formatCount(Math.max(0, row.count - row.error))} to ${formatCount(row.count)}`
		: formatCount(row.count);
}

// Of what is only counted nobody knows whose it is: a share is of what is shown.
function rankingTable(view, ranking, rows, title) {
	const whole = valueAt(view.summary, "totals.shown");
	return table(
		title,
		[
			{ label: "Name" },
			{ label: "Count", class: "number" },
			{ label: "Share", class: "share" },
			{ label: "Sent", class: "number" },
			{ label: "Received", class: "number" },
		],
		rows.map((row) => [
			button(
				foreign(row.key),
				() =>
					view.setQuery(
						`${ranking.query || ranking.key}:${quoteValue(row.key)}`,
					),
				{ class: "link", "data-keep": `${ranking.key} ${row.key}` },
			),
			rankCount(row),
			share(row.count, whole, "plain", row.error ? "\u2264 " : ""),
			formatCount(row.sent || 0),
			formatCount(row.received || 0),
		]),
		{ headed: true },
	);
}

function drawRanking(view, ranking, all) {
	const rows = all.rows || [];
	const place = make(
		"div",
		{ class: "ranking", "data-ranking": ranking.key },
		make("h3", {}, ranking.title),
	);
	const rest = rows.slice(FIRST_ROWS);

	place.append(
		scrolling(
			ranking.title,
			rankingTable(
				view,
				ranking,
				rows.slice(0, FIRST_ROWS),
				`By ${ranking.title.toLowerCase()}`,
			),
		),
	);
	if (rest.length)
		place.append(
			more(
				view,
				ranking.key,
				`${formatCount(rest.length)} more`,
				scrolling(
					`${ranking.title}, more`,
					rankingTable(
						view,
						ranking,
						rest,
						`By ${ranking.title.toLowerCase()}, the next`,
					),
				),
			),
		);
	if (all.complete === false)
		place.append(make("p", { class: "note" }, "There are more than are told here."));
	return place;
}

function drawRankings(view) {
	const who = view.summary.who || {};
	const known = RANKINGS.filter((ranking) => who[ranking.key]?.rows?.length);

	replace(
		byId("rankings"),
		known.length
			? known.map((ranking) => drawRanking(view, ranking, who[ranking.key]))
			: make("p", {}, "Nobody is known."),
	);
}

// Why there is none. Of an end that a filter kept back no more is known than that it was here.
function noPairs({ totals = {}, hints = [] }) {
	const near = hints.find((hint) => hint.id === "same-host")?.count;
	if (!totals.sent && !totals.received) return "No reset was seen.";
	return near
		? `Of ${plural(near, "reset")} the other end was on this host, too, but is not among these events.`
		: "No reset was seen at both of its ends: peers are on other hosts.";
}

function drawPairs(view) {
	const pairs = view.summary.pairs || [];
	const others = view.summary.pairs_others;

	if (!pairs.length) {
		replace(byId("pairs"), make("p", {}, noPairs(view.summary)));
		return;
	}
	const whole = sum(pairs.map((pair) => pair.count)) + (others || 0);
	replace(
		byId("pairs"),
		make(
			"p",
			{ class: "note" },
			"Resets that this host both sent and received: why one end sent it, and what the other made of it.",
		),
		scrolling(
			"Pairs",
			table(
				"Pairs of both ends",
				[
					{ label: "Sent because" },
					{ label: "Received as" },
					{ label: "Count", class: "number" },
					{ label: "Share", class: "share" },
				],
				pairs.map((pair) => [
					[view.colours.swatch(pair.sent), pair.sent],
					[view.colours.swatch(pair.received), pair.received],
					formatCount(pair.count),
					share(pair.count, whole, view.colours.of(pair.sent)),
				]),
			),
		),
		others
			? make(
					"p",
					{ class: "note" },
					`${formatCount(others)} more, of other pairs.`,
				)
			: null,
	);
}
