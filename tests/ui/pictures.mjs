// SPDX-License-Identifier: GPL-2.0
// pictures.mjs RSTWHY DIRECTORY: the pictures of the README, of a recording that is made of real lines.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { launch } from "./harness.mjs";
import { bulk, readEvents } from "./lines.mjs";

const SIZE = { width: 1200, height: 1240 };
const PORT = 19437;
const CAUSES = [
	"peer-aborted",
	"close-unread-data",
	"write-after-peer-close",
	"accept-queue-overflow",
	"data-after-close",
	"connection-refused",
];
const UNITS = ["nginx.service", "redis-server.service", "backend.service", "cron.service"];

function record(path) {
	const events = readEvents("tests/ui/recordings/causes.json")
		.filter((e) => CAUSES.includes(e.reset.cause) && e.network.type === "ipv4")
		.sort((a, b) => CAUSES.indexOf(a.reset.cause) - CAUSES.indexOf(b.reset.cause));
	writeFileSync(
		path,
		[...bulk(events, 4000, { seconds: 5400, units: UNITS, seed: 7 })].join("\n") + "\n",
	);
}

// A picture of few colours is a small one.
async function shoot(browser, url, path, { scheme, ready }) {
	const page = await browser.newPage({ viewport: SIZE, colorScheme: scheme });
	await page.goto(url);
	await page.locator("table.events tbody tr").first().waitFor();
	await ready?.(page);
	await page.screenshot({ path });
	await page.close();
	execFileSync("pngquant", [
		"--force",
		"--strip",
		"--skip-if-larger",
		"--ext=.png",
		"64",
		path,
	]);
}

async function live(binary, recording, shot) {
	const server = spawn(
		binary,
		["replay", `--listen=127.0.0.1:${PORT}`, "--output=/dev/null", recording],
		{ stdio: ["ignore", "ignore", "pipe"] },
	);
	try {
		await new Promise((done, failed) => {
			server.stderr.on("data", (text) => /serving on/.test(text) && done());
			server.on("exit", () => failed(new Error("replay --listen ended")));
		});
		await shot(`http://127.0.0.1:${PORT}/`);
	} finally {
		server.kill();
	}
}

async function openEvent(page) {
	await page.locator("#query").fill("cause:close-unread-data");
	await page.getByRole("button", { name: "Apply" }).click();
	await page.locator("table.events tbody button").first().click();
}

// The file's directory says nothing to a reader.
async function nameSource(page) {
	await page.evaluate(() => {
		const source = document.getElementById("source");
		source.textContent = source.textContent.replace(/from .*\//, "from ");
	});
}

const [, , binary, out] = process.argv;
const directory = mkdtempSync(join(tmpdir(), "rstwhy-pictures-"));
const recording = join(directory, "web-1.json"),
	report = join(directory, "report.html");
const browser = await launch();
try {
	mkdirSync(out, { recursive: true });
	record(recording);
	execFileSync(binary, ["report", recording, "-o", report], {
		stdio: ["ignore", "ignore", "inherit"],
	});
	await shoot(browser, pathToFileURL(report).href, join(out, "report.png"), {
		scheme: "light",
		ready: nameSource,
	});
	await shoot(browser, pathToFileURL(report).href, join(out, "event.png"), {
		scheme: "light",
		ready: openEvent,
	});
	await live(resolve(binary), recording, (url) =>
		shoot(browser, url, join(out, "live.png"), {
			scheme: "dark",
			ready: async (page) => {
				await page.getByText("Connected", { exact: true }).waitFor();
				await nameSource(page);
			},
		}),
	);
} finally {
	await browser.close();
	rmSync(directory, { recursive: true });
}
