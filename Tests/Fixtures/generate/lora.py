"""tiny/lora/ (PEFT adapter folder), tiny/lora-logits.json, tiny/lora-gradients.json, tiny/lora-gradients.safetensors
Needs tiny/tiny-llama.gguf (tiny.py)."""
import os
import random
from adapters import attach, batch_loss, batches, configuration, gradients, largest_relative, padded_loss, save, save_folder, tiny_tokenizer
from common import arguments, f32, f32s, folder, one_thread_pair, write_json
from llama import load


def main():
    import torch
    options = arguments(__doc__, model=False).parse_args()
    one_thread_pair()
    out = folder(options.out, "tiny")
    path = os.path.join(out, "tiny-llama.gguf")
    tokenizer = tiny_tokenizer(out)
    model = attach(load(path), configuration(), seed=31, zero_b=False).eval()
    save_folder(model, os.path.join(out, "lora"), "tiny-llama")

    rng = random.Random(13)
    sequences = [tokenizer.encode("<|im_start|>user\nWater the basil daily.<|im_end|>\n<|im_start|>assistant\n").ids]
    sequences += [[rng.randrange(300) for _ in range(length)] for length in (1, 4, 17, 40)]
    result = []
    base = load(path)
    for ids in sequences:
        with torch.no_grad():
            logits = model(torch.tensor([ids])).logits[0]
            moved = float((logits - base(torch.tensor([ids])).logits[0]).abs().max())
        positions = sorted({0, len(ids) // 2, len(ids) - 1})
        print(len(ids), "the adapter moves a logit by up to", moved)
        result.append({"tokens": ids, "positions": positions, "logits": [f32s(logits[position].numpy()) for position in positions]})
    write_json(os.path.join(out, "lora-logits.json"),
               {"model": "tiny-llama.gguf", "adapter": "lora", "vocabulary": 300, "sequences": result}, per_line="sequences")

    batch = batches(tokenizer, 1, 3, seed=17)[0]
    loss, count = batch_loss(model, batch)
    loss.backward()
    got = gradients(model)
    assert len(got) == 2 * 7 * 2
    double = attach(load(path), configuration(), seed=31, zero_b=False).eval().double()
    exact, _ = batch_loss(double, batch)
    exact.backward()
    print("loss", loss.item(), "float64", exact.item(), "padded", padded_loss(model, batch).item(), "gradients, relative difference from float64:",
          largest_relative(got, gradients(double)))
    save(os.path.join(out, "lora-gradients.safetensors"), got)
    write_json(os.path.join(out, "lora-gradients.json"),
               {"model": "tiny-llama.gguf", "adapter": "lora", "batch": batch, "answerTokens": count, "loss": f32(loss.item()),
                "gradients": "lora-gradients.safetensors"})


main()
