#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The Debian package: what lintian says, whether a bare Debian can install and run it, whether its
# service traces with the rights that the unit leaves it, and that nothing stays behind.
#
# The service runs under a systemd of its own, in namespaces of its own: only the kernel, and so the
# tracing, is the real one. Where that systemd does not start, this part is skipped, and told.
#
# usage: deb.sh DIRECTORY (of `make deb`; the bare Debian is kept there, too)
set -u
dir=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
root=$dir/root
unit=rstwhy.service
exposure_max=33	# tenths, of `systemd-analyze security`
passed=0
failed=0
namespaces=
cgroup=

if [ "$(id -u)" -ne 0 ]; then
	echo "rstwhy: test the Debian package: needs root, for debootstrap and BPF: sudo make test-deb" >&2
	exit 1
fi

# check NAME COMMAND...: what it says is shown when it fails.
check() {
	name=$1
	begun=$SECONDS
	shift
	if said=$("$@" 2>&1); then
		passed=$((passed + 1))
		echo "  ok       $name ($((SECONDS - begun)) s)"
	else
		failed=$((failed + 1))
		echo "  FAILED   $name"
		printf '%s\n' "$said" | tail -n 30 | sed 's/^/    /'
		return 1
	fi
}

# Waits for the condition, for a minute at most.
await() {
	for _ in $(seq 600); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.1
	done
	echo "waited in vain for: $*"
	return 1
}

mounts() {
	for fs in proc sys; do
		mountpoint -q "$root/$fs" || mount --rbind --make-rslave "/$fs" "$root/$fs"
	done
}

unmounts() {
	for fs in proc sys; do
		! mountpoint -q "$root/$fs" || umount --recursive --lazy "$root/$fs"
	done
}

clean_up() {
	if [ -n "$namespaces" ]; then
		kill -KILL "$namespaces"
		await test ! -e "/proc/$namespaces"
	fi
	unmounts
	# The tree must not be removed through a mount that is still there.
	findmnt --raw --noheadings -o TARGET | grep -q "^$root/" || rm -rf "$root"
	if [ -n "$cgroup" ]; then
		echo $$ >"$(dirname "$cgroup")/cgroup.procs"
		await remove_cgroup
	fi
}

remove_cgroup() {
	[ ! -d "$cgroup" ] || find "$cgroup" -depth -type d -exec rmdir {} \;
	[ ! -d "$cgroup" ]
}

# The bare Debian

mirror() {
	cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
		grep -oE 'https?://[^ ]+/debian/?( |$)' | head -n 1
}

bootstrap() {
	[ ! -e "$dir/base/ready" ] || return 0
	# shellcheck source=/dev/null
	suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
	rm -rf "$dir/base"
	# shellcheck disable=SC2046 # none, or a word
	debootstrap --variant=minbase --include=systemd,systemd-sysv "$suite" "$dir/base" $(mirror) &&
		touch "$dir/base/ready"
}

fresh_root() {
	rm -rf "$root"
	cp -a --reflink=auto "$dir/base" "$root"
	cp "$dir"/rstwhy_*.deb "$root/rstwhy.deb"
	# The depends may be newer than what was fetched once.
	chroot "$root" apt-get -qq update
}

inside() {
	chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"
}

exposure() {
	inside systemd-analyze security --offline=true --threshold=$exposure_max --no-pager $unit
}

# `doctor` fails only where there is nothing to trace with.
traces() {
	said=$(inside rstwhy -d 1 2>&1) || return 1
	printf '%s\n' "$said"
	[[ $said == *"rstwhy: tracing "*"counted "* ]]
}

is_off() {
	[ "$(inside systemctl is-enabled $unit)" = disabled ]
}

# Its service, under a systemd of its own

boot() {
	local top=/sys/fs/cgroup
	[ ! -d $top/unified ] || top=$top/unified
	[ -e $top/cgroup.procs ] || return 1
	mkdir "$top/rstwhy-test-$$" || return 1
	cgroup=$top/rstwhy-test-$$
	(echo 0 >"$cgroup/cgroup.procs" &&
		exec unshare --mount --uts --ipc --cgroup --net --pid --fork --kill-child \
			"$here/boot" "$root") >"$dir/boot.log" 2>&1 &
	namespaces=$!
	disown # its end is no news
	await booted
}

# PID 1 of the other pid namespace, as seen from this one.
first() {
	tr -d ' ' <"/proc/$namespaces/task/$namespaces/children"
}

served() {
	nsenter --all --target "$(first)" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		DEBIAN_FRONTEND=noninteractive "$@"
}

booted() {
	[[ $(served systemctl is-system-running 2>&1) =~ running|degraded ]]
}

show() {
	served systemctl show --property="$1" --value $unit
}

is_active() {
	[ "$(show ActiveState)" = active ] || served systemctl --no-pager status $unit
}

starts() {
	served systemctl start $unit && is_active && return
	served journalctl --no-pager -u $unit
	return 1
}

status_of() {
	served sed -n "s/^$1:[[:space:]]*//p" "/proc/$(show MainPID)/status"
}

# In the order of their numbers: DAC_READ_SEARCH 2, SYS_PTRACE 19, SYS_ADMIN 21, SYSLOG 34,
# PERFMON 38, BPF 39.
# What tracing keeps; the bounding set is the unit's, for nobody may change it without CAP_SETPCAP.
rights_are() {
	[ "$(status_of CapPrm) $(status_of CapEff) $(status_of CapAmb) $(status_of CapBnd)" = \
		"$1 $1 0000000000000000 $2" ] || { served cat "/proc/$(show MainPID)/status"; return 1; }
	[ "$(status_of NoNewPrivs) $(status_of Seccomp)" = "1 2" ]
}

drop_in() {
	served mkdir -p /run/systemd/system/$unit.d
	served tee /run/systemd/system/$unit.d/test.conf
	served systemctl daemon-reload && served systemctl restart $unit && is_active
}

undo_drop_in() {
	served rm -r /run/systemd/system/$unit.d
	served systemctl daemon-reload && served systemctl restart $unit && is_active
}

without_admin() {
	drop_in <<-END || return 1
		[Service]
		CapabilityBoundingSet=~CAP_SYS_ADMIN
		AmbientCapabilities=~CAP_SYS_ADMIN
	END
	rights_are 000000c000080004 000000c400080004 && undo_drop_in
}

# The options that come with the package.
writes_to_journal() {
	refused
	await in_journal || served journalctl --no-pager -u $unit
}

in_journal() {
	served journalctl --output=json -u $unit | grep connection-refused | grep -q '"refused-'
}

options_are() {
	echo "RSTWHY_OPTIONS=\"$1\"" >"$root/etc/default/rstwhy"
	served systemctl restart $unit && is_active
}

events=/var/log/rstwhy/events.json

# By a process in a cgroup of its own, which is there when it is looked at.
refused() {
	served systemd-run --quiet --collect --unit=refused-$RANDOM.service \
		bash -c '(exec 3<>/dev/tcp/127.0.0.1/81); sleep 1'
}

own_netns() {
	served stat -L -c %i /proc/self/ns/net
}

# With what the rights are for: the kernel's functions, and the cgroup of who was refused.
writes_events() {
	options_are "-f json --stack --netns=$(own_netns) -o $events" || return 1
	refused
	await grep -q '"cause":"connection-refused"' "$root$events" || return 1
	cat "$root$events"
	grep '"cause":"connection-refused"' "$root$events" |
		grep '"cgroup":"/system.slice/refused-' | grep -q '"kernel":\["tcp_'
}

reloads() {
	mv "$root$events" "$root$events.1"
	served systemctl reload $unit || return 1
	await test -e "$root$events" || return 1
	refused
	await grep -q connection-refused "$root$events"
}

rotates() {
	sed -n '/postrotate/,/endscript/p' "$root/etc/logrotate.d/rstwhy" | grep -v -e postrotate \
		-e endscript >"$root/rotate"
	rm -f "$root$events"
	served sh -e /rotate && await test -e "$root$events"
}

# One second without a word, and the manager begins anew; with a signal that does not wait for one
# that stands still.
is_watched() {
	drop_in <<-END || return 1
		[Service]
		WatchdogSec=1s
		WatchdogSignal=SIGKILL
		RestartSec=100ms
	END
	sleep 2.5
	[ "$(show NRestarts)" = 0 ] || return 1
	served sh -c "kill -STOP $(show MainPID)"
	await restarted && await is_active && undo_drop_in
}

restarted() {
	[ "$(show NRestarts)" = 1 ]
}

wrong_usage_stays_down() {
	echo 'RSTWHY_OPTIONS="--nosuch"' >"$root/etc/default/rstwhy"
	! served systemctl restart $unit || return 1
	await_state failed && served journalctl --no-pager -u $unit | grep -q -e --nosuch || return 1
	options_are "-f json -o $events"
}

await_state() {
	for _ in $(seq 100); do
		[ "$(show ActiveState)" != "$1" ] || return 0
		sleep 0.1
	done
	served systemctl --no-pager status $unit
	return 1
}

upgrade() {
	served dpkg --force-confold -i /rstwhy.deb
}

upgrade_restarts() {
	before=$(show MainPID)
	upgrade && is_active && [ "$(show MainPID)" != "$before" ]
}

upgrade_leaves_stopped() {
	served systemctl stop $unit
	upgrade && [ "$(show ActiveState)" = inactive ]
}

remove_stops() {
	served systemctl start $unit
	pid=$(show MainPID)
	served dpkg --remove rstwhy && ! served test -e "/proc/$pid" && served test -d /var/log/rstwhy
}

purge() {
	"$1" dpkg --purge rstwhy || return 1
	rm -f "$root/rstwhy.deb"
	left=$(find "$root/etc" "$root/usr" "$root/lib" "$root/var" "$root/run" -xdev -name '*rstwhy*' \
		-not -path "$root/var/cache/*")
	[ -z "$left" ] || { echo "left behind: $left"; return 1; }
}

trap clean_up EXIT
unmounts
check lintian lintian --allow-root --fail-on error,warning "$dir"/rstwhy_*.changes
check "debootstrap" bootstrap && check "a fresh root" fresh_root || exit 1
check "apt-get install" inside apt-get -qq -y install --no-install-recommends /rstwhy.deb || exit 1
mounts
check "--version" inside rstwhy --version
check "doctor" inside rstwhy doctor
check "a run of a second" traces
check "systemd-analyze verify" inside systemd-analyze --man=no verify /lib/systemd/system/$unit
check "systemd-analyze security" exposure
check "not enabled" is_off
unmounts
if boot; then
	check "the service starts" starts &&
	check "with the rights that tracing needs" rights_are 000000c000080004 000000c400280004
	check "without CAP_SYS_ADMIN" without_admin
	check "it writes to the journal" writes_to_journal
	check "it writes events" writes_events
	check "systemctl reload" reloads
	check "logrotate's script" rotates
	check "the watchdog" is_watched
	check "wrong usage" wrong_usage_stays_down
	check "an upgrade restarts it" upgrade_restarts
	check "an upgrade leaves it stopped" upgrade_leaves_stopped
	check "removal stops it" remove_stops
	check "purge" purge served
else
	echo "  skipped  the service: no systemd of its own starts here:"
	tail -n 5 "$dir/boot.log" | sed 's/^/    /'
	check "purge" purge inside
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
