#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What bash, zsh and fish offer behind a command line. A shell that is not installed is passed over,
# and told.
#
# usage: completions.sh BINARY
set -u
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
ln -s "$(realpath "$1")" "$dir/rstwhy"
# A shell may set a PATH of its own while it starts (BASH_ENV, zshenv): each puts $dir into it itself.
export dir
unset BASH_ENV ENV
completions=$(realpath "$(dirname "$0")/../../deploy/completions")
count=0
failed=0
shell=

# Each of these prints what is offered for a line, one word a line.
in_bash() {
	line=$1 bash --norc -c '
		PATH="$dir:$PATH"
		. /usr/share/bash-completion/bash_completion
		. "$0/rstwhy.bash"
		# Only a completion under way can change its options.
		compopt() { :; }
		COMP_LINE=$line COMP_POINT=${#line} COMP_TYPE=9
		# readline parts words at "=" and ":", too.
		read -ra COMP_WORDS <<<"${line//=/ = }"
		[[ $line == *[[:space:]=] ]] && COMP_WORDS+=("")
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		_rstwhy rstwhy
		printf "%s\n" "${COMPREPLY[@]}"' "$completions" 2>&1
}

in_fish() {
	# shellcheck disable=SC2016 # of fish
	fish --no-config -c 'set -x PATH $dir $PATH; source $argv[1]/rstwhy.fish; complete -C $argv[2]' "$completions" "$1" |
		cut -f1
}

# A line editor in a terminal of its own. Each word that would be added is printed instead.
in_zsh() {
	cp "$completions/rstwhy.zsh" "$dir/_rstwhy"
	cat >"$dir/session" <<'END'
PS1= RPS1= PROMPT_EOL_MARK=
path=($dir $path)
fpath=($dir $fpath)
autoload compinit
compinit -u -D
compadd() {
	local -a hits
	builtin compadd -O hits "$@"
	(( $#hits )) && print -rl -- begin-hits $hits end-hits
	builtin compadd "$@"
}
bindkey "^I" complete-word
# Typed earlier, a tab would be the terminal's.
zle-line-init() { print at-prompt }
zle -N zle-line-init
END
	# shellcheck disable=SC2016 # of zsh
	line=$1 timeout 30 zsh -f -c '
		zmodload zsh/zpty
		zpty session zsh -f -i
		zpty -w session ". $dir/session"
		zpty -r session seen "*at-prompt*"
		zpty -n -w session "$line"$'"'\\t\\025'"'
		zpty -w session "print is-\"\"over"
		zpty -r session seen "*is-over*"
		print -r -- "$seen"' </dev/null | tr -d '\r' | sed -n '/begin-hits$/,/end-hits/p' |
		grep -v -e begin-hits -e end-hits
}

fail() {
	failed=$((failed + 1))
	echo "FAILED: $shell: '$line': $1"
	sed 's/^/    /' "$dir/offered" | head -n 20
}

# offers LINE WORD...: these are among those offered. only LINE WORD...: these are all.
offers() {
	line=$1
	shift
	count=$((count + 1))
	"in_$shell" "$line" | sed 's/ *$//' >"$dir/offered"
	for word in "$@"; do
		grep -qxF -e "$word" "$dir/offered" || fail "does not offer $word"
	done
}

only() {
	offers "$@"
	number=$(grep -c . "$dir/offered")
	[ "$number" -eq $(($# - 1)) ] || fail "offers $number, not $(($# - 1))"
}

common() {
	only 'rstwhy d' doctor
	offers 'rstwhy explain ' port-closed idle-timeout close-unread-data
	only 'rstwhy explain port-c' port-closed
	offers 'rstwhy --' "$@"
}

has() {
	command -v "$1" >/dev/null && return
	echo "$1 is not installed: not tried"
	return 1
}

"$dir/rstwhy" explain >/dev/null || exit 1
if has bash && [ -e /usr/share/bash-completion/bash_completion ]; then
	shell=bash
	common --format --journal --version
	only 'rstwhy ' explain doctor replay report top
	only 'rstwhy -f ' text json ecs
	only 'rstwhy --format=' text json ecs
	offers 'rstwhy replay /usr/li' /usr/lib
	offers 'rstwhy report -o x /usr/li' /usr/lib
	only 'rstwhy --format=j' json
	only 'rstwhy --form' --format=
	only 'rstwhy --jour' --journal
	only 'rstwhy --output-s' --output-size=
	only 'rstwhy --app' --append
	only 'rstwhy --label ' unit container netns
	only 'rstwhy --label=c' container
	only 'rstwhy --exclude-cause port-c' port-closed
	only 'rstwhy --cause=port-closed,listener-str' port-closed,listener-stray-ack
	only 'rstwhy --listen=1' 127.0.0.1:19435
	only 'rstwhy --listen d' doctor
	offers "rstwhy --pid " $$
	offers 'rstwhy --timeouts=/usr/li' /usr/lib
	only 'rstwhy -f json explain port-c' port-closed
	only 'rstwhy --port '
	only 'rstwhy --cause idle-t'
fi
if has fish; then
	shell=fish
	common --format --journal --version
	only 'rstwhy --format=j' --format=json
	only 'rstwhy --label ' unit container netns
	only 'rstwhy --cause port-c' port-closed
	only 'rstwhy --cause port-closed,listener-str' port-closed,listener-stray-ack
	offers "rstwhy --pid $$" $$
fi
if has zsh; then
	shell=zsh
	zsh -n "$completions/rstwhy.zsh" || failed=$((failed + 1))
	only 'rstwhy d' doctor
	only 'rstwhy rep' replay report
	only 'rstwhy --label=c' container
	offers 'rstwhy --cause=port-c' port-closed
	only 'rstwhy explain idle-t' idle-timeout
fi
echo "$count completions tried, $failed failed"
[ "$failed" -eq 0 ]
