"""The tiny random models of architectures/: their shapes, their GGUF files, and how transformers reads those files back."""
import dataclasses
import os
import re
import numpy
from common import gguf_field
from llama import permute, tensors, unpermute

CONTEXT = 256


@dataclasses.dataclass
class Variant:
    architecture: str          # general.architecture
    layers: int
    hidden: int
    heads: int
    groups: int                # key/value heads
    head: int                  # head size
    ffn: int
    epsilon: float
    tied: bool
    rope: dict                 # transformers' rope_parameters
    settings: dict = dataclasses.field(default_factory=dict)   # further arguments of the transformers configuration
    keys: dict = dataclasses.field(default_factory=dict)       # further GGUF keys, without the architecture's prefix


def plain(base, **more):
    return {"rope_type": "default", "rope_theta": base, **more}


VARIANTS = {
    # wavelengths 2π·500000^(i/16): below 24 two stay, 24…96 two are interpolated, above 96 twelve are divided by the factor
    "llama3": Variant("llama", 2, 64, 4, 2, 32, 96, 1e-5, True,
                      {"rope_type": "llama3", "rope_theta": 500000.0, "factor": 32.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                       "original_max_position_embeddings": 96},
                      {"head_dim": 32, "attention_bias": False, "mlp_bias": False},
                      {"rope.freq_base": 500000.0, "rope.dimension_count": 32, "attention.key_length": 32, "attention.value_length": 32,
                       "vocab_size": 300}),
    "qwen2": Variant("qwen2", 3, 64, 4, 2, 16, 96, 1e-6, True, plain(1e6), {"use_sliding_window": False}, {"rope.freq_base": 1e6}),
    "qwen3": Variant("qwen3", 2, 64, 4, 2, 24, 96, 1e-6, True, plain(1e6), {"head_dim": 24, "use_sliding_window": False, "attention_bias": False},
                     {"rope.freq_base": 1e6, "attention.key_length": 24, "attention.value_length": 24}),
    # real stablelm files carry no rope.freq_base: 10000 is understood
    "stablelm": Variant("stablelm", 2, 64, 2, 2, 32, 96, 1e-5, False, plain(10000.0, partial_rotary_factor=0.25),
                        {"use_qkv_bias": True, "qk_layernorm": False, "use_parallel_residual": False},
                        {"rope.dimension_count": 8, "use_parallel_residual": False}),
    "stablelm-parallel": Variant("stablelm", 2, 64, 4, 2, 16, 96, 1e-5, False, plain(10000.0, partial_rotary_factor=0.25),
                                 {"use_qkv_bias": False, "qk_layernorm": True, "use_parallel_residual": True},
                                 {"rope.dimension_count": 4, "use_parallel_residual": True}),
    # as the files in use: neither the pattern (five local layers, then a global one) nor the local base has a key
    "gemma3": Variant("gemma3", 7, 32, 4, 1, 16, 64, 1e-6, True,
                      {"full_attention": {"rope_type": "linear", "rope_theta": 1e6, "factor": 8.0}, "sliding_attention": plain(10000.0)},
                      {"head_dim": 16, "query_pre_attn_scalar": 16, "sliding_window": 16, "sliding_window_pattern": 6},
                      {"rope.freq_base": 1e6, "attention.key_length": 16, "attention.value_length": 16, "attention.sliding_window": 16,
                       "rope.scaling.type": "linear", "rope.scaling.factor": 8.0}),
    # both keys present and unlike the defaults, no scaling
    "gemma3-keys": Variant("gemma3", 3, 32, 2, 1, 24, 64, 1e-6, True,
                           {"full_attention": plain(1e6), "sliding_attention": plain(5000.0)},
                           {"head_dim": 24, "query_pre_attn_scalar": 24, "sliding_window": 9, "sliding_window_pattern": 2},
                           {"rope.freq_base": 1e6, "attention.key_length": 24, "attention.value_length": 24, "attention.sliding_window": 9,
                            "attention.sliding_window_pattern": 2, "rope.freq_base_swa": 5000.0}),
}


def empty(variant):
    """The transformers model of this shape, weights still to come; float32, eager attention."""
    import torch
    import transformers
    names = {"llama": "Llama", "qwen2": "Qwen2", "qwen3": "Qwen3", "stablelm": "StableLm", "gemma3": "Gemma3"}
    name = names[variant.architecture]
    epsilon = "layer_norm_eps" if variant.architecture == "stablelm" else "rms_norm_eps"
    config = getattr(transformers, name + ("TextConfig" if name == "Gemma3" else "Config"))(
        vocab_size=300, hidden_size=variant.hidden, intermediate_size=variant.ffn, num_hidden_layers=variant.layers,
        num_attention_heads=variant.heads, num_key_value_heads=variant.groups, max_position_embeddings=CONTEXT,
        tie_word_embeddings=variant.tied, rope_parameters=variant.rope, bos_token_id=1, eos_token_id=2, pad_token_id=2,
        attn_implementation="eager", **{epsilon: variant.epsilon}, **variant.settings)
    model = getattr(transformers, name + "ForCausalLM")(config).to(torch.float32).eval()
    assert model.config._attn_implementation == "eager"
    return model


def gguf_names(variant, model):
    """GGUF name to the transformers name (or, for StableLM's norm of each head, the list of names) in the converter's own mapping."""
    import gguf
    kinds = {name: kind for kind, name in gguf.MODEL_ARCH_NAMES.items()}
    names = gguf.get_tensor_name_map(kinds[variant.architecture], variant.layers)
    result = {}
    for key in model.state_dict():
        if key == "lm_head.weight" and variant.tied:
            continue
        stacked = re.fullmatch(r"(.*)\.norms\.\d+(\.weight)", key)
        name = names.get_name("".join(stacked.groups()) if stacked else key, (".weight", ".bias"))
        assert name, key
        if stacked:
            result.setdefault(name, []).append(key)
        else:
            result[name] = key
    return result


def random_tensor(rng, name, shape):
    draw = rng.standard_normal(shape).astype(numpy.float32)
    if "norm" in name and name.endswith(".weight"):
        return 1 + draw * numpy.float32(0.3 if "_q_" in name or "_k_" in name else 0.15)
    if name.endswith(".bias"):
        return draw * numpy.float32(0.2 if "norm" in name else 0.3)
    if name in ("token_embd.weight", "output.weight"):
        return (draw * numpy.float32(0.5)).astype(numpy.float16)
    return (draw * numpy.float32(1.3 / shape[-1] ** 0.5)).astype(numpy.float16)


def rope_factors(variant):
    """What llama.cpp's converter writes as rope_freqs.weight: each frequency is DIVIDED by its factor."""
    rope = variant.rope
    wavelength = 2 * numpy.pi * rope["rope_theta"] ** (numpy.arange(0, variant.head, 2) / variant.head)
    low, high, old = rope["low_freq_factor"], rope["high_freq_factor"], rope["original_max_position_embeddings"]
    smooth = numpy.clip((old / wavelength - low) / (high - low), 0, 1)
    factors = (1 / ((1 - smooth) / rope["factor"] + smooth)).astype(numpy.float32)
    assert 0 < (smooth == 0).sum() and 0 < (smooth == 1).sum() and ((0 < smooth) & (smooth < 1)).sum() > 1
    return factors


def write(path, name, variant, tiny, seed):
    """tiny: a reader of tiny-llama.gguf, whose vocabulary is taken over. Norms and biases are F32, all else F16."""
    from gguf import GGUFWriter
    writer = GGUFWriter(path, variant.architecture)
    writer.add_name(f"Tiny random {name}")
    writer.add_file_type(1)
    writer.add_block_count(variant.layers)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(variant.hidden)
    writer.add_feed_forward_length(variant.ffn)
    writer.add_head_count(variant.heads)
    writer.add_head_count_kv(variant.groups)
    if variant.architecture == "stablelm":
        writer.add_layer_norm_eps(variant.epsilon)
    else:
        writer.add_layer_norm_rms_eps(variant.epsilon)
    for key, value in variant.keys.items():
        add = {bool: writer.add_bool, int: writer.add_uint32, float: writer.add_float32, str: writer.add_string}[type(value)]
        add(f"{variant.architecture}.{key}", value)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(gguf_field(tiny, "tokenizer.ggml.tokens"))
    writer.add_token_types(gguf_field(tiny, "tokenizer.ggml.token_type"))
    writer.add_token_merges(gguf_field(tiny, "tokenizer.ggml.merges"))
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_pad_token_id(2)
    writer.add_add_bos_token(False)
    writer.add_add_space_prefix(False)
    writer.add_chat_template(gguf_field(tiny, "tokenizer.chat_template"))
    model = empty(variant)
    shapes = {key: tuple(value.shape) for key, value in model.state_dict().items()}
    rng = numpy.random.default_rng(seed)
    if variant.rope.get("rope_type") == "llama3":
        writer.add_tensor("rope_freqs.weight", rope_factors(variant))
    for tensor, key in gguf_names(variant, model).items():
        shape = (len(key), *shapes[key[0]]) if isinstance(key, list) else shapes[key]
        value = random_tensor(rng, tensor, shape)
        if variant.architecture == "llama" and re.search(r"attn_[qk]\.", tensor):
            value = permute(value, variant.heads if "attn_q" in tensor else variant.groups)
        writer.add_tensor(tensor, numpy.ascontiguousarray(value))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    print(os.path.basename(path), os.path.getsize(path), "bytes")
    assert os.path.getsize(path) <= 300_000


def load(path, variant):
    """The stored values in transformers' model of this shape."""
    import torch
    _, stored = tensors(path)
    model = empty(variant)
    state = {}
    for tensor, key in gguf_names(variant, model).items():
        value = stored.pop(tensor)
        if isinstance(key, list):
            state.update(zip(key, value))
            continue
        if variant.architecture == "llama" and re.search(r"attn_[qk]\.", tensor):
            value = unpermute(value, variant.heads if "attn_q" in tensor else variant.groups)
        if variant.architecture == "gemma3" and tensor.endswith("norm.weight"):
            value = value - 1          # transformers multiplies by 1 + w; exact, and so is adding the 1 again, for values in 0.5…2
        state[key] = value
    assert set(stored) <= {"rope_freqs.weight"}, stored.keys()
    missing, unexpected = model.load_state_dict({key: torch.tensor(value) for key, value in state.items()}, strict=False)
    assert not unexpected and missing == (["lm_head.weight"] if variant.tied else []), (missing, unexpected)
    model.tie_weights()
    assert (model.lm_head.weight.data_ptr() == model.model.embed_tokens.weight.data_ptr()) == variant.tied
    return model
