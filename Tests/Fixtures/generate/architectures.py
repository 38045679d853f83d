"""architectures/: for each variant <name>.gguf, <name>.json, <name>-lora/, <name>-lora-logits.json, <name>-gradients.{json,safetensors}
Needs tiny/tiny-llama.gguf (tiny.py), whose vocabulary is used."""
import os
import random
import numpy
from adapters import (attach, batch_loss, batches, configuration, gradients, largest_relative, padded_loss, peft_state, save, save_folder,
                      tiny_tokenizer)
from by_hand import ByHand
from common import arguments, f32, f32s, folder, one_thread_pair, write_json
from variants import VARIANTS, load, write


def sequences_of(tokenizer, seed, lengths):
    """A chat, then random tokens; 60 is longer than any sliding window here."""
    rng = random.Random(seed)
    chat = "<|im_start|>user\nWater the basil daily.<|im_end|>\n<|im_start|>assistant\n"
    return [tokenizer.encode(chat).ids] + [[rng.randrange(300) for _ in range(length)] for length in lengths]


def golden_rows(model, exact, sequences, positions):
    """The rows of logits to keep, and the largest difference of any logit from the float64 computation by hand."""
    import torch
    result, worst, spread = [], 0, []
    for ids in sequences:
        with torch.no_grad():
            logits = model(torch.tensor([ids])).logits[0]
            worst = max(worst, float((logits.double() - exact(torch.tensor(ids))).abs().max()))
        spread.append(float(logits.std()))
        kept = sorted({position for position in positions if position < len(ids)} | {len(ids) // 2, len(ids) - 1})
        result.append({"tokens": ids, "positions": kept, "logits": [f32s(logits[position].numpy()) for position in kept]})
    print(f"  logits: spread {numpy.mean(spread):.2f}, largest difference from float64 {worst:.2g}")
    assert worst < 1e-4
    return result


def exact_gradients(exact, batch):
    import torch
    total = 0
    for item in batch:
        tokens, start = torch.tensor(item["tokens"]), item["answerStart"]
        total = total + torch.nn.functional.cross_entropy(exact(tokens)[start - 1:-1], tokens[start:], reduction="sum")
    loss = total / sum(len(item["tokens"]) - item["answerStart"] for item in batch)
    loss.backward()
    return loss.item(), {key: value.grad for key, value in exact.adapter.items()}


def make(out, name, variant, tiny, tokenizer, seed):
    file = f"{name}.gguf"
    path = os.path.join(out, file)
    write(path, name, variant, tiny, seed)
    base = load(path, variant)
    rows = golden_rows(base, ByHand(path), sequences_of(tokenizer, seed, (5, 60)), (0, 16, 17))
    write_json(os.path.join(out, f"{name}.json"), {"model": file, "vocabulary": 300, "sequences": rows}, per_line="sequences")

    model = attach(base, configuration(), seed=seed + 100, zero_b=False).eval()
    save_folder(model, os.path.join(out, f"{name}-lora"), name)
    exact = ByHand(path, peft_state(model))
    rows = golden_rows(model, exact, sequences_of(tokenizer, seed + 200, (40,)), (0,))
    write_json(os.path.join(out, f"{name}-lora-logits.json"),
               {"model": file, "adapter": f"{name}-lora", "vocabulary": 300, "sequences": rows}, per_line="sequences")

    batch = batches(tokenizer, 1, 3, seed=17)[0]
    loss, count = batch_loss(model, batch)
    loss.backward()
    got = gradients(model)
    exact_loss, exact_got = exact_gradients(exact, batch)
    assert got.keys() == exact_got.keys() and len(got) == 2 * 7 * variant.layers
    worst = largest_relative(got, exact_got)
    print(f"  loss {loss.item()}, float64 {exact_loss}, padded {padded_loss(model, batch).item()};",
          f"gradients, relative difference from float64 {worst:.2g}")
    assert worst < 1e-4 and abs(loss.item() - exact_loss) < 1e-4 and max(len(item["tokens"]) for item in batch) > 40
    save(os.path.join(out, f"{name}-gradients.safetensors"), got)
    write_json(os.path.join(out, f"{name}-gradients.json"),
               {"model": file, "adapter": f"{name}-lora", "batch": batch, "answerTokens": count, "loss": f32(loss.item()),
                "gradients": f"{name}-gradients.safetensors"})


def main():
    from gguf import GGUFReader
    parser = arguments(__doc__, model=False)
    parser.add_argument("names", nargs="*", help="variants to make (default: all)")
    options = parser.parse_args()
    one_thread_pair()
    out, tiny = folder(options.out, "architectures"), folder(options.out, "tiny")
    tokenizer = tiny_tokenizer(tiny)
    reader = GGUFReader(os.path.join(tiny, "tiny-llama.gguf"))
    for index, (name, variant) in enumerate(VARIANTS.items()):
        if not options.names or name in options.names:
            make(out, name, variant, reader, tokenizer, seed=1000 + index)


main()
