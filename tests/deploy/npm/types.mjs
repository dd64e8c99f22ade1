// SPDX-License-Identifier: GPL-2.0
// node types.mjs DEPLOY: the schemas let unknown keys pass, as a misspelt hostPid. The types that
// the same projects publish do not: the files become literals of them, and the compiler judges.
import { execFileSync } from "child_process";
import fs from "fs";
import yaml from "js-yaml";

const deploy = process.argv[2];
const read = (name) => fs.readFileSync(`${deploy}/${name}`, "utf8");
const literals = [];

function add(from, type, object) {
	const n = literals.length;

	literals.push(`import type { ${type.split(".")[0]} as T${n} } from "${from}";
export const v${n}: T${n}${type.includes(".") ? "." + type.split(".")[1] : ""} = ${JSON.stringify(object)};`);
}

const packages = {
	v1: "kubernetes-models/v1",
	"apps/v1": "kubernetes-models/apps/v1",
	"networking.k8s.io/v1": "kubernetes-models/networking.k8s.io/v1",
	"monitoring.coreos.com/v1":
		"@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1",
};

for (const name of fs.readdirSync(`${deploy}/kubernetes`))
	for (const object of yaml.safeLoadAll(read(`kubernetes/${name}`)))
		add(packages[object.apiVersion], "I" + object.kind, object);
add("@elastic/elasticsearch", "estypes.IndicesPutIndexTemplateRequest", {
	name: "rstwhy",
	...JSON.parse(read("elasticsearch/index-template.json")),
});
add("@elastic/elasticsearch", "estypes.IngestPutPipelineRequest", {
	id: "rstwhy",
	...JSON.parse(read("elasticsearch/pipeline.json")),
});
fs.writeFileSync("literals.ts", literals.join("\n") + "\n");
execFileSync(
	"node_modules/.bin/tsc",
	["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "literals.ts"],
	{ stdio: "inherit" },
);
