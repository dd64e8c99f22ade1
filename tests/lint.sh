#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Formatting, warnings as errors with gcc and clang, cppcheck, shellcheck, the man page, and that
# --help, the man page and the completions of the shells speak of the same options, and that
# SECURITY.md lists what the BPF programs call.
set -eu
build=$1
lint=$build/lint
mkdir -p "$lint"
status=0

step() {
	name=$1
	shift
	if "$@" >"$lint/$name.log" 2>&1; then
		echo "  ok       $name"
	else
		echo "  FAILED   $name"
		sed 's/^/    /' "$lint/$name.log"
		status=1
	fi
}

user_includes=$(find user -type d -printf '-I%p ')
c_files=$(find user bpf tests -name '*.[ch]' -not -path '*/build/*')
sh_files=$(find tests .ci deploy -type f -exec grep -lE '^#!/bin/(ba)?sh' {} +)

# The functions below are called through step().
# shellcheck disable=SC2317
long_options() {
	"$build/rstwhy" --help | grep -oE '^ +(-.,? )?--[a-z-]+' | grep -oE -- '--[a-z-]+'
}

# Those that a file speaks of. The man page escapes the hyphens of ours, but for those in examples,
# and not those of other programs; fish has the names behind -l.
# shellcheck disable=SC2317
options_in() {
	case $1 in
	*.8)
		grep -oE '(^|[^a-z\\-])\\-\\-([a-z]|\\-)+' "$1" | sed -e 's/^[^\\]*//' -e 's/\\//g'
		grep -E '^\.D[l1] rstwhy ' "$1" | grep -oE -- '--[a-z-]+'
		;;
	*.fish)
		grep -E '^complete -c rstwhy ' "$1" | grep -oE -- ' -l [a-z-]+' | sed 's/ -l /--/'
		;;
	*)
		grep -oE -- '(^|[^a-z-])--[a-z][a-z-]*' "$1" | grep -oE -- '--[a-z-]+'
		;;
	esac
}

# Each speaks of all options there are, and of no others.
# shellcheck disable=SC2317
options_agree() {
	wrong=0
	long_options | sort -u >"$lint/options-there-are"
	[ -s "$lint/options-there-are" ] || { echo "--help tells no option" && return 1; }
	for file in user/rstwhy.8 deploy/completions/rstwhy.bash deploy/completions/rstwhy.zsh \
		deploy/completions/rstwhy.fish; do
		options_in "$file" | sort -u >"$lint/options-spoken-of"
		comm -23 "$lint/options-there-are" "$lint/options-spoken-of" |
			sed "s|^|$file does not speak of |" >"$lint/options-wrong"
		comm -13 "$lint/options-there-are" "$lint/options-spoken-of" |
			sed "s|^|--help does not tell what $file speaks of: |" >>"$lint/options-wrong"
		[ ! -s "$lint/options-wrong" ] || wrong=1
		cat "$lint/options-wrong"
	done
	return "$wrong"
}

# shellcheck disable=SC2317
completions() {
	tests/deploy/completions.sh "$build/rstwhy"
}

# shellcheck disable=SC2317
man_page() {
	groff -ww -man -Tutf8 user/rstwhy.8 2>&1 >/dev/null | tee "$lint/groff"
	[ ! -s "$lint/groff" ]
}

# shellcheck disable=SC2317
werror() {
	make --no-print-directory BUILD="$lint/$1" CC="$1" CFLAGS="-O2 -g -Werror" all
}

# shellcheck disable=SC2086 # lists of file names
{
	step clang-format clang-format --dry-run -Werror $c_files
	step gcc werror gcc
	step clang werror clang
	step cppcheck cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 \
		--enable=warning,performance,portability --suppress=missingIncludeSystem \
		'-DLIBBPF_OPTS(type,name,...)=struct type name' -Ibpf $user_includes \
		-Itests/unit -Itests/bench -Itests/fuzz user tests
	step shellcheck shellcheck $sh_files
	step man-page man_page
	step options options_agree
	step security /usr/bin/python3 -B tests/bpf_calls.py .github/SECURITY.md \
		"$lint"/gcc/loaded.bpf.o "$lint"/gcc/probed.bpf.o "$lint"/gcc/naming.bpf.o
	step completions completions
	step install tests/deploy/install.sh "$build"
}
exit $status
