// SPDX-License-Identifier: GPL-2.0
// The events that the browser keeps: a bounded number, fair by cause. When it is full the oldest of
// the most frequent cause goes, so a rare cause is still there after a flood of another. Pure.
"use strict";

class Store {
	constructor(limit) {
		this.limit = limit;
		this.size = 0;
		this.seen = 0;
		this.byCause = new Map();
	}

	add(event) {
		const cause = String(valueAt(event, "reset.cause"));
		if (!this.byCause.has(cause)) this.byCause.set(cause, []);
		this.byCause.get(cause).push(event);
		this.size++;
		this.seen++;
		if (this.size > this.limit) this.giveWay();
	}

	giveWay() {
		let longest = [];
		for (const events of this.byCause.values()) {
			if (events.length > longest.length) longest = events;
		}
		longest.shift();
		this.size--;
	}

	// In the order of their times.
	all() {
		return [...this.byCause.values()]
			.flat()
			.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
	}
}
