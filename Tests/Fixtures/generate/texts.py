"""Hand-written text pools. Every sentence here was written for these fixtures."""

ENGLISH = [
    "The kettle whistled twice before anyone got up.",
    "Please send the revised minutes to Ana by Thursday.",
    "It's raining again, so we'll move the picnic indoors.",
    "She doesn't mind the noise; he can't stand it.",
    "I'd have called earlier, but they'd already left.",
    "You're right: that isn't what we've agreed.",
    "A narrow path runs behind the mill and down to the ford.",
    "Our bakery opens at 6:30 and closes when the bread is gone.",
    "Nobody noticed the missing page until the last rehearsal.",
    "The committee approved the budget, then argued about chairs.",
    "Two swans crossed the canal while the barges waited.",
    "Turn left at the lighthouse, then follow the gravel road.",
    "My grandmother kept buttons in an old biscuit tin.",
    "The train to Porto leaves from platform nine at 17:45.",
    "Fresh snow covered the tracks before we reached the hut.",
    "Could you summarise the letter in three short sentences?",
    "He repaired the clock with a bent paperclip and patience.",
    "Every invoice must carry a number, a date and an address.",
    "The children painted the fence green, mostly.",
    "We measured the hall: 12.5 metres by 8.75 metres.",
    "Water the basil daily but leave the cactus alone.",
    "An unexpected guest arrived carrying seven umbrellas.",
    "The library lends ladders as well as books.",
    "If the battery dies, press the small grey button twice.",
]

ACCENTED = [
    "Où est passée la clé de l'atelier ? Elle était accrochée près de la fenêtre.",
    "Mañana volveré temprano; el niño soñó con pingüinos y cigüeñas.",
    "Die Straße führt über den Hügel, früher fuhr hier eine Straßenbahn.",
    "Żółta łódka płynie wzdłuż ścieżki, a gęsi śpią na łące.",
    "Příliš dlouhá zpráva se nevešla na lístek, škoda.",
    "A nagymama dióval töltött süteményt sütött vasárnapra.",
    "Não é preciso pressa: o pão só fica pronto às três.",
    "Bugün hava güzel, ığdır yolunda çay içtik.",
    "Sauna lämpenee hitaasti, mutta löyly on pehmeä.",
    "Hôm nay trời nắng, chúng tôi đi bộ quanh hồ.",
    "Það rignir aldrei á meðan ég bý til kaffi.",
    "Ce n'est pas l'été, c'est déjà l'automne.",
]

OTHER_SCRIPTS = [
    "Сегодня мы чинили старый мост у мельницы.",
    "Η βάρκα έφυγε πριν ξημερώσει, χωρίς θόρυβο.",
    "今天下午我们把旧书搬到了二楼。",
    "小猫睡在窗台上,尾巴垂下来。",
    "明日の朝、駅前でパンを買います。",
    "カタカナとひらがなを混ぜて書いた。",
    "어제는 친구와 강가를 걸었어요.",
    "วันนี้ฝนตกหนักแต่ตลาดยังเปิดอยู่",
    "แมวสีดำนอนใต้โต๊ะไม้",
    "القط نائم تحت الكرسي القديم.",
    "سنزور السوق غدًا إن شاء الجميع.",
    "आज सुबह हमने बगीचे में तीन पौधे लगाए।",
    "बिल्ली खिड़की पर बैठी है।",
    "আজ নদীর ধারে অনেক পাখি দেখলাম।",
    "החתול ישן על המדף ליד החלון.",
    "დღეს ბაღში ვარდები გაიშალა.",
    "Այսօր քամին ուժեղ է։",
    "ዛሬ ዝናብ ይዘንባል።",
    "நாளை காலை சந்தைக்கு போகலாம்.",
    "ನಾವು ಇಂದು ಹೊಸ ಪುಸ್ತಕ ಓದಿದೆವು.",
]

EMOJI = [
    "😀", "🎉", "🚲", "👍", "👍🏽", "👩🏿‍🔬", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇵🇹", "🇯🇵🇧🇷", "❤️", "☕", "☕️", "✈︎", "🧑🏻‍🤝‍🧑🏾",
    "🐈‍⬛", "1️⃣", "#️⃣", "🫖", "🤷🏼‍♀️", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "⌨️", "🙂‍↔️",
]

DIGITS = [
    "0", "7", "42", "007", "1234567890", "3.14159", "1,000,000", "2026-11-24", "12:05:59", "v1.20.3", "٠١٢٣٤٥٦٧٨٩",
    "۰۱۲۳", "०१२३४५", "๑๒๓", "১২৩", "４５６", "²³", "½", "Ⅷ", "①②", "五", "𝟙𝟚𝟛", "x²+y₃", "10^-6", "0xFF", "1e9", "5%",
    "$9.99", "€12,50", "3rd", "A4", "MP3s", "H2O", "  8", "\t9", "1 2  3   4", "no.7", "7th", "¾ cup",
]

BLANKS = [
    " ", "  ", "   ", "    ", "     ", "        ", "\t", "\t\t", "\n", "\n\n", "\n\n\n", "\r\n", "\r\n\r\n", "\r", " \n", "\n ",
    " \t ", "\t \t", "\n\t", "\n    ", "  \n  ", "\u00a0", " \u00a0", "\u00a0\u00a0", "\u2003", "\u2009", "\u202f", "\u3000",
    "\u1680", "\u2028", "\u2029", "\u0085", "\u200b", "\u2060", "\ufeff", "\x0b", "\x0c", "\u205f", "\u180e", " \u2003 ",
]

CONTROL = [chr(code) for code in range(0x20)] + ["\x7f", "\u0080", "\u009f", "\u00ad", "\u200c", "\u200d", "\u200e", "\u202a",
           "\u202e", "\ufffd", "\ufffe", "\uffff", "\ue000", "\uf8ff", "\U000f0000", "\U0010fffd", "\U0010ffff", "\U0001d11e",
           "\U00020000", "\U000e0041", "\U00010330", "\U0001f9ff"]

COMBINING = [
    "e\u0301", "n\u0303", "o\u0302\u0323", "a\u030a", "Z\u0351\u036b\u0343a\u0315l\u0358g\u0321o", "\u0301", " \u0308", "x\u20dd",
    "\u1100\u1161\u11a8", "\u0915\u094d\u0937", "\u0e01\u0e33", "\u0627\u0644\u0644\u0647\u064f", "q\u0323\u0307", "ẛ\u0323",
    "Å", "\u212b", "ﬁ", "ŉ", "ǆ", "ß", "ẞ", "İ", "ı", "ſ",
]

CONTRACTIONS = [
    "it's", "IT'S", "I'LL", "I'll", "don't", "DON'T", "we've", "We'Ve", "you're", "YOU'RE", "I'm", "I'M", "he'd", "HE'D", "'s",
    "''s", "'S", "'tis", "o'clock", "rock'n'roll", "'ve'll're", "it’s", "don’t", "y'all'd've", "l'été", "'d", "d'accord", "x's's",
    "'lll", "'mm", "'t't", "100's", "'90s", "the dogs'", "'re-do'", "' s", "'\ns",
]

MARKERS = [
    "<|im_start|>", "<|im_end|>", "<|endoftext|>", "<|im_start|>user\n", "<|im_end|>\n", "<|im_start|>assistant\n",
    "<|im_start", "im_end|>", "<| im_end |>", "<|im_end|>>", "<<|im_end|>", "<|IM_END|>", "<repo_name>", "<reponame>", "<file_sep>",
    "<filename>", "<gh_stars>", "<issue_start>", "<jupyter_code>", "<empty_output>", "<repo_name", "</repo_name>", "<|endoftext|><|endoftext|>",
    "<|im_start|><|im_end|>", "<s>", "</s>", "[INST]", "<unk>", "<|im_start|>system\nBe brief.<|im_end|>\n",
]

CODE = [
    "func add(_ a: Int, _ b: Int) -> Int { a + b }\n",
    "let names = people.map { $0.name }.sorted()\n",
    "def area(w, h=2):\n    \"\"\"Return w*h.\"\"\"\n    return w * h\n",
    "for i in range(0, 10):\n\tprint(f\"{i:>3}\")\n",
    "int main(void) {\n  printf(\"%d\\n\", 1 << 4);\n  return 0;\n}\n",
    "#include <stdint.h>\n#define MAX(a,b) ((a)>(b)?(a):(b))\n",
    "const sum = (xs) => xs.reduce((a, x) => a + x, 0);\n",
    "fn main() {\n    let v: Vec<u8> = vec![1, 2, 3];\n    println!(\"{:?}\", v);\n}\n",
    "SELECT name, COUNT(*) FROM visits WHERE day >= '2026-01-01' GROUP BY name;\n",
    "<ul class=\"menu\"><li><a href=\"/soup\">Soup &amp; bread</a></li></ul>\n",
    "{\"id\": 17, \"tags\": [\"a\", \"b\"], \"ok\": true, \"x\": null}\n",
    "if [ -f \"$HOME/.rc\" ]; then . \"$HOME/.rc\"; fi\n",
    "key: value\nlist:\n  - one\n  - two\n",
    "x_train[:, 1:-1] = (x - x.mean()) / (x.std() + 1e-8)\n",
    "public static void main(String[] args) { System.out.println(args.length); }\n",
    "\\begin{equation} e^{i\\pi} + 1 = 0 \\end{equation}\n",
    "^\\s*([a-z_]+)\\s*=\\s*(.*?)$",
    "// TODO(mara): rename tmp_buf2 -> ring_buffer\n",
    "git_branch=\"feat/o'brien-2\" && echo ${git_branch##*/}\n",
    "@available(macOS 14, *)\nactor Cache<Key: Hashable, Value> {}\n",
]

PUNCTUATION = [
    "...", "!!!", "?!", "--", "—", "–", "«oui»", "“quoted”", "‘single’", "(a)", "[b]", "{c}", "a/b", "a\\b", "@home", "#tag", "&c.",
    "a_b_c", "__init__", "***", "~~~", "```", "|", "^^", "=>", "!=", "<=", "::", ";;", "…", "•", "†", "§ 4", "¿qué?", "¡sí!", "。", "、", "「はい」",
    "،", "؟", "।", "·", "→", "∑", "≠", "√2", "°C", "µm", "™", "©", "₿", "mailto:ana@example.org", "https://example.org/a?b=c&d=%20e#f",
]

LONG_WORDS = [
    "antidisestablishmentarianism", "Donaudampfschifffahrtsgesellschaftskapitän", "pneumatophoraceousness", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "supercalibratedthermocouplearray", "ABABABABABABABAB", "zzzzzzzzzzz", "camelCaseIdentifierWithManyParts", "SCREAMING_SNAKE_CASE_NAME",
    "kebab-case-name-here", "xXxXxXxXxX", "hahahahahahaha", "nnnnnnnnnnnnnnnnnnnnnnn", "=========================", "--------------------",
    "________________", "0000000000000000", "..............................", "한국어단어를붙여쓰면이렇게된다", "ภาษาไทยไม่มีช่องว่าง",
]

CHATS = [
    [("system", "You are a patient gardener."), ("user", "When should I plant broad beans?")],
    [("user", "Résume ce texte : « La pluie tombe sur le canal. »")],
    [("system", ""), ("user", "2+2?")],
    [("user", "First line\nSecond line\n\n  indented"), ("assistant", "Understood."), ("user", "Now shorten it to 5 words 😀")],
    [("system", "Answer in JSON."), ("user", "List 3 colours"), ("assistant", "[\"red\",\"blue\",\"green\"]"), ("user", "Add a 4th.")],
    [("user", "What does <|im_end|> mean?")],
    [("system", "  Keep spaces  "), ("user", "\ttabbed\r\nline")],
]
