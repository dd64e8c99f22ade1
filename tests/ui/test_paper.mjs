// SPDX-License-Identifier: GPL-2.0
// What comes to paper: all of it, whole, or in words what does not.
import assert from "node:assert/strict";
import { test } from "./harness.mjs";
import { bulk, readEvents } from "./lines.mjs";

const SHEET = 718; // pixels: A4 within margins of 1 cm

async function open(stage, count) {
	const lines = [...bulk(readEvents(stage.recording("causes.json")), count)].map((line) =>
		line.replaceAll('"fd09::1"', '"2001:db8:85a3:1234:5678:8a2e:370:7334"'),
	);
	return stage.openReport(stage.report(stage.write("paper.json", lines), "paper.html"), {
		scheme: "dark",
	});
}

// As the printer sees it, to be measured.
async function onPaper(page) {
	await page.setViewportSize({ width: SHEET, height: 1000 });
	await page.emulateMedia({ media: "print" });
	await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
}

const sheets = (pdf) => pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length;

test("paper: an open event is printed whole, and nothing else", async (stage) => {
	const page = await open(stage, 400);
	const all = sheets(await page.pdf({ format: "A4" }));
	await page.locator("#query").fill("cause:close-unread-data");
	await page.locator("#query").press("Enter");
	await page.locator("table.events tbody button").first().click();
	const pdf = await page.pdf({ path: stage.file("event.pdf"), format: "A4" });
	assert.equal(sheets(pdf) >= 2 && sheets(pdf) < all, true, `${sheets(pdf)} of ${all}`);

	await onPaper(page);
	const dialog = page.getByRole("dialog");
	const cut = await dialog.evaluate((node) =>
		[node, ...node.querySelectorAll("bdi, pre, .scroll")]
			.filter(
				(one) =>
					getComputedStyle(one).overflowY !== "visible" ||
					one.getBoundingClientRect().right > innerWidth + 1,
			)
			.map((one) => one.outerHTML.slice(0, 100)),
	);
	assert.deepEqual(cut, []);
	assert.equal(
		await dialog.evaluate((node) => node.getBoundingClientRect().height > innerHeight),
		true,
		"it goes on beyond a window",
	);
	for (const selector of ["header", "main", "footer"])
		assert.equal(await page.locator(selector).isVisible(), false, selector);
	assert.equal(
		await dialog.evaluate((node) => getComputedStyle(node, "::backdrop").display),
		"none",
	);
	await stage.picture(page, "print-event", { fullPage: true });
});

test("paper: no table is wider than a sheet", async (stage) => {
	const page = await open(stage, 2000);
	await onPaper(page);
	assert.equal(await page.locator("#timeline thead th").count(), 10);
	const cut = await page
		.locator(".events bdi")
		.evaluateAll((all) => all.filter((b) => b.scrollWidth > b.clientWidth + 1).length);
	assert.equal(cut, 0, "nothing is cut");
	const wide = await page
		.locator("table")
		.evaluateAll((all) =>
			all
				.filter((t) => t.getBoundingClientRect().right > innerWidth + 1)
				.map((t) => t.caption.textContent),
		);
	assert.deepEqual(wide, []);
});

test("paper: more events than on the screen; how many are not printed is told", async (stage) => {
	const page = await open(stage, 700);
	const rows = page.locator("table.events tbody tr");
	const last = page.locator("#table > p");

	await page.getByRole("button", { name: "Next page" }).click();
	await onPaper(page);
	assert.equal(await rows.count(), 500);
	assert.match(await last.textContent(), /^200 more events not printed/);
	await page.evaluate(() => dispatchEvent(new Event("afterprint")));
	assert.equal(await rows.count(), 50);
	assert.match(await last.textContent(), /Page 2 of 14/);

	await page.emulateMedia({ media: "screen" });
	await page.locator("#query").fill("direction:sent");
	await page.locator("#query").press("Enter");
	const count = Number((await page.locator("#shown").textContent()).match(/^\d+/)[0]);
	await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
	assert.equal(await rows.count(), count);
	assert.equal(await last.count(), 0);
});
