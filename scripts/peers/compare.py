"""Runs commands alternately (A B A B …) and compares the "seconds" of the JSON that each prints as its last line.

    compare.py [--rounds 5] [--wait 0] NAME=COMMAND NAME=COMMAND …

The first command is the one that ratios refer to: a ratio of 2 means that the other took twice as long. A command is split as a
shell would, but no shell runs it. --key a.b reads another number (a path of keys), NAME@a.b=COMMAND one for that command only.
"""
import argparse
import json
import os
import shlex
import statistics
import subprocess
import sys
import time


def read(text, key):
    """The number at a path of keys in the last line that is JSON, or in the whole text if that is one JSON value."""
    candidates = [text] + [line for line in reversed(text.splitlines()) if line.strip()]
    for candidate in candidates:
        try:
            value = json.loads(candidate)
        except ValueError:
            continue
        for part in key.split("."):
            value = value[int(part)] if isinstance(value, list) else value[part]
        return float(value)
    raise SystemExit(f"no JSON in the output:\n{text}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("commands", nargs="+", metavar="NAME=COMMAND")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--wait", type=float, default=0, help="seconds of rest before each run")
    parser.add_argument("--key", default="seconds")
    options = parser.parse_args()
    commands = []
    for item in options.commands:
        name, separator, command = item.partition("=")
        if not separator:
            parser.error(f"{item!r} is not NAME=COMMAND")
        name, _, key = name.partition("@")
        commands.append((name, key or options.key, shlex.split(os.path.expanduser(command))))
    times = {name: [] for name, *_ in commands}
    if len(times) != len(commands):
        parser.error("two commands have the same name")
    for turn in range(options.rounds):
        for name, key, command in commands:
            time.sleep(options.wait)
            load = os.getloadavg()[0]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode != 0:
                sys.exit(f"{name} failed with status {done.returncode}:\n{done.stderr}")
            times[name].append(read(done.stdout, key))
            print(f"round {turn + 1} {name}: {times[name][-1]:.3f} (load before: {load:.2f})", file=sys.stderr, flush=True)
    first = statistics.median(times[commands[0][0]])
    print(f"{'':<24}{'median':>9}{'lowest':>9}{'highest':>9}{'ratio':>8}")
    for name, values in times.items():
        median = statistics.median(values)
        print(f"{name:<24}{median:>9.3f}{min(values):>9.3f}{max(values):>9.3f}{median / first:>8.3f}")


if __name__ == "__main__":
    main()
