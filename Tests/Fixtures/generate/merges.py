"""peft-merges/: PEFT's add_weighted_adapter on seeded adapters of one tiny llama layer."""
import os
import numpy
from adapters import TARGETS, attach, configuration, peft_state, save
from common import arguments, folder, one_thread_pair, write_json

ADAPTERS = {"a": (4, 8, TARGETS, 61), "b": (4, 4, TARGETS, 62), "c": (4, 16, ["q_proj", "v_proj", "down_proj"], 63),
            "d": (2, 4, TARGETS, 64), "e": (6, 3, TARGETS, 65)}
CASES = [("ab-1-1", ["a", "b"], [1.0, 1.0]), ("ab-0.5-0.5", ["a", "b"], [0.5, 0.5]), ("ab-0.7--0.3", ["a", "b"], [0.7, -0.3]),
         ("abc-0.6--0.3-0.5", ["a", "b", "c"], [0.6, -0.3, 0.5])]
# The other kinds refuse unequal ranks.
CAT_CASES = [("de-0.5-0.5", ["d", "e"], [0.5, 0.5]), ("ade-0.6--0.3-0.5", ["a", "d", "e"], [0.6, -0.3, 0.5])]
METHODS = [("linear", "linear", None), ("cat", "cat", None), ("ties-total", "ties", "total"), ("ties-frequency", "ties", "frequency"),
           ("dare-ties-total", "dare_ties", "total"), ("dare-ties-frequency", "dare_ties", "frequency"), ("dare-linear", "dare_linear", None),
           ("magnitude-prune", "magnitude_prune", None)]
DENSITY = 0.5


def build():
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM
    torch.manual_seed(0)
    config = LlamaConfig(vocab_size=8, hidden_size=64, intermediate_size=96, num_hidden_layers=1, num_attention_heads=4, num_key_value_heads=2,
                         head_dim=16, max_position_embeddings=32)
    model = None
    for name, (rank, alpha, targets, seed) in ADAPTERS.items():
        settings = configuration(rank, alpha, targets)
        if model is None:
            model = attach(LlamaForCausalLM(config), settings, seed, False, name)
        else:
            model.add_adapter(name, settings)
            fill(model, name, seed)
    return model


def fill(model, name, seed):
    import torch
    rng = numpy.random.default_rng(seed)
    for key, parameter in sorted(model.named_parameters()):
        if f".{name}." in key:
            scale = 0.125 if "lora_A" in key else 0.08
            parameter.data = torch.tensor((rng.standard_normal(parameter.shape) * scale).astype(numpy.float32))


def merge(model, adapters, weights, kind, sign):
    """Runs the merge, recording the Bernoulli masks by module, matrix and adapter."""
    import torch
    base = model.base_model
    names = {id(module): name for name, module in base.named_modules()}
    drawn, masks = [], {}
    bernoulli, arithmetic = torch.bernoulli, base._generalized_task_arithmetic_weighted_adapter

    def recording(*args, **kwargs):
        drawn.append(bernoulli(*args, **kwargs))
        return drawn[-1]

    def named(combination, adapter_names, adapter_weights, target, *rest):
        drawn.clear()
        result = arithmetic(combination, adapter_names, adapter_weights, target, *rest)
        if drawn:
            valid = [adapter for adapter in adapter_names if adapter in target.lora_A]
            order = [(matrix, adapter) for matrix in ("lora_A", "lora_B") for adapter in valid]
            assert len(order) == len(drawn)
            for (matrix, adapter), mask in zip(order, drawn):
                masks[f"{adapter}/{names[id(target)].removeprefix('model.')}.{matrix}"] = mask.to(torch.uint8)
        return result

    torch.manual_seed(97)
    torch.bernoulli, base._generalized_task_arithmetic_weighted_adapter = recording, named
    try:
        extra = {} if kind in ("linear", "cat") else {"density": DENSITY}
        if sign:
            extra["majority_sign_method"] = sign
        model.add_weighted_adapter(adapters, weights, "merged", combination_type=kind, **extra)
    finally:
        torch.bernoulli = bernoulli
        del base._generalized_task_arithmetic_weighted_adapter
    config = model.peft_config["merged"]
    state = peft_state(model, "merged")
    model.delete_adapter("merged")
    return state, masks, config


def main():
    options = arguments(__doc__, model=False).parse_args()
    one_thread_pair()
    out = folder(options.out, "peft-merges")
    model = build()
    inputs = []
    for name, (rank, alpha, targets, _) in ADAPTERS.items():
        save(os.path.join(out, f"{name}.safetensors"), peft_state(model, name))
        inputs.append({"name": name, "file": f"{name}.safetensors", "rank": rank, "alpha": alpha, "targetModules": targets})
    merges = []
    for method, kind, sign in METHODS:
        tensors = {}
        for case, adapters, weights in CASES + (CAT_CASES if kind == "cat" else []):
            state, masks, config = merge(model, adapters, weights, kind, sign)
            assert config.r == config.lora_alpha and (len(masks) > 0) == ("dare" in method)
            tensors.update({f"{case}/{key}": value for key, value in state.items()})
            tensors.update({f"{case}/mask/{key}": value for key, value in masks.items()})
            merges.append({"file": f"{method}.safetensors", "prefix": case, "combinationType": kind, "majoritySignMethod": sign,
                           "density": None if kind in ("linear", "cat") else DENSITY, "adapters": adapters, "weights": weights, "rank": config.r,
                           "alpha": config.lora_alpha})
        save(os.path.join(out, f"{method}.safetensors"), tensors)
    write_json(os.path.join(out, "index.json"), {"inputs": inputs, "merges": merges}, per_line="merges")


main()
