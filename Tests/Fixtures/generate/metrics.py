"""metrics/sacrebleu.jsonl, metrics/porter.json, metrics/statistics.json"""
import itertools
import os
import random
import re
import texts
from common import arguments, folder, write_json, write_jsonl

TOKENISERS = ["13a", "intl", "char", "none", "zh"]
CORPORA = [
    (["The cat sat on the mat."], [["The cat sat on the mat."]]),
    (["The cat sat on the mat."], [["The dog ran under the table!"]]),
    ([""], [["Something was said."]]),
    (["Something was said."], [[""]]),
    (["one"], [["one"]]), (["one two"], [["one two"]]), (["one two three"], [["one two four"]]),
    (["the the the the the the the"], [["the cat is on the mat"]]),
    (["Prices rose by 3.5% to $1,299.00 (tax incl.)."], [["Prices rose 3.5 % to $1,299.00 (incl. tax)."]]),
    (["It's John's \"well-known\" state-of-the-art e-mail: a&amp;b &lt;x&gt; &quot;q&quot;"], [["It's John's “well-known” state of the art email: a&b <x> \"q\""]]),
    (["hyphen-\nated line and <skipped> tag"], [["hyphenated line and tag"]]),
    (["今天下午我们把旧书搬到了二楼。"], [["今天上午我们把旧书搬到了三楼。"]]),
    (["小猫 sleeps 在窗台上, ok?"], [["小猫睡在窗台上,ok?"]]),
    (["明日の朝、駅前でパンを買います。"], [["明日の夜、駅前でパンを買った。"]]),
    (["¿Dónde está la llave? ¡Aquí!"], [["¿Donde esta la llave? ¡Aquí mismo!"]]),
    (["UPPER lower Mixed"], [["upper lower mixed"]]),
    (["  spaced   out   words  "], [["spaced out words"]]),
    (["5.1 and .5 and 5. and 1,2 and a,b and x-1 and 7-up and 3–4 and €5"], [["5.1 and 0.5 and 5 . and 1, 2 and a, b and x - 1 and 7 - up and 3-4 and 5 €"]]),
    (["…wait—what?!", "No… never."], [["... wait - what ?!", "No... never."]]),
    (["😀 fine 👍🏽"], [["😀 fine 👍"]]),
    (["café cafe\u0301"], [["cafe\u0301 café"]]),
    (["a b c d e", "f g h i j"], [["a b c d e", "x y z w v"]]),
    (["a b c d e f g h"], [["a b c d e f"], ["a b c x e f g h i j"]]),
    (["The path runs behind the mill."], [["A path runs behind the mill."], ["The narrow path goes behind the mill."]]),
    (["short"], [["a considerably longer reference sentence than the hypothesis"]]),
    (["a considerably longer hypothesis sentence than the reference"], [["short"]]),
    (["word\u00a0nbsp\u2009thin"], [["word nbsp thin"]]),
    (["(x)", "[y]", "{z}"], [["( x )", "[ y ]", "{ z }"]]),
]
ROOTS = ("abandon accept adapt admire agree allow annoy appl argu assembl attract bak balanc ban beg believ bend bless bor build bur carr catch chang "
         "chas clean clos collect commun compet complet comput confus connect control copi cr creat cry danc dar decid defin deni depend describ di differ "
         "digit dispos divid dr dri ease elect electr employ enjoy enter entertain equal equip excit exhaust explor fail fall feed feel file fil fin fish fix fizz "
         "flag flood fl fly form formal free friend fr general gentl giv glad glor go govern great grow hap happ hard help hes hesit hiss hope hop imag inform "
         "inspect invent irrit jog joy judg jump justif kind know lat later laugh lazi learn li lik limit live load lock log long loyal magic manag matt mean "
         "measur merr met mil model modern mov multipl nation native natur need nerv nois not object observ obvious oper oppos organ own pack paint par pass "
         "plan plastic play plaster polit pony popul possibl pray predict prefer prob probat process produc program propos prov quick quiet radic rat reason "
         "refer refus regul relat relax rely remov rest revers rid roll rotat run sad satisf sav scar scream sens sensit serv set shar shop sign signif simpl sing "
         "siz skat ski sk slid slim slow smil snow soft sol speak spoil stay stop studi study succeed suggest suppl supply surpris swim sympath system tan teach "
         "tear test thank theor ti tie tim top trad tradit tr troubl trust try turn typ un univers us usual vari vary vis visit volunt wait walk wander want warm "
         "wash wast weigh whisper wid will win wish wonder work worr wrap writ yell yield zoom").split()
SUFFIXES = ("", "s", "es", "ies", "ied", "ed", "eed", "ing", "y", "ly", "er", "ers", "est", "e", "ation", "ations", "ational", "tional", "ization", "ize", "izer", "ator", "alism",
            "iveness", "fulness", "ousness", "aliti", "ality", "iviti", "ivity", "biliti", "bility", "able", "ably", "ible", "ibly", "al", "ance", "ence", "ement", "ment",
            "ent", "ant", "ion", "sion", "tion", "ism", "ate", "iti", "ity", "ous", "ously", "ive", "icate", "ative", "alize", "ical", "ically", "ful", "ness", "ship", "abli", "alli",
            "entli", "eli", "ousli", "enci", "anci", "logi", "logy", "fully", "lessly", "less", "ish", "ings", "ingly", "edly", "sses", "bbed", "tting", "lling", "ll", "tt")
IRREGULAR = ("sky skies dying lying tying news innings inning outings outing cannings canning howe proceed exceed succeed ties dies lies spied flies flied enjoy enjoys "
             "say toy by a i is as us gas this has was yes bus caresses ponies caress cats feed agreed plastered bled motoring sing conflated troubled sized hopping tanned "
             "falling hissing fizzed failing filing happy sky relational conditional rational valenci hesitanci digitizer conformabli radicalli differentli vileli "
             "analogousli vietnamization predication operator feudalism decisiveness hopefulness callousness formaliti sensitiviti sensibiliti triplicate formative "
             "formalize electriciti electrical hopeful goodness revival allowance inference airliner gyroscopic adjustable defensible irritant replacement adjustment "
             "dependent adoption homologou communism activate angulariti homologous effective bowdlerize probate rate cease controll roll geology archaeology "
             "yyy yyyed ay ey eyed oed aed bys 1st 2nds 100s a1ing naïve naïvely cafés élèves Straße Running HOPPING SKIES İng".split())


def corpora():
    rng = random.Random(88)
    result = list(CORPORA)
    while len(result) < 60:
        pool = rng.choice([texts.ENGLISH, texts.ENGLISH, texts.ACCENTED, texts.OTHER_SCRIPTS])
        references = [[rng.choice(pool) for _ in range(rng.randrange(1, 6))]]
        if rng.random() < 0.4:
            references.append([" ".join(line.split()[: max(1, len(line.split()) - rng.randrange(3))]) for line in references[0]])
        hypotheses = []
        for line in references[0]:
            parts = line.split(" ") if " " in line else list(line)
            joint = " " if " " in line else ""
            for _ in range(rng.randrange(0, 4)):
                position = rng.randrange(len(parts))
                rng.choice([lambda: parts.insert(position, rng.choice(parts)), lambda: parts.__setitem__(position, parts[position].upper()),
                            lambda: parts.pop(position) if len(parts) > 2 else None])()
            hypotheses.append(joint.join(parts))
        result.append((hypotheses, references))
    return result + [([prediction], [[reference] for reference in references]) for prediction, references in texts.SCRIPT_PAIRS]


def sacrebleu_rows():
    from sacrebleu.metrics import BLEU, CHRF
    rows = []
    for hypotheses, references in corpora():
        row = {"hypotheses": hypotheses, "references": references, "bleu": {}}
        for tokeniser in TOKENISERS:
            metric, sentence = BLEU(tokenize=tokeniser), BLEU(tokenize=tokeniser, effective_order=True)
            score = metric.corpus_score(hypotheses, references)
            row["bleu"][tokeniser] = {
                "score": score.score, "counts": [int(item) for item in score.counts], "totals": [int(item) for item in score.totals],
                "precisions": [float(item) for item in score.precisions], "brevityPenalty": float(score.bp), "hypothesisLength": int(score.sys_len),
                "referenceLength": int(score.ref_len), "signature": str(metric.get_signature()),
                "sentences": [float(sentence.sentence_score(text, [group[index] for group in references]).score) for index, text in enumerate(hypotheses)],
                "sentenceSignature": str(sentence.get_signature())}
        metric = CHRF(word_order=2)
        row["chrF2++"] = {"score": float(metric.corpus_score(hypotheses, references).score), "signature": str(metric.get_signature()),
                          "sentences": [float(metric.sentence_score(text, [group[index] for group in references]).score)
                                        for index, text in enumerate(hypotheses)]}
        rows.append(row)
    return rows


def porter_words():
    rng = random.Random(14)
    words = set(IRREGULAR)
    for line in texts.ENGLISH:
        words.update(word for word in re.findall(r"[A-Za-z]+", line))
    for line in texts.ACCENTED:
        words.update(re.findall(r"\w+", line)[:4])
    made = sorted({root + suffix for root, suffix in itertools.product(ROOTS, SUFFIXES)} - words)
    return sorted(words | set(rng.sample(made, 3000 - len(words))))


def statistics():
    from scipy import stats
    import numpy
    rng = numpy.random.default_rng(3)
    intervals = []
    for size in (2, 3, 5, 8, 20, 50, 137):
        values = [round(float(value), 4) for value in rng.normal(rng.uniform(-2, 2), rng.uniform(0.1, 3), size)]
        for level in (0.9, 0.95, 0.99):
            mean, error = float(numpy.mean(values)), float(stats.sem(values))
            low, high = stats.t.interval(level, size - 1, loc=mean, scale=error)
            intervals.append({"values": values, "confidence": level, "mean": mean, "standardDeviation": float(numpy.std(values, ddof=1)),
                              "standardError": error, "low": float(low), "high": float(high)})
    paired = []
    for size in (4, 10, 30):
        first = [round(float(value), 4) for value in rng.normal(0.5, 0.2, size)]
        second = [round(value + float(rng.normal(0.05, 0.1)), 4) for value in first]
        test = stats.ttest_rel(first, second)
        paired.append({"first": first, "second": second, "t": float(test.statistic), "p": float(test.pvalue)})
    holm = []
    for values in ([0.01], [0.01, 0.04, 0.03, 0.005], [0.2, 0.2, 0.2], [0.9, 0.001, 0.6, 0.02, 0.02], [0.0, 1.0, 0.5],
                   [round(float(value), 5) for value in rng.uniform(0, 0.1, 12)]):
        order, running, adjusted = sorted(range(len(values)), key=lambda index: values[index]), 0.0, [0.0] * len(values)
        for rank, index in enumerate(order):
            running = max(running, min(1.0, values[index] * (len(values) - rank)))
            adjusted[index] = running
        holm.append({"p": values, "adjusted": adjusted})
    return {"tQuantiles975": [float(stats.t.ppf(0.975, degrees)) for degrees in range(1, 201)], "intervals": intervals, "pairedTests": paired, "holm": holm}


def main():
    from nltk.stem.porter import PorterStemmer
    options = arguments(__doc__, model=False).parse_args()
    out = folder(options.out, "metrics")
    write_jsonl(os.path.join(out, "sacrebleu.jsonl"), sacrebleu_rows())
    stemmer = PorterStemmer()
    words = porter_words()
    write_json(os.path.join(out, "porter.json"), {"words": words, "stems": [stemmer.stem(word) for word in words]})
    write_json(os.path.join(out, "statistics.json"), statistics())


main()
