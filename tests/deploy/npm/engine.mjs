// SPDX-License-Identifier: GPL-2.0
// ClickHouse's own engine within this process, with the table of deploy/clickhouse/events.sql.
import fs from "fs";
import os from "os";
import path from "path";
import { Session } from "chdb";

export class Engine {
	constructor(directory) {
		this.directory = directory;
		this.store = fs.mkdtempSync(path.join(os.tmpdir(), "rstwhy-clickhouse-"));
		this.session = new Session(this.store);
		this.run("events.sql");
	}

	statements(file) {
		return fs
			.readFileSync(`${this.directory}/${file}`, "utf8")
			.replace(/--.*$/gm, "")
			.split(";")
			.filter((text) => text.trim());
	}

	// Each statement of a file, after `adapt` has put its own words in.
	run(file, adapt = (text) => text) {
		this.statements(file).forEach((text) => this.session.query(adapt(text)));
	}

	ask(query) {
		const lines = this.session.query(query, "JSONEachRow").split("\n");

		return lines.filter((line) => line).map((line) => JSON.parse(line));
	}

	// As a shipper does, with the settings that deploy/clickhouse/README.md names.
	insert(events) {
		const lines = events.map((event) => JSON.stringify(event)).join("\n");

		this.session.query(`INSERT INTO rstwhy.events SETTINGS input_format_skip_unknown_fields = 1,
			date_time_input_format = 'best_effort' FORMAT JSONEachRow ${lines}`);
	}

	close() {
		this.session.cleanup();
		fs.rmSync(this.store, { recursive: true, force: true });
	}
}

export function read(file) {
	const lines = fs.readFileSync(file, "utf8").trim().split("\n");

	return lines.map((line) => JSON.parse(line));
}
