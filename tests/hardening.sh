#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What the linker must have made of a binary: position independent, read-only after relocation,
# no executable stack, no search path of its own. And of each object beside it the compiler:
# protectors, and no plain call of what has a fortified twin; the binary would not tell, for some are
# in the C library's own code. Arguments: the binaries.
set -eu
status=0

# One line a property: what it is called, and what readelf says when it is there.
has() {
	echo "$read" | grep -qE -- "$2" || complain "$1"
}

has_not() {
	! echo "$read" | grep -qE -- "$2" || complain "$1"
}

complain() {
	echo "$binary: $1"
	status=1
}

# -g notes the options that an object was compiled with, but not what was defined.
objects_of() {
	for object in "$(dirname "$1")"/*.o; do
		case $object in
		*.bpf.o) continue ;;
		esac
		producer=$(readelf --debug-dump=info --dwarf-depth=1 "$object" | grep -m 1 DW_AT_producer)
		for option in -fstack-protector-strong -fstack-clash-protection -fPIE; do
			case $producer in
			*" $option"*) ;;
			*) complain "$object: not compiled with $option" ;;
			esac
		done
		plain=$(nm -u "$object" | grep -owE "$fortified" | sort -u | tr '\n' ' ')
		[ -z "$plain" ] || complain "$object: calls that are not fortified: $plain"
	done
}

# Those that the compiler never finds to be safe by itself.
fortified='printf|fprintf|vprintf|vfprintf|dprintf|vdprintf'
for binary in "$@"; do
	read=$(readelf -hldnW "$binary")
	has "not position independent" 'Type: +DYN'
	has "not marked as PIE" 'FLAGS_1.*PIE'
	has "no RELRO" 'GNU_RELRO'
	has "not bound at start: RELRO is partial" 'FLAGS_1.*NOW'
	has "says nothing of its stack" 'GNU_STACK'
	has_not "executable stack" 'GNU_STACK.* RWE '
	has_not "a segment that is writable and executable" 'LOAD.* RWE '
	has_not "search path for libraries" '\((RPATH|RUNPATH)\)'
	has_not "relocations in the text" 'TEXTREL'
	objects_of "$binary"
	# The linker notes it only if the C library's start files have it too, which Debian's do not.
	if echo "$read" | grep -q 'Machine:.*X86-64'; then
		objdump -d --disassemble=main "$binary" | grep -q endbr64 ||
			complain "not built with -fcf-protection"
	fi
done
exit $status
