/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From where on numbers mean something: every threshold of the hints, with its unit and where it
 * comes from. A hint that comes too rarely is a nuisance, one that is wrong is worse: in doubt
 * they are high.
 */
#ifndef RSTWHY_THRESHOLDS_H
#define RSTWHY_THRESHOLDS_H

/*
 * idle-timeout: how far the idle time may be off the documented one: 1 % of it, but at least what
 * the kernel's ticks, a round trip and the scheduling of a busy server take, and at most what tells
 * 60 s from 65 s and 600 s from 610 s. (A plain 2 s would take 3.9 s for Node's 5 s.)
 */
#define IDLE_TOLERANCE_SHARE 0.01
#define IDLE_TOLERANCE_MIN_S 0.15
#define IDLE_TOLERANCE_MAX_S 2.0

/* Shorter timeouts than this are not told from round trips and pauses of a program. */
#define IDLE_TIMEOUT_MIN_S 1.0
#define IDLE_TIMEOUT_MAX_S 1e8 /* three years */

/*
 * reused-idle-connection: a pause is one from here on (the shortest keep-alive timeouts in use are
 * 2 s), and the reset is an answer to what was sent if it came within two smoothed round trips and
 * some scheduling.
 */
#define REUSE_PAUSE_MIN_S 1.0
#define REUSE_ROUND_TRIPS 2.0
#define REUSE_SLACK_S 0.02

/*
 * port-scan: different ports of one source in one minute. Zeek's policy/misc/scan.zeek says 15
 * ports (port_scan_threshold) in five minutes; the shorter time leaves out slow retries.
 */
#define SCAN_PORTS 15
#define SCAN_WINDOW_NS 60000000000ULL

/*
 * health-check: so many resets, each as far from the one before as the others, by 5 % or what two
 * busy machines jitter. Chance makes one in some thousands of random arrivals look like that. The
 * shortest period that checkers offer in their settings is 1 s, some allow less.
 */
#define CHECK_TIMES 5
#define CHECK_PERIOD_MIN_S 0.5
#define CHECK_JITTER_SHARE 0.05
#define CHECK_JITTER_MIN_S 0.1

/*
 * possible-forgery. Weaver, Sommer, Paxson: Detecting Forged TCP Reset Packets, NDSS 2009; the two
 * seconds and the two sequence numbers are those of their detector RST_SEQ_CHANGE.
 */
#define FORGERY_WINDOW_NS 2000000000ULL
#define FORGERY_SEQ_SLACK 2
/* Hops: routes to one host differ by a router or two, and so do the paths of one load balancer. */
#define FORGERY_TTL_SLACK 2
/* A TTL seen longer ago than this may have come by another route. */
#define FORGERY_TTL_MEMORY_NS 600000000000ULL
/* Never from one alone: NAT, load balancers and anycast each show one of the signs (the same paper). */
#define FORGERY_SIGNS 2

#endif
