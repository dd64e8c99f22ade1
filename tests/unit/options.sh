#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Command lines that make no sense: exit status 2, nothing on stdout, and on stderr one clear line
# with the word that is wrong. (Behind it argp tells where help is.)
#
# usage: options.sh BINARY
set -eu
rstwhy=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
count=0
failed=0

fail() {
	failed=$((failed + 1))
	echo "FAILED: rstwhy $words: $1"
	sed 's/^/    /' "$dir/err"
}

run() {
	words=$*
	count=$((count + 1))
	status=0
	timeout 10 "$rstwhy" "$@" </dev/null >"$dir/out" 2>"$dir/err" || status=$?
}

# bad WRONG WORD...: the message must hold WRONG.
bad() {
	wrong=$1
	shift
	run "$@"
	# shellcheck disable=SC2016 # the quotes are argp's
	lines=$(grep -cv '^Try `rstwhy --help' "$dir/err" || true)
	if [ "$status" -ne 2 ]; then
		fail "exit status $status, not 2"
	elif [ -s "$dir/out" ]; then
		fail "something on stdout"
	elif [ "$lines" -ne 1 ]; then
		fail "$lines lines on stderr, not 1"
	elif ! grep -q '^\([^ ]*/\)\{0,1\}rstwhy: ' "$dir/err"; then
		fail "the line does not begin with 'rstwhy: '"
	elif ! grep -qF -e "$wrong" "$dir/err"; then
		fail "the line does not say '$wrong'"
	fi
}

good() {
	run "$@"
	if [ "$status" -ne 0 ]; then
		fail "exit status $status"
	elif [ ! -s "$dir/out" ]; then
		fail "nothing on stdout"
	elif [ -s "$dir/err" ]; then
		fail "something on stderr"
	fi
}

# `explain` stands behind what a wrong program would accept: it would list the causes, not trace.
bad --nosuch --nosuch
bad x -x explain
bad --format --format
bad duration --duration
bad xml --format=xml explain
bad xml -f xml explain

for option in count port local-port peer-port pid netns; do
	bad "$option=many" "--$option=many" explain
	bad "$option=12x" "--$option=12x" explain
	bad "$option=0" "--$option=0" explain
	bad "$option=-1" "--$option=-1" explain
	bad "$option= -1" "--$option= -1" explain
	bad "$option=" "--$option=" explain
	bad "$option=99999999999999999999" "--$option=99999999999999999999" explain
done
bad 65536 --port=65536 explain
bad "--host=: a name is missing" --host= explain
bad "--host=000" "--host=$(printf '%0254d' 0)" explain
bad "0: longer than 253 bytes" "--host=$(printf '%02000d' 0)" explain
good "--host=$(printf '%0253d' 0)" explain
bad 4294967296 --netns=4294967296 explain
for seconds in never 0 -1 nan inf 1e999 5x ''; do
	bad "duration=$seconds" "--duration=$seconds" explain
done

for address in localhost 10.0.0 10.0.0.256 fe80:::1 '[::1]' '' /8 10.0.0.0/33 10.0.0.0/x \
	10.0.0.0/-1 10.0.0.0/ ::/129 "$(printf '%0100d' 0)"; do
	bad "address=$address" "--address=$address" explain
done

bad nosuch --cause=nosuch explain
bad nosuch --cause=port-closed,nosuch explain
bad nosuch --exclude-cause=nosuch explain
bad cause --cause= explain
bad cause --exclude-cause=, explain

printf '350\tour proxy\nabc\tnobody\n' >"$dir/bad.tsv"
printf '350\tour proxy\n' >"$dir/good.tsv"
bad timeouts --timeouts
bad "$dir/bad.tsv:2: 'abc' is no number of seconds" "--timeouts=$dir/bad.tsv" explain
bad "$dir/bad.tsv:2: " "--timeouts=$dir/good.tsv" "--timeouts=$dir/bad.tsv" explain
bad "read $dir: Is a directory" "--timeouts=$dir" explain
bad "read $dir/none: No such file" "--timeouts=$dir/none" explain
bad "/dev/zero:1: a NUL byte" --timeouts=/dev/zero explain

# The words of --kafka: test_kafka_words.c has more of them.
for target in '' kafka kafka:9092 /topic kafka:x/topic kafka/ 'kafka/a b'; do
	bad "--kafka=$target: " "--kafka=$target" explain
done
bad --kafka-config --kafka-config
bad "--kafka-config needs --kafka=" "--kafka-config=$dir/good.tsv" explain

# A rstwhy without libmicrohttpd says so of these, too: the parser is asked first.
for endpoint in 80 127.0.0.1 127.0.0.1:0 127.0.0.1:65536 ::1:80 localhost:80 '[::1]' '[::1]:' :x ''; do
	bad "listen=$endpoint" "--listen=$endpoint" explain
done
bad label=pod --label=pod --listen explain
bad --label --label=unit explain

bad "--user=nosuch: no such user" --user=nosuch explain
bad --user= --user= explain
bad --no-sandbox --user=daemon --no-sandbox explain

bad --sent --sent --received explain
bad frobnicate frobnicate
bad more explain port-closed more
bad more doctor more
bad FILE replay
bad more replay - more
bad "report needs a FILE" report
bad --duration report --duration=1 -
bad --listen report --listen -
bad --format report -f json -
bad --count report - --count=3
bad --pcapng report --pcapng=x -
bad --duration replay --duration=1 -
bad "--append is of files" --append explain
ln "$dir/good.tsv" "$dir/hard"
ln -s yet-to-come "$dir/link"
bad "is the same file" -o "$dir/x" "--pcapng=$dir/./x" explain
bad "is the same file" -o "$dir/good.tsv" "--pcapng=$dir/hard" explain
bad "is the same file" -o "$dir/yet-to-come" "--pcapng=$dir/link" explain
bad "stdout is the same file" "--pcapng=$dir/out" explain
[ "$(cat "$dir/good.tsv")" = "$(printf '350\tour proxy')" ] || fail "the file was touched"
for size in 0 63K 64 x 64KB -1 ''; do
	bad "output-size=$size: not a size of at least 64K" -o x "--output-size=$size" explain
done
bad "--output-size needs --output=" --output-size=64K explain
bad --output-size report --output-size=64K -o x -
bad --append report --append -o x -
bad --public --public explain
bad nosuch explain nosuch
bad nosuch -f json explain nosuch

good --help
good --usage
good --version
good explain
good explain port-closed
good "--timeouts=$dir/good.tsv" "--timeouts=$dir/good.tsv" explain
good -f json explain
good -f json explain port-closed
good -f ecs explain port-closed
good -o /dev/null --pcapng=/dev/null explain
good -o "$dir/x" "--pcapng=$dir/out" explain

if [ "$failed" -ne 0 ]; then
	echo "$failed of $count command lines failed"
	exit 1
fi
echo "$count command lines passed"
