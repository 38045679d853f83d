#!/bin/sh
# The whole way on the real model in small: corpus, splits, adapters, methods, report; the run is killed once on the way
# and must go on where it was. Usage: smoke.sh PATH-TO-BRAID
set -eu

braid=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
db=$work/braid.sqlite

cat > "$work/smoke.yml" <<'YAML'
format: braid-profile
version: 1
name: smoke
build: everyday
seed: 7
settings: [summarize+translate/es, reply+rewrite/witty]
test-documents: 1
new-tokens: 12
adapters: {rank: 4, epochs: 1, batch-size: 4, train-examples: 4}
methods:
  - {name: zero-shot}
  - {name: multi-step}
  - {name: ties, parameters: {weights: [1, 1]}}
  - {name: learnable-calibration, parameters: {examples: 2, epochs: 1}}
YAML

count() { "$braid" query --database "$db" --format csv "$1" | tail -n 1 | tr -d '\r'; }

"$braid" quickstart --profile "$work/smoke.yml" --database "$db" --output "$work/report" &
pid=$!
while kill -0 "$pid" 2>/dev/null; do
    if [ -f "$db" ] && [ "$(count 'SELECT count(*) FROM predictions' 2>/dev/null || echo 0)" -ge 9 ]; then
        kill -9 "$pid"
        break
    fi
    sleep 0.1
done
wait "$pid" 2>/dev/null || true
kept=$(count 'SELECT count(*) FROM predictions')
newest=$(count 'SELECT max(id) FROM predictions')

"$braid" quickstart --profile "$work/smoke.yml" --database "$db" --output "$work/report"
[ "$(count 'SELECT count(*) FROM predictions')" = 16 ] || { echo "smoke: not 16 predictions" >&2; exit 1; }
[ "$(count "SELECT count(*) FROM predictions WHERE id <= $newest")" = "$kept" ] || {
    echo "smoke: a stored prediction was lost" >&2
    exit 1
}
for file in index.html leaderboard.md leaderboard.csv results.json measurements.md measurements.json; do
    [ -s "$work/report/$file" ] || { echo "smoke: no $file" >&2; exit 1; }
done
grep -q 'Learnable Calibration' "$work/report/leaderboard.md" || { echo "smoke: a method is missing" >&2; exit 1; }
second=$("$braid" quickstart --profile "$work/smoke.yml" --database "$db" --output "$work/report" 2>&1)
case $second in *trained*) echo "smoke: a second call trained again" >&2; exit 1 ;; esac

# What was trained leaves for other tools, a calibration included, and merges without the benchmark.
mkdir -p "$work/out/translate" "$work/out/summarize+translate"
for name in summarize translate/es summarize+translate/es; do
    "$braid" adapters export "$name" -o "$work/out/$name" --database "$db" --quiet
done
"$braid" merge --method ties --density 0.5 "$work/out/summarize" "$work/out/translate/es" -o "$work/out/both"
"$braid" merge "$work/out/both" -o "$work/out/both.gguf" --architecture llama --heads 9 --kv-heads 3
[ -s "$work/out/both/adapter_model.safetensors" ] && [ -s "$work/out/both.gguf" ] || {
    echo "smoke: no merged adapter" >&2
    exit 1
}
echo "smoke: killed after $kept predictions, went on, 16 in the end"
