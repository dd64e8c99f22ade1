#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Formatting, warnings as errors with gcc and clang, cppcheck, shellcheck, the man page, and that
# --help, the man page and the README speak of the same options.
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

c_files=$(find user bpf tests -name '*.[ch]' -not -path '*/build/*')
sh_files=$(find tests .ci -type f -exec grep -lE '^#!/bin/(ba)?sh' {} +)

# The functions below are called through step().
# shellcheck disable=SC2317
options_agree() {
	for option in $("$build/rstwhy" --help | grep -oE '^ +(-[a-z], )?--[a-z-]+' | grep -oE -- '--[a-z-]+'); do
		case $option in --usage) continue ;; esac
		escaped=$(printf '%s' "$option" | sed 's/-/\\\\-/g')
		grep -qE -- "($option|$escaped)" user/rstwhy.8 || {
			echo "user/rstwhy.8 does not speak of $option"
			return 1
		}
	done
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
		'-DLIBBPF_OPTS(type,name,...)=struct type name' -Ibpf user
	step shellcheck shellcheck $sh_files
	step man-page man_page
	step options options_agree
}
exit $status
