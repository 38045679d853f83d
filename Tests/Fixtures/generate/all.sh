#!/bin/sh
# sh all.sh MODEL.gguf [FOLDER]   (PYTHON names the interpreter; BRAID a built program and LLAMA_CPP a source tree, for interchange.py)
set -e
cd "$(dirname "$0")"
python="${PYTHON:-python3}"
model="$1"
out="${2:-..}"
"$python" tokenizer.py --model "$model" --out "$out"
for script in tokenizer_families tiny quantised lora training composed architectures merges svd_merges mergekit_merges subspace_merges published_merges rouge scripts metrics detokeniser; do
    "$python" -W ignore $script.py --out "$out"
done
"$python" -W ignore smollm2.py --model "$model" --out "$out"
if [ -n "$BRAID" ] && [ -n "$LLAMA_CPP" ]; then
    "$python" -W ignore interchange.py --out "$out" --braid "$BRAID" --llama-cpp "$LLAMA_CPP"
fi
