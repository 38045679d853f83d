"""Loads the default model into transformers: the GGUF's weights, de-quantised, as a Hugging Face folder made once."""
import argparse
import os
import sys


def make(gguf, folder):
    """Reads the GGUF by the reader that the test fixtures use and writes float32 safetensors."""
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Tests", "Fixtures", "generate"))
    import llama
    llama.load(gguf).save_pretrained(folder)


def load(folder, dtype, attention="sdpa"):
    import torch
    from transformers import AutoModelForCausalLM
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=getattr(torch, dtype), attn_implementation=attention)
    assert model.config._attn_implementation == attention and model.dtype == getattr(torch, dtype)
    return model.eval()


def options(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--model", default=os.path.expanduser("~/peers/models/hf"), help="the folder base.py wrote")
    parser.add_argument("--adapters", default=os.path.expanduser("~/peers/adapters"), help="the folder make_adapters.py wrote")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--dtype", default="float32", choices=["float32", "bfloat16"])
    parser.add_argument("--attention", default="sdpa", choices=["sdpa", "eager"])
    return parser


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: base.py MODEL.gguf FOLDER")
    make(*sys.argv[1:])
