// SPDX-License-Identifier: GPL-2.0
// node clickhouse.mjs DIRECTORY EVENTS: the table and the questions in ClickHouse's own engine. EVENTS
// are lines of rstwhy: of connections that one address of a host refused to another.
import assert from "assert";
import { Engine, read } from "./engine.mjs";

const [directory, file] = process.argv.slice(2);
const engine = new Engine(directory);

// As if each end had been a host of its own.
const events = read(file).map((event) => ({ ...event, host: { name: event.reset.direction } }));
const half = events.length / 2;

// Two kinds of one cause in one second: the same line but for what its resets had in common.
const suppressed = [1, 7].map((state) => ({
	time: events[0].time,
	host: { name: "sent" },
	reset: { direction: "sent", cause: "port-closed", suppressed: 50 },
	facts: { kind: { direction: 1, state } },
}));

try {
	engine.insert(events);
	engine.insert(suppressed);
	engine.insert([...events, ...suppressed]); // the shipper's connection broke: all comes again

	const [changed, pairs, foreign] = engine.statements("queries.sql").map((q) => engine.ask(q));
	const counted = changed.map((row) => [row.cause, Number(row.now_)]).sort();

	assert.deepEqual(counted, [["connection-refused", half], ["port-closed", half + 2 * 50]]);
	assert.equal(pairs.length, half);
	for (const pair of pairs) {
		assert.deepEqual([pair.sent_by, pair.why], ["sent", "port-closed"]);
		assert.deepEqual([pair.received_by, pair.what_it_met], ["received", "connection-refused"]);
	}
	assert.equal(foreign.length, 0);
	const [row] = engine.ask(`SELECT toString(network.peer.address) AS peer,
		process.executable.name AS name, network.connection.state AS state,
		socket.unread AS unread, socket.idle AS idle
		FROM rstwhy.events WHERE reset.direction = 'received' LIMIT 1`);
	assert.deepEqual(
		[row.peer, row.name, row.state, Number(row.unread), row.idle],
		["::ffff:10.9.0.2", "curl", "syn_sent", 0, null],
	);
} finally {
	engine.close();
}
