// SPDX-License-Identifier: GPL-2.0
// Names are those of other people's processes: none may become anything but text.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "./harness.mjs";
import { readEvents } from "./lines.mjs";

const NASTY = [
	"</script><script>alert(1)</script>",
	"<img src=x onerror=alert(2)>",
	"<!--<script>",
	'"><svg onload=alert(3)>',
	"' onclick='alert(4)",
	"javascript:alert(5)",
	"\u202egnp.exe\u202c",
	"\u0000\u0007\u001b[31mred",
	"a\u2028b\u2029c",
	"__proto__",
	"constructor",
	"toString",
	"{{7*7}}${7*7}",
	"\ud83d\ude00\u0301\u200b",
	"  ",
	"x".repeat(200000),
	"<style>*{display:none}</style>",
	"&lt;b&gt;",
	"https://elsewhere.example/track.png",
];

// The recording with names that processes can give themselves: 15 bytes, and no NUL.
function hostileProcesses(events) {
	const names = NASTY.map((name) =>
		Buffer.from(name.replaceAll("\0", ""))
			.subarray(0, 15)
			.toString()
			.replace(/\ufffd+$/, ""),
	);
	return events.map((original, i) => {
		const event = structuredClone(original),
			name = names[i % names.length];
		for (const who of [event.process, event.owner]) {
			if (who) who.executable = { name };
		}
		for (const key of ["task", "opener", "closer", "listener", "owner"]) {
			if (Array.isArray(event.facts?.[key])) event.facts[key][1] = name;
		}
		return event;
	});
}

// The recording with nasty names wherever a name of others can stand.
function nastyEvents(events) {
	return events.map((original, i) => {
		const event = structuredClone(original),
			name = NASTY[i % NASTY.length];
		for (const who of [event.process, event.owner]) {
			if (who) who.executable = { name, path: `/tmp/${name}` };
		}
		event.linux = { ...event.linux, unit: name, cgroup: `/${name}` };
		event.container = { id: name, runtime: { name } };
		event.reset.summary = `${name} did it`;
		event.reset.evidence = [name, name];
		event.stack = { kernel: [name] };
		return event;
	});
}

export async function checkNothingRan(page) {
	assert.equal(
		await page.evaluate(() => document.scripts.length),
		await page.evaluate(
			() =>
				[...document.scripts].filter(
					(s) =>
						s.id === "data" ||
						s.textContent.length > 10000 ||
						s.src,
				).length,
		),
		"no other script",
	);
	assert.equal(
		await page
			.locator(
				"img, iframe, object, embed, [onclick], [onerror], [onload], svg [href]",
			)
			.count(),
		0,
	);
	assert.equal(await page.locator("style").count(), 1);
	assert.equal(await page.locator("a[href^='javascript:']").count(), 0);
}

async function openAll(page, count) {
	await page.locator("table.events tbody button").first().click();
	for (let i = 1; i < count; i++)
		await page.getByRole("dialog").getByRole("button", { name: "Next" }).click();
	await page.keyboard.press("Escape");
}

test("hostile: names in a report of the program", async (stage) => {
	const events = hostileProcesses(readEvents(stage.recording("causes.json")));
	const recording = stage.write(
		"hostile.json",
		events.map((e) => JSON.stringify(e)),
	);
	const page = await stage.openReport(stage.report(recording, "hostile.html"));
	const names = await page.locator("[data-ranking=process] bdi").allTextContents();

	for (const name of ["</script><scrip", "<img src=x oner", "__proto__"])
		assert.equal(names.includes(name), true, `${name} in ${names}`);

	await openAll(page, 40);
	await checkNothingRan(page);
	await stage.picture(page, "hostile", { fullPage: true });
});

// What the program would cut or escape before it comes to the page: the page has to stand alone.
test("hostile: names that come to the page as they are", async (stage) => {
	const whole = readFileSync(
		stage.report(stage.recording("causes.json"), "causes.html"),
		"utf8",
	);
	const [before, text, after] = whole.split(/(?<=id="data">)([^]*?)(?=<\/script>)/);
	const data = JSON.parse(text);
	data.events = nastyEvents(data.events);
	data.summary.sentences = NASTY;
	data.summary.source.host = NASTY[0];
	data.summary.source.files = NASTY;
	data.summary.causes.forEach((cause, i) => (cause.example = NASTY[i % NASTY.length]));
	for (const ranking of ["unit", "container", "process", "peer"])
		data.summary.who[ranking] = {
			complete: true,
			rows: NASTY.map((key, i) => ({
				key,
				count: 100 - i,
				error: 0,
				sent: 1,
				received: 0,
			})),
		};
	data.summary.idle.known = NASTY.map((name, i) => ({ seconds: i / 100, name }));
	data.summary.timeline.series.push({
		cause: NASTY[1],
		direction: "sent",
		counts: data.summary.timeline.series[0].counts,
	});
	data.catalogue.push({ id: NASTY[1], kind: "cause", title: NASTY[0], references: NASTY });
	data.events[0].reset.cause = NASTY[1];
	const path = stage.file("hostile_page.html");
	writeFileSync(path, before + JSON.stringify(data).replaceAll("<", "\\u003c") + after);
	const page = await stage.openReport(path);

	for (const summary of await page.locator("main summary").all()) await summary.click();
	await openAll(page, data.events.length);
	for (const button of (await page.locator("[data-ranking=unit] button").all()).slice(0, 8)) {
		await button.click();
		assert.match(await page.locator("#shown").textContent(), /of 128 events/);
	}
	await page.locator("#query").fill(NASTY[0]);
	await page.locator("#query").press("Enter");
	await checkNothingRan(page);
	const text360 = await page.locator("main").evaluate((main) => main.innerText);
	assert.equal(
		/[\u202a-\u202e\u0007\u001b]/.test(text360),
		false,
		"nothing turns the text around",
	);
	assert.match(text360, /\\u\{202e\}gnp/);
	assert.equal((await page.evaluate(() => document.title.length)) < 200, true);
});
