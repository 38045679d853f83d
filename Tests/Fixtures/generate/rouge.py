"""rouge/pairs.jsonl (rouge_score 0.1.2)"""
import os
import random
import texts
from common import arguments, folder, write_jsonl

TYPES = ["rouge1", "rouge2", "rouge3", "rougeL", "rougeLsum"]
FIXED = [
    ("", ""), ("", "word"), ("word", ""), ("word", "word"), ("...", "!!!"), ("a", "A"), ("one two", "two one"),
    ("the the the the", "the cat the"), ("the cat the cat the cat", "the cat sat"), ("running runs runner ran", "run running runs"),
    ("Kelvin \u212a and İstanbul", "kelvin k and istanbul"), ("４５６ 456", "456"), ("snake_case two-part", "snake case two part"),
    ("don't stop", "don t stop"), ("line one\nline two\nline three", "line three\nline one"), ("a b c d\n\n\ne f", "a b c d e f"),
    ("x y z\n", "\nx y z"), ("\n\n", "text"), ("tab\tseparated\twords", "tab separated words"), ("crlf line\r\nnext line", "next line\r\ncrlf line"),
    ("flies dies mules denied agreed owned", "fly die mule deny agree own"), ("ABC123def", "abc123def"), ("1,000.50 euros", "1000.50 euros"),
    ("nationalisation of the generalizations", "national general of the"), ("cafe\u0301 au lait", "café au lait"),
    ("今天下午", "今天"), ("今天 ok 下午", "ok"), ("😀 smile", "smile 😀"), ("skies dying lying news", "sky die lie new"),
    ("w x w x w x\nx w x w\nw w", "x w\nw x x\nw"), ("a b. c d.\ne f.", "e f.\na b. c d."),
]


def pairs():
    rng = random.Random(303)
    pool = texts.ENGLISH + texts.ACCENTED[:6]
    common = sorted({word for line in texts.ENGLISH for word in line.split()})
    result = list(FIXED)

    def disturb(words):
        words = list(words)
        for _ in range(rng.randrange(0, 6)):
            action = rng.randrange(8)
            position = rng.randrange(len(words) + 1)
            if action == 0:
                words.insert(position, rng.choice(common))
            elif action == 1 and len(words) > 1:
                del words[position % len(words)]
            elif action == 2 and words:
                words[position % len(words)] = words[position % len(words)].upper()
            elif action == 3 and len(words) > 1:
                i, j = rng.randrange(len(words)), rng.randrange(len(words))
                words[i], words[j] = words[j], words[i]
            elif action >= 5 and words:
                word = words[position % len(words)].rstrip(".,;:s")
                words[position % len(words)] = word + rng.choice(["s", "ed", "ing", "ly", "ness", "ation"])
            elif words:
                words.insert(position, words[position % len(words)])
        return words

    while len(result) < 300:
        kind = rng.randrange(6)
        if kind <= 1:
            line = rng.choice(pool)
            pair = (line, " ".join(disturb(line.split())))
        elif kind == 2:
            chosen = rng.sample(pool, rng.randrange(2, 5))
            other = [" ".join(disturb(line.split())) for line in chosen]
            rng.shuffle(other)
            pair = ("\n".join(chosen), "\n".join(other))
        elif kind == 3:
            words = rng.sample(common, rng.randrange(2, 6))
            pair = tuple(rng.choice(["\n", " ", " "]).join(" ".join(rng.choice(words) for _ in range(rng.randrange(1, 9)))
                                                         for _ in range(rng.randrange(1, 5))) for _ in range(2))
        elif kind == 4:
            pair = (rng.choice(pool), rng.choice(pool))
        else:
            words = [word for line in rng.sample(pool, 6) for word in line.split()]
            pair = (" ".join(words), " ".join(disturb(disturb(words))[: rng.randrange(5, 60)]))
        result.append(pair)
    return result


def main():
    from rouge_score.rouge_scorer import RougeScorer
    options = arguments(__doc__, model=False).parse_args()
    scorers = {"plain": RougeScorer(TYPES, use_stemmer=False), "stemmed": RougeScorer(TYPES, use_stemmer=True)}
    rows = []
    for target, prediction in pairs():
        row = {"target": target, "prediction": prediction}
        for name, scorer in scorers.items():
            scores = scorer.score(target, prediction)
            row[name] = {kind: [float(part) for part in scores[kind]] for kind in TYPES}
        rows.append(row)
    print(sum(row["plain"] != row["stemmed"] for row in rows), "pairs where the stemmer matters;",
          sum(row["plain"]["rougeL"] != row["plain"]["rougeLsum"] for row in rows), "where rougeLsum differs from rougeL")
    write_jsonl(os.path.join(folder(options.out, "rouge"), "pairs.jsonl"), rows)


main()
