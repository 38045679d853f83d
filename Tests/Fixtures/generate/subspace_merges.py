"""subspace-merges/: KnOTS, TSV-M, Iso-C, Iso-CTS, Core Space and Pico as published, on dense float64 updates of seeded adapters."""
import os
import numpy
from adapters import save
from common import arguments, folder, write_json

# in and out of each layer; the key projection is narrower than the ranks together.
SHAPES = {"layers.0.self_attn.q_proj": (16, 20), "layers.0.self_attn.k_proj": (16, 6), "layers.1.mlp.down_proj": (24, 12)}
# name: rank, alpha, layers it lacks, layers where its B is zero, seed
ADAPTERS = {"a": (4, 8, [], [], 71), "b": (3, 3, [], [], 72), "c": (2, 8, ["layers.0.self_attn.q_proj"], [], 73),
            "zero": (3, 6, [], ["layers.1.mlp.down_proj"], 74)}
LISTS = [("ab", ["a", "b"], [1, 1]), ("ab-0.7--0.3", ["a", "b"], [0.7, -0.3]), ("abc", ["a", "b", "c"], [1, 0.5, 2]), ("aa", ["a", "a"], [1, 1]),
         ("a-zero", ["a", "zero"], [1, 1]), ("b", ["b"], [1])]
CUT = 1e-6   # singular values below this share of the largest are those of directions that do not exist


def build():
    adapters = {}
    for name, (rank, alpha, lacking, zero, seed) in ADAPTERS.items():
        rng = numpy.random.default_rng(seed)
        adapters[name] = {"scaling": alpha / rank, "layers": {}}
        for layer, (inputs, outputs) in SHAPES.items():
            a = (rng.standard_normal((rank, inputs)) * 0.3).astype(numpy.float32)
            b = (rng.standard_normal((outputs, rank)) * 0.2).astype(numpy.float32)
            if layer not in lacking:
                adapters[name]["layers"][layer] = (a, b * (layer not in zero))
    return adapters


def svd(matrix):
    return numpy.linalg.svd(matrix, full_matrices=False)


def existing(values):
    return values > CUT * max(values.max(initial=0), 1e-300)


def polar(stack):
    """The orthonormal matrix nearest to the stack; of a stack that lacks rank, the partial isometry."""
    u, s, v = svd(stack)
    keep = existing(s)
    return u[:, keep] @ v[keep]


class Layer:
    """A layer's adapters: factors in float64, weights, dense updates with weight and scaling."""

    def __init__(self, adapters, names, weights, name):
        here = [(position, adapters[adapter]) for position, adapter in enumerate(names) if name in adapters[adapter]["layers"]]
        self.name, self.positions = name, [position for position, _ in here]
        self.a = [adapter["layers"][name][0].astype(numpy.float64) for _, adapter in here]
        self.b = [adapter["layers"][name][1].astype(numpy.float64) for _, adapter in here]
        self.factor = [weights[position] * adapter["scaling"] for position, adapter in here]
        self.updates = [factor * b @ a for factor, a, b in zip(self.factor, self.a, self.b)]
        self.rank = sum(len(a) for a in self.a)


# Sign election and mean of the agreeing entries, as in Yadav et al. 2023 without weights.

def pruned(tensors, density):
    """All tensors of one adapter, with the entries not below the (floor(density * count) + 1)-th largest magnitude."""
    if density >= 1:
        return tensors
    sizes = numpy.sort(numpy.concatenate([numpy.abs(tensor).ravel() for tensor in tensors]))
    bound = sizes[len(sizes) - int(len(sizes) * density) - 1]
    return [numpy.where(numpy.abs(tensor) >= bound, tensor, 0) for tensor in tensors]


def elected_mean(tensors, sign):
    stack = numpy.stack(tensors)
    total = stack.sum(0)
    ballot = total
    if sign == "frequency":
        signs = numpy.sign(stack).sum(0)
        ballot = numpy.where(signs == 0, total, signs)
    agreeing = stack * numpy.where(ballot >= 0, stack > 0, stack < 0)
    return agreeing.sum(0) / numpy.maximum((agreeing != 0).sum(0), 1)


def nonzero_mean(tensors):
    stack = numpy.stack(tensors)
    return stack.sum(0) / numpy.maximum((stack != 0).sum(0), 1)


# KnOTS (Stoica et al. 2024)

def knots(layers, options, masks):
    bases, aligned = [], [{} for _ in range(1 + max(position for layer in layers for position in layer.positions))]
    for layer in layers:
        u, s, v = svd(numpy.concatenate(layer.updates, axis=1))
        u, s, v = u[:, s > 1e-5], s[s > 1e-5], v[s > 1e-5]
        bases.append(u)
        for position, block, update in zip(layer.positions, numpy.split(v, len(layer.updates), axis=1), layer.updates):
            part = s[:, None] * block
            if not update.any():
                part = numpy.zeros_like(part)   # exactly, where the SVD may leave noise
            if options["rule"] == "dare-ties":
                rng = numpy.random.default_rng([position, len(bases)])
                mask = rng.random(part.shape) < options["density"]
                masks[f"{position}/{layer.name}"] = mask
                part = part * mask / options["density"]
            aligned[position][layer.name] = part
    if options["rule"] == "ties":
        aligned = [dict(zip(parts, pruned(list(parts.values()), options["density"]))) for parts in aligned]
    results = []
    for layer, u in zip(layers, bases):
        parts = [aligned[position][layer.name] for position in layer.positions]
        if options["rule"] in ("ties", "dare-ties"):
            merged = elected_mean(parts, options["majority-sign"])
        else:
            merged = nonzero_mean(parts) if options["rule"] == "mean" else sum(parts)
        results.append((u @ merged, u.shape[1]))
    return results


# TSV-M (Gargiulo et al. 2024)

def tsv(updates, k):
    limit = int(min(updates[0].shape) / len(updates))
    limit = min(k, limit) if k else limit
    us, ss, vs = [], [], []
    for update in updates:
        u, s, v = svd(update)
        kept = min(limit, int(existing(s).sum()))
        us, ss, vs = us + [u[:, :kept]], ss + [s[:kept]], vs + [v[:kept]]
    return polar(numpy.concatenate(us, axis=1)) @ numpy.diag(numpy.concatenate(ss)) @ polar(numpy.concatenate(vs))


def tsv_m(layers, options, _):
    return [(tsv(layer.updates, options["k"]), None) for layer in layers]


# Iso-C and Iso-CTS (Marczak et al. 2025)

def level(values, shape, mean_over):
    return values.sum() / (min(shape) if mean_over == "dimension" else max(len(values), 1))


def isotropic(update, mean_over):
    u, s, v = svd(update)
    keep = existing(s)
    return level(s[keep], update.shape, mean_over) * u[:, keep] @ v[keep]


def iso_c(layers, options, _):
    return [(isotropic(sum(layer.updates), options["mean-over"]), None) for layer in layers]


def iso_cts(layers, options, _):
    results = []
    for layer in layers:
        count = len(layer.updates)
        dimension = min(layer.rank, *layer.updates[0].shape)
        own = round((dimension - int(dimension * options["common"])) / count)
        u, s, v = svd(sum(layer.updates))
        common = min(dimension - own * count, int(existing(s).sum()))
        us, ss, vs = [u[:, :common]], [s[:common]], [v[:common]]
        largest = s.max()
        for update in layer.updates:
            uu, s, v = svd(update - us[0] @ us[0].T @ update)
            kept = min(own, int((s > CUT * largest).sum()))
            us, ss, vs = us + [uu[:, :kept]], ss + [s[:kept]], vs + [v[:kept]]
        ss = numpy.concatenate(ss)
        value = level(ss, layer.updates[0].shape, options["mean-over"])
        results.append((value * polar(numpy.concatenate(us, axis=1)) @ polar(numpy.concatenate(vs)), None))
    return results


# Core Space (Panariello et al. 2025)

def core_space(layers, options, masks):
    results = []
    for number, layer in enumerate(layers):
        v = svd(numpy.concatenate(layer.a))[2]
        u = svd(numpy.concatenate(layer.b, axis=1))[0]
        cores = [factor * (u.T @ b) @ (a @ v.T) for factor, a, b in zip(layer.factor, layer.a, layer.b)]
        if options["rule"] in ("dare", "dare-ties"):
            for index, position in enumerate(layer.positions):
                mask = numpy.random.default_rng([position, number, 2]).random(cores[index].shape) < options["keep"]
                masks[f"{position}/{layer.name}"] = mask
                cores[index] = cores[index] * mask / options["keep"]
        if options["rule"] in ("ties", "dare-ties"):
            core = elected_mean([pruned([core], options["density"])[0] for core in cores], "total")
        elif options["rule"] == "tsv-m":
            core = tsv(cores, 0)
        else:
            core = sum(cores) / (len(cores) if options["rule"] == "mean" else 1)
        if options["isotropic"]:
            core = isotropic(core, "dimension")
        results.append((u @ core @ v, None))
    return results


# Pico (Tang and Yang 2026)

def pico(layers, options, masks):
    norms, calibrated = [], []
    for layer in layers:
        norms.append(numpy.mean([numpy.linalg.norm(update) for update in layer.updates]))
        u, s, _ = svd(numpy.concatenate(layer.b, axis=1))
        crowd = s**2 / max((s**2).sum(), 1e-12)
        shrink = 1 / (1 + (len(layer.b) - 1) * crowd)
        updates = []
        for update in layer.updates:
            shrunk = update + u @ ((shrink - 1)[:, None] * (u.T @ update))
            if options["rescale"] == "each" and update.any():
                shrunk = shrunk * numpy.linalg.norm(update) / numpy.linalg.norm(shrunk)
            updates.append(shrunk)
        layer.updates = updates
    if options["rule"] == "knots-ties":
        merged = knots(layers, {"rule": "ties", "density": options["density"], "majority-sign": "total"}, masks)
    elif options["rule"] == "tsv-m":
        merged = tsv_m(layers, {"k": 0}, masks)
    else:
        merged = [(sum(layer.updates) / len(layer.updates), None) for layer in layers]
    if options["rescale"] == "merged":
        merged = [(update * norm / max(numpy.linalg.norm(update), 1e-8), rank) for (update, rank), norm in zip(merged, norms)]
    return merged


CASES = {
    "knots": (knots, [{"rule": "ties", "density": 1, "majority-sign": "total"}, {"rule": "ties", "density": 0.4, "majority-sign": "total"},
                      {"rule": "ties", "density": 0.7, "majority-sign": "frequency"}, {"rule": "mean", "density": 1, "majority-sign": "total"},
                      {"rule": "sum", "density": 1, "majority-sign": "total"}, {"rule": "dare-ties", "density": 0.6, "majority-sign": "total"}]),
    "tsv-m": (tsv_m, [{"k": 0}, {"k": 2}]),
    "iso-c": (iso_c, [{"mean-over": "dimension"}, {"mean-over": "rank"}]),
    "iso-cts": (iso_cts, [{"mean-over": "dimension", "common": 0.8}, {"mean-over": "rank", "common": 0.5}]),
    "core-space": (core_space, [{"rule": rule, "density": density, "keep": 0.7, "isotropic": flag}
                                for rule, density in [("linear", 1), ("ties", 1), ("ties", 0.3), ("tsv-m", 1)] for flag in (False, True) if density == 1 or not flag]
                   + [{"rule": rule, "density": density, "keep": 0.6, "isotropic": flag}
                      for rule, density, flag in [("mean", 1, False), ("dare", 1, False), ("dare", 1, True), ("dare-ties", 1, False), ("dare-ties", 0.3, False)]]),
    "pico": (pico, [{"rule": rule, "density": density, "rescale": rescale} for rule, density, rescale in
                    [("linear", 1, "merged"), ("linear", 1, "each"), ("linear", 1, "none"), ("knots-ties", 1, "merged"), ("knots-ties", 0.5, "merged"),
                     ("tsv-m", 1, "merged")]]),
}
LAMBDA = 0.8


def main():
    import torch
    options = arguments(__doc__, model=False).parse_args()
    out = folder(options.out, "subspace-merges")
    adapters = build()
    keyed = {f"base_model.model.model.{layer}.lora_{matrix}.weight": None for layer in SHAPES for matrix in "AB"}
    inputs = []
    for name, adapter in adapters.items():
        tensors = {}
        for layer, (a, b) in adapter["layers"].items():
            tensors[f"base_model.model.model.{layer}.lora_A.weight"] = torch.tensor(a)
            tensors[f"base_model.model.model.{layer}.lora_B.weight"] = torch.tensor(b)
        assert set(tensors) <= set(keyed)
        save(os.path.join(out, f"{name}.safetensors"), tensors)
        inputs.append({"name": name, "file": f"{name}.safetensors", "rank": ADAPTERS[name][0], "alpha": ADAPTERS[name][1]})
    merges = []
    for method, (function, variants) in CASES.items():
        tensors = {}
        for number, variant in enumerate(variants):
            for case, names, weights in LISTS:
                layers = [Layer(adapters, names, weights, layer) for layer in SHAPES if any(layer in adapters[name]["layers"] for name in names)]
                masks, prefix = {}, f"{number}/{case}"
                results = function(layers, dict(variant), masks)
                tensors.update({f"{prefix}/model.{layer.name}": torch.tensor(LAMBDA * update, dtype=torch.float32)
                                for layer, (update, _) in zip(layers, results)})
                tensors.update({f"{prefix}/mask/{key.replace('/', '/model.')}": torch.tensor(mask.astype(numpy.uint8)) for key, mask in masks.items()})
                ranks = {f"model.{layer.name}": int(numpy.linalg.matrix_rank(update, tol=1e-6 * max(numpy.linalg.norm(update, 2), 1e-300)))
                         for layer, (update, _) in zip(layers, results)}
                merges.append({"method": method, "prefix": prefix, "options": variant, "adapters": names, "weights": weights, "lambda": LAMBDA,
                               "ranks": ranks})
        save(os.path.join(out, f"{method}.safetensors"), tensors)
    write_json(os.path.join(out, "index.json"), {"inputs": inputs, "merges": merges}, per_line="merges")


main()
