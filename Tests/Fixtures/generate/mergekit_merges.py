"""mergekit-merges/: mergekit's merges of the dense updates of small seeded adapters, with the random masks it drew."""
import os
import numpy
from adapters import save
from common import arguments, folder, one_thread_pair, write_json

SITES = {"model.layers.0.self_attn.q_proj": (20, 16), "model.layers.0.mlp.down_proj": (14, 24), "model.layers.1.self_attn.q_proj": (20, 16)}
FEWER = [site for site in SITES if "down_proj" not in site]
# rank, alpha, layers, seed; `near` and `opposite` are made of `a`.
ADAPTERS = {"a": (3, 6, SITES, 71), "b": (2, 3, SITES, 72), "c": (4, 2, FEWER, 73), "near": (3, 9, SITES, 74), "opposite": (3, 4, SITES, 75)}
PAIR, UNEVEN, THREE = ("a b", [0.5, 0.5]), ("a b", [0.7, -0.3]), ("a b c", [0.6, -0.3, 0.5])
WEIGHTED = [PAIR, UNEVEN, THREE]
RANDOM = [{"density": 0.6, "rescale": "l1"}, {"density": 0.6, "rescale": "none", "normalize": True}, {"density": 0.3, "rescale": "paper", "lambda": 0.8},
          {"density": 1.0, "rescale": "l1"}]
RANKED = [{**settings, "epsilon": 0.2} for settings in RANDOM]
CRUMBS = [{"density": 0.4, "gamma": 0.1}, {"density": 0.9, "gamma": 0.2, "lambda": 1.5}, {"density": 0.3, "gamma": 0.0, "rescale": "l1", "normalize": True}]
# method, parameters other than the default, lists of adapters
METHODS = [
    ("task_arithmetic", [{}, {"lambda": 0.4}, {"lambda": 0.8, "normalize": True}], WEIGHTED),
    ("ties", [{"density": 0.5, "normalize": True}, {"density": 0.2, "lambda": 0.8, "normalize": False, "rescale": "l1"}, {"density": 0.001, "normalize": True},
              {"density": 1.0, "normalize": True}], WEIGHTED),
    ("dare_linear", RANDOM, WEIGHTED), ("dare_ties", RANDOM, WEIGHTED), ("della_linear", RANKED, WEIGHTED), ("della", RANKED, WEIGHTED),
    ("breadcrumbs", CRUMBS, WEIGHTED), ("breadcrumbs_ties", CRUMBS, WEIGHTED),
    ("slerp", [{"t": 0.3}, {"t": 0.5}], [("a b", None), ("a near", None), ("a opposite", None), ("a c", None)]),
    ("multislerp", [{"normalize": True}, {"normalize": False}], [PAIR, ("a b", [0.7, 0.4]), ("a b c", [0.6, 0.9, 0.5]), ("a near opposite", [0.5, 0.3, 0.3]),
                                                                 UNEVEN]),
    ("karcher", [{}], [("a b", None), ("a b c", None), ("a near c", None)]),
]
TRUNCATED = ("ties", 4)


def adapters():
    made = {}
    for name, (rank, alpha, sites, seed) in ADAPTERS.items():
        rng = numpy.random.default_rng(seed)
        made[name] = {}
        for site in sites:
            outputs, inputs = SITES[site]
            a = rng.standard_normal((rank, inputs)) * 0.25
            b = rng.standard_normal((outputs, rank)) * 0.4
            if name in ("near", "opposite"):
                sign = 1 if name == "near" else -1
                first = made["a"][site]
                a, b = first[0] + a * 0.01, sign * first[1] + b * 0.01
            made[name][site] = (a.astype(numpy.float32), b.astype(numpy.float32))
    return made


class Recorder:
    """Keeps what torch.bernoulli draws, with the probabilities it was given."""

    def __enter__(self):
        import torch
        self.original, self.drawn = torch.bernoulli, []
        torch.bernoulli = self.draw
        return self

    def draw(self, probabilities):
        mask = self.original(probabilities)
        self.drawn.append((probabilities, mask))
        return mask

    def __exit__(self, *_):
        import torch
        torch.bernoulli = self.original


def merge(method, names, weights, settings, deltas):
    """The merged update and the masks, in the order of the names that have the layer."""
    import torch
    from mergekit.merge_methods.api import merge_tensors
    from mergekit.sparsify import SparsificationMethod, sparsify
    present = [(name, weight) for name, weight in zip(names, weights or [None] * len(names)) if name in deltas]
    tensors = [deltas[name] for name, _ in present]
    parameters = {key: value for key, value in settings.items() if key != "rescale"}
    if method == "slerp":
        # One tensor alone is passed on, as mergekit's policy for this method has it.
        return (merge_tensors(tensors, method, base_index=0, parameters=parameters) if len(tensors) > 1 else tensors[0]), []
    if method == "karcher":
        return merge_tensors(tensors, method), []
    zero = torch.zeros_like(tensors[0])
    parameters["weight"] = {index + 1: weight for index, (_, weight) in enumerate(present)}
    if method == "multislerp":
        parameters["normalize_weights"] = parameters.pop("normalize")
        return merge_tensors([zero, *tensors], method, base_index=0, parameters=parameters), []
    with Recorder() as recorder:
        if settings.get("rescale") == "paper":
            # The papers' rule, which mergekit no longer has: each kept entry over its own probability of being kept.
            kind = SparsificationMethod.della_magprune if "della" in method else SparsificationMethod.random
            pruned = [sparsify(tensor, settings["density"], kind, epsilon=settings.get("epsilon", 0)) for tensor in tensors]
            tensors = [tensor / probabilities for tensor, (probabilities, _) in zip(pruned, recorder.drawn)]
            parameters["density"] = 1.0
        elif "rescale" in settings:
            parameters["rescale"] = settings["rescale"] == "l1"
        merged = merge_tensors([zero, *tensors], method, base_index=0, parameters=parameters)
    return merged, [(name, mask) for (name, _), (_, mask) in zip(present, recorder.drawn)]


def defaults(method):
    """mergekit's own defaults, so that every case says all it was made with."""
    from mergekit import merge_methods
    given = {spec.name: spec.default for spec in merge_methods.get(method).spec.parameters if isinstance(spec.default, (bool, int, float))}
    known = {key: given[key] for key in ("lambda", "normalize", "density", "gamma", "epsilon") if key in given}
    if "rescale" in given:
        known["rescale"] = "l1" if given["rescale"] else "none"
    return known


def main():
    import torch
    options = arguments(__doc__, model=False).parse_args()
    one_thread_pair()
    torch.manual_seed(98)
    out = folder(options.out, "mergekit-merges")
    made = adapters()
    save(os.path.join(out, "adapters.safetensors"), {
        f"{name}/base_model.model.{site}.lora_{matrix}.weight": torch.tensor(pair[index])
        for name, sites in made.items() for site, pair in sites.items() for index, matrix in enumerate("AB")})
    scalings = {name: alpha / rank for name, (rank, alpha, *_) in ADAPTERS.items()}
    dense = {site: {name: torch.tensor(scalings[name] * (sites[site][1].astype(numpy.float64) @ sites[site][0].astype(numpy.float64))).float()
                    for name, sites in made.items() if site in sites} for site in SITES}
    cases = []
    for method, variants, lists in METHODS:
        tensors = {}
        for settings in variants:
            for names, weights in lists:
                settings = {**defaults(method), **settings}
                prefix = str(len([case for case in cases if case["method"] == method]))
                case = {"method": method, "prefix": prefix, "adapters": names.split(), "weights": weights, "parameters": settings}
                for site, deltas in dense.items():
                    merged, masks = merge(method, names.split(), weights, settings, deltas)
                    assert torch.isfinite(merged).all()
                    tensors[f"{prefix}/{site}"] = merged.contiguous().clone()
                    tensors.update({f"{prefix}/mask/{name}/{site}": mask.to(torch.uint8) for name, mask in masks})
                    if method == TRUNCATED[0]:
                        u, s, v = numpy.linalg.svd(merged.double().numpy(), full_matrices=False)
                        k = TRUNCATED[1]
                        tensors[f"{prefix}/rank-{k}/{site}"] = torch.tensor((u[:, :k] * s[:k]) @ v[:k]).float().contiguous()
                        case["truncatedRank"] = k
                cases.append(case)
        save(os.path.join(out, f"{method}.safetensors"), tensors)
    inputs = [{"name": name, "scaling": scaling} for name, scaling in scalings.items()]
    write_json(os.path.join(out, "index.json"), {"inputs": inputs, "cases": cases}, per_line="cases")


main()
