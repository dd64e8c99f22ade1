// SPDX-License-Identifier: GPL-2.0
// Numbers, times and names as people read them. Pure.
"use strict";

const DIRECTIONS = { sent: "sent", received: "received", none: "no reset" };

const formatCount = d3.format(",d");
const formatNumber = d3.format(",");

function plural(n, one, many) {
	return `${formatCount(n)} ${n === 1 ? one : many || one + "s"}`;
}

// Neither none nor all is what is merely close to it.
function formatShare(n, whole) {
	const percent = whole > 0 ? (100 * n) / whole : 0;
	if (percent > 0 && percent < 1) return "< 1 %";
	if (percent > 99 && percent < 100) return "> 99 %";
	return `${Math.round(percent)} %`;
}

// As the texts of rstwhy have it.
function formatSeconds(s) {
	if (s < 0.1) return `${+(s * 1e3).toPrecision(3)} ms`;
	if (s < 600) return `${+s.toPrecision(3)} s`;
	if (s < 10000) return `${Math.round(s / 60)} min`;
	if (s < 200000) return `${+(s / 3600).toPrecision(3)} h`;
	return `${formatNumber(+(s / 86400).toPrecision(3))} days`;
}

function formatBytes(n) {
	if (n < 1024) return `${n} B`;
	if (n < 1 << 20) return `${+(n / 1024).toPrecision(3)} KiB`;
	if (n < 1 << 30) return `${+(n / (1 << 20)).toPrecision(3)} MiB`;
	return `${+(n / (1 << 30)).toPrecision(3)} GiB`;
}

// Milliseconds since 1970. Nanoseconds are more digits than the parsers of all browsers take.
function parseTime(text) {
	return Date.parse(String(text).replace(/(\.\d{3})\d+/, "$1"));
}

const formatDay = d3.time.format.utc("%Y-%m-%d");
const formatClock = d3.time.format.utc("%H:%M:%S");
const formatFine = d3.time.format.utc("%H:%M:%S.%L");

// The time of a step of so many milliseconds: as fine as steps are.
function formatTime(ms, step) {
	const date = new Date(ms),
		clock = step < 1000 ? formatFine : formatClock;
	return isNaN(date) ? "unknown" : `${formatDay(date)} ${clock(date)}`;
}

// "10:00:00.123456"; with the day when the recording is of several.
function shortTime(text, span = {}) {
	const severalDays = String(span.first).slice(0, 10) !== String(span.last).slice(0, 10);
	return String(text === undefined ? "" : text)
		.replace(severalDays ? /^\d+-/ : /^.*T/, "")
		.replace("T", " ")
		.replace(/(\.\d{6})\d*/, "$1")
		.replace(/Z$/, "");
}

function formatSpan(from, to) {
	const begin = new Date(from),
		end = new Date(to);
	const clock = to - from < 10000 ? formatFine : formatClock;
	const same = formatDay(begin) === formatDay(end);
	return `${formatDay(begin)} ${clock(begin)} to ${same ? "" : formatDay(end) + " "}${clock(end)}`;
}

function formatEndpoint(end) {
	if (!end || end.address === undefined) return "";
	const address = String(end.address);
	return address.includes(":") ? `[${address}]:${end.port}` : `${address}:${end.port}`;
}

// The value at "network.local.port"; undefined: not known.
function valueAt(event, path) {
	return path
		.split(".")
		.reduce((o, key) => (o === null || o === undefined ? undefined : o[key]), event);
}

function idOf(event) {
	return String(valueAt(event, "event.id") ?? "");
}

const FLAGS = { S: "SYN", F: "FIN", P: "PSH", R: "RST", A: "ACK", U: "URG", E: "ECE", C: "CWR" };

function formatFlags(letters) {
	return (
		Array.from(String(letters || ""))
			.map((letter) => FLAGS[letter] || letter)
			.join(",") || "no flags"
	);
}

function binLabel(bounds, i, format) {
	if (!bounds.length) return "all";
	if (i === 0) return bounds[0] ? `up to ${format(bounds[0])}` : format(0);
	if (i === bounds.length) return `more than ${format(bounds[i - 1])}`;
	return `${format(bounds[i - 1])} to ${format(bounds[i])}`;
}

// The same where there is little room.
function binShort(bounds, bin, format) {
	if (bin === bounds.length) return `> ${format(bounds[bin - 1])}`;
	return bounds[bin] ? `\u2264 ${format(bounds[bin])}` : format(0);
}

// An axis of time as the texts have it: 24 hours, UTC.
const formatTick = d3.time.format.utc.multi([
	[".%L", (d) => d.getUTCMilliseconds()],
	["%H:%M:%S", (d) => d.getUTCSeconds()],
	["%H:%M", (d) => d.getUTCHours() || d.getUTCMinutes()],
	["%b %d", () => true],
]);

function sum(numbers) {
	return numbers.reduce((a, b) => a + b, 0);
}
