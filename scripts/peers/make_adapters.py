"""Makes the job's LoRA adapters for SmolLM2-135M, each as a PEFT folder and as a llama.cpp GGUF, from one seed.

adapters/lora-0 … lora-7 (PEFT) and lora-0.gguf … lora-7.gguf (the same numbers; rows of q and k in llama.cpp's rotary order).
lora-0.f16.gguf, lora-0.rank16.gguf and the like are the same adapter in half precision or with its rank filled up by zeros: attempts
to help llama.cpp, whose fast matrix product leaves an inner dimension of 8 to a slow path.
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


def write_gguf(path, index, a_std, b_std, dtype=numpy.float32, rank=RANK):
    """rank above the adapter's own fills up with zeros: the same numbers in a shape that llama.cpp's kernels may like better."""
    from gguf import GGUFWriter
    writer = GGUFWriter(path, "llama")
    writer.add_string("general.type", "adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", float(ALPHA) * rank / RANK)
    for layer, _, gguf_name, heads, a, b in draw(1000 + index, a_std, b_std):
        if heads is not None:
            b = permute(b, heads)
        a = numpy.pad(a, ((0, rank - RANK), (0, 0))).astype(dtype)
        b = numpy.pad(b, ((0, 0), (0, rank - RANK))).astype(dtype)
        writer.add_tensor(f"blk.{layer}.{gguf_name}.weight.lora_a", numpy.ascontiguousarray(a))
        writer.add_tensor(f"blk.{layer}.{gguf_name}.weight.lora_b", numpy.ascontiguousarray(b))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def write_peft(peft, index, a_std, b_std):
    from safetensors.numpy import save_file
    os.makedirs(peft, exist_ok=True)
    tensors = {}
    for layer, peft_name, _, _, a, b in draw(1000 + index, a_std, b_std):
        key = f"base_model.model.model.layers.{layer}.{peft_name}"
        tensors[key + ".lora_A.weight"], tensors[key + ".lora_B.weight"] = a, b
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
        path = os.path.join(options.folder, f"lora-{index}")
        write_peft(path, index, options.a_std, options.b_std)
        write_gguf(path + ".gguf", index, options.a_std, options.b_std)
    first = os.path.join(options.folder, "lora-0")
    write_gguf(first + ".f16.gguf", 0, options.a_std, options.b_std, numpy.float16)
    for rank in (16, 32):
        write_gguf(f"{first}.rank{rank}.gguf", 0, options.a_std, options.b_std, rank=rank)
        write_gguf(f"{first}.rank{rank}.f16.gguf", 0, options.a_std, options.b_std, numpy.float16, rank)
    print(f"{options.count} adapters in {options.folder}")
