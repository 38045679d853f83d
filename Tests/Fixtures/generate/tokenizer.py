"""tokenizer/smollm.jsonl, tokenizer/gpt2.jsonl, tokenizer/chat.json"""
import os
import random
import texts
from common import (arguments, chat_environment, folder, gguf_field, model_tokenizer, write_json, write_jsonl)


def strings():
    rng = random.Random(20261124)
    pools = [texts.ENGLISH, texts.ACCENTED, texts.OTHER_SCRIPTS, texts.EMOJI, texts.DIGITS, texts.BLANKS, texts.CONTROL,
             texts.COMBINING, texts.CONTRACTIONS, texts.MARKERS, texts.CODE, texts.PUNCTUATION, texts.LONG_WORDS]
    result = [""]
    for pool in pools:
        result.extend(pool)
    words = sorted({word for line in texts.ENGLISH + texts.ACCENTED for word in line.split()})
    pieces = words + [word for line in texts.OTHER_SCRIPTS for word in line.split()]
    small = texts.EMOJI + texts.DIGITS + texts.CONTRACTIONS + texts.PUNCTUATION + texts.COMBINING
    # every blank between, before and after words and digits
    for blank in texts.BLANKS:
        result += ["a" + blank + "b", blank + "word", "word" + blank, "x" + blank + "7", blank + "7", blank + "'s", blank + "!", blank + " " + blank]
    for count in range(2, 18):
        result += [" " * count + "x", "x" + " " * count + "y", "\n" * count + "x", " " * count + "5", "\t" * count + "x", " " * count]
    for control in texts.CONTROL:
        result += ["a" + control + "b", "(" + control + "=", " " + control]
    for marker in texts.MARKERS:
        result += ["before" + marker + "after", "before " + marker + " after", marker + " 12"]
    for contraction in texts.CONTRACTIONS:
        result += [" " + contraction, contraction + contraction, "(" + contraction + ")"]
    seen = set()
    result = [text for text in result if not (text in seen or seen.add(text))]
    while len(result) < 2000:
        kind = rng.randrange(8)
        if kind == 0:
            text = " ".join(rng.choice(pieces) for _ in range(rng.randrange(2, 9)))
        elif kind == 1:
            text = "".join(rng.choice(small) for _ in range(rng.randrange(2, 6)))
        elif kind == 2:
            text = "".join(rng.choice(small if rng.random() < 0.5 else texts.BLANKS) for _ in range(rng.randrange(2, 9)))
        elif kind == 3:
            text = "".join(rng.choice([rng.choice(words), rng.choice(texts.BLANKS), rng.choice(texts.DIGITS)]) for _ in range(rng.randrange(2, 8)))
        elif kind == 4:
            text = rng.choice(words) + rng.choice(texts.MARKERS) + rng.choice(small) + rng.choice(texts.BLANKS) + rng.choice(pieces)
        elif kind == 5:
            line = rng.choice(texts.CODE + texts.ENGLISH + texts.OTHER_SCRIPTS + texts.ACCENTED)
            start = rng.randrange(len(line))
            text = line[start:start + rng.randrange(3, 40)]
        elif kind == 6:
            ranges = [(0x20, 0x7F), (0xA0, 0x250), (0x300, 0x370), (0x390, 0x3A2), (0x400, 0x450), (0x5D0, 0x5EB), (0x620, 0x64B), (0x905, 0x93A),
                      (0xE01, 0xE3B), (0x2010, 0x2028), (0x2190, 0x2200), (0x3041, 0x3097), (0x4E00, 0x4F00), (0xAC00, 0xAD00), (0x1F600, 0x1F640)]
            text = "".join(chr(rng.randrange(*rng.choice(ranges))) for _ in range(rng.randrange(1, 12)))
        else:
            text = "".join(rng.choice(rng.choice(pools[:1] if rng.random() < 0.1 else pools[3:10] + pools[11:12])) for _ in range(rng.randrange(2, 5)))
        if text not in seen:
            seen.add(text)
            result.append(text)
    assert len(result) == 2000
    return result


def cross_check(path, rows):
    """Compares with transformers' own reading of the GGUF (which leaves the Digits step out)."""
    from transformers import AutoTokenizer
    other = AutoTokenizer.from_pretrained(os.path.dirname(os.path.abspath(path)), gguf_file=os.path.basename(path))
    differing = [row for row in rows if other(row["text"], add_special_tokens=False).input_ids != row["ids"]]
    return differing


def main():
    options = arguments(__doc__).parse_args()
    out = folder(options.out, "tokenizer")
    smollm, gpt2 = model_tokenizer(options.model, True), model_tokenizer(options.model, False)
    data = strings()
    rows = [{"text": text, "ids": smollm.encode(text, add_special_tokens=False).ids} for text in data]
    write_jsonl(os.path.join(out, "smollm.jsonl"), rows)
    plain = [{"text": text, "ids": gpt2.encode(text, add_special_tokens=False).ids} for text in data]
    changed = [index for index in range(len(rows)) if rows[index]["ids"] != plain[index]["ids"]]
    print(len(changed), "strings differ between the two pre-tokenizers")
    rng = random.Random(5)
    chosen = set(rng.sample(changed, min(200, len(changed))))
    others = [index for index in range(len(rows)) if index not in chosen]
    chosen |= set(rng.sample(others, 500 - len(chosen)))
    write_jsonl(os.path.join(out, "gpt2.jsonl"), [plain[index] for index in sorted(chosen)])
    print("cross-check, AutoTokenizer against smollm:", len(cross_check(options.model, rows)), "differ; against gpt2:",
          len(cross_check(options.model, plain)), "differ")

    from gguf import GGUFReader
    reader = GGUFReader(options.model)
    source = gguf_field(reader, "tokenizer.chat_template")
    template = chat_environment().from_string(source)
    chats = []
    for chat in texts.CHATS:
        messages = [{"role": role, "content": content} for role, content in chat]
        for prompt in (True, False):
            text = template.render(messages=messages, add_generation_prompt=prompt, bos_token="<|im_start|>", eos_token="<|im_end|>")
            chats.append({"messages": messages, "addGenerationPrompt": prompt, "text": text,
                          "ids": smollm.encode(text, add_special_tokens=False).ids})
    write_json(os.path.join(out, "chat.json"), {"template": source, "chats": chats}, per_line="chats")


if __name__ == "__main__":
    main()
