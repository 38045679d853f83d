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

# --- for tokenizer_families.py ---

# contractions in every case; U+017F is another case of s, U+212A of k; ligatures that fold to several letters
FOLDED_CONTRACTIONS = [
    "it'S", "IT's", "we'RE", "we'Re", "we'rE", "I'VE", "I'Ve", "i'vE", "I'Ll", "I'lL", "he'D", "I'M", "don'T", "x'\u017f", "'\u017f",
    "it'\u017fo", "'\u017f\u017f", "'\u212a", "'\ufb06", "'\ufb05", "'\u00df", "'\u1e9e", "'T'S'D", "'Rex", "'Vex", "'Lex", "'Dx", "'r", "'v", "'l", "'L",
    "'re\u0301", "'s\u0301", "\u2019S", "''S", "\n'S", " 'S", "\t'll", "\u00a0've", "1's", "!'t", "'\u0405", "'\u0455", "'s'S's", "'LLL", "'ree",
]

# digits of many scripts, in runs of 1 to 10
DIGIT_ZEROS = ["0", "\u0660", "\u06f0", "\u0966", "\u09e6", "\u0e50", "\uff10", "\U0001d7ce", "\u17e0", "\u1040"]

# number letters and others
OTHER_NUMBERS = ["\u2167\u2168\u2169\u216a", "\u00bd\u00bc\u00be\u2153", "\u2460\u2461\u2462\u2463\u2464", "\u00b2\u00b3\u00b9\u2074", "\u4e00\u4e8c\u4e09",
                 "\u3007\u3021\u3022", "\U00010107\U00010108\U00010109\U0001010a", "\u0bf0\u0bf1\u0bf2\u0bf3"]

LINE_ENDS = ["\n", "\r", "\r\n", "\n\r", "\r\r\n", "\n\n", "\r\n\r\n", " \r\n", "\r\n ", "\t\r\n\t", "\u0085", "\u2028", "\u2029", "\x0b", "\x0c", "\n\u2028\n",
             "\u00a0\n", "\n\u00a0", "\n \n \n", "   \n\n   ", "\u3000\r\n\u3000", "\u0085\n\u0085", "\x1c\n\x1d"]

# composed and decomposed spellings, reordered marks, singletons, composition exclusions, Hangul jamo
DECOMPOSED = [
    "cafe\u0301", "caf\u00e9", "A\u030a", "\u212b", "\u2126", "\u212a", "n\u0303o", "s\u0323\u0307", "s\u0307\u0323", "\u1e69", "q\u0307\u0323", "\u1100\u1161", "\u1100\u1161\u11a8",
    "\uac00\u11a8", "\uac01", "\u0958", "\u0915\u093c", "\u0929", "\u0928\u093c", "\u09c7\u09be", "\u0b47\u0b56", "\u0344", "\u0308\u0301", "\u1fef", "\u0340\u0341", "\u2000\u2001",
    "\uf900", "\ufa10", "\u2adc", "\ufb1d", "\ufb2a", "\U0001d15e", "\U0001d1bb", "\U000110ab", "\U0001112e", "\u0f43", "\u0f73\u0f75", "\u1e9b\u0323", "e\u0327\u0301", "\u0041\u0300\u0316",
    "o\u0308\u0304", "\u022b", "\u1025\u102e", "\u3046\u3099", "\u304b\u3099\u3099", "\u30db\u309a", "\U00011935\U00011930",
]

FAMILY_MARKERS = [
    "<|begin_of_text|>", "<|end_of_text|>", "<|eot_id|>", "<|start_header_id|>user<|end_header_id|>\n\n", "<|eot_id|><|start_header_id|>",
    "<think>\n\n</think>\n\n", "<think>", "</think>", "<tool_call>", "<bos>", "<eos>", "<unk>", "<pad>", "<start_of_turn>user\n", "<end_of_turn>\n",
    "<start_of_turn>model\n", "<start_of_turn", "<table>", "<td>", "</td>", "<table", "<0x0A>", "<0x41>", "<0xE2>", "\u2581", "a\u2581b", "\u2581\u2581", "\u2581 \u2581", " \u2581\u2581\u2581 x",
]

# further text to train the small vocabularies on, so that several scripts get merges
MORE_TEXT = [
    "The baker told the miller that the weather would turn, and the miller told everyone else.",
    "When the meeting ended, they walked home together and talked about the weather and the harvest.",
    "Please write back when you have read this; there is no hurry, but there is a question in it.",
    "If you can't come on Thursday, that's fine: we're there all week, and they'll be there on Friday too.",
    "Les enfants ont planté des haricots dans le jardin, et les voisins ont apporté des tomates.",
    "Los vecinos trajeron tomates del huerto y los niños plantaron judías junto a la pared.",
    "Die Kinder haben im Garten Bohnen gepflanzt, und die Nachbarn haben Tomaten gebracht.",
    "I bambini hanno piantato i fagioli nell'orto e i vicini hanno portato i pomodori.",
    "As crianças plantaram feijão na horta e os vizinhos trouxeram tomates.",
    "Дети посадили фасоль в огороде, а соседи принесли помидоры и хлеб.",
    "Діти посадили квасолю на городі, а сусіди принесли помідори.",
    "Τα παιδιά φύτεψαν φασόλια στον κήπο και οι γείτονες έφεραν ντομάτες.",
    "孩子们在花园里种了豆子,邻居们带来了西红柿和面包。",
    "子供たちは庭に豆を植え、隣の人たちはトマトとパンを持ってきた。",
    "아이들은 정원에 콩을 심었고 이웃들은 토마토와 빵을 가져왔어요.",
    "زرع الأطفال الفاصوليا في الحديقة وأحضر الجيران الطماطم والخبز.",
    "बच्चों ने बगीचे में सेम लगाई और पड़ोसी टमाटर और रोटी लाए।",
    "เด็กๆ ปลูกถั่วในสวน และเพื่อนบ้านนำมะเขือเทศกับขนมปังมาให้",
    "הילדים שתלו שעועית בגינה והשכנים הביאו עגבניות ולחם.",
    "Bọn trẻ trồng đậu trong vườn, còn hàng xóm mang cà chua và bánh mì đến.",
]

# --- for scripts.py and metrics.py ---

# prediction, references: languages with and without blanks, written for these fixtures
SCRIPT_PAIRS = [
    ("我喺巴士站等緊𠮶個阿伯。", ["我喺巴士站等緊嗰個阿伯。", "𠮶個阿伯喺巴士站等我。"]),
    ("佢哋𨋢壞咗，要行樓梯上去食嘢。", ["部𨋢壞咗，佢哋要行上樓食飯。"]),
    ("今天下午他们把旧书搬到二楼,没有用电梯。", ["他们今天下午把旧书搬上了二楼。", "旧书今天搬到二楼了。"]),
    ("明日の朝、駅前のパン屋でコーヒーとパンを買います。", ["明日の朝はパン屋でｺｰﾋｰを買う。", "駅前のパン屋へ行きます。"]),
    ("人々は「ラーメン」が好きだ。葛󠄀城さんも。", ["人々はラーメンが好き。葛城さんも好きだ。"]),
    ("แมวนอนอยู่บนหน้าต่างทุก ๆ วัน 3 ตัว", ["ที่หน้าต่างมีแมว ๓ ตัวนอนอยู่", "แมวนอนที่หน้าต่าง"]),
    ("น้ำท่วมถนนหน้าบ้าน", ["ถนนหน้าบ้านน้ำท่วม"]),
    ("ແມວນອນຢູ່ເທິງປ່ອງຢ້ຽມ", ["ແມວຢູ່ປ່ອງຢ້ຽມ"]),
    ("ឆ្មា\u200bដេក\u200bនៅ\u200bលើ\u200bបង្អួច។", ["ឆ្មាដេកលើបង្អួច។"]),
    ("ကြောင်က ပြတင်းပေါက်မှာ အိပ်နေတယ်။", ["ကြောင်လေး ပြတင်းပေါက်ပေါ်မှာ အိပ်တယ်။", "ကြောင်အိပ်နေတယ်။"]),
    ("고양이가 창가에서 자고 있어요.", ["고양이는 창가에서 잤어요.", "창가에 고양이가 있어요."]),
    ("القطة تنام على \u200fالنافذة\u200f كلَّ يوم.", ["تنام القطة على النافذة كل يوم.", "القطة على النافذة."]),
    ("می\u200cخواهم به خانه بروم", ["میخواهم بروم به خانه"]),
    ("החתול ישן על אדן החלון.", ["החתול ישן בחלון.", "על אדן החלון ישן חתול."]),
    ("बिल्ली खिड़की पर सो रही है।", ["बिल्ली रोज़ खिड़की पर सोती है।"]),
    ("བྱི་ལ་སྒེའུ་ཁུང་དུ་ཉལ།", ["བྱི་ལ་ཉལ།"]),
    ("Ⅷ STRASSE İzmir Straße ½ m²", ["ⅷ straße i̇zmir strasse ½ m²"]),
    ("Ben 同 Mia 去咗 IKEA 買枱。", ["Mia 同 Ben 喺 IKEA 買咗張枱。", "Ben 買枱。"]),
]
