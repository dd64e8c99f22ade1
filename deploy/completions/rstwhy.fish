# SPDX-License-Identifier: GPL-2.0
# Completion of rstwhy for fish.

# Ids and titles, from the program itself: causes, or with "all" hints, too.
function __rstwhy_ids
    set -l end '/^$/q'
    test "$argv[1]" = all; and set end ''
    set -lx PATH $PATH /usr/local/sbin /usr/sbin /sbin
    rstwhy explain 2>/dev/null | sed -n -e "$end" \
        -e 's/^\([a-z][a-z0-9-]*\)  *\(sent  *\|received  *\|none  *\)*/\1\t/p'
end

# Of a list with commas, the last word.
function __rstwhy_id_list
    set -l before (commandline -ct | string replace -r '^--[a-z-]+=' '' | string match -r '.*,')
    string replace -r '^' "$before" (__rstwhy_ids)
end

function __rstwhy_cgroups
    set -l root /sys/fs/cgroup
    test -d $root/unified; and set root $root/unified
    set -l typed (commandline -ct | string replace -r '^--[a-z-]+=' '' | string trim -l -c /)
    for directory in $root/$typed*/
        string replace -- $root '' $directory
    end
end

complete -c rstwhy -f
complete -c rstwhy -n __fish_use_subcommand -a explain -d 'List the causes, or explain one'
complete -c rstwhy -n __fish_use_subcommand -a doctor -d 'What this kernel lets rstwhy see'
complete -c rstwhy -n __fish_use_subcommand -a replay -d 'Judge and show recorded events again'
complete -c rstwhy -n __fish_use_subcommand -a top -d 'Show what happens now, on the whole terminal'
complete -c rstwhy -n __fish_use_subcommand -a report -d 'Make a web page of recorded events'
complete -c rstwhy -n '__fish_seen_subcommand_from replay report' -F
complete -c rstwhy -n '__fish_seen_subcommand_from explain' -a '(__rstwhy_ids all)'

complete -c rstwhy -s f -l format -x -a 'text json ecs' -d 'How to write'
complete -c rstwhy -s o -l output -r -F -d 'Write to a file instead of stdout'
complete -c rstwhy -l output-size -x -d 'Begin a new file after'
complete -c rstwhy -l append -d 'Continue files, do not overwrite them'
complete -c rstwhy -s d -l duration -x -d 'Stop after so many seconds'
complete -c rstwhy -s n -l count -x -d 'Stop after so many events'
complete -c rstwhy -l rate -x -d 'Events of one kind shown a second at most (0: all)'
complete -c rstwhy -l buffer -x -a '512K 1M 4M 16M 64M' -d 'Size of the ring buffer'
complete -c rstwhy -l stack -d 'With the kernel stack'
complete -c rstwhy -l host -x -d 'The host of the events'
complete -c rstwhy -l sent -d 'Only resets this host sends'
complete -c rstwhy -l received -d 'Only resets this host receives'
complete -c rstwhy -l silent -d 'Also connections that die without a reset'
complete -c rstwhy -l ignored -d 'Also resets that arrived and were not obeyed'
complete -c rstwhy -l address -x -d 'Only this address or network, at either end'
complete -c rstwhy -l port -x -d 'Only this port, at either end'
complete -c rstwhy -l local-port -x -d 'Only this port of this host'
complete -c rstwhy -l peer-port -x -d 'Only this port of the peer'
complete -c rstwhy -l netns -x -a '(lsns -n -t net -o NS,COMMAND 2>/dev/null | string replace -r "^ *(\d+) +" "\$1\t")' \
    -d 'Only this network namespace'
complete -c rstwhy -l pid -x -a '(__fish_complete_pids)' -d 'Only resets of this process'
complete -c rstwhy -l comm -x -a '(__fish_complete_proc)' -d 'Only resets of processes with this name'
complete -c rstwhy -l cgroup -x -a '(__rstwhy_cgroups)' -d 'Only this cgroup and those below it'
complete -c rstwhy -l cause -x -a '(__rstwhy_id_list)' -d 'Only these causes'
complete -c rstwhy -l exclude-cause -x -a '(__rstwhy_id_list)' -d 'All but these causes'
complete -c rstwhy -l timeouts -r -F -d 'Idle timeouts of this site'
complete -c rstwhy -l listen -a '127.0.0.1:19435' -d 'Serve a live page and metrics over HTTP'
complete -c rstwhy -l public -d 'The page is for whoever reaches the address of --listen'
complete -c rstwhy -l label -x -a 'unit container netns' -d 'Metrics also by'
complete -c rstwhy -l journal -d 'Also write to the systemd journal'
complete -c rstwhy -l pcapng -r -F -d 'Also write the segments, for Wireshark'
complete -c rstwhy -l pcapng-size -x -d 'Begin a new pcapng file after'
complete -c rstwhy -l kafka -x -d 'Also write JSON to Kafka'
complete -c rstwhy -l kafka-config -r -F -d 'Settings of librdkafka'
complete -c rstwhy -l user -x -a '(__fish_complete_users)' -d 'Run as this user'
complete -c rstwhy -l no-sandbox -d 'Keep all rights'
complete -c rstwhy -s v -l verbose -d 'With the evidence, and what was attached'
complete -c rstwhy -s q -l quiet -d 'Only errors on stderr'
complete -c rstwhy -s '?' -l help -d 'Print the options'
complete -c rstwhy -l usage -d 'Print the options in short'
complete -c rstwhy -s V -l version -d 'Print the version'
