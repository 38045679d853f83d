"""The GGUF's weights in transformers, de-quantised, by the reader the test fixtures use."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Tests", "Fixtures", "generate"))


def load(path, dtype, attention="sdpa"):
    import torch
    import llama
    model = llama.load(path, getattr(torch, dtype))
    model.set_attn_implementation(attention)
    assert model.config._attn_implementation == attention
    return model


def options(description):
    import argparse
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--model", default=os.path.expanduser("~/.cache/braid/SmolLM2-135M-Instruct.Q4_1.gguf"))
    parser.add_argument("--adapters", default="/root/peers/adapters", help="the folder make_adapters.py wrote")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--dtype", default="float32", choices=["float32", "bfloat16"])
    parser.add_argument("--attention", default="sdpa", choices=["sdpa", "eager"])
    return parser
