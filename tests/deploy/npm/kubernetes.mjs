// SPDX-License-Identifier: GPL-2.0
// node kubernetes.mjs FILE...: each document against the schema of its kind.
import fs from "fs";
import yaml from "js-yaml";
import * as apps from "kubernetes-models/apps/v1";
import * as networking from "kubernetes-models/networking.k8s.io/v1";
import * as core from "kubernetes-models/v1";
import * as monitoring from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1";

const kinds = { ...core, ...apps, ...networking, ...monitoring };

for (const file of process.argv.slice(2))
	for (const object of yaml.safeLoadAll(fs.readFileSync(file, "utf8")))
		new kinds[object.kind](object).validate();
