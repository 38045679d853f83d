"""peft-svd-merges/: PEFT's add_weighted_adapter with the *_svd combinations, in float64, on adapters of unequal ranks and scalings."""
import os
import numpy
from adapters import TARGETS, peft_state, save
from common import arguments, folder, one_thread_pair, write_json

# rank, alpha, rsLoRA, layers, seed
ADAPTERS = {"a": (3, 6, False, TARGETS, 81), "b": (5, 5, True, TARGETS, 82), "c": (2, 8, False, ["q_proj", "down_proj"], 83)}
CASES = [("ab-1-1", ["a", "b"], [1.0, 1.0], None), ("ab-0.7--0.3-rank-2", ["a", "b"], [0.7, -0.3], 2),
         ("abc-0.6--0.3-0.5-rank-4", ["a", "b", "c"], [0.6, -0.3, 0.5], 4), ("ac-1-0.5-rank-7", ["a", "c"], [1.0, 0.5], 7)]
METHODS = [("svd", None), ("magnitude_prune_svd", None), ("ties_svd", "total"), ("ties_svd", "frequency"), ("dare_linear_svd", None),
           ("dare_ties_svd", "total"), ("dare_ties_svd", "frequency")]
DENSITY = 0.4
CLAMPS = [0.98, 0.75, 0.3]
# The cut lies in a gap, or float32 could not be held to 1e-5.
GAP = 2e-3


def build():
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import LlamaConfig, LlamaForCausalLM
    config = LlamaConfig(vocab_size=8, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1,
                         head_dim=8, max_position_embeddings=32)
    model = None
    for name, (rank, alpha, rooted, targets, seed) in ADAPTERS.items():
        settings = LoraConfig(r=rank, lora_alpha=alpha, use_rslora=rooted, target_modules=list(targets), lora_dropout=0.0, bias="none",
                              task_type="CAUSAL_LM")
        if model is None:
            model = get_peft_model(LlamaForCausalLM(config).double(), settings, adapter_name=name)
        else:
            model.add_adapter(name, settings)
        rng = numpy.random.default_rng(seed)
        for key, parameter in sorted(model.named_parameters()):
            if f".{name}." in key:
                parameter.data = torch.tensor((rng.standard_normal(parameter.shape) * 0.3).astype(numpy.float32)).double()
    return model


def merge(model, adapters, weights, rank, kind, sign, clamp=None):
    """Runs the merge, recording the Bernoulli masks by module and adapter."""
    import torch
    base = model.base_model
    names = {id(module): name for name, module in base.named_modules()}
    drawn, masks = [], {}
    bernoulli, arithmetic, svd = torch.bernoulli, base._svd_generalized_task_arithmetic_weighted_adapter, torch.linalg.svd

    def recording(*args, **kwargs):
        drawn.append(bernoulli(*args, **kwargs))
        return drawn[-1]

    def named(combination, adapter_names, adapter_weights, new_rank, target, *rest, **options):
        def checked(matrix, **kwargs):
            result = svd(matrix, **kwargs)
            values = result[1]
            if new_rank < len(values) and values[new_rank - 1] > 1e-12:
                assert values[new_rank - 1] - values[new_rank] > GAP * values[0], (kind, adapters, names[id(target)], values)
            return result

        drawn.clear()
        torch.linalg.svd = checked
        result = arithmetic(combination, adapter_names, adapter_weights, new_rank, target, *rest, **options)
        torch.linalg.svd = svd
        valid = [adapter for adapter in adapter_names if adapter in target.lora_A]
        assert len(drawn) in (0, len(valid))
        for adapter, mask in zip(valid, drawn):
            masks[f"{adapter}/{names[id(target)].removeprefix('model.')}"] = mask.to(torch.uint8)
        return result

    torch.manual_seed(97)
    torch.bernoulli, base._svd_generalized_task_arithmetic_weighted_adapter = recording, named
    try:
        extra = {} if kind == "svd" else {"density": DENSITY}
        if sign:
            extra["majority_sign_method"] = sign
        model.add_weighted_adapter(adapters, weights, "merged", combination_type=kind, svd_rank=rank, svd_clamp=clamp, **extra)
    finally:
        torch.bernoulli, torch.linalg.svd = bernoulli, svd
        del base._svd_generalized_task_arithmetic_weighted_adapter
    config = model.peft_config["merged"]
    assert config.r == config.lora_alpha and (len(masks) > 0) == ("dare" in kind)
    state = {key: value.float() for key, value in peft_state(model, "merged").items()}
    model.delete_adapter("merged")
    return state, masks, config.r


def main():
    options = arguments(__doc__, model=False).parse_args()
    one_thread_pair()
    out = folder(options.out, "peft-svd-merges")
    model = build()
    inputs, merges, tensors = [], [], {}
    for name, (rank, alpha, rooted, _, _) in ADAPTERS.items():
        tensors.update({f"{name}/{key}": value.float() for key, value in peft_state(model, name).items()})
        inputs.append({"name": name, "scaling": alpha / rank ** 0.5 if rooted else alpha / rank})
    save(os.path.join(out, "adapters.safetensors"), tensors)
    for kind, sign in METHODS:
        tensors = {}
        method = kind + (f"-{sign}" if sign else "")
        for case, adapters, weights, rank in CASES:
            for clamp in [None] + (CLAMPS if kind == "svd" else []):
                prefix = case + (f"-clamp-{clamp}" if clamp else "")
                state, masks, merged_rank = merge(model, adapters, weights, rank, kind, sign, clamp)
                tensors.update({f"{prefix}/{key}": value for key, value in state.items()})
                tensors.update({f"{prefix}/mask/{key}": value for key, value in masks.items()})
                merges.append({"file": f"{method}.safetensors", "prefix": prefix, "unclamped": case, "combinationType": kind,
                               "majoritySignMethod": sign, "density": None if kind == "svd" else DENSITY, "clamp": clamp, "adapters": adapters,
                               "weights": weights, "rank": rank or 0, "mergedRank": merged_rank})
        save(os.path.join(out, f"{method}.safetensors"), tensors)
    write_json(os.path.join(out, "index.json"), {"inputs": inputs, "merges": merges}, per_line="merges")


main()
