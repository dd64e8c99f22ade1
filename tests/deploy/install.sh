#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# `make install` puts every file where it belongs, keeps what the host's owner has changed, and
# `make uninstall` takes back the rest. That the packaging speaks of the same version and libraries
# as the Makefile does.
#
# usage: install.sh BUILD
set -u
build=$(realpath "$1")
cd "$(dirname "$0")/../.." || exit 1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
status=0

fail() {
	echo "FAILED: $*"
	status=1
}

run() {
	make --no-print-directory BUILD="$build" DESTDIR="$dir" "$@" >"$dir.log" 2>&1 ||
		fail "make $*: $(cat "$dir.log")"
	rm -f "$dir.log"
}

# installed PREFIX: the files, in /usr/local or in /usr.
installed() {
	for file in sbin/rstwhy share/man/man8/rstwhy.8 share/rstwhy/timeouts.tsv \
		lib/systemd/system/rstwhy.service share/bash-completion/completions/rstwhy \
		share/zsh/site-functions/_rstwhy share/fish/vendor_completions.d/rstwhy.fish; do
		[ -s "$dir$1/$file" ] || fail "$1: no $file"
	done
	for file in default/rstwhy logrotate.d/rstwhy; do
		[ -s "$dir/etc/$file" ] || fail "$1: no /etc/$file"
	done
	"$dir$1/sbin/rstwhy" --version >/dev/null || fail "$1: --version"
	grep -q "^ExecStart=$1/sbin/rstwhy " "$dir$1/lib/systemd/system/rstwhy.service" ||
		fail "$1: the unit starts another rstwhy"
}

for prefix in /usr/local /usr; do
	run install PREFIX="$prefix"
	installed "$prefix"
	echo "# mine" >>"$dir/etc/default/rstwhy"
	run install PREFIX="$prefix"
	grep -q "# mine" "$dir/etc/default/rstwhy" || fail "$prefix: /etc/default/rstwhy is overwritten"
	run uninstall PREFIX="$prefix"
	left=$(find "$dir" -type f -not -path "$dir/etc/*")
	[ -z "$left" ] || fail "$prefix: left behind: $left"
done

version=$("$build/rstwhy" --version | sed -n 's/^rstwhy //p')
packaged=$(dpkg-parsechangelog -l deploy/debian/changelog -S Version)
[ "$version" = "$packaged" ] || fail "the program is $version, the package $packaged"

# gcc, libc6-dev and make are build-essential.
# shellcheck disable=SC2016 # of make
libraries=$(make --no-print-directory BUILD="$build" --eval='packages:; @echo $(BUILD_PACKAGES)' packages)
for package in $libraries; do
	case $package in gcc | libc6-dev | make) continue ;; esac
	grep -qE "^(Build-Depends:)? +$package( |,|$)" deploy/debian/control ||
		fail "deploy/debian/control does not build-depend on $package"
done
[ "$status" -ne 0 ] || echo "install, uninstall and packaging agree"
exit $status
