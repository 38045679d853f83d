"""rouge/scripts.jsonl (rouge_score 0.1.2 with Unicode words), rouge/spaceless.json"""
import os
import sys
import unicodedata
import regex
import texts
from common import arguments, folder, write_json, write_jsonl

TYPES = ["rouge1", "rouge2", "rouge3", "rougeL"]
# letters of Han and Kana, and of the line-breaking class SA: scripts that put no blanks between words
SPACELESS = r"[[\p{L}\p{Nl}]&&[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{lb=SA}]--[\p{scx=Bopomofo}]]"
WORDS = regex.compile(rf"(?V1){SPACELESS}\p{{M}}*|[[\p{{L}}\p{{N}}]--{SPACELESS}][[\p{{L}}\p{{N}}\p{{M}}]--{SPACELESS}]*")
INVISIBLE = regex.compile(r"(?V1)[\p{DI}--[\u200b]]")


class Words:
    def tokenize(self, text):
        return WORDS.findall(unicodedata.normalize("NFC", INVISIBLE.sub("", text).casefold()))


def spaceless():
    one, ranges = regex.compile(rf"(?V1){SPACELESS}"), []
    for code in range(0x80, sys.maxunicode + 1):
        if not one.match(chr(code)):
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return {"ranges": ranges}


def main():
    from rouge_score.rouge_scorer import RougeScorer
    options = arguments(__doc__, model=False).parse_args()
    scorer = RougeScorer(TYPES, tokenizer=Words())
    rows = []
    for prediction, references in texts.SCRIPT_PAIRS:
        scores = scorer.score_multi(references, prediction)
        rows.append({"prediction": prediction, "references": references, "tokens": Words().tokenize(prediction),
                     "scores": {kind: [float(part) for part in scores[kind]] for kind in TYPES}})
    out = folder(options.out, "rouge")
    write_jsonl(os.path.join(out, "scripts.jsonl"), rows)
    write_json(os.path.join(out, "spaceless.json"), spaceless())


main()
