#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What deploy/ takes out of rstwhy's output must be there: keys of the JSON formats, metrics,
hints and causes are compared with the tables that print them. JSON, TOML and YAML must parse.

    keys.py         from the top of the sources; needs python3-yaml
"""

import json
import pathlib
import re
import sys
import tomllib

import yaml

OBJECT = re.compile(r"struct json_object (\w+)\s*=\s*(?:JSON_)?OBJECT\(\s*(?:NULL|&(\w+)),\s*"
                    r'"([^"]+)"\)')
FIELD = re.compile(r'\{\s*(?:NULL|&(\w+)),\s*(?:JSON_)?KEY\("([^"]+)"\)')
# What the put_...() of these write is their own.
WITHIN = {"hints": ("id", "text"), "backlog": ("length", "max"),
          "keepalive": ("idle", "interval", "count"), "facts": ("kind",)}
PATH = r"[a-z@][a-z0-9_]*(?:\.[a-z0-9_]+)+"


def read(path):
    return pathlib.Path(path).read_text(encoding="utf-8")


def keys_of(source):
    """The dotted keys that a table of fields writes."""
    text, objects, keys = read(source), {None: ""}, set()
    for name, within, key in OBJECT.findall(text):
        objects[name] = objects[within or None] + key + "."
    for within, key in FIELD.findall(text):
        path = objects[within or None] + key
        keys.add(path)
        keys.update(path + "." + inner for inner in WITHIN.get(key, ()))
    if len(keys) < 20:
        raise ValueError("%s: the table of fields is not understood" % source)
    return keys


def tuple_keys(sql):
    """The dotted names of a table's columns, those within named tuples too."""
    body = re.sub(r"--.*", "", sql)
    body = body[body.index("(\n") + 1:body.index("\n)\nENGINE")]
    path, keys, name = [], set(), None
    for word in re.findall(r"\w+|[(),]", body):
        if word == "(":
            path.append(name)
        elif word == ")":
            path.pop()
        if word in "(,)":
            name = None
        elif word in ("CODEC", "INDEX"):
            name = word
        elif name is None:
            name = word
            keys.add(".".join([part for part in path if part] + [word]))
    return {key for key in keys if not re.search(r"(^|\.)[A-Z0-9]", key)}     # without the types


def property_keys(properties, path=""):
    for name, mapping in properties.items():
        yield path + name
        yield from property_keys(mapping.get("properties", {}), path + name + ".")


def vector_keys(config):
    """What its templates and its program name."""
    for sink in config["sinks"].values():
        for label in [*sink.get("labels", {}).values(),
                      *sink.get("structured_metadata", {}).values()]:
            yield from re.findall(r"\{\{ ?([\w.]+) ?\}\}", label)
    for transform in config["transforms"].values():
        yield from re.findall(r"(?<![\w)])\.(%s)" % PATH, transform["source"])


def quoted_keys(text):
    """Of Alloy's and LogQL's JSON expressions: name = "dotted.key"."""
    return re.findall(r'\w+ *= *"(%s)"' % PATH, re.sub(r"^(#|//).*", "", text, flags=re.M))


def is_known(key, keys):
    """A key, or an object that holds some."""
    return key in keys or any(other.startswith(key + ".") for other in keys)


def wrong_keys():
    ours, ecs = keys_of("user/json/json_fields.c"), keys_of("user/json/ecs.c")
    template = json.loads(read("deploy/elasticsearch/index-template.json"))
    properties = template["template"]["mappings"]["properties"]
    pipeline = json.loads(read("deploy/elasticsearch/pipeline.json"))
    copied = {step["set"]["copy_from"] for step in pipeline["processors"] if "set" in step}
    sources = [
        ("clickhouse/events.sql", tuple_keys(read("deploy/clickhouse/events.sql")), ours),
        ("vector/vector.toml", vector_keys(tomllib.loads(read("deploy/vector/vector.toml"))),
         ours),
        ("loki/config.alloy", quoted_keys(read("deploy/loki/config.alloy")), ours),
        ("loki/queries.logql", quoted_keys(read("deploy/loki/queries.logql")), ours),
        ("elasticsearch/index-template.json", property_keys(properties), ecs),
        ("elasticsearch/pipeline.json", copied - {"_ingest.timestamp"}, ecs),
    ]
    for name, used, known in sources:
        used = set(used)
        if not used:
            yield "deploy/%s: no key is found in it" % name
        for key in sorted(used):
            if not is_known(key, known):
                yield "deploy/%s: rstwhy writes no %s" % (name, key)
    mapped = set(property_keys(properties))
    for key in sorted(key for key in ecs if key.startswith("rstwhy.") and key not in mapped):
        if not key.startswith(("rstwhy.socket.backlog.", "rstwhy.socket.keepalive.")):
            yield "deploy/elasticsearch/index-template.json: %s is not mapped" % key


def wrong_names():
    """Metrics, causes, hints and blind spots that rules and dashboard name."""
    metrics = set(re.findall(r'"(rstwhy_\w+)"', read("user/metrics/metrics_families.c")))
    ids = set()
    for source in [*pathlib.Path("user/judge").glob("causes_*.c"),
                   *pathlib.Path("user/judge").glob("hints_*.c")]:
        ids.update(re.findall(r'\.id = "([\w-]+)"', read(source)))
    ids.update(re.findall(r'\{"([a-z-]+)",', read("user/kernel/blind.c")))
    for path in ("deploy/prometheus/rstwhy.rules.yml", "deploy/grafana/rstwhy.json"):
        text = re.sub(r"^ *#.*", "", read(path), flags=re.M).replace('\\"', '"')
        for name in sorted(set(re.findall(r"(?<![\w:])rstwhy_\w+", text))):
            if re.sub(r"_(bucket|sum|count)$", "", name) not in metrics:
                yield "%s: there is no metric %s" % (path, name)
        for value in re.findall(r'\b(?:cause|hint|spot)=~?"([\w|-]+)"', text):
            for name in value.split("|"):
                if name not in ids:
                    yield "%s: there is no %s" % (path, name)
        for name in re.findall(r"--cause=([a-z-]+)|explain ([a-z-]+)", text):
            name = name[0] or name[1]
            if name not in ids:
                yield "%s: there is no %s" % (path, name)


def unreadable():
    readers = {".json": json.loads, ".toml": tomllib.loads,
               ".yaml": lambda text: list(yaml.safe_load_all(text)),
               ".yml": lambda text: list(yaml.safe_load_all(text))}
    for path in sorted(pathlib.Path("deploy").rglob("*")):
        if path.suffix in readers:
            try:
                readers[path.suffix](read(path))
            except ValueError as error:
                yield "%s: %s" % (path, error)
            except yaml.YAMLError as error:
                yield "%s: %s" % (path, error)


def main():
    wrong = list(unreadable())
    if not wrong:
        wrong = [*wrong_keys(), *wrong_names()]
    for text in wrong:
        print("FAIL     " + text)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
