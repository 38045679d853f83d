"""A LoRA training step by PEFT: 8 sequences of 256 tokens, rank 8 on all projections, AdamW step included. Prints one line of JSON.

Labels cover the last 64 tokens of each sequence; logits are made for all 256 positions, as Trainer's step does. "seconds" is the
median of the timed steps. --last-logits asks the model for the logits of the last 65 positions only, an aside: what a careful
user could do by hand.
"""
import json
import os
import time
import base
import job


def main():
    parser = base.options(__doc__)
    parser.add_argument("--sequences", type=int, default=8)
    parser.add_argument("--length", type=int, default=256)
    parser.add_argument("--answer", type=int, default=64)
    parser.add_argument("--warmup", type=int, default=2)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--last-logits", action="store_true")
    options = parser.parse_args()
    import torch
    from peft import PeftModel
    torch.set_num_threads(options.threads)
    model = base.load(options.model, options.dtype, options.attention)
    model = PeftModel.from_pretrained(model, os.path.join(options.adapters, "lora-0"), is_trainable=True).train()
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-4)
    ids = torch.tensor([[(position * 37 + index * 101) % (job.VOCABULARY - 600) + 300 for position in range(options.length)]
                        for index in range(options.sequences)])
    labels = ids.clone()
    labels[:, :options.length - options.answer] = -100
    mask = torch.ones_like(ids)
    spent, losses, parts = [], [], []
    for _ in range(options.warmup + options.steps):
        begun = time.monotonic()
        if options.last_logits:
            logits = model(input_ids=ids, attention_mask=mask, use_cache=False, logits_to_keep=options.answer + 1).logits
            loss = torch.nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1).float(), ids[:, -options.answer:].flatten())
        else:
            loss = model(input_ids=ids, attention_mask=mask, labels=labels, use_cache=False).loss
        between = time.monotonic()
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(round(loss.item(), 5))
        spent.append(time.monotonic() - begun)
        parts.append(between - begun)
    timed = sorted(spent[options.warmup:])
    median = timed[len(timed) // 2]
    print(json.dumps({
        "engine": "peft-train", "dtype": options.dtype, "seconds": round(median, 4),
        "all_seconds": [round(value, 4) for value in spent[options.warmup:]],
        "forward_seconds": round(sorted(parts[options.warmup:])[len(timed) // 2], 4), "tokens_per_second": round(ids.numel() / median, 1),
        "logits": "last" if options.last_logits else "all", "trained_parameters": sum(parameter.numel() for parameter in trained),
        "losses": losses, "peak_bytes": job.peak_bytes()}))


if __name__ == "__main__":
    main()
