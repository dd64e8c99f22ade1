// SPDX-License-Identifier: GPL-2.0
// Readable by everyone: an audit by axe, all widths, light and dark, still, on paper.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { readText, test } from "./harness.mjs";
import { bulk, readEvents } from "./lines.mjs";

const AXE = readText(createRequire(import.meta.url).resolve("axe-core/axe.min.js"));

// What axe finds, a line each.
export async function audit(page) {
	await page.evaluate(AXE);
	const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
	return found.violations.flatMap((v) =>
		v.nodes.map((node) => `${v.id}: ${node.target.join(" ")}: ${node.failureSummary}`),
	);
}

function path(stage) {
	const lines = [
		...bulk(readEvents(stage.recording("causes.json")), 2000, {
			units: ["nginx.service", "redis.service"],
		}),
	];
	return stage.report(stage.write("access.json", lines), "access.html");
}

for (const scheme of ["light", "dark"]) {
	test(`access: axe finds nothing, ${scheme}`, async (stage) => {
		const page = await stage.openReport(path(stage), { scheme });
		for (const summary of await page.locator("main summary").all())
			await summary.click();
		await page.locator("#causes button").first().click();
		assert.deepEqual(await audit(page), []);
		await stage.picture(page, `page-${scheme}`, { fullPage: true });
		await page.locator("table.events tbody button").first().click();
		assert.deepEqual(await audit(page), []);
		await stage.picture(page, `event-${scheme}`);
	});
}

for (const width of [360, 768, 1600]) {
	test(`access: ${width} pixels wide`, async (stage) => {
		const page = await stage.openReport(path(stage), { width });
		const overflow = () =>
			page.evaluate(
				() =>
					document.documentElement.scrollWidth -
					document.documentElement.clientWidth,
			);
		assert.equal(await overflow(), 0, "the page does not move sideways");
		for (const chart of await page.locator(".chart svg").all())
			assert.equal((await chart.boundingBox()).width <= width, true);
		await stage.picture(page, `width-${width}`, { fullPage: true });
		await page.locator("table.events tbody button").first().click();
		assert.equal(
			await page
				.getByRole("dialog")
				.evaluate((d) => d.scrollWidth - d.clientWidth <= 1),
			true,
		);
		await stage.picture(page, `width-${width}-event`);
		// A name and its value beside each other, or one above the other: never in pieces.
		const [fact, value] = await Promise.all(
			["dt", "dd"].map((tag) => page.locator(`.facts ${tag}`).first().boundingBox()),
		);
		assert.equal(value.y > fact.y, width < 640);
		assert.equal(value.width > 250, true, `${value.width} pixels for a value`);
	});
}

test("access: every chart has a caption, its figures in words and as a table", async (stage) => {
	const page = await stage.openReport(path(stage));
	for (const id of ["timeline", "idle", "age", "unread"]) {
		const figure = page.locator(`figure#${id}`);
		assert.equal(
			(await figure.locator("figcaption").textContent()).length > 5,
			true,
			id,
		);
		assert.match(
			await figure.locator("[role=img]").getAttribute("aria-label"),
			/\d/,
			id,
		);
		await figure.locator("summary").click();
		await figure.locator("tbody tr").first().waitFor();
	}
});

test("access: all of it by keyboard", async (stage) => {
	const page = await stage.openReport(path(stage));
	await page.keyboard.press("Tab");
	assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
	await page.keyboard.press("Enter");
	assert.equal(await page.evaluate(() => document.activeElement.id), "events");
	await page.keyboard.press("Tab");
	assert.equal(await page.evaluate(() => document.activeElement.id), "query");
	// Whatever can be pressed shows that it has the keyboard.
	const outline = await page.evaluate(
		() => getComputedStyle(document.activeElement).outlineStyle,
	);
	assert.equal(outline, "solid");
});

test("access: the keyboard stops at a table only where it moves", async (stage) => {
	const page = await stage.openReport(path(stage));
	const wrong = () =>
		page.evaluate(() =>
			[...document.querySelectorAll(".scroll")]
				.filter(
					(node) =>
						(node.tabIndex === 0) !==
						(node.scrollWidth > node.clientWidth ||
							node.scrollHeight > node.clientHeight),
				)
				.map((node) => node.dataset.keep),
		);
	// Whatever names there are, the table of events has room for them, then not, then again.
	const events = page.locator("#table .scroll");
	const isStop = (is) =>
		page.waitForFunction(
			(wanted) =>
				document.querySelector("#table .scroll").hasAttribute("tabindex") ===
				wanted,
			is,
		);

	assert.deepEqual(await wrong(), []);
	assert.equal(await events.getAttribute("tabindex"), null);
	assert.equal(await page.locator("#rankings .scroll[tabindex]").count(), 0);
	await page.setViewportSize({ width: 500, height: 900 });
	await isStop(true);
	assert.deepEqual(await wrong(), []);
	await page.setViewportSize({ width: 1400, height: 900 });
	await isStop(false);
	// Its figures are more than it has room for.
	await page.locator("#timeline summary").click();
	await page.locator("#timeline .scroll[tabindex]").waitFor();
	assert.deepEqual(await wrong(), []);
});

test("access: colours are the same in all charts, and told apart", async (stage) => {
	const page = await stage.openReport(path(stage));
	const colour = (selector) =>
		page
			.locator(selector)
			.evaluateAll((all) =>
				all.map((node) => [
					node
						.closest("tr, li")
						.textContent.match(/[a-z]+(-[a-z]+)+/)?.[0],
					getComputedStyle(node).backgroundColor,
				]),
			);
	const legend = await colour("#timeline .legend .swatch"),
		causes = new Map(await colour("#causes .swatch"));
	assert.equal(new Set(legend.map(([, rgb]) => rgb)).size, legend.length, "no two alike");
	for (const [cause, rgb] of legend.filter(([cause]) => causes.has(cause)))
		assert.equal(causes.get(cause), rgb, cause);
});

for (const scheme of ["light", "dark"]) {
	test(`access: colours of charts stand out from the ground, ${scheme}`, async (stage) => {
		const page = await stage.openReport(path(stage), { scheme });
		const ratios = await page.evaluate(() => {
			const light = (rgb) =>
				rgb
					.match(/\d+/g)
					.slice(0, 3)
					.map((n) => n / 255)
					.map((n) =>
						n <= 0.04045
							? n / 12.92
							: ((n + 0.055) / 1.055) ** 2.4,
					)
					.reduce(
						(sum, n, i) =>
							sum + n * [0.2126, 0.7152, 0.0722][i],
						0,
					);
			const ground = light(getComputedStyle(document.body).backgroundColor);
			return ["c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "cx", "plain"].map(
				(name) => {
					const node = document.body.appendChild(
						Object.assign(document.createElement("i"), {
							className: name,
						}),
					);
					const own = light(getComputedStyle(node).backgroundColor);
					return [
						name,
						(Math.max(own, ground) + 0.05) /
							(Math.min(own, ground) + 0.05),
					];
				},
			);
		});
		for (const [name, ratio] of ratios)
			assert.equal(ratio >= 3, true, `${name}: ${ratio.toFixed(2)}`);
	});
}

for (const scheme of ["light", "dark"]) {
	test(`access: forced colours leave those that tell something, ${scheme}`, async (stage) => {
		const page = await stage.openReport(path(stage), { scheme, forced: "active" });
		const style = (selector, property) =>
			page
				.locator(selector)
				.first()
				.evaluate((node, name) => getComputedStyle(node)[name], property);
		const own = (name) =>
			page.evaluate((variable) => {
				const probe = document.body.appendChild(
					document.createElement("i"),
				);
				probe.style.cssText = `forced-color-adjust:none;color:var(${variable})`;
				const { color } = getComputedStyle(probe);
				probe.remove();
				return color;
			}, name);
		const system = scheme === "light" ? "rgb(0, 0, 0)" : "rgb(255, 255, 255)";

		for (const one of [
			"#causes .swatch",
			"#causes .bar",
			"#timeline .legend .swatch",
		]) {
			const name = await page
				.locator(one)
				.first()
				.evaluate((node) => node.className.match(/c[0-7x]$/)[0]);
			assert.equal(
				await style(one, "backgroundColor"),
				await own(`--${name}`),
				one,
			);
		}
		assert.equal(
			await style("#rankings .bar", "backgroundColor"),
			await own("--plain"),
		);
		assert.equal(
			await style("#idle .shades .swatch", "backgroundColor"),
			await own("--heat"),
		);
		assert.equal(await style("#causes .track", "outlineColor"), system);
		for (const chart of ["#timeline", "#idle", "#age"])
			assert.equal(await style(`${chart} svg text`, "fill"), system, chart);
		await page.locator("#causes button").first().click();
		assert.notEqual(
			await style("#causes button[aria-pressed=true]", "backgroundColor"),
			await style("#causes button[aria-pressed=false]", "backgroundColor"),
		);
		await stage.picture(page, `forced-${scheme}`, { fullPage: true });
		await page.locator("#query").fill("direction:sent");
		await page.locator("#query").press("Enter");
		await page.locator("table.events tbody button").first().click();
		const head = await page
			.locator(".ladder .arrow.right")
			.first()
			.evaluate((node) => {
				const after = getComputedStyle(node, "::after");
				return [after.borderLeftColor, after.borderTopColor];
			});
		assert.deepEqual(head, [system, "rgba(0, 0, 0, 0)"], "an arrow's head is no box");
		await stage.picture(page, `forced-${scheme}-event`);
	});
}

test("access: paper has all of it and nothing to press", async (stage) => {
	const page = await stage.openReport(path(stage), { scheme: "dark" });
	await page.evaluate(() =>
		addEventListener("beforeprint", () => {
			window.printed = [...document.querySelectorAll("main details")].map(
				(d) => d.open && d.querySelectorAll("tr").length > 0,
			);
		}),
	);
	const pdf = await page.pdf({ path: stage.file("report.pdf"), format: "A4" });
	assert.equal(pdf.length > 50000, true);
	const printed = await page.evaluate(() => window.printed);
	assert.equal(printed.length > 3 && printed.every(Boolean), true, "all sections are open");
	await page.emulateMedia({ media: "print" });
	for (const selector of ["#search", "nav", ".zoom", ".pager"])
		assert.equal(await page.locator(selector).first().isVisible(), false, selector);
	assert.equal(
		await page.evaluate(() => getComputedStyle(document.body).backgroundColor),
		"rgb(255, 255, 255)",
	);
	await stage.picture(page, "print", { fullPage: true });
});

test("access: nothing moves for those who want it still", async (stage) => {
	const page = await stage.openReport(path(stage), { motion: "reduce" });
	const moving = () =>
		page.evaluate(() => {
			const dot = document.getElementById("connection");
			document.getElementById("live").hidden = false;
			dot.className = "state connected";
			return getComputedStyle(dot, "::before").animationName;
		});
	assert.equal(await moving(), "none");
	await page.emulateMedia({ reducedMotion: "no-preference" });
	assert.equal(await moving(), "pulse");
});

test("access: the licence of the chart library", async (stage) => {
	const page = await stage.openReport(path(stage));
	const licence = readText(join(stage.top, "user/page/d3.licence"));
	await page.locator("footer summary").click();
	assert.equal((await page.locator("#licence").textContent()).trim(), licence.trim());
	assert.equal(await page.locator("#licence").isVisible(), true);
});

test("access: a report that is not whole says so", async (stage) => {
	const { writeFileSync } = await import("node:fs");
	const whole = readText(path(stage));
	writeFileSync(
		stage.file("broken.html"),
		whole.replace(/(?<=id="data">)[^]*?(?=<\/script>)/, (text) =>
			text.slice(0, text.length / 2),
		),
	);
	const page = await stage.openReport(stage.file("broken.html"));
	assert.match(await page.locator("#sentences").textContent(), /cannot be read.*not whole/);
});
