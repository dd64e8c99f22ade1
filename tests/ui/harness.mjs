// SPDX-License-Identifier: GPL-2.0
// Tests with a browser: each gets a stage, says what is wrong by throwing, and leaves nothing behind.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const PATIENCE = 20000;
const tests = [];

export function test(name, body) {
	tests.push({ name, body });
}

// What a page may ask for: everything else is an error, and does not leave the browser.
export class Stage {
	constructor(browser, { binary, top, out }) {
		Object.assign(this, { browser, binary, top, out, pages: [], undo: [] });
	}

	file(name) {
		return join(this.out, name);
	}

	recording(name) {
		return join(this.top, "tests/ui/recordings", name);
	}

	write(name, lines) {
		writeFileSync(this.file(name), lines.map((line) => line + "\n").join(""));
		return this.file(name);
	}

	run(...words) {
		return execFileSync(this.binary, words, {
			stdio: ["ignore", "pipe", "pipe"],
			maxBuffer: 1 << 30,
		});
	}

	// The report of a recording: its path.
	report(recording, name, ...options) {
		this.run("report", recording, "-o", this.file(name), ...options);
		return this.file(name);
	}

	async openReport(path, how = {}) {
		const url = pathToFileURL(path).href;
		return this.open(url, { ...how, allowed: (asked) => asked === url });
	}

	// how: {allowed: url => boolean, scheme, forced, width, height, motion, before: page => ...}
	async open(url, how) {
		const context = await this.browser.newContext({
			viewport: { width: how.width || 1400, height: how.height || 900 },
			colorScheme: how.scheme || "light",
			forcedColors: how.forced || "none",
			reducedMotion: how.motion || "no-preference",
		});
		const page = await context.newPage();
		const opened = {
			page,
			context,
			problems: [],
			asked: [],
			expected: how.expected || [],
		};

		page.setDefaultTimeout(PATIENCE);
		page.on(
			"console",
			(message) =>
				["error", "warning"].includes(message.type()) &&
				opened.problems.push(`console: ${message.text()}`),
		);
		page.on("pageerror", (error) => opened.problems.push(`error: ${error.message}`));
		page.on("dialog", (dialog) => {
			opened.problems.push(`a dialog: ${dialog.message()}`);
			dialog.dismiss();
		});
		await page.addInitScript(() => {
			window.violations = [];
			document.addEventListener("securitypolicyviolation", (e) =>
				window.violations.push(`${e.violatedDirective}: ${e.blockedURI}`),
			);
		});
		await context.route("**/*", (route) => {
			const asked = route.request().url();
			opened.asked.push(asked);
			return how.allowed(asked) ? route.continue() : route.abort();
		});
		await how.before?.(page, context);
		this.pages.push({ ...opened, allowed: how.allowed });
		await page.goto(url);
		return opened.page;
	}

	async picture(page, name, options = {}) {
		await page.screenshot({ path: this.file(`${name}.png`), ...options });
	}

	// Nothing was asked for elsewhere, nothing complained.
	async close() {
		const wrong = [];
		for (const { page, context, problems, asked, allowed, expected } of this.pages) {
			const violations = page.isClosed()
				? []
				: await page.evaluate(() => window.violations).catch(() => []);
			wrong.push(
				...problems.filter(
					(text) => !expected.some((pattern) => pattern.test(text)),
				),
				...violations,
				...asked
					.filter((url) => !allowed(url))
					.map((url) => `asked for ${url.slice(0, 200)}`),
			);
			await context.close();
		}
		while (this.undo.length) await this.undo.pop()();
		assert.deepEqual(wrong, []);
	}
}

async function attempt(stage, body) {
	let failure = null;
	try {
		await body(stage);
	} catch (error) {
		failure = error;
	}
	try {
		await stage.close();
	} catch (error) {
		failure = failure || error;
	}
	return failure;
}

export async function launch() {
	// Root is the one who may record resets, and Chromium has no sandbox for root.
	return chromium.launch({
		executablePath: "/usr/bin/chromium",
		args: process.getuid() ? [] : ["--no-sandbox"],
	});
}

export async function runAll({ binary, top, out, only }) {
	mkdirSync(out, { recursive: true });
	const browser = await launch();
	let failed = 0,
		passed = 0;
	for (const { name, body } of tests.filter((t) =>
		only.every((word) => t.name.includes(word)),
	)) {
		const begun = Date.now();
		const failure = await attempt(new Stage(browser, { binary, top, out }), body);
		failure ? failed++ : passed++;
		console.log(
			`${failure ? "FAIL" : "ok  "} ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`,
		);
		if (failure)
			console.log(
				String(failure.stack || failure)
					.split("\n")
					.slice(0, 25)
					.map((line) => `    ${line}`)
					.join("\n"),
			);
	}
	await browser.close();
	console.log(`${passed} passed, ${failed} failed`);
	return failed || !passed ? 1 : 0;
}

export function readText(path) {
	return readFileSync(path, "utf8");
}
