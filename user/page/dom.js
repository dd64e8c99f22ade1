// SPDX-License-Identifier: GPL-2.0
// Elements of the page. Whatever comes from an event gets into the page here, as text or as the
// value of an attribute, never as HTML: names are those of other people's processes.
"use strict";

const LONGEST_TEXT = 4096; // of one text; a longer one is cut, and says so
const NAMESPACE = "http://www.w3.org/2000/svg";

// Characters that have no shape, or turn the text around them, are spelled out.
const UNSEEN =
	/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

function spellOut(character) {
	return "\\u{" + character.charCodeAt(0).toString(16) + "}";
}

function visible(value) {
	const text = String(value);
	if (text.length <= LONGEST_TEXT) return text.replace(UNSEEN, spellOut);
	return (
		text.slice(0, LONGEST_TEXT).replace(UNSEEN, spellOut) +
		`... (${text.length - LONGEST_TEXT} characters more)`
	);
}

// An attribute that is a function is a listener ("click"); true stands alone; null is left out.
function setAll(node, attributes) {
	for (const [name, value] of Object.entries(attributes)) {
		if (typeof value === "function") node.addEventListener(name, value);
		else if (value !== null && value !== undefined && value !== false)
			node.setAttribute(name, value === true ? "" : visible(value));
	}
}

// Children are nodes or texts; null is left out.
function fill(node, children) {
	for (const child of children.flat(Infinity)) {
		if (child !== null && child !== undefined)
			node.append(child instanceof Node ? child : visible(child));
	}
	return node;
}

function make(tag, attributes = {}, ...children) {
	const node = document.createElement(tag);
	setAll(node, attributes);
	return fill(node, children);
}

function byId(id) {
	return document.getElementById(id);
}

function replace(node, ...children) {
	node.replaceChildren();
	return fill(node, children);
}

// What is said again is read out again: only what is new is written.
function say(node, text) {
	if (node.textContent !== visible(text)) replace(node, text);
}

function button(label, action, attributes = {}) {
	return make("button", { type: "button", click: action, ...attributes }, label);
}

// A name of somebody else's: the direction of its writing stays its own.
function foreign(text, attributes = {}) {
	return make("bdi", attributes, text);
}

// head: [{label, class}]; rows: arrays of texts and nodes, as many as the head has; headed: a heading
// already says what the caption does.
function table(caption, head, rows, attributes = {}) {
	return make(
		"table",
		{ class: attributes.class },
		make("caption", { class: attributes.headed ? "unseen" : null }, caption),
		make(
			"thead",
			{},
			make(
				"tr",
				{},
				head.map((h) =>
					make("th", { scope: "col", class: h.class }, h.label),
				),
			),
		),
		make(
			"tbody",
			{},
			rows.map((row) =>
				make(
					"tr",
					{},
					row.map((cell, i) =>
						make("td", { class: head[i].class }, cell),
					),
				),
			),
		),
	);
}

// A wide table moves within its own place, not the whole page.
function scrolling(label, ...children) {
	return make(
		"div",
		{
			class: "scroll",
			role: "region",
			"aria-label": label,
			"data-keep": `scroll ${label}`,
		},
		children,
	);
}

// The keyboard stops at a table only to move it: asked again whenever the room is another.
function stopAtScrolling() {
	const places = [...document.querySelectorAll(".scroll")];
	const moving = places.map(
		(node) =>
			node.scrollWidth > node.clientWidth || node.scrollHeight > node.clientHeight,
	);
	places.forEach((node, i) => {
		if (moving[i]) node.tabIndex = 0;
		else node.removeAttribute("tabindex");
	});
}

// A redraw must not take the keyboard's place away, nor scroll a table back. What is to be found
// again has a data-keep of its own.
function keeping(draw) {
	const kept = document.activeElement?.dataset?.keep;
	const moved = new Map(
		[...document.querySelectorAll(".scroll[data-keep]")]
			.filter((node) => node.scrollLeft || node.scrollTop)
			.map((node) => [node.dataset.keep, [node.scrollLeft, node.scrollTop]]),
	);

	draw();
	stopAtScrolling();
	for (const node of kept || moved.size ? document.querySelectorAll("[data-keep]") : []) {
		if (node.dataset.keep === kept && document.activeElement !== node)
			node.focus({ preventScroll: true });
		if (moved.has(node.dataset.keep))
			[node.scrollLeft, node.scrollTop] = moved.get(node.dataset.keep);
	}
}

// What has the keyboard from now on: the one of that data-keep, if it is still there.
function focusKept(keep, otherwise) {
	const kept = [...document.querySelectorAll("[data-keep]")].find(
		(node) => node.dataset.keep === keep,
	);
	kept ? kept.focus() : otherwise.focus({ preventScroll: true });
}

// The figures of a chart for those who do not see it; what was open stays open.
function asTable(figure, draw) {
	const open = figure.querySelector("details.as-table")?.open;
	const place = scrolling(`Figures of ${figure.id}`);
	const details = make(
		"details",
		{ class: "as-table", open },
		make("summary", { "data-keep": `table ${figure.id}` }, "Show as table"),
		place,
	);
	const drawOnce = () => {
		if (details.open && !place.firstChild) place.append(draw());
	};
	details.addEventListener("toggle", drawOnce);
	details.drawOnce = drawOnce; // for the printer, who does not wait for the event
	drawOnce();
	return details;
}
