// SPDX-License-Identifier: GPL-2.0
// node logql.mjs FILE: a query a line, by the grammar that Grafana's editor uses.
import fs from "fs";
import { parser } from "@grafana/lezer-logql";

const queries = fs
	.readFileSync(process.argv[2], "utf8")
	.split("\n")
	.filter((line) => line && !line.startsWith("#"));

for (const query of queries)
	parser.parse(query).iterate({
		enter(node) {
			if (!node.type.isError) return;
			console.log(`${query}\n${" ".repeat(node.from)}^`);
			process.exitCode = 1;
		},
	});
if (queries.length < 5) throw new Error("no queries were found");
