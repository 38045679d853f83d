"""Merges adapters by PEFT's add_weighted_adapter: `peft_merge.py FOLDER --repeat N NAME…` for `braid bench merge --peft`.

FOLDER holds PEFT folders. Prints a JSON object of seconds (medians after one run that is not counted) by Braid's names of the
methods; a name that PEFT has no merge for is left out. The base model has the adapters' shapes and no weights of its own.
"""

import argparse
import json
import pathlib
import statistics
import time

import torch
from peft import PeftModel
from safetensors import safe_open

COMBINATIONS = {
    "linear", "cat", "ties", "dare_linear", "dare_ties", "magnitude_prune",
    "svd", "ties_svd", "dare_linear_svd", "dare_ties_svd", "magnitude_prune_svd",
}  # fmt: skip


def base_model(folder):
    """Modules of the names and shapes that an adapter changes; each weight is one zero, seen many times."""
    shapes = {}
    with safe_open(folder / "adapter_model.safetensors", "pt") as file:
        for name in file.keys():
            path = name.removeprefix("base_model.model.").rsplit(".lora_", 1)[0]
            a, b = shapes.get(path, (0, 0))
            shape = file.get_slice(name).get_shape()
            shapes[path] = (shape[1], b) if "lora_A" in name else (a, shape[0])
    root = torch.nn.Module()
    for path, (inputs, outputs) in shapes.items():
        module = root
        *parents, leaf = path.split(".")
        for part in parents:
            if part not in module._modules:
                module.add_module(part, torch.nn.Module())
            module = module._modules[part]
        linear = torch.nn.Linear(inputs, outputs, bias=False, device="meta")
        linear.weight = torch.nn.Parameter(torch.zeros(1, 1).expand(outputs, inputs), requires_grad=False)
        module.add_module(leaf, linear)
    root.config = {"model_type": "custom"}
    root.prepare_inputs_for_generation = None  # PEFT asks a causal language model for it.
    return root


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("names", nargs="+")
    options = parser.parse_args()
    folders = sorted(options.folder.iterdir())
    model = PeftModel.from_pretrained(base_model(folders[0]), folders[0], adapter_name="a0")
    names = ["a0"]
    for folder in folders[1:]:
        names.append(f"a{len(names)}")
        model.load_adapter(folder, adapter_name=names[-1])
    weights = [1 / len(names)] * len(names)
    result = {}
    for name in options.names:
        combination = name.replace("-", "_")
        if combination not in COMBINATIONS:
            continue
        density = {} if combination in ("linear", "cat", "svd") else {"density": 0.5}
        seconds = []
        for _ in range(options.repeat + 1):
            start = time.perf_counter()
            model.base_model.add_weighted_adapter(names, weights, "merged", combination_type=combination, **density)
            seconds.append(time.perf_counter() - start)
            model.delete_adapter("merged")
        result[name] = statistics.median(seconds[1:])
    print(json.dumps(result))


main()
