# SPDX-License-Identifier: GPL-2.0
# Completion of rstwhy for bash, with the package bash-completion.

# The ids of the causes; with "all" those of the hints, too. Needs no rights. As for a user whose
# PATH has no sbin and who writes sudo before it.
_rstwhy_ids() {
	local end='/^$/q'
	[[ ${2-} == all ]] && end=
	PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin" "$1" explain 2>/dev/null |
		sed -n -e "$end" -e 's/^\([a-z][a-z0-9-]*\) .*/\1/p'
}

# Of a list with commas, the last word.
_rstwhy_list() {
	local before=
	[[ $cur == *,* ]] && before=${cur%,*},
	compopt -o nospace
	mapfile -t COMPREPLY < <(compgen -P "$before" -W "$1" -- "${cur##*,}")
}

_rstwhy_cgroups() {
	local root=/sys/fs/cgroup
	[[ -d $root/unified ]] && root=$root/unified
	compopt -o nospace
	mapfile -t COMPREPLY < <(compgen -d -S / -- "$root/${cur#/}")
	COMPREPLY=("${COMPREPLY[@]#"$root"}")
}

_rstwhy_words() {
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

# The value of an option; 1: it has none.
_rstwhy_value() {
	case $prev in
	-f | --format)
		_rstwhy_words "text json ecs"
		;;
	--label)
		_rstwhy_words "unit container netns"
		;;
	--cause | --exclude-cause)
		_rstwhy_list "$(_rstwhy_ids "$1")"
		;;
	--cgroup)
		_rstwhy_cgroups
		;;
	--comm)
		_rstwhy_words "$(ps -A -o comm= 2>/dev/null | sort -u)"
		;;
	--user)
		_rstwhy_words "$(cut -d: -f1 /etc/passwd)"
		;;
	--pid)
		_rstwhy_words "$(ps -A -o pid= 2>/dev/null)"
		;;
	--netns)
		_rstwhy_words "$(lsns -n -t net -o NS 2>/dev/null)"
		;;
	--listen)
		_rstwhy_words "127.0.0.1:19435 [::1]:19435 0.0.0.0:19435"
		;;
	--buffer)
		_rstwhy_words "512K 1M 4M 16M 64M"
		;;
	-o | --output | --pcapng | --timeouts | --kafka-config)
		_filedir
		;;
	-d | --duration | -n | --count | --rate | --address | --port | --local-port | --peer-port | \
		--output-size | --pcapng-size | --kafka | --host) ;;
	*)
		return 1
		;;
	esac
}

_rstwhy_options="
	--format --output --append --output-size --duration --count --rate --buffer --stack --host
	--sent --received --silent --ignored
	--address --port --local-port --peer-port --netns --pid --comm --cgroup
	--cause --exclude-cause --timeouts
	--listen --public --label --journal --pcapng --pcapng-size --kafka --kafka-config
	--user --no-sandbox --verbose --quiet --help --usage --version"

# Those of _rstwhy_options whose value follows behind '='.
_rstwhy_valued=" --format --output --output-size --duration --count --rate --buffer
	--address --port --local-port --peer-port --netns --pid --comm --cgroup
	--cause --exclude-cause --timeouts --label --pcapng --pcapng-size --kafka
	--kafka-config --user --host "

_rstwhy() {
	local cur prev words cword split
	_init_completion -s || return
	# The value of --listen can only stand behind '='.
	if [[ $prev != --listen || $split == true ]] && _rstwhy_value "$1"; then
		return
	fi
	if [[ $cur == -* ]]; then
		_rstwhy_words "$_rstwhy_options"
		if [[ ${#COMPREPLY[@]} == 1 && $_rstwhy_valued == *[[:space:]]${COMPREPLY[0]}[[:space:]]* ]]; then
			compopt -o nospace
			COMPREPLY=("${COMPREPLY[0]}=")
		fi
	elif [[ " ${words[*]:1:cword-1} " == *" explain "* ]]; then
		_rstwhy_words "$(_rstwhy_ids "$1" all)"
	elif [[ " ${words[*]:1:cword-1} " == *" "@(replay|report)" "* ]]; then
		_filedir
	elif [[ " ${words[*]:1:cword-1} " != *" "@(doctor|top)" "* ]]; then
		_rstwhy_words "explain doctor replay report top"
	fi
}

complete -F _rstwhy rstwhy
