# SPDX-License-Identifier: GPL-2.0
# Installing, and the Debian package. Included by the top Makefile.
#
#   make install PREFIX=/usr DESTDIR=/tmp/root     what is built; nothing is enabled or started
#   make deb                                       build/deb/rstwhy_*.deb
#   make test-deb                                  the package in a bare Debian, and its service

PACKAGE_PACKAGES := dpkg-dev debhelper fakeroot lintian
PACKAGE_TEST_PACKAGES := debootstrap bash-completion fish zsh

PREFIX ?= /usr/local
# sbin: all but `explain` needs root, as with the other tools of section 8 of the manual.
sbindir ?= $(PREFIX)/sbin
datadir ?= $(PREFIX)/share
libdir ?= $(PREFIX)/lib
sysconfdir ?= /etc
mandir ?= $(datadir)/man
unitdir ?= $(libdir)/systemd/system
catalogdir ?= $(libdir)/systemd/catalog
bashdir ?= $(datadir)/bash-completion/completions
zshdir ?= $(datadir)/zsh/site-functions
fishdir ?= $(datadir)/fish/vendor_completions.d
INSTALL ?= install

CATALOG := $(wildcard deploy/journal/rstwhy.catalog)
# Files of the host's owner, who may have changed them: kept by install and uninstall.
CONFIGURATION := $(sysconfdir)/default/rstwhy $(sysconfdir)/logrotate.d/rstwhy
INSTALLED := $(sbindir)/rstwhy $(mandir)/man8/rstwhy.8 $(datadir)/rstwhy/timeouts.tsv \
	$(bashdir)/rstwhy $(zshdir)/_rstwhy $(fishdir)/rstwhy.fish $(unitdir)/rstwhy.service \
	$(if $(CATALOG),$(catalogdir)/rstwhy.catalog)
# Without libsystemd nobody tells the manager that tracing has begun, that it goes on, or that a
# journal is there.
ifeq ($(filter libsystemd,$(FOUND)),)
WITHOUT_LIBSYSTEMD := -e 's/^Type=notify/Type=exec/' -e '/^WatchdogSec=/d' \
	-e 's/^RSTWHY_OPTIONS="--journal -o .*/RSTWHY_OPTIONS=""/'
endif
adapt = sed -e 's|/usr/sbin/rstwhy|$(sbindir)/rstwhy|' -e 's|/etc/default|$(sysconfdir)/default|' \
	$(WITHOUT_LIBSYSTEMD) $(1) >$(BUILD)/$(notdir $(1)) && \
	$(INSTALL) -D -m 644 $(BUILD)/$(notdir $(1)) $(DESTDIR)$(2)
put = $(INSTALL) -D -m 644 $(1) $(DESTDIR)$(2)
put_new = test -e $(DESTDIR)$(2) || { $(call $(3),$(1),$(2)); }

.PHONY: install uninstall deb test-deb

install: $(BUILD)/rstwhy ## binary, man page, completions, service (PREFIX=/usr/local, DESTDIR=)
	$(say) INSTALL $(DESTDIR)$(sbindir)/rstwhy
	$(Q)$(INSTALL) -D -m 755 $(BUILD)/rstwhy $(DESTDIR)$(sbindir)/rstwhy
	$(Q)$(call put,user/rstwhy.8,$(mandir)/man8/rstwhy.8)
	$(Q)$(call put,user/judge/timeouts.tsv,$(datadir)/rstwhy/timeouts.tsv)
	$(Q)$(call put,deploy/completions/rstwhy.bash,$(bashdir)/rstwhy)
	$(Q)$(call put,deploy/completions/rstwhy.zsh,$(zshdir)/_rstwhy)
	$(Q)$(call put,deploy/completions/rstwhy.fish,$(fishdir)/rstwhy.fish)
	$(Q)$(call adapt,deploy/systemd/rstwhy.service,$(unitdir)/rstwhy.service)
ifneq ($(CATALOG),)
	$(Q)$(call put,$(CATALOG),$(catalogdir)/rstwhy.catalog)
endif
	$(Q)$(call put_new,deploy/systemd/rstwhy.default,$(sysconfdir)/default/rstwhy,adapt)
	$(Q)$(call put_new,deploy/systemd/rstwhy.logrotate,$(sysconfdir)/logrotate.d/rstwhy,put)
ifeq ($(DESTDIR),)
	$(Q)echo "as a service: systemctl daemon-reload; journalctl --update-catalog;" \
		"systemctl enable --now rstwhy"
endif

uninstall: ## what install has put there; /etc/default/rstwhy and the like stay
	$(Q)rm -f $(addprefix $(DESTDIR),$(INSTALLED))
	$(Q)rmdir $(DESTDIR)$(datadir)/rstwhy 2>/dev/null || true
	$(Q)for file in $(addprefix $(DESTDIR),$(CONFIGURATION)); do \
		test ! -e $$file || echo "left: $$file"; done

deb: ## build/deb/rstwhy_*.deb, as Debian builds packages
	$(Q)$(MAKE) --no-print-directory deps PACKAGES="$(BUILD_PACKAGES) $(PACKAGE_PACKAGES)"
	$(Q)deploy/debian/build $(BUILD)/deb

test-deb: ## the package: lintian, then installed, run, served and purged in a bare Debian
	$(Q)$(MAKE) --no-print-directory deps PACKAGES="$(BUILD_PACKAGES) $(PACKAGE_PACKAGES) \
		$(PACKAGE_TEST_PACKAGES)"
	$(Q)$(MAKE) --no-print-directory deb DEB_BUILD_OPTIONS="nocheck $(DEB_BUILD_OPTIONS)"
	$(Q)tests/deploy/deb.sh $(BUILD)/deb
