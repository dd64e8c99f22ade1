// SPDX-License-Identifier: GPL-2.0
// The stage of the live tests: a namespace whose connections are refused, a tracer of it, a connection
// that can be cut, and waiting for what the page says.
import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { connect, createServer } from "node:net";

export const PORT = 19436;
export const URL_OF = `http://127.0.0.1:${PORT}/`;

// The first line of a stream that matches.
function line(stream, pattern) {
	return new Promise((resolve, reject) => {
		let text = "";
		stream.on("data", (more) => {
			text += more;
			if (pattern.test(text)) resolve(text);
		});
		stream.on("end", () => reject(new Error(`it ended without ${pattern}: ${text}`)));
	});
}

function ended(child) {
	return new Promise((resolve) =>
		child.exitCode !== null || child.signalCode !== null
			? resolve()
			: child.on("exit", resolve),
	);
}

export async function stop(child, signal = "SIGINT") {
	child.kill(signal);
	await ended(child);
}

// A namespace in which connections are refused: each is two resets on loopback.
export async function namespace(stage) {
	const shell = spawn(
		"unshare",
		["--net", "sh", "-c", "ip link set lo up && echo ready && cat"],
		{ stdio: ["pipe", "pipe", "inherit"] },
	);
	stage.undo.push(() => stop(shell, "SIGKILL"));
	await line(shell.stdout, /ready/);
	const path = `/proc/${shell.pid}/ns/net`;
	return {
		inode: statSync(path).ino,
		async refuse(times, program = "curl") {
			const words = Array.from(
				{ length: times },
				(_, i) => `http://127.0.0.1:${i + 1}/`,
			);
			const curl = spawn("nsenter", [`--net=${path}`, program, "-s", ...words], {
				stdio: "ignore",
			});
			await ended(curl);
		},
	};
}

export async function tracer(stage, inode, ...options) {
	const child = spawn(
		stage.binary,
		[
			`--listen=127.0.0.1:${PORT}`,
			`--netns=${inode}`,
			"--output=/dev/null",
			...options,
		],
		{ stdio: ["ignore", "ignore", "pipe"] },
	);
	stage.undo.push(() => stop(child, "SIGKILL"));
	await line(child.stderr, /^rstwhy: tracing/m);
	child.stderr.resume();
	return child;
}

export const mine = (url) => url.startsWith(URL_OF);
export const LOST = [
	/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/,
];

// Until the page says that it has so many events, and that so many were counted.
export async function awaitEvents(page, count) {
	await page.waitForFunction(
		(n) =>
			Number(
				document
					.getElementById("shown")
					.textContent.match(/^[\d,]+/)?.[0]
					.replaceAll(",", ""),
			) === n,
		count,
	);
}

export async function awaitCounted(page, count) {
	await page.waitForFunction(
		(n) =>
			document.querySelector(".total-counted dd")?.textContent ===
			n.toLocaleString("en"),
		count,
	);
}

export async function state(page, pattern) {
	await page.waitForFunction(
		(source) =>
			new RegExp(source).test(document.getElementById("connection").textContent),
		pattern.source,
	);
}

// The page as it is behind another one, and in front again.
export async function setHidden(page, hidden) {
	await page.evaluate((is) => {
		Object.defineProperty(document, "hidden", { value: is, configurable: true });
		document.dispatchEvent(new Event("visibilitychange"));
	}, hidden);
}

// What stands between the browser and rstwhy, and can be cut.
export async function cable(stage, port) {
	const both = new Set(),
		asked = [];
	const server = createServer((browser) => {
		const rstwhy = connect(PORT, "127.0.0.1");
		for (const socket of [browser, rstwhy]) {
			both.add(socket);
			socket.on("error", () => {});
			socket.on(
				"close",
				() =>
					both.delete(socket) &&
					[browser, rstwhy].forEach((s) => s.destroy()),
			);
		}
		browser.on("data", (bytes) => asked.push(bytes.toString("latin1")));
		browser.pipe(rstwhy).pipe(browser);
	});
	const listen = () => new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
	const cut = async () => {
		const closed = new Promise((resolve) => server.close(resolve));
		both.forEach((socket) => socket.destroy());
		await closed;
	};
	await listen();
	stage.undo.push(cut);
	return { asked, cut, mend: listen };
}
