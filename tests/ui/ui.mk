# SPDX-License-Identifier: GPL-2.0
# The page of `report` and --listen in a real browser. Included by the top Makefile.
#
#   make test-ui            root: it resets connections, in namespaces of their own (ONLY=words)
#   make pictures           those of the README, made again
#
# Screenshots of the last run are in build/ui/.

UI_PACKAGES := chromium nodejs npm python3 iproute2 nftables curl util-linux
PICTURE_PACKAGES := pngquant
UI_NPM := $(BUILD)/ui-npm
PICTURES := deploy/pictures

.PHONY: test-ui pictures

test-ui: ## the pages of report and --listen in headless Chromium (ONLY=words of a test's name)
	$(Q)$(MAKE) --no-print-directory deps PACKAGES="$(filter-out $(UI_HAVE),$(BUILD_PACKAGES) $(UI_PACKAGES))"
	$(Q)$(MAKE) --no-print-directory all $(UI_NPM)/installed
	$(Q)node $(UI_NPM)/run.mjs $(BUILD)/rstwhy $(BUILD)/ui $(ONLY)

pictures: ## the pictures of the README, from the page itself
	$(Q)$(MAKE) --no-print-directory deps PACKAGES="$(filter-out $(UI_HAVE),$(BUILD_PACKAGES) $(UI_PACKAGES) $(PICTURE_PACKAGES))"
	$(Q)$(MAKE) --no-print-directory all $(UI_NPM)/installed
	$(Q)node $(UI_NPM)/pictures.mjs $(BUILD)/rstwhy $(PICTURES)

# node and npm of another origin than Debian's are no packages of these names.
UI_HAVE := $(if $(shell command -v node),nodejs) $(if $(shell command -v npm),npm)

# Node looks for packages beside a script: the scripts come to the packages.
$(UI_NPM)/installed: $(wildcard tests/ui/*.json tests/ui/*.mjs)
	$(Q)mkdir -p $(UI_NPM)
	$(Q)cp tests/ui/*.json tests/ui/*.mjs $(UI_NPM)
	$(Q)cd $(UI_NPM) && npm ci --silent --no-audit --no-fund
	$(Q)touch $@
