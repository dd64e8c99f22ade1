// SPDX-License-Identifier: GPL-2.0
// run.mjs RSTWHY DIRECTORY [WORD...]: all tests, or those whose name has the words; screenshots go to
// the directory. The closing line counts.
import { resolve } from "node:path";
import { runAll } from "./harness.mjs";
import "./test_figures.mjs";
import "./test_parts.mjs";
import "./test_use.mjs";
import "./test_link.mjs";
import "./test_hostile.mjs";
import "./test_access.mjs";
import "./test_paper.mjs";
import "./test_live.mjs";

const [, , binary, out, ...only] = process.argv;
if (!out) {
	console.error("usage: run.mjs RSTWHY DIRECTORY [WORD...]");
	process.exit(2);
}
process.exit(
	await runAll({ binary: resolve(binary), top: process.cwd(), out: resolve(out), only }),
);
