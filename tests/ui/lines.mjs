// SPDX-License-Identifier: GPL-2.0
// Recorded lines: read, counted, and many made of few.
import { readFileSync } from "node:fs";

export function readEvents(file) {
	return readFileSync(file, "utf8")
		.split("\n")
		.filter(Boolean)
		.map((line) => JSON.parse(line));
}

// How many events have each value: a Map, most frequent first.
export function countBy(events, value) {
	const counts = new Map();
	for (const event of events) {
		const key = value(event);
		if (key !== undefined) counts.set(String(key), (counts.get(String(key)) || 0) + 1);
	}
	return new Map([...counts].sort((a, b) => b[1] - a[1]));
}

// The same numbers at each run.
export function random(seed) {
	let state = seed >>> 0;
	return () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 32;
	};
}

// How long a received reset's connection was idle: one in three as a known timeout has it.
function someIdle(next) {
	const typical = [60, 60, 75, 350, 5];
	return next() < 0.35
		? typical[Math.floor(next() * typical.length)] + next() * 0.2
		: 10 ** (next() * 5 - 3);
}

function setIdle(event, seconds) {
	const sock = event.facts?.sock;
	if (!sock?.hz || sock.lrcvtime === undefined) return;
	sock.jiffies =
		(Math.max(sock.lrcvtime, sock.lsndtime || 0) + Math.round(seconds * sock.hz)) %
		2 ** 32;
	if (event.facts.life)
		event.facts.life.born_ns = Math.max(
			1,
			Math.round(event.facts.ns - (seconds * 1.5 + 0.1) * 1e9),
		);
}

// `count` lines within so many seconds, like those of the recording; a busy time in the middle.
export function* bulk(
	events,
	count,
	{ seconds = 3600, begin = "2026-11-20T08:00:00Z", seed = 1, units = [] } = {},
) {
	const next = random(seed),
		from = Date.parse(begin);
	// Some causes are frequent.
	const pick = () => events[Math.floor(next() ** 3 * events.length)];
	const place = (i) => {
		const share = i / count;
		return share < 0.4
			? share
			: share < 0.7
				? 0.4 + (share - 0.4) / 5
				: 0.46 + (share - 0.7) * 1.8;
	};

	for (let i = 0; i < count; i++) {
		const event = structuredClone(pick());
		const at = new Date(from + Math.floor(place(i) * seconds * 1000)).toISOString();
		event.time = at.replace(
			"Z",
			String(Math.floor(next() * 1e6)).padStart(6, "0") + "Z",
		);
		event.event.id = (i + 2 ** 40).toString(16).padStart(16, "0");
		// The memory of the kernel is that of its boot: times within one event stay as they were.
		if (event.reset.direction === "received") setIdle(event, someIdle(next));
		if (event.network?.peer)
			event.network.peer.port = 1024 + Math.floor(next() * 60000);
		if (units.length) {
			const unit = units[Math.floor(next() ** 2 * units.length)];
			event.linux = { ...event.linux, unit, cgroup: `/system.slice/${unit}` };
		}
		yield JSON.stringify(event);
	}
}
