// SPDX-License-Identifier: GPL-2.0
// node topic.mjs DIRECTORY EVENTS RSTWHY MOCK: from `rstwhy --kafka` through a topic into the table,
// as deploy/clickhouse/kafka.sql has it. MOCK is the cluster that the scenarios use.
import assert from "assert";
import { execFileSync, spawn } from "child_process";
import { once } from "events";
import { setTimeout as sleep } from "timers/promises";
import { Engine, read } from "./engine.mjs";

const [directory, file, rstwhy, mock] = process.argv.slice(2);
const engine = new Engine(directory);
const cluster = spawn(mock, ["resets", "2"], { stdio: ["pipe", "pipe", "inherit"] });

const ship = (brokers) =>
	execFileSync(rstwhy, ["replay", "-q", "-o", "/dev/null", `--kafka=${brokers}/resets`, file]);

// Rows appear some seconds after the messages: ClickHouse writes blocks.
async function appear(table, wanted) {
	for (let tries = 0; tries < 200; tries++) {
		if (engine.ask(`SELECT count() AS n FROM rstwhy.${table}`)[0].n >= wanted) return;
		await sleep(200);
	}
	throw new Error(`rstwhy.${table} does not get its ${wanted} rows`);
}

try {
	const events = read(file);
	const [said] = await once(cluster.stdout, "data");
	const brokers = /^ready (\S+)/.exec(said)[1];

	cluster.stdout.resume();
	engine.run("kafka.sql", (text) => text.replace("kafka:9092", brokers));
	// Somebody else writes into the topic, too.
	engine.session.query(`CREATE TABLE other (line String) ENGINE = Kafka SETTINGS
		kafka_broker_list = '${brokers}', kafka_topic_list = 'resets',
		kafka_group_name = 'other', kafka_format = 'RawBLOB'`);
	engine.session.query("INSERT INTO other VALUES ('no event')");
	ship(brokers);
	await appear("events", events.length);
	await appear("unreadable", 1);
	ship(brokers);
	await appear("events", 2 * events.length);

	const [row] = engine.ask(`SELECT count() AS n, uniqExact(event.id) AS ids, any(host.name) AS host
		FROM rstwhy.events FINAL`);
	assert.deepEqual([Number(row.n), Number(row.ids)], [events.length, events.length]);
	assert.equal(row.host, events[0].host.name);
	assert.equal(engine.ask("SELECT message FROM rstwhy.unreadable")[0].message, "no event");
} finally {
	engine.close();
	cluster.kill();
}
