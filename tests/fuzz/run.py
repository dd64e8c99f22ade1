# SPDX-License-Identifier: GPL-2.0-only
"""Runs the fuzz targets and says how far they got: runs, speed, edges, lines of user/ covered.

What is found goes to BUILD/corpus; --merge takes the smallest set of it that covers as much into
tests/fuzz/corpus. An input that ends a target is kept in BUILD/crashes.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
MAX_LEN = {"replay": 8192, "record": 8192, "timeouts": 2048, "kallsyms": 1024, "cgroup": 1024}
CORPUS_MAX = 18     # inputs of one target that are kept: the smallest ones
INPUT_MAX = 6000    # bytes of one that is kept


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--seconds", type=int, default=60, help="of all targets together")
    parser.add_argument("--only", type=lambda text: text.split(","), help="these targets")
    parser.add_argument("--merge", action="store_true")
    return parser.parse_args()


def targets(only):
    names = sorted(path.stem[len("fuzz_"):] for path in HERE.glob("fuzz_*.c"))
    unknown = set(only or ()) - set(names)
    if unknown:
        sys.exit("no such target: %s; there are %s" % (", ".join(unknown), ", ".join(names)))
    return [name for name in names if not only or name in only]


def number(pattern, text):
    """The last one of this kind; 0: it was not said."""
    found = re.findall(pattern, text)
    return int(found[-1]) if found else 0


def environment(profile):
    return dict(os.environ, LLVM_PROFILE_FILE=str(profile), ASAN_OPTIONS="abort_on_error=0",
                UBSAN_OPTIONS="print_stacktrace=1")


def corpora(build, name):
    """Where a target's inputs are: what it finds, what is kept."""
    found, kept = build / "corpus" / name, HERE / "corpus" / name
    found.mkdir(parents=True, exist_ok=True)
    return [str(path) for path in (found, kept) if path.exists()]


def fuzz(build, name, seconds):
    """Whether nothing was found, and how many inputs were tried."""
    crashes = build / "crashes"
    crashes.mkdir(exist_ok=True)
    words = HERE / ("%s.dict" % name)
    done = subprocess.run(
        [str(build / name), "-max_total_time=%d" % seconds, "-print_final_stats=1", "-timeout=10",
         "-rss_limit_mb=1024", "-max_len=%d" % MAX_LEN.get(name, 512), "-use_value_profile=1",
         "-artifact_prefix=%s/%s-" % (crashes, name), *(["-dict=%s" % words] * words.exists()),
         *corpora(build, name)],
        env=environment(build / (name + ".profraw")), stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace")
    runs = number(r"number_of_executed_units: *(\d+)", done.stdout)
    print("  %-12s %9d runs %7d a second %6d edges  %s" % (
        name, runs, number(r"average_exec_per_sec: *(\d+)", done.stdout),
        number(r" cov: (\d+) ", done.stdout), "FAILED" if done.returncode else "ok"), flush=True)
    if done.returncode:
        print("    " + "\n    ".join(done.stdout.splitlines()[-60:]))
    return not done.returncode, runs


def coverage(build, names):
    """Lines of user/ that any target reached, and the files of which least was."""
    profiles = [build / (name + ".profraw") for name in names]
    merged = build / "all.profdata"
    subprocess.run(["llvm-profdata", "merge", "-sparse", "-o", merged,
                    *[path for path in profiles if path.exists()]], check=True)
    objects = [word for name in names for word in ("-object", str(build / name))][1:]
    text = subprocess.run(["llvm-cov", "export", "-summary-only", "-instr-profile=%s" % merged,
                           *objects], check=True, stdout=subprocess.PIPE).stdout
    files = {entry["filename"]: entry["summary"]["lines"]
             for entry in json.loads(text)["data"][0]["files"]
             if re.search(r"(^|/)user/", entry["filename"])}
    reached = sorted((lines["covered"] / max(lines["count"], 1), path)
                     for path, lines in files.items() if lines["covered"])
    covered = sum(lines["covered"] for lines in files.values())
    count = sum(lines["count"] for _, lines in files.items() if lines["covered"])
    print("  lines of user/: %d of %d (%d %%) in the %d files that were reached" % (
        covered, count, 100 * covered // max(count, 1), len(reached)))
    for share, path in reached[:5]:
        print("    %3d %%  %s" % (100 * share, re.sub("^.*/user/", "user/", path)))


def merge(build, name):
    """The smallest inputs that cover what all do, into the repository."""
    kept = HERE / "corpus" / name
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run([str(build / name), "-merge=1", directory, *corpora(build, name)],
                       check=True, env=environment(build / "merge.profraw"),
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        inputs = sorted(pathlib.Path(directory).iterdir(), key=lambda path: path.stat().st_size)
        chosen = spread([path for path in inputs if path.stat().st_size <= INPUT_MAX])
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        for path in chosen:
            shutil.copy(path, kept)
    print("  %-12s %d of %d inputs" % (name, len(chosen), len(inputs)))


def spread(paths):
    """So many of all sizes, the largest among them: they reach deepest."""
    step = max(1, -(-len(paths) // CORPUS_MAX))
    return paths[::-1][::step]


def main():
    args = parse_arguments()
    names = targets(args.only)
    if args.merge:
        for name in names:
            merge(args.build, name)
        return 0
    share = max(1, args.seconds // len(names))
    done = [fuzz(args.build, name, share) for name in names]
    passed = sum(fine for fine, _ in done)
    coverage(args.build, names)
    print("  %d inputs tried" % sum(runs for _, runs in done))
    print("%d passed, %d failed" % (passed, len(names) - passed))
    return int(passed < len(names))


sys.exit(main())
