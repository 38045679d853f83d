"""published-merges/: methods by their papers' formulas: LoraHub with PEFT, isotropic merges and TSV-M by their algorithms, learned methods with given numbers.

The learned methods take numbers drawn here in place of trained ones. Each result is there twice: as the dense update of a layer, and as what the
layer's output gains for three inputs, which is computed from the factors without that update."""
import os
import numpy
from adapters import save
from common import arguments, folder, one_thread_pair, write_json

# in and out. The ranks of `a` and `b` together reach the shorter side, so that no published step meets a singular value of 0.
SITES = {"model.layers.0.self_attn.q_proj": (16, 6), "model.layers.1.mlp.down_proj": (7, 20)}
# rank, alpha, seed
ADAPTERS = {"a": (4, 8, 81), "b": (3, 3, 82), "c": (4, 2, 83), "d": (3, 3, 84), "e": (3, 12, 85)}
INPUTS = 3


def build():
    made = {}
    for name, (rank, alpha, seed) in ADAPTERS.items():
        rng = numpy.random.default_rng(seed)
        made[name] = {"scaling": alpha / rank, "layers": {
            site: tuple((rng.standard_normal(shape) * size).astype(numpy.float32)
                        for shape, size in (((rank, inputs), 0.3), ((outputs, rank), 0.4)))
            for site, (inputs, outputs) in SITES.items()}}
    return made


class Layer:
    """The factors of one layer in float64, with scalings and weights."""

    def __init__(self, adapters, names, weights, site):
        self.inputs, self.outputs = SITES[site]
        self.a = [adapters[name]["layers"][site][0].astype(numpy.float64) for name in names]
        self.b = [adapters[name]["layers"][site][1].astype(numpy.float64) for name in names]
        self.s = [adapters[name]["scaling"] for name in names]
        self.w = weights or [1] * len(names)
        self.updates = [s * b @ a for s, b, a in zip(self.s, self.b, self.a)]

    def linear(self):
        """The merged factors of PEFT's `linear`: A and B summed apart with weights √|w s|, A's with the sign."""
        root = [abs(w * s) ** 0.5 for w, s in zip(self.w, self.s)]
        a = sum(numpy.sign(w * s) * c * a for w, s, c, a in zip(self.w, self.s, root, self.a))
        return sum(c * b for c, b in zip(root, self.b)), a


def rounded(values):
    """As float32 has them, so that both sides have the same numbers."""
    return numpy.asarray(values).astype(numpy.float32).astype(numpy.float64)


def svd(matrix):
    return numpy.linalg.svd(matrix, full_matrices=False)


def whitened(matrix):
    u, _, v = svd(matrix)
    return u @ v


# Data-free: each gives the dense update.

def tsv_m(layer, _):
    """Gargiulo et al., Algorithm 1."""
    k = int(min(layer.inputs, layer.outputs) / len(layer.updates))
    parts = [svd(update) for update in layer.updates]
    u = numpy.concatenate([u[:, :k] for u, _, _ in parts], axis=1)
    v = numpy.concatenate([v[:k] for _, _, v in parts])
    return whitened(u) @ numpy.diag(numpy.concatenate([s[:k] for _, s, _ in parts])) @ whitened(v)


def iso_c(layer, _):
    """Marczak et al., Algorithm 1."""
    u, s, v = svd(sum(layer.updates))
    return s.mean() * u @ v


def iso_cts(layer, options):
    """Marczak et al., Algorithm 2; the sizes of the subspaces as in the authors' program."""
    r, count = min(layer.inputs, layer.outputs), len(layer.updates)
    own = round((r - int(r * options["common"])) / count)
    k = r - own * count
    u, s, v = svd(sum(layer.updates))
    us, ss, vs = [u[:, :k]], [s[:k]], [v[:k]]
    for update in layer.updates:
        u, s, v = svd(update - us[0] @ us[0].T @ update)
        us.append(u[:, :own])
        ss.append(s[:own])
        vs.append(v[:own])
    level = numpy.concatenate(ss).sum() / r
    return level * whitened(numpy.concatenate(us, axis=1)) @ whitened(numpy.concatenate(vs))


# Learned: each draws its numbers, and gives the update and a function from inputs [in, n] to what the outputs gain [out, n].

def lora_soups(layer, _, rng, learned):
    learned["coefficients"] = alpha = rounded(rng.uniform(-0.4, 1.2, len(layer.a)))
    return (sum(c * update for c, update in zip(alpha, layer.updates)),
            lambda x: sum(c * s * b @ (a @ x) for c, s, b, a in zip(alpha, layer.s, layer.b, layer.a)))


def adamerging(layer, _, rng, learned):
    learned["coefficients"] = rounded(numpy.array([0.35, -0.2, 1.3])[:len(layer.a)] + rng.uniform(-0.1, 0.1, len(layer.a)))
    used = numpy.clip(learned["coefficients"], 0, 1)
    return (sum(c * update for c, update in zip(used, layer.updates)),
            lambda x: sum(c * s * b @ (a @ x) for c, s, b, a in zip(used, layer.s, layer.b, layer.a)))


def projection_merge(layer, _, rng, learned):
    a = numpy.concatenate([w * s * a for w, s, a in zip(layer.w, layer.s, layer.a)])
    b = numpy.concatenate(layer.b, axis=1)
    learned["middle"] = p = rounded(rng.standard_normal((len(a), len(a))) * 0.3)
    return b @ p @ a, lambda x: b @ (p @ (a @ x))


def calibration(layer, options, rng, learned):
    b, a = layer.linear()
    learned["vector"] = p = rounded(rng.standard_normal(layer.outputs) * 0.2)
    if options["form"] == "output-bias":
        return b @ a, lambda x: b @ (a @ x) + p[:, None]
    return b @ a + numpy.outer(p, numpy.ones(layer.inputs)), lambda x: b @ (a @ x) + p[:, None] * x.sum(0)


def calibration_plus(layer, options, rng, learned):
    b, a = layer.linear()
    learned["first"] = p1 = rounded(rng.standard_normal((options["rank"], layer.inputs)) * 0.3)
    learned["second"] = p2 = rounded(rng.standard_normal((layer.outputs, options["rank"])) * 0.3)
    return b @ a + p2 @ p1, lambda x: b @ (a @ x) + p2 @ (p1 @ x)


def lorahub(adapters, names, weights):
    """As `get_final_weights` of the authors: the sum of whole state dictionaries, put into one PEFT adapter."""
    import torch
    from peft import LoraConfig, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
    base = torch.nn.Module()
    for site, (inputs, outputs) in SITES.items():
        place = base
        *path, last = site.split(".")
        for name in path:
            if not hasattr(place, name):
                place.add_module(name, torch.nn.Module())
            place = getattr(place, name)
        place.add_module(last, torch.nn.Linear(inputs, outputs, bias=False))
    model, states = None, []
    for name in [*names, "composed"]:
        rank, alpha, _ = ADAPTERS[names[0]]
        config = LoraConfig(r=rank, lora_alpha=alpha, target_modules=["q_proj", "down_proj"])
        if model is None:
            model = get_peft_model(base, config, adapter_name=name)
        else:
            model.add_adapter(name, config)
        if name == "composed":
            total = {key: sum(weight * state[key] for weight, state in zip(weights, states)) for key in states[0]}
            set_peft_model_state_dict(model, total, adapter_name=name)
            continue
        given = {f"base_model.model.{site}.lora_{matrix}.weight": torch.tensor(value)
                 for site, factors in adapters[name]["layers"].items() for matrix, value in zip("AB", factors)}
        set_peft_model_state_dict(model, given, adapter_name=name)
        states.append(get_peft_model_state_dict(model, adapter_name=name))
        assert all(torch.equal(states[-1][key], given[key]) for key in given)
    return {site: model.base_model.model.get_submodule(site).get_delta_weight("composed").detach().double().numpy() for site in SITES}


PAIR, THREE = ["a", "b"], ["a", "b", "c"]
CASES = [
    ("lorahub", {}, ["b", "d"], [0.7, 0.4]), ("lorahub", {}, ["b", "d"], [-1.5, 0.6]), ("lorahub", {}, ["b", "d"], [-0.3, -1.1]),
    ("tsv-m", {}, PAIR, None), ("tsv-m", {}, THREE, None), ("iso-c", {}, PAIR, None), ("iso-c", {}, THREE, None),
    ("iso-cts", {"common": 0.8}, PAIR, None), ("iso-cts", {"common": 0.5}, PAIR, None), ("iso-cts", {"common": 0.8}, THREE, None),
    ("lora-soups", {}, PAIR, None), ("lora-soups", {}, THREE, None), ("adamerging", {}, PAIR, None), ("adamerging", {}, THREE, None),
    ("projection-merge", {}, PAIR, [0.5, 0.5]), ("projection-merge", {}, THREE, [0.7, -0.3, 1.2]),
    *((method, options, ["b", "e"], weights) for method, options in
      [("learnable-calibration", {"form": "column-wise"}), ("learnable-calibration", {"form": "output-bias"}),
       ("learnable-calibration-plus", {"rank": 4}), ("learnable-calibration-plus", {"rank": 1})] for weights in ([0.5, 0.5], [0.8, -0.6])),
]
DATA_FREE = {"tsv-m": tsv_m, "iso-c": iso_c, "iso-cts": iso_cts}
LEARNED = {"lora-soups": lora_soups, "adamerging": adamerging, "projection-merge": projection_merge, "learnable-calibration": calibration,
           "learnable-calibration-plus": calibration_plus}


def main():
    import torch
    options = arguments(__doc__, model=False).parse_args()
    one_thread_pair()
    out = folder(options.out, "published-merges")
    adapters = build()
    save(os.path.join(out, "adapters.safetensors"), {
        f"{name}/base_model.model.{site}.lora_{matrix}.weight": torch.tensor(value) for name, adapter in adapters.items()
        for site, factors in adapter["layers"].items() for matrix, value in zip("AB", factors)})
    tensors, cases = {}, []
    for number, (method, settings, names, weights) in enumerate(CASES):
        rng = numpy.random.default_rng([86, number])
        hub = lorahub(adapters, names, weights) if method == "lorahub" else {}
        for site in SITES:
            layer, learned, prefix = Layer(adapters, names, weights, site), {}, f"{number}/{site}"
            x = rng.standard_normal((layer.inputs, INPUTS)).astype(numpy.float32)
            if method in LEARNED:
                update, forward = LEARNED[method](layer, settings, rng, learned)
                tensors[f"{prefix}/inputs"], tensors[f"{prefix}/gains"] = x, forward(x.astype(numpy.float64))
            else:
                update = hub[site] if method == "lorahub" else DATA_FREE[method](layer, settings)
            tensors[f"{prefix}/update"] = update
            tensors.update({f"{prefix}/{key}": value for key, value in learned.items()})
        cases.append({"method": method, "number": number, "options": settings, "adapters": names, "weights": weights})
    save(os.path.join(out, "merges.safetensors"), {key: torch.tensor(value, dtype=torch.float32).contiguous() for key, value in tensors.items()})
    inputs = [{"name": name, "scaling": adapter["scaling"]} for name, adapter in adapters.items()]
    write_json(os.path.join(out, "index.json"), {"inputs": inputs, "cases": cases}, per_line="cases")


main()
