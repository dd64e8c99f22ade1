#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What is in deploy/, as far as Debian's tools can tell: rules by promtool, the shape of the
# dashboard, and that every key, metric and cause named there exists.
set -u
cd "$(dirname "$0")/../.." || exit 1
status=0

step() {
	name=$1
	shift
	if text=$("$@" 2>&1); then
		printf '  %-8s %s\n' ok "$name"
	else
		printf '  %-8s %s\n%s\n' FAILED "$name" "$text"
		status=1
	fi
}

step rules promtool check rules deploy/prometheus/rstwhy.rules.yml
step rules-test promtool test rules deploy/prometheus/rstwhy.rules.test.yml
step dashboard /usr/bin/python3 -B tests/deploy/dashboard.py deploy/grafana/rstwhy.json
step keys /usr/bin/python3 -B tests/deploy/keys.py
exit $status
