# SPDX-License-Identifier: GPL-2.0
# The page of `report` and --listen: what the program carries of it. Included by the top Makefile.
#
# Live, page.html loads page.css, d3.js and page.js from the program. In a report they stand within
# it, and its head allows exactly these, by their hashes. For that page.html has, each on a line of
# its own: <meta charset="utf-8">, the <link> to page.css, each <script src=...>, and </body>.

PAGE := $(BUILD)/page
D3 := /usr/share/javascript/d3/d3.min.js
# page.css begins, for the others refine it; page.js ends, for it calls what the others define.
PAGE_STYLES := user/page/page.css $(sort $(filter-out user/page/page.css,$(wildcard user/page/*.css)))
PAGE_SCRIPTS := $(sort $(filter-out user/page/page.js,$(wildcard user/page/*.js))) user/page/page.js
PAGE_ASSETS := $(addprefix $(PAGE)/,page.html page.css page.js d3.js report_head.html report_tail.html)

# As Content-Security-Policy names a text.
page_hash = 'sha256-$$(openssl dgst -sha256 -binary $(1) | openssl base64 -A)'

$(PAGE)/page.html: user/page/page.html
	$(Q)mkdir -p $(@D) && cp $< $@

# What would end its element, or hide that end, cannot stand within a page.
$(PAGE)/page.css: $(PAGE_STYLES)
	$(say) PAGE $@
	$(Q)mkdir -p $(@D) && ! grep -ni '</style' $^ /dev/null >&2 && cat $^ > $@

$(PAGE)/page.js: $(PAGE_SCRIPTS)
	$(say) PAGE $@
	$(Q)mkdir -p $(@D) && ! grep -niE '</script|<!--' $^ /dev/null >&2 && cat $^ > $@

$(PAGE)/d3.js: user/page/d3.licence $(D3)
	$(say) PAGE $@
	$(Q)mkdir -p $(@D) && ! grep -liE '</script|<!--' $^ >&2 && \
		{ echo '/*!'; sed 's/^/ * /; s/ *$$//' $<; echo ' */'; cat $(D3); } > $@

# Without connect-src or any other source: a report loads nothing.
$(PAGE)/report_head.html: user/page/page.html $(PAGE)/page.css $(PAGE)/page.js $(PAGE)/d3.js
	$(say) PAGE $@
	$(Q)awk -v style=$(PAGE)/page.css -v policy="default-src 'none'; \
style-src $(call page_hash,$(PAGE)/page.css); \
script-src $(call page_hash,$(PAGE)/d3.js) $(call page_hash,$(PAGE)/page.js); \
base-uri 'none'; form-action 'none'" -f user/page/report_head.awk $< > $@

$(PAGE)/report_tail.html: user/page/page.html
	$(Q)mkdir -p $(@D) && sed -n '/<\/body>/,$$p' $< > $@

$(D3):
	@echo "$@ is missing: it is of Debian's package libjs-d3, which 'make deps' installs" >&2
	@exit 1

$(BUILD)/page.o $(BUILD)/fuzz/user/page.o: $(PAGE_ASSETS)
$(BUILD)/page.o $(BUILD)/fuzz/user/page.o: USER_CFLAGS += -DPAGE_DIR='"$(PAGE)"'
