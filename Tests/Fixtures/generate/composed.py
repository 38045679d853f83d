"""tiny/composed-gradients.json, tiny/composed-gradients.safetensors. Needs tiny.py's and lora.py's output."""
import os
import numpy
from adapters import batch_loss, batches, largest_relative, save, tiny_tokenizer
from common import arguments, f32, folder, one_thread_pair, write_json
from llama import load

SCALING = 2


def composed(path, state, double):
    """The tiny model with y += c * SCALING * B P A x + p in each projection; A and B are tiny/lora's, P, c and p are trained."""
    import torch
    rng = numpy.random.default_rng(67)
    model = load(path)
    trained = {}

    class Composed(torch.nn.Module):
        def __init__(self, name, base):
            super().__init__()
            self.base = base
            self.a, self.b = (state[f"base_model.model.{name}.lora_{matrix}.weight"] for matrix in "AB")
            rank, outputs = self.a.shape[0], self.b.shape[0]
            values = {"middle": numpy.eye(rank) + rng.standard_normal((rank, rank)) * 0.3,
                      "coefficient": numpy.array([0.5 + rng.random()]), "bias": rng.standard_normal(outputs) * 0.05}
            if double:
                self.a, self.b = self.a.double(), self.b.double()
            for kind, value in values.items():
                value = torch.tensor(value.astype(numpy.float32))
                trained[f"{name}.{kind}"] = torch.nn.Parameter(value.double() if double else value)
            self.name = name

        def forward(self, x):
            part = lambda kind: trained[f"{self.name}.{kind}"]
            return self.base(x) + part("coefficient") * SCALING * (x @ self.a.T @ part("middle").T @ self.b.T) + part("bias")

    if double:
        model = model.double()
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    for name in sorted(key.removeprefix("base_model.model.").removesuffix(".lora_A.weight") for key in state if "lora_A" in key):
        parent, child = name.rsplit(".", 1)
        setattr(model.get_submodule(parent), child, Composed(name, model.get_submodule(name)))
    return model, trained


def entropy(model, batch):
    """Mean entropy of the prediction at every position whose next token belongs to an answer."""
    import torch
    total, count = 0, 0
    for item in batch:
        tokens, start = torch.tensor(item["tokens"]), item["answerStart"]
        logs = torch.log_softmax(model(tokens[None]).logits[0][start - 1:-1], dim=-1)
        total = total - (logs.exp() * logs).sum()
        count += len(tokens) - start
    return total / count, count


def main():
    from safetensors.torch import load_file
    options = arguments(__doc__, model=False).parse_args()
    one_thread_pair()
    out = folder(options.out, "tiny")
    path = os.path.join(out, "tiny-llama.gguf")
    state = load_file(os.path.join(out, "lora", "adapter_model.safetensors"))
    batch = batches(tiny_tokenizer(out), 1, 3, seed=71)[0]
    tensors, losses = {}, {}
    for objective, function in (("cross-entropy", batch_loss), ("entropy", entropy)):
        runs = []
        for double in (False, True):
            model, trained = composed(path, state, double)
            loss, _ = function(model, batch)
            loss.backward()
            runs.append((loss.item(), {key: value.grad for key, value in trained.items()}))
            if double:  # a coefficient's gradient is a sum of terms that cancel: float32 has it to 1e-3 only
                tensors.update({f"{key}.value": value.data.float() for key, value in trained.items()})
                tensors.update({f"{key}.{objective}": value.grad.float() for key, value in trained.items()})
        print(objective, "loss", runs[0][0], runs[1][0], "relative difference from float64", largest_relative(runs[0][1], runs[1][1]))
        losses[objective] = f32(runs[1][0])
    save(os.path.join(out, "composed-gradients.safetensors"), tensors)
    write_json(os.path.join(out, "composed-gradients.json"),
               {"model": "tiny-llama.gguf", "adapter": "lora", "batch": batch, "losses": losses, "tensors": "composed-gradients.safetensors"})


main()
