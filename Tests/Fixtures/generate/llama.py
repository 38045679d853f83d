"""Reads a llama GGUF into transformers' LlamaForCausalLM (float32, eager attention)."""
import numpy
from common import gguf_field

NAMES = {
    "attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


def permute(weight, heads):
    """Hugging Face's order of rows to llama.cpp's (rotary pairs next to each other)."""
    return weight.reshape(heads, 2, weight.shape[0] // heads // 2, *weight.shape[1:]).swapaxes(1, 2).reshape(weight.shape)


def unpermute(weight, heads):
    return weight.reshape(heads, weight.shape[0] // heads // 2, 2, *weight.shape[1:]).swapaxes(1, 2).reshape(weight.shape)


def tensors(path):
    from gguf import GGUFReader
    from gguf.quants import dequantize
    reader = GGUFReader(path)
    result = {}
    for tensor in reader.tensors:
        shape = [int(size) for size in tensor.shape][::-1]
        result[tensor.name] = numpy.array(dequantize(tensor.data, tensor.tensor_type), dtype=numpy.float32).reshape(shape)
    return reader, result


def load(path, dtype=None):
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM
    reader, stored = tensors(path)
    get = lambda name: gguf_field(reader, "llama." + name)
    heads, groups = get("attention.head_count"), get("attention.head_count_kv")
    tied = "output.weight" not in stored
    config = LlamaConfig(
        vocab_size=len(gguf_field(reader, "tokenizer.ggml.tokens")), hidden_size=get("embedding_length"),
        intermediate_size=get("feed_forward_length"), num_hidden_layers=get("block_count"), num_attention_heads=heads,
        num_key_value_heads=groups, head_dim=get("embedding_length") // heads, max_position_embeddings=get("context_length"),
        # the GGUF's epsilon is a float32: take its short decimal (1e-05)
        rms_norm_eps=float(str(numpy.float32(get("attention.layer_norm_rms_epsilon")))), tie_word_embeddings=tied,
        rope_parameters={"rope_type": "default", "rope_theta": float(get("rope.freq_base"))}, attention_bias=False, mlp_bias=False,
        bos_token_id=gguf_field(reader, "tokenizer.ggml.bos_token_id"), eos_token_id=gguf_field(reader, "tokenizer.ggml.eos_token_id"),
        attn_implementation="eager")
    model = LlamaForCausalLM(config).to(torch.float32).eval()
    assert model.config._attn_implementation == "eager" and model.config.rope_parameters["rope_theta"] == get("rope.freq_base")
    state = {}
    for name, value in stored.items():
        if name == "token_embd.weight":
            state["model.embed_tokens.weight"] = value
        elif name == "output_norm.weight":
            state["model.norm.weight"] = value
        elif name == "output.weight":
            state["lm_head.weight"] = value
        else:
            _, layer, part, _ = name.split(".")
            if part in ("attn_q", "attn_k"):
                value = unpermute(value, heads if part == "attn_q" else groups)
            state[f"model.layers.{layer}.{NAMES[part]}.weight"] = value
    missing, unexpected = model.load_state_dict({key: torch.tensor(value) for key, value in state.items()}, strict=False)
    assert not unexpected and missing == (["lm_head.weight"] if tied else []), (missing, unexpected)
    model.tie_weights()
    assert (model.lm_head.weight.data_ptr() == model.model.embed_tokens.weight.data_ptr()) == tied
    return model if dtype is None else model.to(dtype)
