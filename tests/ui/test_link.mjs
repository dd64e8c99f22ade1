// SPDX-License-Identifier: GPL-2.0
// What was chosen is in the page's address: it leads others to the same, and nobody to anything else.
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { test } from "./harness.mjs";
import { URL_OF, awaitEvents, mine, namespace, tracer } from "./live.mjs";
import { checkNothingRan } from "./test_hostile.mjs";

function address(stage) {
	return pathToFileURL(stage.report(stage.recording("causes.json"), "link.html")).href;
}

async function open(stage, url) {
	const file = url.replace(/#.*/s, "");
	return stage.open(url, { allowed: (asked) => asked.replace(/#.*/s, "") === file });
}

// What a reader sees of what was chosen.
async function choice(page) {
	return page.evaluate(() => ({
		shown: document.getElementById("shown").textContent,
		chips: document.getElementById("chips").textContent,
		zoomed: document.getElementById("zoomed").textContent,
		query: document.getElementById("query").value,
		event:
			document.getElementById("event").open &&
			JSON.parse(document.getElementById("raw").textContent).event.id,
	}));
}

test("link: filter, causes, zoom and the open event lead to the same", async (stage) => {
	const url = address(stage),
		page = await open(stage, url);
	await page.locator("#query").fill("direction:sent -cause:late-segment");
	await page.locator("#query").press("Enter");
	for (const name of ["port-closed", "data-after-close"])
		await page.locator("#causes").getByRole("button", { name }).click();
	await page.getByRole("button", { name: "Zoom in" }).click();
	for (let i = 0; i < 3; i++) await page.getByRole("button", { name: "Earlier" }).click();
	assert.equal(page.url().includes("event="), false);
	await page.locator("table.events tbody button").first().click();
	const before = await choice(page);
	const link = page.url();
	assert.match(before.event, /^[0-9a-f]{16}$/);
	assert.equal(link.startsWith(`${url}#event=${before.event}&filter=direction:sent+`), true, link);

	const other = await open(stage, link);
	await other.getByRole("dialog").waitFor();
	assert.deepEqual(await choice(other), before);
	assert.equal(other.url(), link);

	await other.keyboard.press("Escape");
	await other.waitForFunction(() => !location.hash.includes("event="));
	await other.getByRole("link", { name: "Why", exact: true }).click();
	await other.waitForFunction(() => location.hash.includes("filter="));
	assert.deepEqual(await choice(other), { ...before, event: false });
	await other.getByRole("button", { name: "Clear" }).click();
	await other.getByRole("button", { name: "Whole time" }).click();
	for (let i = 0; i < 2; i++) await other.locator(".chip").first().click();
	assert.equal(other.url(), url);

	// Put into the address of a page that is open already.
	await other.evaluate((hash) => (location.hash = hash), new URL(link).hash);
	await other.getByRole("dialog").waitFor();
	assert.deepEqual(await choice(other), before);
});

test("link: an event that is not there is told", async (stage) => {
	const page = await open(stage, `${address(stage)}#event=0123<b>456`);
	await page.getByText("The event of the link, 0123<b>456, is not among").waitFor();
	assert.equal(await page.getByRole("dialog").isVisible(), false);
});

test("link: live, to an event", async (stage) => {
	const net = await namespace(stage);
	await tracer(stage, net.inode);
	const page = await stage.open(URL_OF, { allowed: mine });

	await net.refuse(2);
	await awaitEvents(page, 4);
	await page.locator("table.events tbody button").nth(2).click();
	const { event } = await choice(page);
	const other = await stage.open(`${URL_OF}#event=${event}&filter=cause:port-closed`, {
		allowed: mine,
	});
	await other.getByRole("dialog").waitFor();
	assert.equal((await choice(other)).event, event);
	await awaitEvents(other, 2);
	await stage.picture(other, "link");
});

const NASTY = [
	"<img src=x onerror=alert(1)>",
	"</script><script>alert(2)</script>",
	"javascript:alert(3)",
	"__proto__",
	"\ud800\u202e\u0000",
	'"\\',
	"%",
	"x".repeat(100000),
];

test("link: a hostile one is text, and not too much of it", async (stage) => {
	const url = address(stage);
	const page = await open(stage, url);
	const hashes = [
		"from=&to=",
		"from=x&to=y",
		"from=2026-11-20&to=2025-11-20",
		"from=-271821-04-20&to=%2B275760-09-13",
		"from=1970-01-01&to=1971-01-01",
		"from=Infinity&to=NaN&event",
		"filter=%ff%&cause=%00&&&==&event=%",
		"__proto__=x&constructor=y&filter=[]",
		Array.from({ length: 2000 }, (_, i) => `cause=c${i}`).join("&"),
		...NASTY.map((text) => encodeURIComponent(text.toWellFormed())).map(
			(one) => `event=${one}&filter=${one}&cause=${one}&from=${one}&to=${one}`,
		),
	];
	for (const [i, hash] of hashes.entries()) {
		// Found when the page opens, and put into the address of one that is open.
		if (i % 4 === 0) await page.goto("about:blank");
		await page.goto(`${url}#${hash}`);
		await page.locator("#causes table").first().waitFor();
		await checkNothingRan(page);
		assert.match(await page.locator("#shown").textContent(), /^[\d,]+ (of 128 )?events\.$/);
		assert.equal((await page.locator(".chip").count()) <= 66, true);
		assert.equal((await page.locator("#query").inputValue()).length <= 1000, true);
		assert.equal(await page.getByRole("dialog").isVisible(), false);
	}
});
