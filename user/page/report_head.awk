# SPDX-License-Identifier: GPL-2.0
# page.html up to the end of its body, with the style within and the policy (-v style=FILE, policy=).
# The scripts are left out: they stand at the end, behind the data. See page.mk.

/<\/body>/ {
	ended = 1
	exit
}

/<script src=/ {
	next
}

/<link rel="stylesheet" href="page.css">/ {
	printf "<style>"
	while ((getline line < style) > 0)
		print line
	print "</style>"
	styled = 1
	next
}

{
	print
}

/<meta charset="utf-8">/ {
	printf "<meta http-equiv=\"Content-Security-Policy\" content=\"%s\">\n", policy
	guarded = 1
}

END {
	if (!ended || !styled || !guarded) {
		print "page.html lacks a line that page.mk speaks of" > "/dev/stderr"
		exit 1
	}
}
