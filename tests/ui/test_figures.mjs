// SPDX-License-Identifier: GPL-2.0
// The figures of a report are those of its recording, counted here from the lines themselves.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { readText, test } from "./harness.mjs";
import { bulk, countBy, readEvents } from "./lines.mjs";

const PAGE_BYTES = 5e6;

const number = (text) => Number(text.replaceAll(",", ""));
const at = (path) => (e) => path.split(".").reduce((o, key) => o?.[key], e);

async function texts(page, selector) {
	return page.locator(selector).allTextContents();
}

// The causes table: name, count.
async function shownCauses(page) {
	return page
		.locator("table.causes tbody tr")
		.evaluateAll((rows) =>
			rows.map((row) => [
				row.cells[0].querySelector("button").textContent,
				row.cells[2].firstChild.textContent,
			]),
		);
}

async function shownRanking(page, key) {
	return page
		.locator(`[data-ranking="${key}"] tbody tr`)
		.evaluateAll((rows) =>
			rows.map((row) => [row.cells[0].textContent, row.cells[1].textContent]),
		);
}

// Of equal counts any order will do.
function asObject(pairs) {
	return Object.fromEntries(
		[...pairs].map(([key, n]) => [key, typeof n === "string" ? number(n) : n]),
	);
}

async function total(page, key) {
	return number(await page.locator(`.total-${key} dd`).textContent());
}

async function compareFigures(page, events) {
	const directions = countBy(events, at("reset.direction"));
	assert.equal(await total(page, "counted"), events.length);
	for (const direction of ["sent", "received", "none"])
		assert.equal(
			await total(page, direction),
			directions.get(direction) || 0,
			direction,
		);
	const causes = await shownCauses(page);
	assert.deepEqual(asObject(causes), asObject(countBy(events, at("reset.cause"))));
	const counts = causes.map(([, n]) => number(n));
	assert.deepEqual(
		counts,
		[...counts].sort((a, b) => b - a),
		"most frequent first",
	);
	const processes = countBy(events, at("process.executable.name"));
	if (processes.size < 8)
		assert.deepEqual(
			asObject(await shownRanking(page, "process")),
			asObject(processes),
		);
	const peers = countBy(events, at("network.peer.address"));
	assert.deepEqual(asObject(await shownRanking(page, "peer")), asObject(peers));
	const sentences = await texts(page, "#sentences p");
	assert.equal(sentences.length, 3);
	assert.match(sentences[0], new RegExp(`\\b${directions.get("sent") || 0}\\b`));
}

// The timeline's table, all its columns but the time.
async function timelineSum(page) {
	await page.locator("#timeline details summary").click();
	await page.locator("#timeline details table tbody tr").first().waitFor();
	return page
		.locator("#timeline details table tbody tr")
		.evaluateAll((rows) =>
			rows.reduce(
				(all, row) =>
					all +
					[...row.cells]
						.slice(1)
						.reduce(
							(n, cell) =>
								n +
								Number(
									cell.textContent.replaceAll(
										",",
										"",
									),
								),
							0,
						),
				0,
			),
		);
}

test("figures: a recording of many causes", async (stage) => {
	const recording = stage.recording("causes.json"),
		events = readEvents(recording);
	const page = await stage.openReport(stage.report(recording, "causes.html"));

	await compareFigures(page, events);
	assert.equal(await timelineSum(page), events.length);
	assert.equal(await page.locator("#shown").textContent(), `${events.length} events.`);
	assert.equal((await page.locator("#pairs tbody tr").count()) > 0, true);
	// More causes than colours: the one that the last sentence speaks of has one.
	const telling = /most telling cause is ([a-z-]+),/.exec(
		await page.locator("#sentences p").last().textContent(),
	)[1];
	assert.equal(
		(await page.locator("#timeline .legend .cx").count()) === 1 &&
			(await page.locator(`#timeline path[data-cause="${telling}"]`).count()) ===
				1,
		true,
		telling,
	);
	await page.setViewportSize({ width: 1400, height: 1000 });
	await stage.picture(page, "report", { fullPage: true });
});

test("figures: resets that happen now", async (stage) => {
	const recording = stage.file("now.json");
	execFileSync(
		"/usr/bin/python3",
		[
			"-B",
			join(stage.top, "tests/ui/record.py"),
			stage.binary,
			recording,
			"closed-port",
			"close-unread-data",
			"close-linger-zero",
			"disconnect",
			"data-after-close",
			"listener-closed",
		],
		{ timeout: 120000, stdio: "inherit" },
	);
	const events = readEvents(recording);
	assert.equal(
		new Set(events.map(at("reset.cause"))).size >= 6,
		true,
		"several causes were recorded",
	);
	const page = await stage.openReport(stage.report(recording, "now.html"));
	await compareFigures(page, events);
	assert.equal(await timelineSum(page), events.length);
});

test("figures: more events than are kept", async (stage) => {
	const lines = [
		...bulk(readEvents(stage.recording("causes.json")), 100000, { seconds: 86400 }),
	];
	const events = lines.map((line) => JSON.parse(line));
	const path = stage.report(stage.write("bulk.json", lines), "bulk.html");
	const begun = Date.now();
	const page = await stage.openReport(path);
	await page.locator("table.events tbody tr").first().waitFor();
	const seconds = (Date.now() - begun) / 1000;

	console.log(`     100,000 events: opened in ${seconds.toFixed(2)} s`);
	// What a browser takes at once, however busy the machine is that tests it.
	assert.equal(statSync(path).size < PAGE_BYTES, true, `${statSync(path).size} bytes`);
	assert.equal(await total(page, "counted"), events.length);
	assert.deepEqual(
		asObject(await shownCauses(page)),
		asObject(countBy(events, at("reset.cause"))),
	);
	assert.match(
		await page.locator("#sample").textContent(),
		/^A fair sample: [\d,]+ of 100,000 events/,
	);
	// Fair: every cause is there, and none has much more than its share.
	const kept = JSON.parse(await page.locator("#data").textContent()).events;
	assert.equal(
		countBy(kept, at("reset.cause")).size,
		countBy(events, at("reset.cause")).size,
	);
	assert.equal(await timelineSum(page), events.length);
});

test("figures: the heat map marks the idle times of the recording", async (stage) => {
	const lines = [...bulk(readEvents(stage.recording("causes.json")), 3000)];
	const page = await stage.openReport(
		stage.report(stage.write("idle.json", lines), "idle.html"),
	);
	const received = lines
		.map((line) => JSON.parse(line))
		.filter((e) => e.reset.direction === "received");
	const said = await page.locator("#idle [role=img]").getAttribute("aria-label");
	const told = number(/Heat map: ([\d,]+) received/.exec(said)[1]);

	assert.equal(told > 0 && told <= received.length, true);
	assert.match(said, /60 s/);
	await page.locator("#idle summary").click();
	const rows = await page
		.locator("#idle tbody tr")
		.evaluateAll((all) => all.map((row) => [...row.cells].map((c) => c.textContent)));
	assert.equal(
		rows.reduce((n, row) => n + number(row[1]), 0),
		told,
	);
	assert.equal(
		rows.some((row) => /nginx/.test(row[2]) && number(row[1]) > 0),
		true,
	);
	assert.equal((await page.locator("#idle .timeouts line").count()) > 3, true);
	// The line of 60 s lies in the row of the resets that were idle for so long.
	const { bounds } = JSON.parse(await page.locator("#data").textContent()).summary.idle;
	const bin = bounds.findIndex((bound) => bound >= 60);
	const row = await page.evaluate((i) => {
		const { idle } = JSON.parse(document.getElementById("data").textContent).summary;
		const name = binLabel(idle.bounds, i, formatSeconds);
		const cell = [...document.querySelectorAll("#idle .heat")].find((rect) =>
			rect.textContent.includes(`, ${name}: `),
		);
		const line = [...document.querySelectorAll("#idle .timeouts g")].find((g) =>
			g.querySelector("title").textContent.startsWith("60 s: "),
		);
		const top = Number(cell.getAttribute("y"));
		return [
			top,
			Number(line.querySelector("line").getAttribute("y1")),
			top + Number(cell.getAttribute("height")),
		];
	}, bin);
	assert.equal(row[0] <= row[1] && row[1] <= row[2], true, row.join(" "));
	await stage.picture(page, "heat", { fullPage: true });
});

for (const scheme of ["light", "dark"]) {
	test(`figures: the heat map's colours have a scale, ${scheme}`, async (stage) => {
		const lines = [...bulk(readEvents(stage.recording("causes.json")), 3000)];
		const page = await stage.openReport(
			stage.report(stage.write("shades.json", lines), "shades.html"),
			{ scheme },
		);
		assert.doesNotMatch(await page.locator("#idle").textContent(), /darker|lighter/);
		const data = JSON.parse(await page.locator("#data").textContent());
		const most = Math.max(...data.summary.idle.columns.flat());
		const scale = await page.locator("#idle .shades li").evaluateAll((all) =>
			all.map((li) => {
				const { opacity, backgroundColor } = getComputedStyle(
					li.querySelector(".swatch"),
				);
				return [li.textContent, Number(opacity), backgroundColor];
			}),
		);
		assert.equal(number(scale[0][0]), 1);
		assert.equal(number(scale.at(-1)[0]), most);
		// As strong, and of the same colour, as a place of the chart that has as many.
		const cells = await page
			.locator("#idle rect.heat")
			.evaluateAll((all) =>
				all.map((rect) => [
					rect.textContent.match(/: ([\d,]+)$/)[1],
					Number(rect.getAttribute("fill-opacity")),
					getComputedStyle(rect).fill,
				]),
			);
		for (const [n, opacity, colour] of [scale[0], scale.at(-1)]) {
			const cell = cells.find(([count]) => count === n);
			assert.equal(Math.abs(cell[1] - opacity) < 0.01, true, n);
			assert.equal(cell[2], colour);
		}
		await page.locator("#idle").scrollIntoViewIfNeeded();
		await stage.picture(page, `shades-${scheme}`);
	});
}

for (const width of [360, 1400]) {
	test(`figures: the heat map names its timeouts, ${width} pixels wide`, async (stage) => {
		const lines = [...bulk(readEvents(stage.recording("causes.json")), 3000)];
		const page = await stage.openReport(
			stage.report(stage.write("names.json", lines), "names.html"),
			{ width },
		);
		const marked = await page
			.locator("#idle .timeouts title")
			.evaluateAll((all) => all.map((title) => title.textContent));
		assert.equal(marked.length > 3, true);
		assert.deepEqual(
			await page.locator("#idle .names li:visible").allTextContents(),
			marked,
		);
		// Each line has its seconds beside it, within the chart, and no two on one another.
		const chart = await page.locator("#idle svg").boundingBox();
		const labels = page.locator("#idle .timeouts text");
		let above = Infinity;
		assert.deepEqual(
			await labels.allTextContents(),
			marked.map((text) => text.split(":")[0]),
		);
		for (const label of await labels.all()) {
			const box = await label.boundingBox();
			assert.equal(box.x + box.width <= chart.x + chart.width, true);
			assert.equal(box.y < above - 5, true);
			above = box.y;
		}
		await page.locator("#idle").scrollIntoViewIfNeeded();
		await stage.picture(page, `timeouts-${width}`);
	});
}

for (const width of [360, 1400]) {
	test(`figures: a share is one of the whole, ${width} pixels wide`, async (stage) => {
		const recording = stage.recording("causes.json"),
			events = readEvents(recording);
		const page = await stage.openReport(stage.report(recording, "shares.html"), {
			width,
		});
		const pairs = JSON.parse(await page.locator("#data").textContent()).summary.pairs;
		const wholes = {
			"#causes": events.length,
			"[data-ranking=peer]": events.length,
			"[data-ranking=process]": events.length,
			"#pairs": pairs.reduce((n, pair) => n + pair.count, 0),
		};
		await page.locator("#causes details summary").click();
		for (const [place, whole] of Object.entries(wholes)) {
			const rows = await page.locator(`${place} tbody tr`).evaluateAll((all) =>
				all.map((row) => {
					const share = row.querySelector("td.share");
					const width = (node) => node.getBoundingClientRect().width;
					return [
						Number(
							share.previousSibling.textContent.match(
								/^[\d,]+/,
							)[0],
						),
						share.textContent,
						width(share.querySelector(".bar")) /
							width(share.querySelector(".track")),
						getComputedStyle(share).textAlign,
					];
				}),
			);
			assert.equal(rows.length > 0, true, place);
			for (const [n, told, length, align] of rows) {
				const percent = (100 * n) / whole;
				assert.equal(
					told,
					percent < 1 ? "< 1 %" : `${Math.round(percent)} %`,
				);
				assert.equal(align, "right");
				if (width > 640)
					assert.equal(
						Math.abs(100 * length - percent) < 1.1,
						true,
						told,
					);
			}
		}
		await page.locator("#causes").scrollIntoViewIfNeeded();
		await stage.picture(page, `shares-${width}`);
	});
}

test("figures: steps below a second are told apart", async (stage) => {
	const lines = [...bulk(readEvents(stage.recording("causes.json")), 500, { seconds: 20 })];
	const page = await stage.openReport(
		stage.report(stage.write("steps.json", lines), "steps.html"),
	);
	assert.equal(await timelineSum(page), 500);
	const times = await page
		.locator("#timeline details tbody tr")
		.evaluateAll((rows) => rows.map((row) => row.cells[0].textContent));
	assert.equal(new Set(times).size, times.length, "no two rows alike");
	assert.equal(times.length > 25, true);
	const heights = await page
		.locator("#timeline details tbody tr")
		.evaluateAll((rows) => rows.map((row) => row.offsetHeight));
	assert.equal(Math.max(...heights) < 40, true, "a time stands on one line");
	const box = await page.locator("#timeline .brush .background").boundingBox();
	await page.mouse.move(box.x + 10, box.y + 50);
	assert.match(
		await page.locator("#timeline .brush title").textContent(),
		/^2026-11-20 08:00:00\.\d{3}$/m,
	);
	const cells = await page.locator("#idle rect.heat title").allTextContents();
	assert.equal(
		cells.every((text) => /:\d\d\.\d{3}, /.test(text)),
		true,
	);
	const [minutes] = await page.evaluate(() => [formatTime(0, 1000)]);
	assert.equal(minutes, "1970-01-01 00:00:00");
});

test("figures: nothing happened", async (stage) => {
	const page = await stage.openReport(
		stage.report(stage.recording("causes.json"), "empty.html", "--comm=nobody-has-it"),
	);
	assert.equal(await page.locator("#causes").textContent(), "No reset was seen.");
	assert.equal(await page.locator("#table").textContent(), "No event was recorded.");
	assert.equal((await page.locator("#sentences").textContent()).length > 10, true);
	assert.equal(await page.locator("#timeline svg").count(), 0);
	assert.equal(await page.locator("#pairs").textContent(), "No reset was seen.");
	assert.equal(await page.locator("#sample").textContent(), "");
	assert.equal(await page.locator("#shown").textContent(), "");
	await stage.picture(page, "empty");
});

test("figures: no reset of which both ends were seen", async (stage) => {
	const recording = stage.recording("causes.json");
	const say = async (events, name) => {
		const lines = events.map((e) => JSON.stringify(e));
		const page = await stage.openReport(
			stage.report(stage.write(`${name}.json`, lines), `${name}.html`),
		);
		return page.locator("#pairs").textContent();
	};
	const one = readEvents(recording).find((e) => e.reset.pair && e.reset.direction === "sent");
	const far = readEvents(recording).find(
		(e) => !e.reset.pair && e.reset.direction === "sent",
	);
	const died = readEvents(recording).find((e) => e.reset.direction === "none");

	assert.equal(await say([], "nothing"), "No reset was seen.");
	assert.equal(await say([died], "died"), "No reset was seen.");
	assert.match(await say([far], "far"), /peers are on other hosts/);
	assert.match(await say([one], "near"), /^Of 1 reset the other end was on this host, too/);
});

test("figures: the sentences and the page tell the same durations", async (stage) => {
	const seconds = [
		0.0421,
		0.5,
		2,
		12.34,
		272,
		283.4,
		1200,
		12600,
		190000,
		432000,
		1139568 * 3600,
	];
	const [event] = readEvents(stage.recording("causes.json"));
	const told = seconds.map((span, i) => {
		const begin = Date.parse("1970-01-01T00:00:01Z");
		const lines = [0, span].map((s) => {
			const time = new Date(begin + Math.floor(s) * 1000)
				.toISOString()
				.slice(0, 19);
			const part = (s % 1).toFixed(9).slice(1);
			return JSON.stringify({ ...event, time: `${time}${part}Z` });
		});
		const path = stage.report(stage.write(`span-${i}.json`, lines), `span-${i}.html`);
		return JSON.parse(/id="data">([^]*?)<\/script>/.exec(readText(path))[1]).summary;
	});
	const page = await stage.openReport(stage.file("span-0.html"));
	const words = await page.evaluate(
		(all) => all.map((s) => formatSeconds(s)),
		told.map((summary) => summary.span.seconds),
	);
	assert.deepEqual(
		told.map(
			(summary) =>
				/ in (.*? (?:ms|s|min|h|days))[,:;.]/.exec(summary.sentences[0])[1],
		),
		words,
	);
	assert.equal(words.includes("272 s") && words.includes("47,500 days"), true, words.join());
});
