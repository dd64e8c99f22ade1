# SPDX-License-Identifier: GPL-2.0
# What is in deploy/: rules, dashboard, stores, Kubernetes. Included by the top Makefile.
#
#   make test-deploy        with Debian's packages; part of `make test`
#   make test-deploy-npm    with packages of npm, 600 MB: Kubernetes' schemas, ClickHouse's engine ...

DEPLOY_PACKAGES := prometheus python3 python3-yaml
DEPLOY_NPM := $(BUILD)/deploy-npm

.PHONY: test-deploy test-deploy-npm

test-deploy: ## rules, dashboard and configurations in deploy/
	$(Q)$(MAKE) --no-print-directory deps PACKAGES="$(DEPLOY_PACKAGES)"
	$(Q)tests/deploy/rules.sh

DEPLOY_MOCK := $(if $(filter rdkafka,$(FOUND)),$(BUILD)/kafka_mock)
test-deploy-npm: $(BUILD)/rstwhy $(DEPLOY_MOCK) ## the same by schemas and engines that npm has
	$(Q)mkdir -p $(DEPLOY_NPM)
	$(Q)cp tests/deploy/npm/* tests/deploy/npm/.dockerfilelintrc $(DEPLOY_NPM)
	$(Q)cd $(DEPLOY_NPM) && npm install --silent --no-audit --no-fund
	$(Q)tests/deploy/npm.sh $(BUILD)/rstwhy $(DEPLOY_NPM) $(DEPLOY_MOCK)
