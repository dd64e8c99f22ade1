// SPDX-License-Identifier: GPL-2.0
// The live feed: the summary every two seconds while somebody looks, the events as they come.
"use strict";

const SUMMARY_MS = 2000;
const RETRY_MS = 5000;
const DRAW_MS = 500;
const LIVE_EVENTS = 2000;

async function getJson(path) {
	const answer = await fetch(path, { cache: "no-store" });
	if (!answer.ok)
		throw new Error(`${path}: ${answer.status} ${(await answer.text()).slice(0, 200)}`);
	return answer.json();
}

class Live {
	constructor(view) {
		this.view = view;
		this.paused = false;
		this.missed = 0;
		this.unreadable = 0;
		this.restarted = false;
		this.state = "";
		this.drawing = null;
		this.source = null;
		this.lastId = ""; // of what came last
	}

	async start() {
		byId("live").hidden = false;
		byId("pause").addEventListener("click", () => this.pause());
		byId("recent").addEventListener("click", () => this.view.setRecent(!this.view.recent));
		this.view.ask = () => this.ask();
		document.addEventListener("visibilitychange", () => this.turn());
		this.tell("connecting", "Connecting ...");
		this.listen();
		await this.learn();
		setInterval(() => document.hidden || this.ask(), SUMMARY_MS);
	}

	// The catalogue does not change while rstwhy runs, but another version may run after it.
	async learn() {
		try {
			this.view.setCatalogue(await getJson("api/catalogue"));
			await this.ask();
		} catch (error) {
			this.tell("away", `Not connected: ${error.message}`);
			setTimeout(() => this.learn(), RETRY_MS);
		}
	}

	// One question at a time: an answer that is late is not asked for again.
	async ask() {
		if (this.asking || this.paused) return;
		const recent = this.view.recent;
		this.asking = true;
		try {
			const summary = await getJson(`api/summary${recent ? "?window=recent" : ""}`);
			if (!this.paused && this.view.recent === recent) this.show(summary);
		} catch (error) {
			if (this.state === "connected")
				this.tell("away", `No summary: ${error.message}`);
		} finally {
			this.asking = false;
		}
		if (this.view.recent !== recent) this.ask();
	}

	show(summary) {
		const since = parseTime(summary.span?.recent);
		const control = byId("recent");
		control.hidden = isNaN(since);
		control.setAttribute("aria-pressed", String(this.view.recent));
		replace(control, `Only since ${formatClock(new Date(since))}`);
		this.view.setSummary(summary);
	}

	// A browser has six connections to a host: pages that nobody looks at would hold them all.
	turn() {
		if (document.hidden) {
			this.source?.close();
			return;
		}
		this.listen();
		this.ask();
	}

	// EventSource connects again by itself and says where it stopped, unless it was refused or shut.
	listen() {
		if (document.hidden || (this.source && this.source.readyState !== EventSource.CLOSED))
			return;
		const source = new EventSource(
			this.lastId ? `events?last-event-id=${encodeURIComponent(this.lastId)}` : "events",
		);
		const on = (name, take) =>
			source.addEventListener(name, (message) => {
				this.lastId = message.lastEventId || this.lastId;
				take(message.data);
			});
		this.source = source;
		source.addEventListener("open", () => this.opened());
		source.addEventListener("error", () => this.failed(source));
		on("message", (line) => this.take(line));
		on("dropped", (line) => this.drop(line));
		on("bye", () => this.tell("ended", "The run has ended; waiting for the next."));
	}

	opened() {
		this.tell("connected", "Connected");
		this.ask();
	}

	failed(source) {
		if (source.readyState === EventSource.CLOSED) {
			this.tell("away", "Refused; trying again ...");
			setTimeout(() => this.listen(), RETRY_MS);
		} else if (this.state !== "ended") {
			this.tell("away", "Connection lost; trying again ...");
		}
	}

	take(line) {
		try {
			this.view.store.add(JSON.parse(line));
		} catch {
			this.unreadable++;
			this.tellMissed();
			return;
		}
		this.drawSoon();
	}

	drop(line) {
		try {
			const told = JSON.parse(line);
			this.missed += Number(told.missed) || 0;
			this.restarted ||= Boolean(told.restart);
			if (told.restart) this.learn();
		} catch {
			this.unreadable++;
		}
		this.tellMissed();
	}

	tellMissed() {
		const parts = [];
		if (this.missed)
			parts.push(
				`${plural(this.missed, "event")} dropped: this page was too slow or away. The figures count them.`,
			);
		if (this.restarted)
			parts.push(
				"rstwhy was started again: the figures are of the new run, the events of both.",
			);
		if (this.unreadable)
			parts.push(`${plural(this.unreadable, "message")} unreadable.`);
		say(byId("dropped"), parts.join(" "));
	}

	// A flood is drawn twice a second, not at each event.
	drawSoon() {
		if (this.paused || this.drawing) return;
		this.drawing = setTimeout(() => {
			this.drawing = null;
			if (!this.paused) this.view.drawEvents();
		}, DRAW_MS);
	}

	// Events are still taken, and nothing on the page moves.
	pause() {
		this.paused = !this.paused;
		const control = byId("pause");
		control.setAttribute("aria-pressed", String(this.paused));
		replace(control, this.paused ? "Resume" : "Pause");
		byId("recent").disabled = this.paused;
		this.view.freeze(this.paused);
		this.tell(this.state, this.words);
		if (!this.paused) this.ask();
	}

	tell(state, words) {
		this.state = state;
		this.words = words;
		byId("connection").className = `state ${this.paused ? "paused" : state}`;
		say(
			byId("connection"),
			this.paused ? `Paused (${words.toLowerCase()})` : words,
		);
	}
}
