// SPDX-License-Identifier: GPL-2.0
// The filter of the events: its text to terms, and which events they hold for. Pure.
//
//	nginx port:443 -cause:port-closed process:"my server"
//
// All terms must hold. A word is looked for in everything that the table shows; a value in quotes is
// the whole value; ports, pids and namespaces are always whole. A key alone, "unit:", asks for any
// value at all. What is being typed is no error: quotes that are still open run to the end.
"use strict";

const QUERY_KEYS = {
	cause: (e) => [valueAt(e, "reset.cause")],
	direction: (e) => [valueAt(e, "reset.direction")],
	confidence: (e) => [valueAt(e, "reset.confidence")],
	hint: (e) => (valueAt(e, "reset.hints") || []).map((hint) => hint.id),
	port: (e) => [valueAt(e, "network.local.port"), valueAt(e, "network.peer.port")],
	localport: (e) => [valueAt(e, "network.local.port")],
	peer: (e) => [
		valueAt(e, "network.peer.address"),
		formatEndpoint(valueAt(e, "network.peer")),
	],
	local: (e) => [
		valueAt(e, "network.local.address"),
		formatEndpoint(valueAt(e, "network.local")),
	],
	process: (e) => [
		valueAt(e, "process.executable.name"),
		valueAt(e, "owner.executable.name"),
	],
	pid: (e) => [valueAt(e, "process.pid"), valueAt(e, "owner.pid")],
	unit: (e) => [valueAt(e, "linux.unit")],
	container: (e) => [valueAt(e, "container.id")],
	netns: (e) => [valueAt(e, "linux.netns")],
	state: (e) => [valueAt(e, "network.connection.state")],
	id: (e) => [valueAt(e, "event.id")],
};
const WHOLE_KEYS = new Set(["port", "localport", "pid", "netns", "id"]);

function parseQuery(text) {
	const terms = [];
	const token = /(?=\S)(-)?(?:([a-z]+):)?(?:"((?:[^"\\]|\\.?)*)("?)|(\S*))/gi;
	for (const [all, minus, name, quoted, end, plain] of String(text).matchAll(token)) {
		const key = name && name.toLowerCase();
		const known = key && Object.hasOwn(QUERY_KEYS, key);
		const value = quoted === undefined ? plain : quoted.replace(/\\(.?)/g, "$1");
		// An IPv6 address has a colon, and is a word.
		const word = key && !known ? all.replace(/^-/, "") : value;
		if (!known && !word) continue;
		terms.push({
			not: Boolean(minus),
			key: known ? key : null,
			value: (known ? value : word).toLowerCase(),
			whole: known && value !== "" && (Boolean(end) || WHOLE_KEYS.has(key)),
		});
	}
	return terms;
}

// What stands behind the colon so that exactly this value is meant.
function quoteValue(value) {
	return `"${String(value).replace(/["\\]/g, "\\$&")}"`;
}

function searchText(e) {
	return [
		valueAt(e, "time"),
		valueAt(e, "reset.direction"),
		valueAt(e, "reset.cause"),
		valueAt(e, "reset.summary"),
		formatEndpoint(valueAt(e, "network.local")),
		formatEndpoint(valueAt(e, "network.peer")),
		valueAt(e, "network.connection.state"),
		valueAt(e, "process.executable.name"),
		valueAt(e, "process.pid"),
		valueAt(e, "linux.unit"),
		valueAt(e, "container.id"),
		...(valueAt(e, "reset.hints") || []).map((hint) => hint.text),
	]
		.filter((value) => value !== undefined)
		.join(" ")
		.toLowerCase();
}

function termHolds(term, e) {
	if (!term.key) return searchText(e).includes(term.value);
	return QUERY_KEYS[term.key](e).some((value) => {
		if (value === undefined || value === null || value === "") return false;
		const text = String(value).toLowerCase();
		return term.whole ? text === term.value : text.includes(term.value);
	});
}

function queryHolds(terms, e) {
	return terms.every((term) => termHolds(term, e) !== term.not);
}
