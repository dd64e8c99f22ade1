#compdef rstwhy
# SPDX-License-Identifier: GPL-2.0
# Completion of rstwhy for zsh; installed as _rstwhy.

# Ids with their titles, from the program itself: causes, or with "all" hints, too.
_rstwhy_ids() {
	local -a ids
	local end='/^$/q' path=($path /usr/local/sbin /usr/sbin /sbin)
	[[ $1 == all ]] && end=
	ids=(${(f)"$(rstwhy explain 2>/dev/null |
		sed -n -e "$end" -e 's/^\([a-z][a-z0-9-]*\)  *\(sent  *\|received  *\|none  *\)*/\1:/p')"})
	if [[ $1 == all ]]; then
		_describe -t ids 'cause or hint' ids
	else
		compset -P '*,'
		_describe -t ids cause ids -q -S ,
	fi
}

_rstwhy_cgroups() {
	local root=/sys/fs/cgroup
	[[ -d $root/unified ]] && root=$root/unified
	_path_files -/ -W $root -P /
}

_rstwhy_netns() {
	local -a inodes
	inodes=(${(f)"$(lsns -n -t net -o NS 2>/dev/null)"})
	compadd -a inodes
}

_rstwhy_argument() {
	if (( ${words[(I)explain]} && ${words[(I)explain]} < CURRENT )); then
		_rstwhy_ids all
	elif (( ${words[(I)(replay|report)]} && ${words[(I)(replay|report)]} < CURRENT )); then
		_files
	else
		local -a commands=('explain:list the causes, or explain one'
			'doctor:tell what this kernel lets rstwhy see'
			'replay:judge and show recorded events again'
			'report:make a web page of recorded events'
			'top:show what happens now, on the whole terminal')
		_describe -t commands command commands
	fi
}

_arguments -S \
	'(-f --format)'{-f+,--format=}'[how to write]:format:(text json ecs)' \
	'(-o --output)'{-o+,--output=}'[write to a file instead of stdout]:file:_files' \
	'--output-size=[begin a new file after]:size:' \
	'--append[continue files, do not overwrite them]' \
	'(-d --duration)'{-d+,--duration=}'[stop after so many seconds]:seconds:' \
	'(-n --count)'{-n+,--count=}'[stop after so many events]:number:' \
	'--rate=[events of one kind shown a second at most]:number (0\: all):' \
	'--buffer=[size of the ring buffer]:size:(512K 1M 4M 16M 64M)' \
	'--stack[with the kernel stack]' \
	'--host=[the host of the events]:name:_hosts' \
	'(--received)--sent[only resets this host sends]' \
	'(--sent)--received[only resets this host receives]' \
	'--silent[also connections that die without a reset]' \
	'--ignored[also resets that arrived and were not obeyed]' \
	'--address=[only this address or network, at either end]:IP[/LEN]:' \
	'--port=[only this port, at either end]:port:' \
	'--local-port=[only this port of this host]:port:' \
	'--peer-port=[only this port of the peer]:port:' \
	'--netns=[only this network namespace]:inode:_rstwhy_netns' \
	'--pid=[only resets of this process]:process:_pids' \
	'--comm=[only resets of processes with this name]:name:_process_names -a' \
	'--cgroup=[only this cgroup and those below it]:cgroup:_rstwhy_cgroups' \
	'*--cause=[only these causes]:causes:_rstwhy_ids' \
	'*--exclude-cause=[all but these causes]:causes:_rstwhy_ids' \
	'*--timeouts=[idle timeouts of this site]:file:_files' \
	'--listen=-[serve a live page and metrics over HTTP]::address and port:(127.0.0.1\:19435)' \
	'--public[the page is for whoever reaches the address of --listen]' \
	'--label=[metrics also by]:label:(unit container netns)' \
	'--journal[also write to the systemd journal]' \
	'--pcapng=[also write the segments, for Wireshark]:file:_files' \
	'--pcapng-size=[begin a new pcapng file after]:size:' \
	'--kafka=[also write JSON to Kafka]:BROKER[,BROKER]/TOPIC:' \
	'--kafka-config=[settings of librdkafka]:file:_files' \
	'--user=[run as this user]:user:_users' \
	'--no-sandbox[keep all rights]' \
	'*'{-v,--verbose}'[with the evidence, and what was attached]' \
	'(-q --quiet)'{-q,--quiet}'[only errors on stderr]' \
	'(- *)'{-\?,--help}'[print the options]' \
	'(- *)--usage[print the options in short]' \
	'(- *)'{-V,--version}'[print the version]' \
	'*::argument:_rstwhy_argument'
