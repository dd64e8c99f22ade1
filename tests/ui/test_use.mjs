// SPDX-License-Identifier: GPL-2.0
// What a reader of a report does: zoom, filter, sort, open an event; by mouse and by keyboard.
import assert from "node:assert/strict";
import { test } from "./harness.mjs";
import { readEvents } from "./lines.mjs";

const time = (e) => Date.parse(e.time.replace(/(\.\d{3})\d+/, "$1"));

async function open(stage, how) {
	const recording = stage.recording("causes.json");
	return [
		await stage.openReport(stage.report(recording, "causes.html"), how),
		readEvents(recording),
	];
}

async function range(page) {
	return page
		.locator("#timeline")
		.evaluate((figure) => [Number(figure.dataset.from), Number(figure.dataset.to)]);
}

// "12 of 128 events." or "128 events."
async function shown(page) {
	return Number(
		(await page.locator("#shown").textContent())
			.match(/^[\d,]+/)[0]
			.replaceAll(",", ""),
	);
}

async function checkZoom(page, events) {
	const [from, to] = await range(page);
	const inside = events.filter((e) => time(e) >= from && time(e) < to).length;
	const told = (await page.locator("#zoomed").textContent()).match(
		/: ([\d,]+) events?\. The events below/,
	);
	assert.equal(Number(told[1].replaceAll(",", "")), inside, "the timeline's count");
	assert.equal(await shown(page), inside, "the table's count");
	return inside;
}

test("use: zoom by mouse", async (stage) => {
	const [page, events] = await open(stage);
	await page.locator("#timeline svg").scrollIntoViewIfNeeded();
	const box = await page.locator("#timeline .brush .background").boundingBox();

	await page.mouse.move(box.x + 2, box.y + 50);
	await page.mouse.down();
	await page.mouse.move(box.x + box.width * 0.05, box.y + 60, { steps: 5 });
	await page.mouse.move(box.x + box.width * 0.1, box.y + 60, { steps: 5 });
	await page.mouse.up();
	const inside = await checkZoom(page, events);
	assert.equal(inside > 0 && inside < events.length, true, `${inside} of ${events.length}`);
	await stage.picture(page, "zoomed");
	await page.getByRole("button", { name: "Whole time" }).click();
	assert.equal(await shown(page), events.length);
});

test("use: zoom by keyboard", async (stage) => {
	const [page, events] = await open(stage);
	const whole = await range(page);
	const width = ([from, to]) => to - from;

	await page.locator("#timeline [role=img]").focus();
	await page.keyboard.press("+");
	const half = await range(page);
	assert.equal(Math.abs(width(half) / width(whole) - 0.5) < 0.02, true);
	await checkZoom(page, events);
	await page.keyboard.press("ArrowLeft");
	const earlier = await range(page);
	assert.equal(earlier[0] < half[0] && Math.abs(width(earlier) - width(half)) <= 1000, true);
	for (let i = 0; i < 9; i++) await page.keyboard.press("ArrowLeft");
	assert.equal((await range(page))[0], whole[0], "not before the beginning");
	await checkZoom(page, events);
	for (let i = 0; i < 20; i++) await page.keyboard.press("+");
	assert.equal(width(await range(page)) > 0, true);
	await checkZoom(page, events);
	await page.keyboard.press("-");
	await page.keyboard.press("0");
	assert.deepEqual(await range(page), whole);
	await page.getByRole("button", { name: "Zoom in" }).click();
	assert.deepEqual(await range(page), half, "a button does the same");
	assert.equal(await page.evaluate(() => document.activeElement.textContent), "Zoom in");
});

test("use: filter by words", async (stage) => {
	const [page, events] = await open(stage);
	const query = page.getByRole("textbox", { name: "Filter" });
	const expect = {
		"direction:received": (e) => e.reset.direction === "received",
		"port:80 direction:sent": (e) =>
			e.reset.direction === "sent" &&
			[e.network.local.port, e.network.peer.port].includes(80),
		'process:"server"': (e) =>
			[e.process, e.owner].some((who) => who?.executable.name === "server"),
		"-cause:port-closed": (e) => !e.reset.cause.includes("port-closed"),
		"peer:10.8.0.2": (e) => e.network.peer.address === "10.8.0.2",
	};
	for (const [text, holds] of Object.entries(expect)) {
		await query.fill(text);
		await query.press("Enter");
		const right = events.filter(holds).length;
		assert.equal(await shown(page), right, text);
		assert.equal(right > 0 && right < events.length, true, text);
	}
	await query.fill("there-is-no-such-word");
	await page.getByText("No event is like that.").waitFor(); // without Enter: as it is typed
	await page.getByRole("button", { name: "Clear" }).click();
	assert.equal(await shown(page), events.length);
});

test("use: the filter while it is typed", async (stage) => {
	const [page, events] = await open(stage);
	const focused = () => page.evaluate(() => document.activeElement.id);
	const known = events.filter((e) => e.process || e.owner).length;

	await page.keyboard.press("/");
	assert.equal(await focused(), "query");
	for (const [text, count] of [
		["cause:", events.length],
		['cause:"', events.length],
		["-", events.length],
		["a/", 0],
		["process:", known],
		['process:"ser', null],
	]) {
		await page.locator("#query").fill("");
		await page.keyboard.type(text);
		await page.waitForFunction(
			(typed) => document.querySelector(".chip bdi")?.textContent === typed,
			text,
		);
		assert.equal(await page.locator("#query").inputValue(), text);
		if (count !== null) assert.equal(await shown(page), count, text);
		else assert.equal((await shown(page)) > 0, true, text);
	}
	await page.locator("table.events tbody button").first().click();
	await page.keyboard.press("/");
	assert.equal(await page.getByRole("dialog").isVisible(), true);
	assert.notEqual(await focused(), "query");
});

test("use: filter by cause and by name", async (stage) => {
	const [page, events] = await open(stage);
	const cause = page.locator("#causes").getByRole("button", { name: "port-closed" });

	await cause.focus();
	await page.keyboard.press("Enter");
	assert.equal(await cause.getAttribute("aria-pressed"), "true");
	assert.equal(
		await page.evaluate(() => document.activeElement.textContent),
		"port-closed",
		"the keyboard stays where it is",
	);
	assert.equal(
		await shown(page),
		events.filter((e) => e.reset.cause === "port-closed").length,
	);
	assert.deepEqual(
		await page
			.locator("#timeline path.layer")
			.evaluateAll((all) => all.map((p) => p.dataset.cause)),
		["port-closed"],
	);
	await page
		.getByRole("button", { name: "Take off the filter by cause port-closed" })
		.click();
	assert.equal(await shown(page), events.length);
	for (const name of ["peer-aborted", "late-segment"])
		await page.locator("#timeline .legend").getByRole("button", { name }).click();
	assert.equal(
		await shown(page),
		events.filter((e) => ["peer-aborted", "late-segment"].includes(e.reset.cause))
			.length,
	);
	assert.equal(
		(await page.locator("#timeline .legend li").count()) > 2,
		true,
		"the others can still be chosen",
	);
	for (const name of ["peer-aborted", "late-segment"])
		await page.locator("#timeline .legend").getByRole("button", { name }).click();
	await page
		.locator("[data-ranking=process]")
		.getByRole("button", { name: "client" })
		.first()
		.click();
	assert.equal(await page.locator("#query").inputValue(), 'process:"client"');
	assert.equal(
		await shown(page),
		events.filter((e) =>
			[e.process, e.owner].some((who) => who?.executable.name === "client"),
		).length,
	);
});

test("use: what the events are limited to, by keyboard", async (stage) => {
	const [page] = await open(stage);
	const kept = () =>
		page.evaluate(() => document.activeElement.dataset.keep || document.activeElement.id);
	const redraw = () =>
		page.locator("table.events th button").first().evaluate((head) => head.click());

	await page.locator("#query").fill("direction:sent");
	await page.locator("#query").press("Enter");
	await page.locator("#causes").getByRole("button", { name: "port-closed" }).click();
	await page.getByRole("button", { name: "Take off the filter by words" }).focus();
	await page.evaluate(() => {
		window.told = 0;
		new MutationObserver(() => window.told++).observe(document.getElementById("shown"), {
			childList: true,
			characterData: true,
			subtree: true,
		});
	});
	await redraw();
	assert.equal(await kept(), "chip words");
	assert.equal(await page.evaluate(() => window.told), 0, "the same is not told again");
	assert.equal(await page.locator("[role=status] button").count(), 0);
	await page.keyboard.press("Enter");
	assert.equal(await kept(), "chip cause port-closed");
	await page.keyboard.press("Enter");
	assert.equal(await kept(), "events");
	assert.equal(await page.evaluate(() => window.told) > 0, true);
});

test("use: leaving an event that is on another page of the table", async (stage) => {
	const [page] = await open(stage);
	await page.locator("table.events tbody button").last().click();
	await page.getByRole("dialog").getByRole("button", { name: "Next" }).click();
	await page.keyboard.press("Escape");
	await page.getByRole("dialog").waitFor({ state: "hidden" });
	await page.waitForFunction(() => document.activeElement.id === "events");
});

test("use: ends of IPv6 have their ports, and leave room for the summary", async (stage) => {
	const address = "2001:db8:85a3:1234:5678:8a2e:370:7334";
	const lines = readEvents(stage.recording("causes.json"))
		.map((e) => JSON.stringify(e))
		.map((line) => line.replaceAll('"fd09::1"', `"${address}"`))
		.map((line) => line.replaceAll('"fd09::2"', `"${address.replace("7334", "1")}"`));
	const page = await stage.openReport(
		stage.report(stage.write("ipv6.json", lines), "ipv6.html"),
	);
	await page.locator("#query").fill(address);
	await page.locator("#query").press("Enter");
	const row = page.locator("table.events tbody tr").first();
	const event = await row.locator("td.address").evaluateAll((cells) =>
		cells.map((cell) => {
			const range = document.createRange();
			range.selectNode(cell.lastChild);
			return [
				cell.title,
				cell.textContent,
				cell.lastChild.textContent,
				range.getBoundingClientRect().right <=
					cell.getBoundingClientRect().right,
				cell.querySelector("bdi").clientWidth <
					cell.querySelector("bdi").scrollWidth,
			];
		}),
	);
	for (const [title, text, port, isSeen, isCut] of event) {
		assert.match(title, /^\[2001:db8:85a3:1234:5678:8a2e:370:\d+\]:\d+$/);
		assert.equal(text, title);
		assert.equal(title.endsWith(port), true);
		assert.match(port, /^\]:\d+$/);
		assert.equal(isSeen && isCut, true);
	}
	const summary = await row.locator("td.summary").boundingBox();
	assert.equal(summary.x + summary.width <= 1400, true);
});

test("use: sort, and turn pages", async (stage) => {
	const [page, events] = await open(stage);
	const head = (name) => page.locator("table.events th").filter({ hasText: name });
	const column = (i) =>
		page.locator(`table.events tbody td:nth-child(${i})`).allTextContents();

	assert.equal(await head("Time").getAttribute("aria-sort"), "ascending");
	await head("Time").getByRole("button").click();
	assert.equal(await head("Time").getAttribute("aria-sort"), "descending");
	const last = events
		.map((e) => e.time)
		.sort()
		.at(-1);
	assert.equal(
		await page.locator("table.events tbody button").first().getAttribute("title"),
		last,
	);
	await head("Cause").getByRole("button").click();
	assert.equal(await head("Time").getAttribute("aria-sort"), "none");
	const causes = await column(3);
	assert.deepEqual(causes, [...causes].sort());
	assert.equal(causes.length, 50);
	await page.getByRole("button", { name: "Next page" }).click();
	await page.getByRole("button", { name: "Next page" }).click();
	assert.equal((await column(3)).length, events.length - 100);
	assert.equal(await page.getByRole("button", { name: "Next page" }).isDisabled(), true);
});

test("use: what is not known is sorted last, up and down", async (stage) => {
	const [page, events] = await open(stage);
	const state = page.locator("table.events th").filter({ hasText: "State" });
	const known = events.filter((e) => e.network.connection?.state).length;
	const states = () =>
		page.locator("table.events tbody td:nth-child(7)").allTextContents();

	assert.equal(known > 50 && known < events.length, true, `${known} states`);
	for (const sorted of ["ascending", "descending"]) {
		await state.getByRole("button").click();
		assert.equal(await state.getAttribute("aria-sort"), sorted);
		const all = await states();
		for (let i = 0; i < 2; i++) {
			await page.getByRole("button", { name: "Next page" }).click();
			all.push(...(await states()));
		}
		assert.equal(all.length, events.length);
		assert.equal(all.slice(0, known).every(Boolean), true, sorted);
	}
});

test("use: open an event by keyboard", async (stage) => {
	const [page] = await open(stage);
	await page.locator("#query").fill("cause:close-unread-data");
	await page.locator("#query").press("Enter");
	await page.locator("table.events tbody button").first().focus();
	const id = await page.locator("table.events tbody tr").first().getAttribute("data-id");
	await page.keyboard.press("Enter");
	const dialog = page.getByRole("dialog");

	await dialog.getByRole("heading", { name: "close-unread-data" }).waitFor();
	assert.match(await dialog.locator(".lead").textContent(), /bytes unread/);
	assert.match(await dialog.textContent(), /What to do/);
	assert.match(await dialog.locator(".ladder").textContent(), /Local to peer: RST/);
	assert.equal(JSON.parse(await page.locator("#raw").textContent()).event.id, id);
	await page.locator("#copy").click();
	await dialog
		.getByRole("status")
		.getByText(/copied|selected/)
		.waitFor();
	await stage.picture(page, "event");
	await page.keyboard.press("Escape");
	await dialog.waitFor({ state: "hidden" });
	assert.equal(await page.evaluate(() => document.activeElement.dataset.keep), `event ${id}`);
});

test("use: every event can be opened, and its ladder tells what was recorded", async (stage) => {
	const [page, events] = await open(stage);
	await page.locator("table.events tbody button").first().click();
	const dialog = page.getByRole("dialog");
	const seen = new Map();

	for (let i = 0; i < events.length; i++) {
		const event = JSON.parse(await page.locator("#raw").textContent());
		const text = await dialog.evaluate((node) => node.innerText);
		assert.equal(
			/undefined|NaN|\[object|Infinity/.test(text),
			false,
			`${event.reset.cause}: ${text.match(/.*(undefined|NaN|\[object|Infinity).*/)}`,
		);
		seen.set(event.event.id, [
			event,
			(await dialog.locator(".ladder li").allTextContents()).join("\n"),
		]);
		if (i + 1 < events.length)
			await dialog.getByRole("button", { name: "Next" }).click();
	}
	assert.equal(seen.size, events.length);
	for (const [event, ladder] of seen.values()) {
		if (event.segment) {
			assert.match(
				ladder,
				new RegExp(
					`Peer to local: [A-Z,]+ seq ${event.segment.seq}(?!\\d)`,
				),
			);
			assert.equal(
				ladder.includes(`ack ${event.segment.ack}`),
				event.segment.flags.includes("A") ||
					(event.reset.direction === "sent" &&
						ladder.includes(`ack ${event.segment.ack}`)),
			);
		}
		assert.equal(/Local to peer: RST/.test(ladder), event.reset.direction === "sent");
		assert.equal(
			/Peer to local: [A-Z,]*RST/.test(ladder),
			event.reset.direction === "received",
		);
		if (event.network.connection?.state)
			assert.equal(
				ladder.includes(`state ${event.network.connection.state}`),
				true,
			);
	}
});
