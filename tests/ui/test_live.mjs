// SPDX-License-Identifier: GPL-2.0
// The live page of a running rstwhy: real resets of a namespace of their own, real server-sent events.
import assert from "node:assert/strict";
import { copyFileSync, chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "./harness.mjs";
import {
	LOST,
	PORT,
	URL_OF,
	awaitCounted,
	awaitEvents,
	cable,
	mine,
	namespace,
	setHidden,
	state,
	stop,
	tracer,
} from "./live.mjs";
import { audit } from "./test_access.mjs";

test("live: events come as they happen, and are counted", async (stage) => {
	const net = await namespace(stage);
	await tracer(stage, net.inode);
	const page = await stage.open(URL_OF, { allowed: mine });

	await state(page, /^Connected$/);
	await page.getByText("No event has come yet.").waitFor();
	await net.refuse(5);
	await awaitEvents(page, 10);
	await awaitCounted(page, 10);
	assert.deepEqual(
		await page
			.locator("#causes .cause")
			.allTextContents()
			.then((all) => all.sort()),
		["connection-refused", "port-closed"],
	);
	await net.refuse(3);
	await awaitEvents(page, 16);
	await awaitCounted(page, 16);
	const times = await page
		.locator("table.events tbody button")
		.evaluateAll((all) => all.map((b) => b.title));
	assert.deepEqual(times, [...times].sort().reverse(), "the newest first");
	await page.locator("table.events tbody button").first().click();
	assert.match(await page.getByRole("dialog").textContent(), /Ladder diagram/);
	await net.refuse(1); // an open dialog stays
	await page.waitForFunction(
		() => document.querySelector(".total-counted dd").textContent === "18",
	);
	assert.equal(await page.getByRole("dialog").isVisible(), true);
	await page.keyboard.press("Escape");
	await stage.picture(page, "live");
});

test("live: the timeline goes on when nothing happens", async (stage) => {
	const net = await namespace(stage);
	await tracer(stage, net.inode);
	const page = await stage.open(URL_OF, { allowed: mine });
	const end = () => page.locator("#timeline").evaluate((figure) => Number(figure.dataset.to));

	await net.refuse(2);
	await awaitCounted(page, 4);
	await awaitEvents(page, 4);
	const last = await page
		.locator("table.events tbody button")
		.evaluateAll((all) => Math.max(...all.map((b) => parseTime(b.title))));
	await page.waitForFunction(
		(ms) => Number(document.getElementById("timeline").dataset.to) > ms,
		last + 3000,
	);
	assert.equal((await end()) <= Date.now() + 1000, true, "and not beyond now");
	// What is read out at each change does not change.
	assert.equal(await page.locator("#zoomed").textContent(), "Whole time: 4 events.");
});

test("live: pause and resume", async (stage) => {
	const net = await namespace(stage);
	await tracer(stage, net.inode);
	const page = await stage.open(URL_OF, { allowed: mine });

	await state(page, /^Connected$/);
	await net.refuse(2);
	await awaitEvents(page, 4);
	await awaitCounted(page, 4);
	await page.getByRole("button", { name: "Pause" }).click();
	await state(page, /^Paused/);
	const came = page.evaluate(
		() =>
			new Promise((resolve) => {
				const own = new EventSource("events"); // the page's own stream gets them, too
				let n = 0;
				own.onmessage = () => ++n === 10 && (own.close(), resolve(n));
			}),
	);
	await net.refuse(3);
	assert.equal(await came, 10);
	// Who comes back to the page asks for a summary at once, unless it stands still.
	await page.evaluate(async () => {
		document.dispatchEvent(new Event("visibilitychange"));
		await (await fetch("api/summary")).json();
		await (await fetch("api/summary")).json();
	});
	assert.match(await page.locator("#shown").textContent(), /^4 events/);
	assert.equal(await page.locator(".total-counted dd").textContent(), "4");
	await page.getByRole("button", { name: "Resume" }).click();
	await awaitEvents(page, 10);
	await awaitCounted(page, 10);
});

// After twenty minutes; here they are over at once.
test("live: the figures and events of the last minutes alone", async (stage) => {
	const net = await namespace(stage);
	await tracer(stage, net.inode);
	const page = await stage.open(URL_OF, { allowed: mine });
	const recent = page.getByRole("button", { name: /^Only since \d\d:\d\d:\d\d$/ });
	const asked = [];

	await net.refuse(2);
	await awaitEvents(page, 4);
	await awaitCounted(page, 4);
	assert.equal(await page.locator("#recent").isVisible(), false, "a young run has none");
	const since = new Date().toISOString();
	await page.route("**/api/summary*", async (route) => {
		const response = await route.fetch({ url: route.request().url().replace(/\?.*/, "") });
		const json = await response.json();
		const window = new URL(route.request().url()).searchParams.get("window");
		asked.push(window);
		json.span.recent = since;
		if (window === "recent") json.totals.counted -= 4;
		await route.fulfill({ response, json });
	});
	await net.refuse(3);
	await awaitEvents(page, 10);
	await awaitCounted(page, 10);
	await recent.click();
	await awaitCounted(page, 6);
	assert.match(await page.locator("#shown").textContent(), /^6 of 10 events/);
	assert.equal(await recent.getAttribute("aria-pressed"), "true");
	assert.match(page.url(), /#window=recent$/);
	assert.ok(asked.includes(null) && asked.includes("recent"));
	await page.reload(); // an address keeps it
	await awaitCounted(page, 6);
	await recent.click();
	await awaitCounted(page, 10);
	await awaitEvents(page, 10);
	assert.doesNotMatch(page.url(), /window/);
});

test("live: an open event has the neighbours that it was listed with", async (stage) => {
	const net = await namespace(stage);
	await tracer(stage, net.inode);
	const page = await stage.open(URL_OF, { allowed: mine });
	const shown = async () => JSON.parse(await page.locator("#raw").textContent()).event.id;

	await net.refuse(3);
	await awaitEvents(page, 6);
	const ids = await page
		.locator("table.events tbody tr")
		.evaluateAll((rows) => rows.map((row) => row.dataset.id));
	await page.locator("table.events tbody button").nth(2).click();
	await net.refuse(2);
	await awaitEvents(page, 10);
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("button", { name: "Next" }).click();
	assert.equal(await shown(), ids[3]);
	for (let i = 0; i < 2; i++) await dialog.getByRole("button", { name: "Previous" }).click();
	assert.equal(await shown(), ids[1]);
});

test("live: the keyboard stays where it is", async (stage) => {
	const net = await namespace(stage);
	await tracer(stage, net.inode);
	const page = await stage.open(URL_OF, { allowed: mine });

	await net.refuse(2);
	await awaitEvents(page, 4);
	await awaitCounted(page, 4);
	await page.locator("#causes .cause").first().focus();
	const kept = () => page.evaluate(() => document.activeElement.dataset.keep);
	const before = await kept();
	await net.refuse(2);
	await awaitCounted(page, 8);
	assert.equal(await kept(), before);
	await page.locator("table.events th button").nth(2).focus();
	await net.refuse(2);
	await awaitEvents(page, 12);
	assert.equal(await kept(), "sort cause");
	const row = page.locator("table.events tbody button").first();
	const own = await row.getAttribute("data-keep");
	await row.press("Enter");
	await net.refuse(2);
	await awaitEvents(page, 16);
	await page.keyboard.press("Escape");
	await page.getByRole("dialog").waitFor({ state: "hidden" });
	assert.equal(await kept(), own, "at the row that was opened, drawn again or not");
});

test("live: the end is told, and the next run is found again", async (stage) => {
	const net = await namespace(stage);
	const first = await tracer(stage, net.inode);
	const page = await stage.open(URL_OF, { allowed: mine, expected: LOST });

	await state(page, /^Connected$/);
	await net.refuse(2);
	await awaitEvents(page, 4);
	await stop(first);
	await state(page, /^The run has ended/);
	await tracer(stage, net.inode);
	await state(page, /^Connected$/);
	await net.refuse(1);
	await awaitCounted(page, 2);
	await awaitEvents(page, 6);
	await page.getByText("rstwhy was started again").waitFor();
});

test("live: a cut connection goes on where it stopped, nothing lost and nothing twice", async (stage) => {
	const net = await namespace(stage);
	await tracer(stage, net.inode);
	const between = await cable(stage, PORT + 1);
	const page = await stage.open(`http://127.0.0.1:${PORT + 1}/`, {
		allowed: (url) => url.startsWith(`http://127.0.0.1:${PORT + 1}/`),
		expected: LOST,
	});

	await state(page, /^Connected$/);
	await net.refuse(2);
	await awaitEvents(page, 4);
	await between.cut();
	await state(page, /lost|No summary/);
	await net.refuse(3);
	await between.mend();
	await state(page, /^Connected$/);
	await awaitEvents(page, 10);
	await awaitCounted(page, 10);
	const ids = await page
		.locator("table.events tbody tr")
		.evaluateAll((rows) => rows.map((row) => row.dataset.id));
	assert.equal(new Set(ids).size, 10);
	assert.equal(await page.locator("#dropped").textContent(), "");
	assert.equal(
		between.asked.some((text) => /^GET \/events[^]*\nLast-Event-ID: \S+/im.test(text)),
		true,
	);
});

test("live: a page that nobody looks at holds no connection, and goes on where it was", async (stage) => {
	const net = await namespace(stage);
	await tracer(stage, net.inode);
	const page = await stage.open(URL_OF, { allowed: mine });

	await state(page, /^Connected$/);
	await net.refuse(2);
	await awaitEvents(page, 4);
	await setHidden(page, true);
	// More than the connections that a browser has for a host.
	for (let i = 0; i < 7; i++) {
		const other = await page.context().newPage();
		await other.goto(URL_OF);
		await state(other, /^Connected$/);
		await awaitEvents(other, 4);
		await setHidden(other, true);
	}
	await net.refuse(3);
	await setHidden(page, false);
	await awaitEvents(page, 10);
	await awaitCounted(page, 10);
	const ids = await page
		.locator("table.events tbody tr")
		.evaluateAll((rows) => rows.map((row) => row.dataset.id));
	assert.equal(new Set(ids).size, 10, "nothing twice");
	assert.equal(await page.locator("#dropped").textContent(), "");
});

test("live: a run that dies is told", async (stage) => {
	const net = await namespace(stage);
	const first = await tracer(stage, net.inode);
	const page = await stage.open(URL_OF, { allowed: mine, expected: LOST });

	await state(page, /^Connected$/);
	await stop(first, "SIGKILL");
	await state(page, /lost|No summary/);
	await tracer(stage, net.inode);
	await state(page, /^Connected$/);
});

test("live: what was dropped is told", async (stage) => {
	const net = await namespace(stage);
	await tracer(stage, net.inode);
	// A stream like that of a client that was too slow: the real one reads faster than it is written.
	const page = await stage.open(URL_OF, {
		allowed: mine,
		expected: LOST,
		before: (p) =>
			p.route("**/events", (route) =>
				route.fulfill({
					contentType: "text/event-stream",
					body: 'retry: 600000\n\nevent: dropped\ndata: {"missed":1234}\n\nid: a-1\ndata: not JSON\n\n',
				}),
			),
	});

	await page.getByText("1,234 events dropped").waitFor();
	await page.getByText("1 message unreadable").waitFor();
});

test("live: axe finds nothing, and the policy holds", async (stage) => {
	const net = await namespace(stage);
	await tracer(stage, net.inode);
	const page = await stage.open(URL_OF, { allowed: mine, scheme: "dark" });

	await net.refuse(2);
	await awaitCounted(page, 4);
	await awaitEvents(page, 4);
	const policy = (await page.request.get(URL_OF)).headers()["content-security-policy"];
	for (const part of [
		"default-src 'none'",
		"script-src 'self'",
		"connect-src 'self'",
		"frame-ancestors 'none'",
	])
		assert.equal(policy.includes(part), true, part);
	assert.equal(policy.includes("unsafe"), false);
	assert.deepEqual(await audit(page), []);
	await stage.picture(page, "live-dark", { fullPage: true });
});

test("live: a flood is bounded in the browser", async (stage) => {
	const net = await namespace(stage);
	await tracer(stage, net.inode, "--rate=0");
	const page = await stage.open(URL_OF, { allowed: mine });

	await state(page, /^Connected$/);
	await net.refuse(3000);
	await awaitCounted(page, 6000);
	await page.waitForFunction(() =>
		/2,000 of [\d,]+ that came/.test(document.getElementById("sample").textContent),
	);
	const [seen, missed] = await page.evaluate(() =>
		[
			document.getElementById("sample").textContent,
			document.getElementById("dropped").textContent,
		].map((text) =>
			Number(
				text
					.match(/([\d,]+) (?:that came|events? dropped)/)?.[1]
					.replaceAll(",", "") || 0,
			),
		),
	);
	await page.waitForFunction(
		(n) =>
			/6,000 that came/.test(document.getElementById("sample").textContent) ||
			n > 0,
		missed,
	);
	assert.equal(seen > 2000, true);
});

test("live: a process that calls itself HTML stays text", async (stage) => {
	const net = await namespace(stage);
	const name = "<img onerror=x>"; // all of the 15 bytes that a process may have
	const directory = stage.file("hostile");
	mkdirSync(directory, { recursive: true });
	copyFileSync("/usr/bin/curl", join(directory, name));
	chmodSync(join(directory, name), 0o755);
	await tracer(stage, net.inode);
	const page = await stage.open(URL_OF, { allowed: mine });

	await state(page, /^Connected$/);
	await net.refuse(2, join(directory, name));
	await awaitEvents(page, 4);
	await awaitCounted(page, 4);
	await page.locator("[data-ranking=process]").getByRole("button", { name }).click();
	await awaitEvents(page, 2);
	await page.locator("table.events tbody button").first().click();
	assert.equal((await page.getByRole("dialog").textContent()).includes(name), true);
	assert.equal(await page.locator("img").count(), 0);
});
