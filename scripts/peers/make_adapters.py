"""Makes the job's LoRA adapters for SmolLM2-135M, each as a PEFT folder and as a llama.cpp GGUF, from one seed.

adapters/lora-0 … lora-7 (PEFT) and lora-0.gguf … lora-7.gguf (the same numbers; rows of q and k in llama.cpp's rotary order).
"""
import argparse
import json
import os
import numpy

LAYERS, HIDDEN, HEADS, GROUPS, HEAD, FFN = 30, 576, 9, 3, 64, 1536
RANK, ALPHA = 8, 16
MODULES = [  # PEFT's name, llama.cpp's name, inputs, outputs, heads whose rows llama.cpp reorders
    ("self_attn.q_proj", "attn_q", HIDDEN, HEADS * HEAD, HEADS),
    ("self_attn.k_proj", "attn_k", HIDDEN, GROUPS * HEAD, GROUPS),
    ("self_attn.v_proj", "attn_v", HIDDEN, GROUPS * HEAD, None),
    ("self_attn.o_proj", "attn_output", HEADS * HEAD, HIDDEN, None),
    ("mlp.gate_proj", "ffn_gate", HIDDEN, FFN, None),
    ("mlp.up_proj", "ffn_up", HIDDEN, FFN, None),
    ("mlp.down_proj", "ffn_down", FFN, HIDDEN, None),
]


def permute(weight, heads):
    """Hugging Face's order of rows (halves of a head) to llama.cpp's (rotary pairs next to each other)."""
    return weight.reshape(heads, 2, weight.shape[0] // heads // 2, *weight.shape[1:]).swapaxes(1, 2).reshape(weight.shape)


def draw(seed, a_std, b_std):
    rng = numpy.random.default_rng(seed)
    for layer in range(LAYERS):
        for peft_name, gguf_name, inputs, outputs, heads in MODULES:
            a = (rng.standard_normal((RANK, inputs)) * a_std).astype(numpy.float32)
            b = (rng.standard_normal((outputs, RANK)) * b_std).astype(numpy.float32)
            yield layer, peft_name, gguf_name, heads, a, b


def write(folder, index, a_std, b_std):
    from gguf import GGUFWriter
    from safetensors.numpy import save_file
    peft = os.path.join(folder, f"lora-{index}")
    os.makedirs(peft, exist_ok=True)
    writer = GGUFWriter(peft + ".gguf", "llama")
    writer.add_string("general.type", "adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", float(ALPHA))
    tensors = {}
    for layer, peft_name, gguf_name, heads, a, b in draw(1000 + index, a_std, b_std):
        key = f"base_model.model.model.layers.{layer}.{peft_name}"
        tensors[key + ".lora_A.weight"], tensors[key + ".lora_B.weight"] = a, b
        writer.add_tensor(f"blk.{layer}.{gguf_name}.weight.lora_a", a)
        writer.add_tensor(f"blk.{layer}.{gguf_name}.weight.lora_b", b if heads is None else numpy.ascontiguousarray(permute(b, heads)))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    save_file(tensors, os.path.join(peft, "adapter_model.safetensors"), metadata={"format": "pt"})
    with open(os.path.join(peft, "adapter_config.json"), "w") as stream:
        json.dump({
            "base_model_name_or_path": "HuggingFaceTB/SmolLM2-135M-Instruct", "bias": "none", "fan_in_fan_out": False,
            "inference_mode": True, "init_lora_weights": True, "lora_alpha": ALPHA, "lora_dropout": 0.0, "modules_to_save": None,
            "peft_type": "LORA", "r": RANK, "target_modules": [name.split(".")[1] for name, *_ in MODULES], "task_type": "CAUSAL_LM",
            "use_dora": False, "use_rslora": False,
        }, stream, indent=2)
        stream.write("\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--count", type=int, default=8)
    parser.add_argument("--a-std", type=float, default=0.02)
    parser.add_argument("--b-std", type=float, default=0.01)
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    for index in range(options.count):
        write(options.folder, index, options.a_std, options.b_std)
    print(f"{options.count} adapters in {options.folder}")
