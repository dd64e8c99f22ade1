// SPDX-License-Identifier: GPL-2.0
// The parts of the page that are pure: filter, store, ladder, words. They run in the browser, as they are.
import assert from "node:assert/strict";
import { join } from "node:path";
import { readText, test } from "./harness.mjs";
import { readEvents } from "./lines.mjs";

async function page(stage) {
	return stage.openReport(stage.report(stage.recording("causes.json"), "causes.html"));
}

test("parts: the filter's terms", async (stage) => {
	const holds = await (
		await page(stage)
	).evaluate(() => {
		const event = {
			time: "2026-11-20T10:00:00Z",
			event: { id: "a1" },
			reset: {
				direction: "sent",
				cause: "port-closed",
				summary: "nothing listens on [fd09::1]:8080",
				hints: [{ id: "port-scan", text: "x" }],
			},
			network: {
				local: { address: "fd09::1", port: 8080 },
				peer: { address: "10.0.0.2", port: 443 },
			},
			process: { pid: 17, executable: { name: 'my "server"' } },
			linux: { unit: "web.service" },
		};
		return Object.fromEntries(
			[
				"",
				"nothing",
				"NOTHING LISTENS",
				"absent",
				"-absent",
				"-nothing",
				"cause:closed",
				'cause:"closed"',
				'cause:"port-closed"',
				"-cause:port-closed",
				"port:443",
				"port:44",
				"localport:443",
				"localport:8080",
				"peer:10.0.0",
				'peer:"10.0.0.2"',
				"local:fd09::1",
				"fd09::1",
				"process:server",
				'process:"my \\"server\\""',
				"unit:web direction:sent",
				"unit:web direction:received",
				"hint:port-scan",
				"pid:17",
				"pid:1",
				"container:x",
				"state:",
				"-state:",
				"cause:",
				"-cause:",
				"port:",
				"cause: port-closed",
				"cause: port-open",
				'"listens on"',
				'"listens on',
				'"listens off',
				'"',
				"-",
				'-"',
				'""',
				'cause:"',
				'cause:"port-clo',
				'cause:"port-clo"',
				'cause:"port-open',
				'"listens on\\',
				"constructor:",
				"constructor:x",
			].map((text) => [text, queryHolds(parseQuery(text), event)]),
		);
	});
	const wrong = [
		"absent",
		"-nothing",
		'cause:"closed"',
		"-cause:port-closed",
		"port:44",
		"localport:443",
		"unit:web direction:received",
		"pid:1",
		"container:x",
		"state:",
		"-cause:",
		"cause: port-open",
		'"listens off',
		'cause:"port-clo"',
		'cause:"port-open',
		"constructor:",
		"constructor:x",
	];
	for (const [text, result] of Object.entries(holds))
		assert.equal(result, !wrong.includes(text), text || "no term");
});

test("parts: the store is bounded and fair", async (stage) => {
	const kept = await (
		await page(stage)
	).evaluate(() => {
		const store = new Store(100);
		const add = (cause, i) =>
			store.add({
				time: `2026-11-20T10:${String(i).padStart(6, "0")}`,
				reset: { cause },
			});
		for (let i = 0; i < 10; i++) add("rare", i);
		for (let i = 0; i < 5000; i++) add("flood", i + 10);
		const all = store.all();
		return {
			size: store.size,
			seen: store.seen,
			all: all.length,
			rare: all.filter((e) => e.reset.cause === "rare").length,
			ordered: all.every((e, i) => !i || all[i - 1].time <= e.time),
			last: all[99].time,
		};
	});
	assert.deepEqual(kept, {
		size: 100,
		seen: 5010,
		all: 100,
		rare: 10,
		ordered: true,
		last: "2026-11-20T10:005009",
	});
});

test("parts: a reset that answers, as RFC 9293 has it", async (stage) => {
	const labels = await (
		await page(stage)
	).evaluate(() => [
		answerLabel({ flags: "S", seq: 1000, ack: 0, length: 0 }),
		answerLabel({ flags: "PA", seq: 5, ack: 77, length: 9 }),
		answerLabel({ flags: "F", seq: 4294967295, ack: 0, length: 0 }),
		answerLabel({ flags: "P", seq: 10, ack: 0, length: 4 }),
	]);
	assert.deepEqual(labels, [
		"RST,ACK seq 0 ack 1001",
		"RST seq 77",
		"RST,ACK seq 0 ack 0",
		"RST,ACK seq 0 ack 14",
	]);
});

// "closed by x", "---> RST", "<--- FIN": what stands in the ladder of each event.
async function ladders(stage, events) {
	return (await page(stage)).evaluate(
		(all) =>
			all.map((e) =>
				ladderSteps(e).map((step) =>
					step.way
						? `${{ left: "<---", right: "--->", lost: "---x" }[step.way]} ${step.label}`
						: step.left.filter(Boolean).join(", "),
				),
			),
		events,
	);
}

function recorded(stage, cause, state) {
	return readEvents(stage.recording("causes.json")).find(
		(e) => e.reset.cause === cause && e.network.connection?.state === state,
	);
}

test("parts: a ladder is in the order in which it happened", async (stage) => {
	const [unread, refused, written, shut] = await ladders(stage, [
		recorded(stage, "close-unread-data", "close_wait"),
		recorded(stage, "connection-refused", "syn_sent"),
		recorded(stage, "write-after-peer-close", "close_wait"),
		recorded(stage, "data-after-shutdown", "fin_wait_2"),
	]);
	assert.deepEqual(unread, [
		"opened",
		"<--- last data; 904 B in all",
		"<--- FIN",
		"closed by server (25457)",
		"904 B were never read",
		"---> RST",
		"state close_wait \u2192 closed",
	]);
	assert.deepEqual(refused.slice(0, 3), ["opened by client (25305)", "---> SYN", "<--- RST"]);
	assert.deepEqual(written.slice(1, 4), [
		"<--- FIN",
		"---> last data; 10 B in all, 10 B not acknowledged",
		"<--- RST",
	]);
	assert.deepEqual(shut.slice(0, 3), ["opened", "closed by server (25571)", "---> FIN"]);
});

test("parts: a ladder counts what was written and read, without SYN, FIN and repetitions", async (stage) => {
	const sock = { socket: { bytes_received: 1, bytes_acked: 2, bytes_sent: 0, unacked: 1 } };
	const of = (state, bits) => ({
		...sock,
		reset: { direction: "received" },
		network: { connection: { state } },
		facts: { sock: { bits } },
	});
	const [timeout, closed, waiting, both, handshake] = await ladders(stage, [
		recorded(stage, "retransmission-timeout", "established"),
		of("last_ack", 2),
		of("closed", 2),
		of("closing", 2),
		{ ...of("syn_received", 0), socket: { unacked: 1 } },
	]);
	assert.deepEqual(timeout.slice(1, 3), [
		"---> last data; 10 B in all, 10 B not acknowledged",
		"---x 2 retransmissions, unanswered",
	]);
	assert.deepEqual(closed.slice(0, 3), [
		"<--- FIN",
		"---> FIN, not acknowledged",
		"<--- RST",
	]);
	assert.deepEqual(waiting.slice(0, 2), ["<--- FIN", "<--- RST"]);
	assert.deepEqual(both.slice(0, 3), ["---> FIN, not acknowledged", "<--- FIN", "<--- RST"]);
	assert.deepEqual(handshake.slice(0, 1), ["<--- RST"]);
});

test("parts: a ladder tells the firewall, the connection before, and who is at the other end", async (stage) => {
	const late = recorded(stage, "late-segment", undefined);
	const known = recorded(stage, "close-unread-data", "established");
	const [before, rejected] = await ladders(stage, [
		late,
		{
			reset: { direction: "sent", summary: "rejected" },
			segment: { role: "trigger", flags: "S", seq: 7, ack: 0, length: 0 },
			network: {},
			facts: { nf_hook: 2 },
		},
	]);
	assert.deepEqual(before.slice(0, 3), [
		"an earlier connection was opened",
		`the earlier connection was closed by server (${late.process.pid})`,
		"the earlier connection ended",
	]);
	assert.deepEqual(rejected, [
		"<--- SYN seq 7",
		"a rule of the packet filter rejects it",
		"---> RST,ACK seq 0 ack 8",
		"there was no socket",
	]);
	const drawn = await stage.pages
		.at(-1)
		.page.evaluate(
			(e) => drawLadder(e).querySelector(".ends .right").textContent,
			known,
		);
	assert.equal(drawn.endsWith(known.facts.pair_name), true, drawn);
});

test("parts: a ladder knows processes by facts whose name is no text, or stands there once", async (stage) => {
	const life = { born_ns: 1, closed_ns: 2 };
	const [named] = await ladders(stage, [
		{
			reset: { direction: "sent" },
			facts: {
				ns: 10,
				life,
				task: [7, { hex: "6162ff" }],
				opener: 7,
				closer: [8, "<b>"],
			},
		},
	]);
	assert.deepEqual(named.slice(0, 2), ["opened by ab\ufffd (7)", "closed by <b> (8)"]);
});

test("parts: the ladder's bits are those of the facts", async (stage) => {
	const header = readText(join(stage.top, "bpf/event.h"));
	const bits = await (
		await page(stage)
	).evaluate(() => ({ HAVE_ENDED, SOCK_BIT_DONE, STATE_TIME_WAIT }));
	for (const name of ["HAVE_ENDED", "SOCK_BIT_DONE"])
		assert.equal(
			bits[name],
			1 << Number(new RegExp(`${name} = 1 << (\\d+)`).exec(header)[1]),
			name,
		);
	const states = /enum tcp_state \{([^}]*)\}/.exec(header)[1].match(/STATE_\w+/g);
	assert.equal(states[bits.STATE_TIME_WAIT], "STATE_TIME_WAIT");
});

test("parts: words for numbers", async (stage) => {
	const words = await (
		await page(stage)
	).evaluate(() => [
		formatShare(0, 10),
		formatShare(1, 1000),
		formatShare(24, 100),
		formatShare(999, 1000),
		formatShare(7, 7),
		formatShare(0, 0),
		formatSeconds(0.00021),
		formatSeconds(1.5),
		formatSeconds(75),
		formatSeconds(3600),
		formatSeconds(432000),
		formatBytes(904),
		formatBytes(1536),
		plural(1, "event"),
		plural(2000, "event"),
		formatFlags("SA"),
		formatFlags(""),
		binLabel([0, 1, 2], 0, String),
		binLabel([1, 2], 2, String),
		visible("a\u202eb\u0007"),
		formatEndpoint({ address: "::1", port: 80 }),
		shortTime("2026-11-20T10:00:00.123456789Z", {
			first: "2026-11-20T",
			last: "2026-11-20T",
		}),
		shortTime("2026-11-20T10:00:00.123456789Z", {
			first: "2026-11-19T",
			last: "2026-11-20T",
		}),
		shortTime("2026-11-20T10:00:00Z"),
	]);
	assert.deepEqual(words, [
		"0 %",
		"< 1 %",
		"24 %",
		"> 99 %",
		"100 %",
		"0 %",
		"0.21 ms",
		"1.5 s",
		"75 s",
		"60 min",
		"5 days",
		"904 B",
		"1.5 KiB",
		"1 event",
		"2,000 events",
		"SYN,ACK",
		"no flags",
		"0",
		"more than 2",
		"a\\u{202e}b\\u{7}",
		"[::1]:80",
		"10:00:00.123456",
		"11-20 10:00:00.123456",
		"10:00:00",
	]);
});

test("parts: a place among bins", async (stage) => {
	const places = await (
		await page(stage)
	).evaluate(() => [
		placeInBins([1, 10, 100], 1),
		placeInBins([1, 10, 100], 10),
		placeInBins([1, 10, 100], 1000),
		placeInBins([1, 10, 100], Math.sqrt(10)),
		trimmed([0, 0, 3, 0, 1, 0, 0]),
		trimmed([0, 0]),
		trimmed([1]),
	]);
	assert.deepEqual(places, [1, 2, 3.5, 1.5, [1, 6], [0, 0], [0, 1]]);
});

test("parts: the cause that the sentences speak of has a colour of its own", async (stage) => {
	const colours = await (
		await page(stage)
	).evaluate(() => {
		const ids = Array.from("abcdefghij");
		const entries = ids.map((id) => ({ id }));
		const of = (...assigned) => {
			const colours = new Colours(entries);
			for (const [all, telling] of assigned) colours.assign(all, telling);
			return ids.map((id) => colours.of(id)).join(" ");
		};
		return {
			plain: of([ids]),
			telling: of([ids, "j"]),
			frequent: of([ids, "a"]),
			later: of([ids], [ids, "j"]),
			kept: of([ids, "j"], [ids, "a"]),
			unknown: of([["a"], undefined]),
		};
	});
	const others = "cx cx";
	assert.deepEqual(colours, {
		plain: `c0 c1 c2 c3 c4 c5 c6 c7 ${others}`,
		telling: "c0 c2 c3 c4 c5 c6 c7 cx cx c1",
		frequent: `c0 c1 c2 c3 c4 c5 c6 c7 ${others}`,
		later: "c0 c1 c2 c3 c4 c5 c6 cx cx c7",
		kept: "c0 c2 c3 c4 c5 c6 c7 cx cx c1",
		unknown: "c0 cx cx cx cx cx cx cx cx cx",
	});
});
