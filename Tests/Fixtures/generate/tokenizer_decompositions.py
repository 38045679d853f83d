"""Sources/ModelEngine/Tokenizer/CanonicalDecompositions.swift: Unicode's canonical decompositions, as the tokenizers library has them"""
import argparse
import textwrap

HEAD = '''// Made by Tests/Fixtures/generate/tokenizer_decompositions.py; to change it, change that.

/// Unicode's canonical decompositions but for those of Hangul, which are computed.
///
/// Source: Unicode Character Database, by way of the `tokenizers` library %s; %d characters.
enum CanonicalDecompositions {
    /// Hexadecimal entries: `C=A+B` if the character C stands for A and B and they compose into C again, `C>A` or `C>A+B…` if
    /// C is replaced by A, B, … for good.
    static let table = """
'''


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", default="../../../Sources/ModelEngine/Tokenizer/CanonicalDecompositions.swift")
    options = parser.parse_args()
    import tokenizers
    nfc, nfd = tokenizers.normalizers.NFC(), tokenizers.normalizers.NFD()
    entries = []
    for value in list(range(0xC0, 0xAC00)) + list(range(0xD7A4, 0xD800)) + list(range(0xE000, 0x110000)):
        character = chr(value)
        parts = nfd.normalize_str(character)
        if parts == character:
            continue
        if nfc.normalize_str(character) == character:
            first = nfc.normalize_str(parts[:-1])
            assert len(first) == 1 and nfc.normalize_str(first + parts[-1]) == character
            entries.append("%X=%X %X" % (value, ord(first), ord(parts[-1])))
        else:
            entries.append("%X>%s" % (value, " ".join("%X" % ord(part) for part in parts)))
    # an entry holds a space, so entries are kept together by another character while lines are filled
    body = textwrap.fill(" ".join(entry.replace(" ", "+") for entry in entries), 110, break_on_hyphens=False, break_long_words=False)
    lines = ["        " + line + " \\" for line in body.split("\n")]
    lines[-1] = lines[-1][:-2]
    with open(options.out, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(HEAD % (tokenizers.__version__, len(entries)) + "\n".join(lines) + '\n        """\n}\n')
    print(len(entries), "characters")


if __name__ == "__main__":
    main()
