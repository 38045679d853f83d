"""tiny/tiny-llama.gguf, tiny/tiny-llama-untied.gguf, tiny/tokenizer.jsonl, tiny/logits.json, tiny/untied-logits.json,
tiny/quantised.gguf, tiny/quantised.json, tiny/quantised.bin"""
import collections
import os
import random
import numpy
import texts
from common import arguments, bpe_tokenizer, f32s, folder, one_thread_pair, write_json, write_jsonl

LAYERS, HIDDEN, HEADS, GROUPS, HEAD, FFN, CONTEXT, EPSILON, BASE = 2, 64, 4, 2, 16, 96, 256, 1e-5, 10000.0
MERGES = 41
TEMPLATE = ("{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}"
            "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}")


def vocabulary():
    """Three specials, 256 bytes, and 41 merges learnt from the English pool (ties go to the first pair in order)."""
    from tokenizers import pre_tokenizers
    split = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True),
                                     pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)])
    words = [list(word) for line in texts.ENGLISH for word, _ in split.pre_tokenize_str(line)]
    tokens = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"] + sorted(pre_tokenizers.ByteLevel.alphabet())
    merges = []
    while len(merges) < MERGES:
        counts = collections.Counter(pair for word in words for pair in zip(word, word[1:]))
        left, right = min(counts, key=lambda pair: (-counts[pair], pair))
        merges.append(left + " " + right)
        tokens.append(left + right)
        for word in words:
            index = 0
            while index + 1 < len(word):
                if word[index] == left and word[index + 1] == right:
                    word[index:index + 2] = [left + right]
                index += 1
    assert len(set(tokens)) == len(tokens)
    return tokens, merges, [3, 3, 3] + [1] * (len(tokens) - 3)


def weights(size):
    rng = numpy.random.default_rng(7)
    normal = lambda *shape, scale: (rng.standard_normal(shape) * scale).astype(numpy.float32)
    half = lambda value: value.astype(numpy.float16)
    result = {"token_embd.weight": normal(size, HIDDEN, scale=0.5)}
    for layer in range(LAYERS):
        add = lambda name, value: result.__setitem__(f"blk.{layer}.{name}.weight", value)
        add("attn_norm", 1 + normal(HIDDEN, scale=0.1))
        add("attn_q", normal(HEADS * HEAD, HIDDEN, scale=0.16))
        add("attn_k", normal(GROUPS * HEAD, HIDDEN, scale=0.16))
        add("attn_v", normal(GROUPS * HEAD, HIDDEN, scale=0.16))
        add("attn_output", normal(HIDDEN, HEADS * HEAD, scale=0.16))
        add("ffn_norm", 1 + normal(HIDDEN, scale=0.1))
        add("ffn_gate", half(normal(FFN, HIDDEN, scale=0.16)))
        add("ffn_up", half(normal(FFN, HIDDEN, scale=0.16)))
        add("ffn_down", half(normal(HIDDEN, FFN, scale=0.16)))
    result["output_norm.weight"] = 1 + normal(HIDDEN, scale=0.1)
    output = half(normal(size, HIDDEN, scale=0.5))
    return result, output


def write_model(path, values, vocab):
    """values hold Hugging Face's row order; q and k are written in llama.cpp's."""
    from gguf import GGUFWriter
    from llama import permute
    tokens, merges, types = vocab
    writer = GGUFWriter(path, "llama")
    writer.add_name("Tiny random llama")
    writer.add_block_count(LAYERS)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(HIDDEN)
    writer.add_feed_forward_length(FFN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(GROUPS)
    writer.add_rope_freq_base(BASE)
    writer.add_layer_norm_rms_eps(EPSILON)
    writer.add_file_type(1)
    writer.add_vocab_size(len(tokens))
    writer.add_rope_dimension_count(HEAD)
    writer.add_add_space_prefix(False)
    writer.add_add_bos_token(False)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    writer.add_token_merges(merges)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_pad_token_id(2)
    writer.add_chat_template(TEMPLATE)
    for name, value in values.items():
        if ".attn_q." in name:
            value = permute(value, HEADS)
        elif ".attn_k." in name:
            value = permute(value, GROUPS)
        writer.add_tensor(name, numpy.ascontiguousarray(value))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    size = os.path.getsize(path)
    print(os.path.basename(path), size)
    assert size <= 300_000


def by_hand(path, ids):
    """A second opinion: llama.cpp's way (interleaved rotary pairs on the stored weights), float64, no transformers."""
    from llama import tensors
    _, stored = tensors(path)
    stored = {name: value.astype(numpy.float64) for name, value in stored.items()}
    norm = lambda x, weight: x / numpy.sqrt((x * x).mean(-1, keepdims=True) + EPSILON) * weight
    angle = numpy.arange(len(ids))[:, None] * BASE ** (-numpy.arange(0, HEAD, 2) / HEAD)[None]
    cos, sin = numpy.cos(angle)[:, None], numpy.sin(angle)[:, None]

    def rotate(x):
        even, odd = x[..., 0::2], x[..., 1::2]
        return numpy.stack([even * cos - odd * sin, even * sin + odd * cos], -1).reshape(x.shape)

    x = stored["token_embd.weight"][ids]
    mask = numpy.triu(numpy.full((len(ids), len(ids)), -numpy.inf), 1)
    for layer in range(LAYERS):
        part = lambda name: stored[f"blk.{layer}.{name}.weight"]
        h = norm(x, part("attn_norm"))
        q = rotate((h @ part("attn_q").T).reshape(len(ids), HEADS, HEAD))
        k = rotate((h @ part("attn_k").T).reshape(len(ids), GROUPS, HEAD))
        v = (h @ part("attn_v").T).reshape(len(ids), GROUPS, HEAD)
        heads = []
        for head in range(HEADS):
            group = head // (HEADS // GROUPS)
            score = q[:, head] @ k[:, group].T / HEAD ** 0.5 + mask
            score = numpy.exp(score - score.max(-1, keepdims=True))
            heads.append(score / score.sum(-1, keepdims=True) @ v[:, group])
        x = x + numpy.concatenate(heads, -1) @ part("attn_output").T
        h = norm(x, part("ffn_norm"))
        gate = h @ part("ffn_gate").T
        x = x + (gate / (1 + numpy.exp(-gate)) * (h @ part("ffn_up").T)) @ part("ffn_down").T
    return norm(x, stored["output_norm.weight"]) @ stored.get("output.weight", stored["token_embd.weight"]).T


def write_logits(out, model_name, name, tokenizer):
    import torch
    from llama import load
    path = os.path.join(out, model_name)
    model = load(path)
    rng = random.Random(11)
    sequences = [tokenizer.encode(text).ids for text in
                 ["<|im_start|>user\nThe bread is 12 cents.<|im_end|>\n<|im_start|>assistant\n", "Où est le café ? 😀"]]
    for length in (1, 2, 3, 5, 8, 16, 17, 31, 33, 47, 60):
        sequences.append([rng.randrange(300) for _ in range(length)])
    result, worst, spread = [], 0, []
    for ids in sequences:
        with torch.no_grad():
            logits = model(torch.tensor([ids])).logits[0].numpy()
        worst = max(worst, float(numpy.abs(logits - by_hand(path, ids)).max()))
        spread.append(logits.std())
        positions = sorted({0, len(ids) // 2, len(ids) - 1})
        result.append({"tokens": ids, "positions": positions, "logits": [f32s(logits[position]) for position in positions]})
    print(model_name, "largest difference from the float64 computation by hand:", worst, "logit spread", numpy.mean(spread))
    assert worst < 1e-4
    write_json(os.path.join(out, name), {"model": model_name, "vocabulary": 300, "sequences": result}, per_line="sequences")


def write_quantised(out):
    from gguf import GGMLQuantizationType as Type, GGUFReader, GGUFWriter
    from gguf.quants import dequantize, quantize
    rng = numpy.random.default_rng(23)
    rows, columns = 6, 96
    path = os.path.join(out, "quantised.gguf")
    writer = GGUFWriter(path, "llama")
    writer.add_name("One tensor of each type")
    for kind in (Type.F32, Type.F16, Type.BF16, Type.Q4_0, Type.Q4_1, Type.Q8_0):
        value = (rng.standard_normal((rows, columns)) * numpy.logspace(-3, 2, rows)[:, None]).astype(numpy.float32)
        value[1, 32:64] = 0           # a block of zeros
        value[2, :32] = 0.25          # a constant block
        value[3, 64:] = -numpy.abs(value[3, 64:])
        value[0, :4] = [1e-7, -1e-7, 6e-5, -0.0]   # a float16 subnormal among them
        if kind == Type.F32:
            writer.add_tensor(kind.name, value)
        elif kind == Type.F16:
            writer.add_tensor(kind.name, value.astype(numpy.float16))
        else:
            writer.add_tensor(kind.name, quantize(value, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    index, parts, offset = [], [], 0
    for tensor in GGUFReader(path).tensors:
        shape = [int(size) for size in tensor.shape][::-1]
        values = numpy.ascontiguousarray(dequantize(tensor.data, tensor.tensor_type).reshape(shape), dtype="<f4")
        assert shape == [rows, columns] and numpy.isfinite(values).all()
        index.append({"name": tensor.name, "type": tensor.tensor_type.name, "shape": shape, "offset": offset, "count": values.size})
        parts.append(values.tobytes())
        offset += values.size
    with open(os.path.join(out, "quantised.bin"), "wb") as stream:
        stream.write(b"".join(parts))
    write_json(os.path.join(out, "quantised.json"), {"model": "quantised.gguf", "values": "quantised.bin", "tensors": index})


def main():
    options = arguments(__doc__, model=False).parse_args()
    one_thread_pair()
    out = folder(options.out, "tiny")
    vocab = vocabulary()
    tokenizer = bpe_tokenizer(*vocab, True)
    rows = [texts.ENGLISH[0], texts.ENGLISH[4], *texts.ACCENTED[:4], *texts.OTHER_SCRIPTS[:6], *texts.EMOJI[:6], *texts.CODE[:4],
            *texts.MARKERS[:8], *texts.DIGITS[:6], "", "  two  blanks\n\n"]
    write_jsonl(os.path.join(out, "tokenizer.jsonl"), [{"text": row, "ids": tokenizer.encode(row).ids} for row in rows])
    values, output = weights(len(vocab[0]))
    write_model(os.path.join(out, "tiny-llama.gguf"), values, vocab)
    write_model(os.path.join(out, "tiny-llama-untied.gguf"), {**values, "output.weight": output}, vocab)
    write_logits(out, "tiny-llama.gguf", "logits.json", tokenizer)
    write_logits(out, "tiny-llama-untied.gguf", "untied-logits.json", tokenizer)
    write_quantised(out)


main()
