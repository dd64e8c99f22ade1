/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Strings that other people choose: names of processes, cgroups, files. Whatever an output writes of
 * them must stay within its line, its field, its quotes, and command no terminal.
 */
#ifndef RSTWHY_TEST_NASTY_H
#define RSTWHY_TEST_NASTY_H

static const char nasty_long[] =
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3"
	"\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
	"\x1b[2J\x1b[2J\x1b[2J\x1b[2J\x1b[2J\x1b[2J\x1b[2J\x1b[2J\x1b[2J\x1b[2J\x1b[2J";

/* No NUL is in them; where one can come, strings end. */
static const char *const nasty[] = {
	"",
	"\x1b[2J\x1b[31mroot",
	"\x1b]0;title\a",
	"\x1bP+q544e\x1b\\",
	"\302\2332J", /* CSI as U+009B: octal, for a digit comes next */
	"\2332J", /* and as the byte */
	"a\nb\rc\r\nd",
	"a\n- evidence",
	"\t\v\f\b\x7f\x01",
	"\xff\xfe",
	"\x80",
	"\xc0\x80", /* overlong: NUL, "/", ESC */
	"\xe0\x80\xaf",
	"\xf0\x80\x80\x9b",
	"\xed\xa0\x80\xed\xb0\x80", /* surrogates */
	"\xf4\x90\x80\x80", /* beyond U+10FFFF */
	"\xf5\x80\x80\x80",
	"\xe2\x82", /* cut */
	"\xf0\x9f\x90",
	"\xe2\x80\xaegpj.exe", /* U+202E */
	"\xe2\x81\xa6\xe2\x81\xa9\xe2\x80\x8f\xd8\x9c", /* U+2066, U+2069, U+200F, U+061C */
	"\xe2\x80\xa8\xe2\x80\xa9", /* U+2028, U+2029 */
	"\xef\xbb\xbf\xef\xbf\xbe", /* U+FEFF, U+FFFE */
	"\"}],\"cause\":\"x",
	"\\\"\\",
	"\\u001b\\n\\",
	"',}{=\"} 1\n",
	"%s%n%x%",
	"$(id)`id`;<script>&amp;",
	"PRIORITY=0\nMESSAGE=x",
	"0::/a (deleted)",
	"gr\xc3\xbcn \xe2\x82\xac \xf0\x9f\x90\xa7",
	nasty_long,
};

#endif
