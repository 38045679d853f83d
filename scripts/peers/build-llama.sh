#!/bin/sh
# Builds llama.cpp (from llama-cpp-python's source package), the model files and llama_job under PEERS (default ~/peers).
# Needs g++, python3 with venv, and the default model at MODEL.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
peers=${PEERS:-$HOME/peers}
model=${MODEL:-$HOME/.cache/braid/SmolLM2-135M-Instruct.Q4_1.gguf}
version=0.3.36
mkdir -p "$peers/dl" "$peers/models"
cd "$peers"
[ -d env ] || python3 -m venv env
env/bin/pip install -q scikit-build-core cmake ninja
PATH=$peers/env/bin:$PATH
[ -d "llama_cpp_python-$version" ] || {
    env/bin/pip download -q -d dl --no-binary llama-cpp-python --no-deps --no-build-isolation "llama-cpp-python==$version"
    tar xzf "dl/llama_cpp_python-$version.tar.gz"
}
source=$peers/llama_cpp_python-$version/vendor/llama.cpp
cmake -S "$source" -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DGGML_NATIVE=ON -DCMAKE_C_COMPILER=gcc -DCMAKE_CXX_COMPILER=g++ \
    -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_SERVER=OFF -DLLAMA_BUILD_TOOLS=ON > build.log
nice -n 10 cmake --build build -j2 --target llama llama-quantize llama-bench >> build.log
[ -f models/F32.gguf ] || build/bin/llama-quantize --allow-requantize "$model" models/F32.gguf F32 2 > quantize.log 2>&1
for type in F16 BF16 Q8_0 Q4_0; do
    [ -f models/$type.gguf ] || build/bin/llama-quantize models/F32.gguf models/$type.gguf $type 2 >> quantize.log 2>&1
done
g++ -O3 -march=native -ffast-math -std=c++17 -Wall -Wextra -I"$source/include" -I"$source/ggml/include" "$here/llama_job.cpp" -o llama_job \
    -Lbuild/bin -lllama -lggml -lggml-base -Wl,-rpath,"$peers/build/bin"
ls -l models llama_job
