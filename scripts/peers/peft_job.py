"""The job of job.py by transformers' generate with PEFT adapters (not merged). Prints one line of JSON.

Batches are padded on the left; loading is not in "seconds". --mixed gives prompt i the adapter i mod 8 by PEFT's adapter_names.
Prefill and decode rates come from a hook that times the model's forward passes.
"""
import json
import os
import time
import base
import job



def attach(model, folder, count):
    from peft import PeftModel
    model = PeftModel.from_pretrained(model, os.path.join(folder, "lora-0"), adapter_name="lora-0")
    for index in range(1, count):
        model.load_adapter(os.path.join(folder, f"lora-{index}"), adapter_name=f"lora-{index}")
    model.set_adapter("lora-0")
    return model.eval()


def padded(prompts, pad):
    import torch
    length = max(map(len, prompts))
    ids = torch.full((len(prompts), length), pad)
    mask = torch.zeros_like(ids)
    for row, tokens in enumerate(prompts):
        ids[row, length - len(tokens):] = torch.tensor(tokens)
        mask[row, length - len(tokens):] = 1
    return ids, mask


def generate(model, prompts, new_tokens, adapters):
    ids, mask = padded(prompts, 2)
    extra = {} if adapters is None else {"adapter_names": adapters}
    output = model.generate(input_ids=ids, attention_mask=mask, do_sample=False, use_cache=True, pad_token_id=2,
                            min_new_tokens=new_tokens, max_new_tokens=new_tokens, **extra)
    return output[:, ids.shape[1]:].tolist()


def main():
    parser = base.options(__doc__)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--prompts", type=int, default=job.PROMPTS)
    parser.add_argument("--new", type=int, default=job.NEW_TOKENS)
    parser.add_argument("--mixed", action="store_true", help="prompt i uses adapter i mod 8")
    parser.add_argument("--sort", action="store_true", help="sort prompts by length so that batches need less padding")
    parser.add_argument("--no-adapter", action="store_true")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--warmup", type=int, default=1, help="0: no short generation before the timed one")
    options = parser.parse_args()
    import torch
    torch.set_num_threads(options.threads)
    started = time.monotonic()
    model = base.load(options.model, options.dtype, options.attention)
    if not options.no_adapter:
        model = attach(model, options.adapters, job.ADAPTERS if options.mixed else 1)
    causal = model if options.no_adapter else model.get_base_model()
    causal.generation_config.eos_token_id = None  # end-of-text is ignored: a token like any other
    load_seconds = time.monotonic() - started

    passes = []
    forward = causal.forward

    def timed(*arguments, **keywords):
        begun = time.monotonic()
        output = forward(*arguments, **keywords)
        ids = keywords["input_ids"] if "input_ids" in keywords else arguments[0]
        passes.append((time.monotonic() - begun, ids.shape[1], job.process_age()))
        return output

    causal.forward = timed
    prompts = job.prompts(options.prompts)
    order = sorted(range(len(prompts)), key=lambda index: len(prompts[index])) if options.sort else list(range(len(prompts)))
    runs, cpu, first_age = [], [], None
    with torch.inference_mode():
        if options.warmup:
            generate(model, [prompts[0]], 2, ["lora-0"] if options.mixed else None)
        for _ in range(options.repeat):
            passes.clear()
            results = [None] * len(prompts)
            begun, busy = time.monotonic(), time.process_time()
            for start in range(0, len(prompts), options.batch):
                chosen = order[start:start + options.batch]
                names = [f"lora-{index % job.ADAPTERS}" for index in chosen] if options.mixed else None
                for index, tokens in zip(chosen, generate(model, [prompts[index] for index in chosen], options.new, names)):
                    results[index] = tokens
            runs.append(time.monotonic() - begun)
            cpu.append(time.process_time() - busy)
            first_age = first_age or passes[0][2]
    assert all(len(tokens) == options.new for tokens in results)
    prefill = sum(spent for spent, width, _ in passes if width > 1)
    decode = sum(spent for spent, width, _ in passes if width == 1)
    prompt_tokens = sum(map(len, prompts))
    print(json.dumps({
        "engine": "transformers+peft", "dtype": options.dtype, "mixed": options.mixed,
        "seconds": round(sorted(runs)[(len(runs) - 1) // 2], 4), "all_seconds": [round(value, 4) for value in runs], "cpu_seconds": round(sorted(cpu)[(len(cpu) - 1) // 2], 4),
        "load_seconds": round(load_seconds, 3), "process_to_first_token_seconds": round(first_age, 3), "peak_bytes": job.peak_bytes(), "prompt_tokens": prompt_tokens,
        "new_tokens": sum(map(len, results)), "prefill_tokens_per_second": round(prompt_tokens / prefill, 1),
        "decode_tokens_per_second": round(len(prompts) * (options.new - 1) / decode, 1) if decode else None,
        "prefill_seconds": round(prefill, 3), "decode_seconds": round(decode, 3), "first_tokens": results[:3]}))


if __name__ == "__main__":
    main()
