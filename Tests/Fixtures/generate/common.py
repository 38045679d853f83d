"""Helpers shared by the fixture generators."""
import argparse
import json
import os
import re
import unicodedata

FIXTURES = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def arguments(description, model=True):
    parser = argparse.ArgumentParser(description=description)
    if model:
        parser.add_argument("--model", required=True, help="path of SmolLM2-135M-Instruct.Q4_1.gguf")
    parser.add_argument("--out", default=FIXTURES, help="the Fixtures folder (default: the one above this script)")
    return parser


def one_thread_pair():
    import torch
    torch.set_num_threads(2)
    torch.use_deterministic_algorithms(True)


def folder(out, name):
    path = os.path.join(out, name)
    os.makedirs(path, exist_ok=True)
    return path


def _escape(match):
    code = ord(match.group(0))
    if code < 0x10000:
        return "\\u%04x" % code
    code -= 0x10000
    return "\\u%04x\\u%04x" % (0xD800 + (code >> 10), 0xDC00 + (code & 0x3FF))


def dumps(value):
    """Compact JSON; every character that is invisible, a separator, unassigned or private is escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    out = []
    for index, char in enumerate(text):
        category = unicodedata.category(char)
        awkward = category[0] == "C" or (category[0] == "Z" and char != " ")
        awkward = awkward or (category[0] == "M" and text[index - 1] == '"')
        out.append(re.sub("(?s).", _escape, char) if awkward else char)
    result = "".join(out)
    assert json.loads(result) == json.loads(text)
    return result


def write_json(path, value, per_line=None):
    """per_line: name of a list whose items get a line each."""
    if per_line is None:
        text = dumps(value)
    else:
        head = {key: item for key, item in value.items() if key != per_line}
        prefix = dumps(head)[:-1] + ("," if head else "")
        text = prefix + dumps(per_line) + ":[\n" + ",\n".join(dumps(item) for item in value[per_line]) + "\n]}"
        json.loads(text)
    with open(path, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(text + "\n")
    report(path)


def write_jsonl(path, rows):
    with open(path, "w", encoding="utf-8", newline="\n") as stream:
        for row in rows:
            stream.write(dumps(row) + "\n")
    report(path)


def report(path):
    size = os.path.getsize(path)
    print(f"{os.path.basename(path)}: {size} bytes")
    assert size < 400_000, f"{path} is too large"


def f32(value):
    """A float32 as the shortest decimal that reads back as the same float32."""
    import numpy
    return float(str(numpy.float32(value)))


def f32s(values):
    return [f32(value) for value in values]


def gguf_field(reader, name, default=None):
    field = reader.fields.get(name)
    return default if field is None else field.contents()


def bpe_tokenizer(tokens, merges, types, digits):
    """The tokenizer the vocabulary was made for, built part by part.

    digits True: Sequence[Digits(individual), ByteLevel]; False: ByteLevel alone (plain GPT-2).
    Tokens of type 3 (control) are special added tokens, parsed wherever they occur in a text.
    """
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
    vocabulary = {token: index for index, token in enumerate(tokens)}
    pairs = [tuple(merge.split(" ")) for merge in merges]
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=pairs))
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    if digits:
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(individual_digits=True), byte_level])
    else:
        tokenizer.pre_tokenizer = byte_level
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(
        [AddedToken(token, special=True, normalized=False) for token, kind in zip(tokens, types) if kind == 3])
    assert tokenizer.get_vocab_size() == len(tokens)
    return tokenizer


def model_tokenizer(path, digits=True):
    from gguf import GGUFReader
    reader = GGUFReader(path)
    return bpe_tokenizer(gguf_field(reader, "tokenizer.ggml.tokens"), gguf_field(reader, "tokenizer.ggml.merges"),
                         gguf_field(reader, "tokenizer.ggml.token_type"), digits)


def chat_environment():
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    return ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
