#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# npm.sh BINARY DIRECTORY [MOCK]: deploy/ by what npm installed in DIRECTORY. Root: it resets
# connections, in a network namespace of its own. MOCK is the Kafka cluster of the scenarios; without
# it kafka.sql is not tried.
set -u
cd "$(dirname "$0")/../.." || exit 1
top=$PWD
binary=$(realpath "$1")
mock=${3:+$(realpath "$3")}
cd "$2" || exit 1
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

# Six events; curl tries until rstwhy has seen them.
# shellcheck disable=SC2016,SC2317 # the inner shell expands; called through step()
record() {
	unshare --net sh -euc '
		ip link set lo up
		ip address add 10.9.0.1/24 dev lo
		ip address add 10.9.0.2/24 dev lo
		"$0" --format=json --output=events.json --count=6 --duration=60 \
			--netns="$(stat -L -c %i /proc/self/ns/net)" &
		while kill -0 $! 2>/dev/null; do
			curl -s --interface 10.9.0.1 http://10.9.0.2:1/ || true
		done
		wait $!' "$binary"
}

step kubernetes node kubernetes.mjs "$top"/deploy/kubernetes/*.yaml
step types node types.mjs "$top/deploy"
step dockerfile node_modules/.bin/dockerfilelint --config . "$top/deploy/Dockerfile"
step logql node logql.mjs "$top/deploy/loki/queries.logql"
step record record
step clickhouse node clickhouse.mjs "$top/deploy/clickhouse" events.json
if [ -n "$mock" ]; then
	step topic node topic.mjs "$top/deploy/clickhouse" events.json "$binary" "$mock"
fi
exit $status
