#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Installs the Debian packages among the arguments that are missing. Says nothing when none is.
set -eu

missing=
for package in "$@"; do
	status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
	[ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "installing:$missing"
if [ "$(id -u)" -ne 0 ]; then
	echo "rstwhy: these packages are missing and only root can install them:" \
		"sudo apt-get install$missing" >&2
	exit 1
fi

# Servers come only to be tested with, in namespaces of their own: the host does not start them.
export DEBIAN_FRONTEND=noninteractive SYSTEMD_OFFLINE=1 RUNLEVEL=1
install() {
	# shellcheck disable=SC2086 # a list of words
	apt-get -qq -y -o Dpkg::Use-Pty=0 install --no-install-recommends $missing >/dev/null
}
# The lists of a fresh machine are empty, those of an old one name packages that are gone.
if ! install 2>/dev/null; then
	apt-get -qq update
	install
fi
