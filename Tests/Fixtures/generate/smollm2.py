"""smollm2/logits.json, smollm2/greedy.jsonl: the real model, de-quantised, in transformers (float32)."""
import os
import random
import time
from common import arguments, chat_environment, f32, f32s, folder, gguf_field, model_tokenizer, one_thread_pair, write_json, write_jsonl
from llama import load

LOGIT_CHATS = [
    [("user", "Say hello.")],
    [("system", "You answer in one short sentence."), ("user", "Why do bakers score their bread?")],
    [("user", "Traduis en anglais : « La clé de l'atelier était accrochée près de la fenêtre. »")],
    [("system", "You are a careful editor."), ("user", "Fix the spelling: teh kettel wistled twise befor anyone got upp.")],
    [("user", "def area(w, h=2):\n    return w * h\n\nWhat does area(12) return?"), ("assistant", "It returns 24."), ("user", "And area(3, 5)?")],
]
PLAIN = "A narrow path runs behind the mill and down to the ford, where"
NOTE = ("The neighbours met on Tuesday to talk about the old mill. Ana wants to turn it into a library, Rui would rather keep the roof and let "
        "the garden grow, and Mr Salgado only asked who would pay. They agreed to meet again in March.")
LONG_CHAT = [("system", "You summarise letters for a busy reader."), ("user", "Summarise: " + NOTE), ("assistant", "The mill may become a library."),
             ("user", "Who objected, and when do they meet again? Answer 1, 2, 3.")]
PROMPTS = [
    "Summarise in one sentence: " + NOTE,
    "Summarise this note in five words: The train to Porto is late because a cow is standing on the track near the bridge.",
    "What is the main point? The bakery will close at noon on Friday so that the oven can be repaired.",
    "Give a title to this text: Fresh snow covered the tracks before we reached the hut, and nobody had brought matches.",
    "Shorten: Due to the fact that it was raining heavily, we made the decision to stay at home.",
    "Summarise the following e-mail: Hello all, the meeting room is being painted, so please use the kitchen table until Thursday. Bring your own chair.",
    "List the people mentioned: " + NOTE,
    "Translate to French: The cat is asleep on the window sill.",
    "Translate to Spanish: Please close the door quietly.",
    "Translate to German: We bought bread and cheese at the market.",
    "Translate to English: Où est la gare ?",
    "Translate to English: Mañana volveré temprano.",
    "Translate to Italian: Good evening, a table for two please.",
    "How do you say \"thank you\" in Portuguese?",
    "Write a polite reply: Could you send me the minutes by Thursday?",
    "Reply to this message saying I will be late: Are you still coming at six?",
    "Decline this invitation kindly: Would you like to join our choir on Monday evenings?",
    "Answer a customer who asks why the parcel has not arrived.",
    "Write a thank-you note to a neighbour who watered the plants.",
    "Reply with a question: I have found your umbrella.",
    "Accept this offer: We would like you to start on the first of May.",
    "Write a Python function that returns the larger of two numbers.",
    "Write a Swift function that doubles every number in an array.",
    "What does this print? for i in range(3): print(i * i)",
    "Explain this line: const sum = xs.reduce((a, x) => a + x, 0);",
    "Write an SQL query that counts the visits per day.",
    "Find the bug: def mean(xs): return sum(xs) / len(x)",
    "Write an HTML list with two items: soup and bread.",
    "Write a regular expression that matches a four-digit year.",
    "List three vegetables that grow in winter.",
    "List five things to pack for a weekend by the sea.",
    "Name the four seasons.",
    "Give me two ideas for a rainy afternoon.",
    "List the steps for making tea.",
    "Name three rivers in Europe.",
    "Give three synonyms for \"happy\".",
    "What is 7 times 8?",
    "Which is larger, 3.5 or 3.45?",
    "What day comes after Tuesday?",
    "Why is the sky blue?",
    "What is a lighthouse for?",
    "Explain photosynthesis to a child.",
    "What is the capital of Portugal?",
    "Write a haiku about a kettle.",
    "Begin a story about a clock that runs backwards.",
    "Complete the sentence: The last page of the book was",
    "Correct the grammar: She don't has no time for to cook.",
    "Rewrite in the past tense: I walk to the mill and buy flour.",
    "Make this sound formal: hey, can't make it, sorry!",
    "Is this review positive or negative? The soup was cold, but the waiter was charming and we laughed all evening.",
]


def by_step(model, ids, limit, stop):
    """Greedy decoding with a cache: the tokens and the gap between the two best logits at each step."""
    import torch
    tokens, gaps = [], []
    with torch.no_grad():
        result = model(torch.tensor([ids]), use_cache=True)
        while True:
            best = torch.topk(result.logits[0, -1], 2)
            token = int(best.indices[0])
            tokens.append(token)
            gaps.append(round(float(best.values[0].double() - best.values[1].double()), 6))
            if token == stop or len(tokens) == limit:
                return tokens, gaps
            result = model(torch.tensor([[token]]), past_key_values=result.past_key_values, use_cache=True)


def main():
    import torch
    parser = arguments(__doc__)
    options = parser.parse_args()
    one_thread_pair()
    out = folder(options.out, "smollm2")
    model = load(options.model)
    tokenizer = model_tokenizer(options.model)
    from gguf import GGUFReader
    reader = GGUFReader(options.model)
    template = chat_environment().from_string(gguf_field(reader, "tokenizer.chat_template"))
    stop = gguf_field(reader, "tokenizer.ggml.eos_token_id")
    render = lambda chat: template.render(messages=[{"role": role, "content": text} for role, text in chat], add_generation_prompt=True)

    rng = random.Random(77)
    vocabulary = model.config.vocab_size
    chosen = sorted(set([0, 1, 2, 17, 198, 216, vocabulary - 1] + rng.sample(range(vocabulary), 57)))
    while len(chosen) < 64:
        chosen = sorted(set(chosen + [rng.randrange(vocabulary)]))
    results, double = [], load(options.model, torch.float64)
    for text in [render(chat) for chat in LOGIT_CHATS + [LONG_CHAT]] + [PLAIN]:
        ids = tokenizer.encode(text).ids
        with torch.no_grad():
            logits = model(torch.tensor([ids])).logits[0]
            exact = double(torch.tensor([ids])).logits[0]
        positions = sorted(set([0, len(ids) // 4, len(ids) // 2, 3 * len(ids) // 4, len(ids) - 1]))
        rows = []
        for position in positions:
            top = torch.topk(logits[position], 10)
            rows.append({"position": position, "logits": f32s(logits[position][chosen].numpy()), "topIds": top.indices.tolist(),
                         "topLogits": f32s(top.values.numpy())})
        print(len(ids), "tokens; difference from float64 at most", float((logits.double() - exact).abs().max()), "spread", float(logits.std()))
        results.append({"text": text, "tokens": ids, "positions": rows})
    del double
    write_json(os.path.join(out, "logits.json"), {"vocabularyIndices": chosen, "prompts": results}, per_line="prompts")

    assert len(PROMPTS) == 50
    rows, start = [], time.time()
    for prompt in PROMPTS:
        text = render([("user", prompt)])
        ids = tokenizer.encode(text).ids
        tokens, gaps = by_step(model, ids, 64, stop)
        rows.append({"prompt": prompt, "promptIds": ids, "tokens": tokens, "ended": tokens[-1] == stop, "gaps": gaps,
                     "text": tokenizer.decode(tokens, skip_special_tokens=True)})
    gaps = sorted(gap for row in rows for gap in row["gaps"])
    print(len(gaps), "steps in", round(time.time() - start), "s; ended:", sum(row["ended"] for row in rows), "smallest gaps:", gaps[:8],
          "below 0.01:", sum(gap < 0.01 for gap in gaps), "below 0.1:", sum(gap < 0.1 for gap in gaps))
    write_jsonl(os.path.join(out, "greedy.jsonl"), rows)
    # the cache against one pass over the whole text, for the first rows
    for row in rows[:4]:
        with torch.no_grad():
            logits = model(torch.tensor([row["promptIds"] + row["tokens"][:-1]])).logits[0][len(row["promptIds"]) - 1:]
        assert logits.argmax(-1).tolist() == row["tokens"]
        best = torch.topk(logits, 2).values
        print("cache against whole pass, largest difference of a gap:",
              float((best[:, 0] - best[:, 1] - torch.tensor(row["gaps"])).abs().max()))


main()
