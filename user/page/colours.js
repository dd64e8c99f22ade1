// SPDX-License-Identifier: GPL-2.0
// Which colour a cause has: one and the same everywhere and as long as the page is open. The colours
// themselves, for light and dark, stand in page.css (.c0 ... .cx).
"use strict";

const COLOURS = 8;

class Colours {
	constructor(catalogue) {
		this.places = new Map(catalogue.map((entry, i) => [entry.id, i]));
		this.taken = new Map();
	}

	// Most frequent first: these get the colours. `telling`: the cause that the sentences speak of has
	// one in any case, if need be that of the rarest that has one.
	assign(ids, telling) {
		for (const id of telling ? [telling, ...ids] : ids) {
			if (this.taken.has(id)) continue;
			if (this.taken.size < COLOURS) this.taken.set(id, this.choose(id));
			else if (id === telling) this.takeOver(id, ids);
		}
	}

	// A cause likes the colour that its place in the catalogue gives it, so that it looks the same in
	// other reports.
	choose(id) {
		const used = new Set(this.taken.values());
		let colour = (this.places.get(id) || 0) % COLOURS;
		while (used.has(colour)) colour = (colour + 1) % COLOURS;
		return colour;
	}

	takeOver(id, ids) {
		const rarest = ids.findLast((other) => this.taken.has(other));
		if (rarest === undefined) return;
		this.taken.set(id, this.taken.get(rarest));
		this.taken.delete(rarest);
	}

	has(id) {
		return this.taken.has(id);
	}

	// The class of its colour; "cx": it is one of the others.
	of(id) {
		return this.taken.has(id) ? `c${this.taken.get(id)}` : "cx";
	}

	swatch(id) {
		return make("span", { class: `swatch ${this.of(id)}`, "aria-hidden": "true" });
	}
}
