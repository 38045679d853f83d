"""detokeniser/lines.jsonl (sacremoses 0.2.0)"""
import os
import random
from sacremoses import MosesDetokenizer
from common import arguments, folder, write_jsonl

# Lines as Moses's tokeniser leaves them.
LINES = {
    "en": [
        "it &apos;s the dogs &apos; bowl , isn &apos;t it ?", "i &apos;ve seen &quot; the red boat &quot; twice .",
        "&apos;tis late", "the price is $ 40 ( about € 37 ) .", "&quot; stop &quot; , she said , &quot; now ! &quot;",
        "a well @-@ known @-@ ish trick", "r &amp; d costs 5 % more", "see note &#91; 3 &#93; : it &apos;s there",
        "a &lt; b &amp;lt; c &gt; d", "the cats &apos; &apos; n &apos; dogs", "` quoted &apos; and `` double &apos;&apos;",
        "... and then , ?! nothing", "5 &apos; 10 &quot; tall", "who ’ s there", "yes &bar; no &#124; maybe",
        "&quot;", "", "   spaced    out   ", "&apos;s", "he said : &apos; go &apos; .", "{ a } [ b ] ( c )", "¥ £ 7 ; ok",
        "no\u00a0break , here", "end of line .", "’ 90s music &bra; x &ket;", "it's glued already .",
    ],
    "de": [
        "das ist ja &quot; schön &quot; , sagte er .", "„ komm rein “ , rief sie .", "wie geht &apos;s ?",
        "der ost @-@ west @-@ weg ( alt ) ist 5 % länger .", "nimm &apos; das da &apos; !", "zwei „ neue “ „ wege “",
        "und so weiter ... ; fertig : ja", "€ 12 pro kopf", "für &quot;alle&quot; da", "“ verkehrt „ herum",
    ],
    "es": [
        "¿ vienes mañana ?", "¡ qué sorpresa !", "dijo : &quot; no sé &quot; .", "cuesta $ 15 ( o € 14 ) .",
        "el 20 % de las casas", "¿ ¡ cómo ! ?", "« así » , dijo", "pan &amp; queso , por favor .", "l &apos; hora d &apos; ara",
    ],
    "fr": [
        "je crois qu&apos; en été , c&apos; est mieux .", "d&apos; autres l&apos; ont vu : oui !", "vraiment ? non ; peut @-@ être .",
        "« bonjour » , dit @-@ elle .", "aujourd &apos;hui", "20 % de plus , n&apos; est @-@ ce pas ?", "l&apos; 8 mai",
        "&quot; quoi ?! &quot; cria @-@ t @-@ il", "?", "jusqu&apos; à", "( oui ! )", "l &apos; eau d&apos;", "\\ x \\",
    ],
}
PIECES = ["&apos;", "&quot;", ",", ".", "?", "!", ":", "(", ")", "$", "€", "%", "&apos;s", "qu&apos;", "dogs", "eau", "¿", "„",
          "“", "”", "`", "@-@", "3", "&amp;", "&#91;", "&#93;", "«", "é", ";", "...", "-", "’", "la", "&apos;&apos;", "un"]


def main():
    out = arguments(__doc__, model=False).parse_args().out
    rng = random.Random(77)
    rows = []
    for language, lines in LINES.items():
        oracle = MosesDetokenizer(lang=language)
        drawn = [" ".join(rng.choice(PIECES) for _ in range(rng.randrange(1, 14))) for _ in range(150)]
        for line in lines + drawn:
            rows.append({"language": language, "text": line, "detokenised": oracle.detokenize(line.split(" "))})
    write_jsonl(os.path.join(folder(out, "detokeniser"), "lines.jsonl"), rows)


if __name__ == "__main__":
    main()
