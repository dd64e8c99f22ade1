// SPDX-License-Identifier: GPL-2.0
// The ladder diagram of an event: this host on the left, the peer on the right, time downwards.
"use strict";

const ROLE_WORDS = {
	owner: "its socket",
	closer: "closed it",
	connector: "connected",
	listener: "listens",
	killer: "destroyed it",
};

const ARROW_WORDS = {
	left: "Peer to local: ",
	right: "Local to peer: ",
	lost: "Local to peer, lost: ",
};

function stepNode(step) {
	const left = [step.left].flat(Infinity).filter(Boolean);
	const right = [step.right].flat(Infinity).filter(Boolean);
	return make(
		"li",
		{},
		make(
			"div",
			{ class: "left" },
			step.before
				? make(
						"span",
						{ class: "before" },
						`${formatSeconds(step.before)} before`,
					)
				: null,
			left.map((text) => make("div", {}, foreign(text))),
		),
		make(
			"div",
			{ class: "wire" },
			step.way
				? make(
						"div",
						{ class: `arrow ${step.way}` },
						make(
							"span",
							{ class: "unseen" },
							ARROW_WORDS[step.way],
						),
						make(
							"span",
							{ class: "label" },
							step.label,
							step.follows
								? make(
										"abbr",
										{
											title: "not seen: what RFC 9293, 3.10.7.1 says that it is",
										},
										" *",
									)
								: null,
						),
					)
				: null,
		),
		make(
			"div",
			{ class: "right" },
			right.map((text) => make("div", {}, foreign(text))),
		),
	);
}

function drawLadder(e) {
	const steps = ladderSteps(e);
	const peer = textOf(valueAt(e, "facts.pair_name"));
	return make(
		"figure",
		{ class: "ladder" },
		make("figcaption", {}, "Ladder diagram"),
		make(
			"div",
			{ class: "ends" },
			make(
				"div",
				{ class: "left" },
				make("b", {}, "Local"),
				" ",
				foreign(formatEndpoint(valueAt(e, "network.local"))),
				actor(e)
					? make(
							"div",
							{},
							foreign(
								`${actor(e)}: ${ROLE_WORDS[valueAt(e, "process.role")] || ""}`,
							),
						)
					: null,
			),
			make(
				"div",
				{ class: "right" },
				make("b", {}, "Peer"),
				" ",
				foreign(formatEndpoint(valueAt(e, "network.peer"))),
				peer === undefined ? null : make("div", {}, foreign(peer)),
			),
		),
		make("ol", {}, steps.map(stepNode)),
		steps.some((step) => step.follows)
			? make(
					"p",
					{ class: "note" },
					"* Not seen on the wire: what RFC 9293, 3.10.7.1 makes of the segment before.",
				)
			: null,
	);
}
