"""What the adapter generators share."""
import json
import math
import os
import random
import numpy
import texts

TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def configuration(rank=4, alpha=8, targets=TARGETS):
    from peft import LoraConfig
    return LoraConfig(r=rank, lora_alpha=alpha, target_modules=list(targets), lora_dropout=0.0, bias="none", task_type="CAUSAL_LM",
                      base_model_name_or_path="tiny-llama")


def attach(model, config, seed, zero_b, name="default"):
    """A uniform in ±1/sqrt(in); B normal (0.08) or zero; drawn in the order of the sorted parameter names."""
    import torch
    from peft import get_peft_model
    model = get_peft_model(model, config, adapter_name=name)
    rng = numpy.random.default_rng(seed)
    for key, parameter in sorted(model.named_parameters()):
        if f".lora_A.{name}." in key:
            bound = 1 / math.sqrt(parameter.shape[1])
            parameter.data = torch.tensor(rng.uniform(-bound, bound, parameter.shape).astype(numpy.float32))
        elif f".lora_B.{name}." in key:
            value = numpy.zeros(parameter.shape) if zero_b else rng.standard_normal(parameter.shape) * 0.08
            parameter.data = torch.tensor(value.astype(numpy.float32))
    return model


def peft_state(model, name="default"):
    from peft import get_peft_model_state_dict
    return {key: value.detach().contiguous().clone() for key, value in
            get_peft_model_state_dict(model, adapter_name=name, save_embedding_layers=False).items()}


def gradients(model, name="default"):
    return {key.replace(f".{name}.", "."): parameter.grad.detach().contiguous().clone()
            for key, parameter in model.named_parameters() if parameter.grad is not None}


def batch_loss(model, batch):
    """Mean cross-entropy over ALL answer tokens of the batch: tokens[answerStart...], each predicted from the position before it.
    Sequences are run one by one, without padding."""
    import torch
    total, count = 0, 0
    for item in batch:
        tokens, start = torch.tensor(item["tokens"]), item["answerStart"]
        logits = model(tokens[None]).logits[0]
        total = total + torch.nn.functional.cross_entropy(logits[start - 1:-1], tokens[start:], reduction="sum")
        count += len(tokens) - start
    return total / count, count


def padded_loss(model, batch):
    """The same by transformers' own labels, padded on the right with an attention mask; a cross-check."""
    import torch
    length = max(len(item["tokens"]) for item in batch)
    ids = torch.full((len(batch), length), 2)
    mask, labels = torch.zeros_like(ids), torch.full_like(ids, -100)
    for row, item in enumerate(batch):
        size = len(item["tokens"])
        ids[row, :size] = torch.tensor(item["tokens"])
        mask[row, :size] = 1
        labels[row, item["answerStart"]:size] = ids[row, item["answerStart"]:size]
    return model(input_ids=ids, attention_mask=mask, labels=labels).loss


def batches(tokenizer, count, size, seed):
    rng = random.Random(seed)
    result = []
    for _ in range(count):
        batch = []
        for _ in range(size):
            prompt = "<|im_start|>user\n" + " ".join(rng.choice(texts.ENGLISH).split()[:rng.randrange(1, 5)]) + "<|im_end|>\n<|im_start|>assistant\n"
            answer = " ".join(rng.choice(texts.ENGLISH).split()[:rng.randrange(1, 7)]) + "<|im_end|>"
            start = tokenizer.encode(prompt).ids
            batch.append({"tokens": start + tokenizer.encode(answer).ids, "answerStart": len(start)})
        result.append(batch)
    return result


def save(path, tensors):
    from safetensors.torch import save_file
    from common import report
    save_file(dict(sorted(tensors.items())), path)
    os.chmod(path, 0o644)
    report(path)


def save_folder(model, path, base_name):
    """A PEFT folder as PEFT writes it, less the card, with what it leaves to chance made fixed."""
    model.save_pretrained(path, save_embedding_layers=False)
    card = os.path.join(path, "README.md")
    if os.path.exists(card):
        os.remove(card)
    os.chmod(os.path.join(path, "adapter_model.safetensors"), 0o644)
    settings = os.path.join(path, "adapter_config.json")
    with open(settings) as stream:
        config = json.load(stream)
    config["target_modules"] = TARGETS   # PEFT writes a set, in no fixed order
    config["base_model_name_or_path"] = base_name
    with open(settings, "w") as stream:
        stream.write(json.dumps(config, indent=2, sort_keys=True) + "\n")


def tiny_tokenizer(out):
    from common import model_tokenizer
    return model_tokenizer(os.path.join(out, "tiny-llama.gguf"))


def largest_relative(first, second):
    """Largest difference of two dictionaries of tensors, relative to the largest magnitude in each tensor."""
    return max(float((first[key].double() - second[key].double()).abs().max() / second[key].double().abs().max().clamp(min=1e-30)) for key in second)
