"""tiny/training.json, tiny/training-start.safetensors, tiny/training-step-*.safetensors, tiny/training-clipped-step-20.safetensors,
tiny/calibration-gradients.json, tiny/calibration-gradients.safetensors. Needs tiny.py's and lora.py's output."""
import os
import numpy
from adapters import (TARGETS, attach, batch_loss, batches, configuration, gradients, largest_relative, peft_state, save, tiny_tokenizer)
from common import arguments, f32, folder, one_thread_pair, write_json
from llama import load

STEPS, WARMUP, PEAK, BETAS, EPSILON, DECAY = 20, 4, 1e-3, (0.9, 0.999), 1e-8, 0.01


def train(path, data, clip, double=False, keep=()):
    import torch
    from transformers import get_linear_schedule_with_warmup
    model = attach(load(path), configuration(), seed=41, zero_b=True)
    model = (model.double() if double else model).train()
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(parameters, lr=PEAK, betas=BETAS, eps=EPSILON, weight_decay=DECAY, foreach=False)
    schedule = get_linear_schedule_with_warmup(optimiser, WARMUP, STEPS)
    record = {"losses": [], "gradientNorms": [], "learningRates": []}
    kept = {}
    for step, batch in enumerate(data):
        rate = optimiser.param_groups[0]["lr"]
        expected = PEAK * step / WARMUP if step < WARMUP else PEAK * (STEPS - step) / (STEPS - WARMUP)
        assert abs(rate - expected) < 1e-15
        optimiser.zero_grad()
        loss, _ = batch_loss(model, batch)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(parameters, clip if clip else float("inf"), foreach=False)
        optimiser.step()
        schedule.step()
        record["losses"].append(loss.item() if double else f32(loss.item()))
        record["gradientNorms"].append(norm.item() if double else f32(norm.item()))
        record["learningRates"].append(rate)
        if step + 1 in keep:
            kept[step + 1] = peft_state(model)
    return record, kept


def calibration(out, path, tokenizer):
    """Frozen base + frozen ΔW (the adapter tiny/lora, merged) + p·1ᵀ on each of the seven projections."""
    import torch
    from peft import PeftModel
    batch = batches(tokenizer, 1, 3, seed=19)[0]
    results, tensors = {}, {}
    for name in ("zero", "random"):
        runs = []
        for double in (False, True):
            rng = numpy.random.default_rng(53)
            merged = PeftModel.from_pretrained(load(path), os.path.join(out, "lora")).merge_and_unload()
            model = attach(merged, configuration(rank=1, alpha=1), seed=0, zero_b=True)
            for key, parameter in sorted(model.named_parameters()):
                if "lora_A" in key:
                    parameter.data.fill_(1.0)
                    parameter.requires_grad_(False)
                elif "lora_B" in key and name == "random":
                    parameter.data = torch.tensor((rng.standard_normal(parameter.shape) * 0.01).astype(numpy.float32))
            if double:
                model = model.double()
            loss, count = batch_loss(model, batch)
            loss.backward()
            short = lambda key: key.replace("base_model.model.", "").replace(".lora_B.default.weight", "").replace(".lora_B.weight", "")
            grads = {short(key): value.squeeze(1) for key, value in gradients(model).items()}
            runs.append((loss.item(), grads))
            values = {short(key): value.data.squeeze(1).clone() for key, value in model.named_parameters() if "lora_B" in key}
            if not double:
                for key, gradient in grads.items():
                    tensors[f"{key}.{name}.gradient"] = gradient
                    tensors[f"{key}.{name}.p"] = values[key]
        print("calibration", name, "loss", runs[0][0], runs[1][0], "relative difference from float64", largest_relative(runs[0][1], runs[1][1]))
        results[name] = f32(runs[0][0])
    assert len(tensors) == 2 * 2 * 7 * 2
    save(os.path.join(out, "calibration-gradients.safetensors"), tensors)
    write_json(os.path.join(out, "calibration-gradients.json"),
               {"model": "tiny-llama.gguf", "adapter": "lora", "batch": batch, "answerTokens": count,
                "lossWithZeroP": results["zero"], "lossWithRandomP": results["random"], "tensors": "calibration-gradients.safetensors",
                "modules": [f"model.layers.{layer}.{'self_attn' if name in TARGETS[:4] else 'mlp'}.{name}" for layer in range(2) for name in TARGETS]})


def main():
    options = arguments(__doc__, model=False).parse_args()
    one_thread_pair()
    out = folder(options.out, "tiny")
    path = os.path.join(out, "tiny-llama.gguf")
    tokenizer = tiny_tokenizer(out)
    data = batches(tokenizer, STEPS, 2, seed=43)
    save(os.path.join(out, "training-start.safetensors"), peft_state(attach(load(path), configuration(), seed=41, zero_b=True)))
    runs = {}
    for name, clip, keep in (("plain", None, (2, 5, 20)), ("clipped", 1.0, (5, 20))):
        record, kept = train(path, data, clip, keep=keep)
        exact, exact_kept = train(path, data, clip, double=True, keep=keep)
        print(name, "losses", record["losses"][0], "…", record["losses"][-1], "norms", min(record["gradientNorms"]), max(record["gradientNorms"]),
              "largest loss difference from float64", max(abs(a - b) for a, b in zip(record["losses"], exact["losses"])))
        files = {}
        for step, state in kept.items():
            file = f"training-{'clipped-' if clip else ''}step-{step}.safetensors"
            save(os.path.join(out, file), state)
            files[str(step)] = file
            print("  after", step, "largest absolute difference from float64",
                  max(float((state[key].double() - value).abs().max()) for key, value in exact_kept[step].items()))
        runs[name] = {"clip": clip, "losses": record["losses"], "gradientNorms": record["gradientNorms"], "adaptersAfterSteps": files}
        rates = record["learningRates"]
    write_json(os.path.join(out, "training.json"), {
        "model": "tiny-llama.gguf", "start": "training-start.safetensors", "rank": 4, "alpha": 8, "peak": PEAK, "beta1": BETAS[0], "beta2": BETAS[1],
        "epsilon": EPSILON, "weightDecay": DECAY, "steps": STEPS, "warmup": WARMUP,
        "schedule": "lr(step) = peak*step/warmup if step < warmup, else peak*(steps-step)/(steps-warmup); step counts from 0",
        "learningRates": rates, "runs": runs, "batches": data}, per_line="batches")
    calibration(out, path, tokenizer)


main()
