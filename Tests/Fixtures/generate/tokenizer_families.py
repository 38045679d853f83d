"""tokenizer/families.texts.jsonl, and for each family of tokenizers tokenizer/FAMILY.gguf and tokenizer/FAMILY.ids.jsonl"""
import os
import random
import texts
import tokenizer
from common import arguments, folder, report, write_jsonl

WORDS = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}%s| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
CONTROL, USER_DEFINED, BYTE, UNKNOWN = 3, 4, 6, 2


def strings():
    """2,000 texts: every hard case by itself and beside letters, digits and blanks, then mixtures."""
    rng = random.Random(20261126)
    runs = ["".join(chr(ord(zero) + (i * 3 + n) % 10) for i in range(n)) for zero in texts.DIGIT_ZEROS for n in range(1, 11)]
    pools = [texts.FOLDED_CONTRACTIONS, runs, texts.OTHER_NUMBERS, texts.LINE_ENDS, texts.DECOMPOSED, texts.FAMILY_MARKERS, texts.ENGLISH, texts.ACCENTED,
             texts.OTHER_SCRIPTS, texts.EMOJI, texts.DIGITS, texts.BLANKS, texts.CONTROL, texts.COMBINING, texts.CONTRACTIONS, texts.MARKERS, texts.CODE,
             texts.PUNCTUATION, texts.LONG_WORDS, texts.MORE_TEXT]
    result = [""]
    for pool in pools:
        result += pool
    for end in texts.LINE_ENDS:
        result += ["a" + end + "b", end + "1", "!" + end + "?", " " + end + " x", "." + end]
    for marker in texts.FAMILY_MARKERS:
        result += ["before" + marker + "after", " " + marker + " ", marker + marker]
    for contraction in texts.FOLDED_CONTRACTIONS:
        result += ["they" + contraction, " " + contraction + " x"]
    for run in runs[::3]:
        result += ["x" + run + "y", " " + run + ",5"]
    for piece in texts.DECOMPOSED:
        result += ["x" + piece + "y", piece + "\u0301"]
    for count in [2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 18, 24, 30, 31, 32, 33, 40, 63, 70]:
        result += [" " * count, "a" + " " * count + "b", "\n" * count, "x" + "\n" * count + "y", "\t" * count, "z" * count, "ab" * count, "the" * count, "=" * count]
    result += ["".join(texts.LONG_WORDS), "nomorepauses" * 60, "é" * 300, "今天下午" * 80, "👩‍👧" * 40, " a" * 200, "\n \n" * 50, "a1" * 150, "-'s" * 100]
    seen = set()
    result = [text for text in result if not (text in seen or seen.add(text))]
    small = texts.FOLDED_CONTRACTIONS + runs + texts.LINE_ENDS + texts.DECOMPOSED + texts.EMOJI + texts.PUNCTUATION + texts.BLANKS
    lines = texts.ENGLISH + texts.ACCENTED + texts.OTHER_SCRIPTS + texts.CODE + texts.MORE_TEXT
    words = sorted({word for line in lines for word in line.split()})
    while len(result) < 2000:
        kind = rng.randrange(5)
        if kind == 0:
            text = "".join(rng.choice(small) for _ in range(rng.randrange(2, 7)))
        elif kind == 1:
            text = "".join(rng.choice([rng.choice(words), rng.choice(texts.BLANKS), rng.choice(small)]) for _ in range(rng.randrange(2, 8)))
        elif kind == 2:
            line = rng.choice(lines)
            start = rng.randrange(len(line))
            text = line[start:start + rng.randrange(3, 50)]
        elif kind == 3:
            text = rng.choice(words) + rng.choice(texts.FAMILY_MARKERS + texts.MARKERS) + rng.choice(small) + rng.choice(words)
        else:
            # any characters at all, one script or several
            first = rng.choice([0x20, 0xA0, 0x300, 0x370, 0x400, 0x530, 0x590, 0x900, 0xE00, 0x1000, 0x10A0, 0x1100, 0x1200, 0x13A0, 0x1E00, 0x2000, 0x2100,
                                0x2460, 0x3040, 0x4E00, 0xA000, 0xAC00, 0xF900, 0xFB00, 0xFF00, 0x10300, 0x1D400, 0x1F300])
            text = "".join(chr(first + rng.randrange(0x60)) for _ in range(rng.randrange(1, 10)))
            if any(unassigned(character) for character in text):
                continue
        if text not in seen:
            seen.add(text)
            result.append(text)
    return result[:2000]


def unassigned(character):
    import unicodedata
    return unicodedata.category(character) == "Cn"


def training_text():
    return texts.ENGLISH + texts.ACCENTED + texts.OTHER_SCRIPTS + texts.CODE + texts.MORE_TEXT


def write_gguf(path, fields):
    from gguf import GGUFWriter
    writer = GGUFWriter(path, "llama")
    for key, (kind, value) in fields.items():
        getattr(writer, "add_" + kind)("tokenizer." + key, value)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    report(path)


def byte_level(number, nfc, specials, user_defined, whole):
    """A byte-level tokenizer with a trained vocabulary; returns it with tokens, types and merges."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
    splits = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(WORDS % number), "isolated"),
                                      pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = splits
    if nfc:
        trained.normalizer = normalizers.NFC()
    trained.train_from_iterator(training_text(), trainers.BpeTrainer(
        vocab_size=1300, show_progress=False, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet())))
    model = __import__("json").loads(trained.to_str())["model"]
    vocabulary, merges = model["vocab"], [tuple(merge) for merge in model["merges"]]
    if whole:
        # tokens that no merge leads to, as Llama 3's vocabulary has them: only a whole piece becomes one
        used = {part for merge in merges for part in merge}
        loose = [merge for merge in merges if merge[0] + merge[1] not in used][::4]
        merges = [merge for merge in merges if merge not in loose]
    built = Tokenizer(models.BPE(vocab=vocabulary, merges=merges, ignore_merges=whole))
    built.pre_tokenizer, built.decoder = splits, decoders.ByteLevel()
    if nfc:
        built.normalizer = normalizers.NFC()
    built.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in specials])
    built.add_tokens([AddedToken(token, normalized=False) for token in user_defined])
    tokens = [built.id_to_token(index) for index in range(built.get_vocab_size())]
    types = [CONTROL if token in specials else USER_DEFINED if token in user_defined else 1 for token in tokens]
    return built, {"ggml.model": ("string", "gpt2"), "ggml.tokens": ("array", tokens), "ggml.token_type": ("array", types),
                   "ggml.merges": ("array", [" ".join(merge) for merge in merges])}


def sentence_piece(specials, user_defined, blank):
    """SentencePiece's byte-pair encoding, as transformers converts it: merges derived from the vocabulary.

    The order of tokens is Gemma's: control tokens, those defined by hand, bytes, merged ones by score, characters.
    """
    from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
    from transformers.tokenization_utils_base import generate_merges
    trained = Tokenizer(models.BPE())
    trained.normalizer = normalizers.Replace(" ", "\u2581")
    trained.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="never")
    trained.train_from_iterator(training_text(), trainers.BpeTrainer(vocab_size=1500, show_progress=False))
    pieces = [token for token, _ in sorted(trained.get_vocab().items(), key=lambda item: item[1])]
    pieces = [piece for piece in pieces if piece not in user_defined]
    merged, characters = [piece for piece in pieces if len(piece) > 1], [piece for piece in pieces if len(piece) == 1]
    if "\u2581" not in characters:
        characters.append("\u2581")
    tokens = specials + user_defined + ["<0x%02X>" % byte for byte in range(256)] + merged + characters
    types = [UNKNOWN if token == "<unk>" else CONTROL for token in specials] + [USER_DEFINED] * len(user_defined) + [BYTE] * 256
    scores = [-1000.0] * (len(specials) + len(user_defined)) + [0.0] * 256 + [-float(index) for index in range(len(merged) + len(characters))]
    types += [1] * (len(merged) + len(characters))
    vocabulary = {token: index for index, token in enumerate(tokens)}
    assert len(vocabulary) == len(tokens)
    built = Tokenizer(models.BPE(vocab=vocabulary, merges=generate_merges(vocabulary), unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    replace = normalizers.Replace(" ", "\u2581")
    built.normalizer = normalizers.Sequence([normalizers.Prepend("\u2581"), replace]) if blank else replace
    built.decoder = decoders.Sequence([decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse()]
                                      + ([decoders.Strip(" ", 1, 0)] if blank else []))
    built.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in specials])
    built.add_tokens([AddedToken(token, normalized=False) for token in user_defined])
    # llama.cpp's conversion writes the blanks of tokens defined by hand as blanks
    stored = [token.replace("\u2581", " ") if kind == USER_DEFINED else token for token, kind in zip(tokens, types)]
    return built, {"ggml.model": ("string", "llama"), "ggml.pre": ("string", "default"), "ggml.tokens": ("array", stored),
                   "ggml.scores": ("array", scores), "ggml.token_type": ("array", types), "ggml.unknown_token_id": ("uint32", tokens.index("<unk>")),
                   "ggml.add_space_prefix": ("bool", blank)}


def main():
    options = arguments(__doc__, model=False).parse_args()
    out = folder(options.out, "tokenizer")
    data = strings()
    write_jsonl(os.path.join(out, "families.texts.jsonl"), data)
    llama3 = ["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
    qwen = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    gemma = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "<start_of_turn>", "<end_of_turn>"]
    by_hand = ["\n" * count for count in range(1, 32)] + ["\u2581" * count for count in range(2, 32)] + ["<table>", "<td>", "</td>"]
    families = {
        "llama-bpe": (byte_level("{1,3}", False, llama3, [], True), {"ggml.pre": ("string", "llama-bpe")}, llama3[0], llama3[4]),
        "qwen2": (byte_level("", True, qwen, ["<think>", "</think>", "<tool_call>"], False), {"ggml.pre": ("string", "qwen2")}, None, qwen[2]),
        "gemma": (sentence_piece(gemma, by_hand, False), {}, "<bos>", "<eos>"),
        "llama-spm": (sentence_piece(["<unk>", "<s>", "</s>"], [], True), {}, "<s>", "</s>"),
    }
    for name, ((built, fields), more, begin, end) in families.items():
        ids = {"ggml.eos_token_id": ("uint32", built.token_to_id(end))}
        if begin:
            ids["ggml.bos_token_id"] = ("uint32", built.token_to_id(begin))
        write_gguf(os.path.join(out, name + ".gguf"), fields | more | ids)
        write_jsonl(os.path.join(out, name + ".ids.jsonl"), [built.encode(text, add_special_tokens=False).ids for text in data])


if __name__ == "__main__":
    main()
