// SPDX-License-Identifier: GPL-2.0
// What happened on a connection, as the steps of its ladder, oldest first. Only what the event tells;
// what follows from it by RFC 9293 is marked so. Pure.
//
// A step: {before: seconds before the event; null: not known, earliest: the most that it may be,
// way: "left", "right", "lost" (to the right) or null, label: on the arrow, follows: the label is what
// the RFC says, not what was seen, left, right: what stands beside the lines}.
"use strict";

const MODULO = 2 ** 32;

// Of facts.have and facts.sock.bits, and the substate of TIME_WAIT in which both ends have closed.
const HAVE_ENDED = 1 << 5;
const SOCK_BIT_DONE = 1 << 1;
const STATE_TIME_WAIT = 6;

// The states in which our FIN was not acknowledged, in which it was sent, in which the peer's came
// first, and in which that came behind ours.
const FIN_ON_ITS_WAY = new Set(["fin_wait_1", "closing", "last_ack"]);
const FIN_SENT = new Set([...FIN_ON_ITS_WAY, "fin_wait_2", "time_wait"]);
const PEER_CLOSED_FIRST = new Set(["close_wait", "last_ack"]);
const PEER_CLOSED_LATER = new Set(["closing", "time_wait"]);

function stateOf(e) {
	return valueAt(e, "network.connection.state");
}

function hasEnded(e) {
	return Boolean(valueAt(e, "facts.have") & HAVE_ENDED);
}

function peerHasClosed(e) {
	if (stateOf(e) === "time_wait")
		return valueAt(e, "facts.sock.tw_substate") === STATE_TIME_WAIT;
	return (
		PEER_CLOSED_FIRST.has(stateOf(e)) ||
		Boolean(valueAt(e, "facts.sock.bits") & SOCK_BIT_DONE)
	);
}

// What waits to be sent keeps the FIN behind it back.
function finIsOut(e) {
	return FIN_SENT.has(stateOf(e)) && !valueAt(e, "socket.unsent");
}

// What applications wrote and read: the kernel also counts FIN and SYN, and what was sent again.
function payloadOf(e) {
	const { bytes_received = 0, bytes_sent = 0, unacked = 0 } = e.socket || {};
	const again = valueAt(e, "facts.sock.bytes_retrans") || 0;
	const fin = finIsOut(e) && FIN_ON_ITS_WAY.has(stateOf(e)) ? 1 : 0;
	const sent = Math.max(0, bytes_sent - again);
	return {
		received: Math.max(0, bytes_received - (peerHasClosed(e) ? 1 : 0)),
		sent,
		unacked: Math.min(sent, Math.max(0, unacked - fin)),
	};
}

// A name that is no text stands in the facts as its bytes.
function textOf(name) {
	if (typeof name !== "object" || name === null) return name;
	const bytes = String(name.hex).match(/../g) || [];
	return new TextDecoder().decode(Uint8Array.from(bytes, (byte) => parseInt(byte, 16)));
}

// " by nginx (812)", or nothing. A process that the facts name twice is its pid the second time.
function byWhom(e, key) {
	const facts = e.facts || {};
	const pid = [facts[key]].flat()[0];
	const named = ["task", "opener", "closer"]
		.map((one) => facts[one])
		.find((task) => Array.isArray(task) && task[0] === pid);
	if (pid && named) return ` by ${textOf(named[1])} (${pid})`;
	const acted = key === "closer" && valueAt(e, "process.role") === "closer" && actor(e);
	return acted ? ` by ${acted}` : "";
}

function actor(e) {
	const name = valueAt(e, "process.executable.name");
	return name === undefined ? null : `${name} (${e.process.pid})`;
}

function secondsSince(e, ns) {
	const now = valueAt(e, "facts.ns");
	return ns && now >= ns ? (now - ns) / 1e9 : null;
}

function ageOf(e) {
	return (
		secondsSince(e, valueAt(e, "facts.life.born_ns")) ??
		valueAt(e, "socket.age") ??
		null
	);
}

// Since the tick of this stamp: its data came up to a tick earlier or later, but not before its
// connection.
function sinceTick(e, key) {
	const sock = valueAt(e, "facts.sock") || {};
	if (!sock.hz || !sock[key]) return { before: null };
	const ticks = ((sock.jiffies % MODULO) - sock[key] + MODULO) % MODULO;
	const [before, earliest] = [ticks, ticks + 1].map((n) =>
		Math.min(n / sock.hz, ageOf(e) ?? Infinity),
	);
	return { before, earliest };
}

function here(before, ...left) {
	return { before, way: null, left };
}

function arrow(before, way, label, more = {}) {
	return { before, way, label, ...more };
}

function openingSteps(e) {
	const who = byWhom(e, "opener"),
		age = ageOf(e);
	const what = hasEnded(e) ? "an earlier connection was opened" : "opened";
	return age !== null || who ? [here(age, `${what}${who}`)] : [];
}

function lastData(e, key, way, n, more = "") {
	const label = `last data; ${formatBytes(n)} in all${more}`;
	return n ? [{ ...arrow(null, way, label), ...sinceTick(e, key) }] : [];
}

// The last segment from a peer that has closed is its FIN, unless it still acknowledged something.
function peerFin(e) {
	if (!peerHasClosed(e) || PEER_CLOSED_LATER.has(stateOf(e))) return [];
	return [{ ...arrow(null, "left", "FIN"), earliest: sinceTick(e, "rcv_tstamp").earliest }];
}

// Of one tick: what is not acknowledged came behind the FIN, which would have acknowledged it.
function dataSteps(e) {
	const { received, sent, unacked } = payloadOf(e);
	const lost = valueAt(e, "reset.direction") === "none";
	const missing = unacked ? `, ${formatBytes(unacked)} not acknowledged` : "";
	const out = lastData(e, "lsndtime", "right", sent, missing);
	const back = [...lastData(e, "lrcvtime", "left", received), ...peerFin(e)];

	if (stateOf(e) === "syn_sent") return [arrow(null, lost ? "lost" : "right", "SYN"), ...out];
	return inOrder(unacked ? [...back, ...out] : [...out, ...back]);
}

function unansweredSteps(e) {
	const { retransmits, probes } = e.socket || {};
	return [
		[retransmits, "retransmission"],
		[probes, "probe"],
	]
		.filter(([n]) => n)
		.map(([n, what]) => arrow(null, "lost", `${plural(n, what)}, unanswered`));
}

function closingSteps(e) {
	const closed = secondsSince(e, valueAt(e, "facts.life.closed_ns"));
	const what = hasEnded(e) ? "the earlier connection was closed" : "closed";
	const steps = [];

	if (closed !== null) steps.push(here(closed, `${what}${byWhom(e, "closer")}`));
	if (finIsOut(e))
		steps.push(
			arrow(
				null,
				"right",
				FIN_ON_ITS_WAY.has(stateOf(e)) ? "FIN, not acknowledged" : "FIN",
			),
		);
	if (peerHasClosed(e) && PEER_CLOSED_LATER.has(stateOf(e)))
		steps.push(arrow(null, "left", "FIN"));
	return steps;
}

function endedSteps(e) {
	const ended = hasEnded(e) ? secondsSince(e, valueAt(e, "facts.life.ended_ns")) : null;
	const unread = valueAt(e, "socket.unread");
	return [
		ended === null ? [] : here(ended, "the earlier connection ended"),
		unread ? here(null, `${formatBytes(unread)} were never read`) : [],
	].flat();
}

// A step whose time is not known stays behind the one that it was told behind, and what may have been
// in the same tick in the order in which it was told.
function inOrder(steps) {
	let last = Infinity;
	return steps
		.map((step) => [(last = step.earliest ?? step.before ?? last), step])
		.sort(([a], [b]) => (a === b ? 0 : b - a))
		.map(([, step]) => step);
}

function segmentLabel(s) {
	const length = s.length ? `, ${plural(s.length, "byte")}` : "";
	const ack = String(s.flags || "").includes("A") ? ` ack ${s.ack}` : "";
	return `${formatFlags(s.flags)} seq ${s.seq}${ack}${length}`;
}

// RFC 9293, 3.10.7.1: what a reset that answers a segment must say.
function answerLabel(s) {
	const flags = String(s.flags || "");
	if (flags.includes("A")) return `RST seq ${s.ack}`;
	const length = (s.length || 0) + flags.includes("S") + flags.includes("F");
	return `RST,ACK seq 0 ack ${(s.seq + length) % MODULO}`;
}

function sentSteps(e) {
	const trigger = valueAt(e, "segment.role") === "trigger" ? e.segment : null;
	return [
		trigger ? arrow(null, "left", segmentLabel(trigger)) : [],
		valueAt(e, "facts.nf_hook")
			? here(null, "a rule of the packet filter rejects it")
			: [],
		arrow(0, "right", trigger ? answerLabel(trigger) : "RST", {
			follows: Boolean(trigger),
			left: valueAt(e, "reset.summary"),
			right: valueAt(e, "facts.pair_cause"),
		}),
	].flat();
}

function receivedSteps(e) {
	const reset = valueAt(e, "segment.role") === "reset" ? e.segment : null;
	return [
		arrow(0, "left", reset ? segmentLabel(reset) : "RST", {
			right: valueAt(e, "facts.pair_cause"),
		}),
		here(null, valueAt(e, "reset.summary"), errorWords(e)),
	];
}

function diedSteps(e) {
	return [here(0, "given up, without a reset", valueAt(e, "reset.summary"), errorWords(e))];
}

function errorWords(e) {
	const error = valueAt(e, "reset.errno");
	return error ? `the application gets ${error}` : null;
}

function stateStep(e) {
	const state = stateOf(e);
	const stays = state === "listen" || valueAt(e, "reset.cause") === "reset-ignored";
	if (!state) return here(null, e.socket ? "state closed" : "there was no socket");
	if (stays) return here(null, `state ${state}, and it stays so`);
	return here(null, state === "closed" ? "state closed" : `state ${state} \u2192 closed`);
}

function ladderSteps(e) {
	const resetSteps = { sent: sentSteps, received: receivedSteps };
	const unanswered = unansweredSteps(e);
	const finIsLost = finIsOut(e) && FIN_ON_ITS_WAY.has(stateOf(e));
	const story = [
		...openingSteps(e),
		...dataSteps(e),
		...(finIsLost ? [] : unanswered),
		...closingSteps(e),
		...(finIsLost ? unanswered : []),
		...endedSteps(e),
	];
	return [
		...inOrder(story),
		...(resetSteps[valueAt(e, "reset.direction")] || diedSteps)(e),
		stateStep(e),
	];
}
