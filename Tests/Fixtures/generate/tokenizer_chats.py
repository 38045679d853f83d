"""tokenizer/chat-families.json: chats as the templates of Gemma 3 (gemma3.jinja) and Qwen 3 (qwen3.jinja) render them

The two templates are the texts of `tokenizer.chat_template` in the models' own files, which this script does not come with.
"""
import os
import texts
from common import arguments, chat_environment, folder, write_json

MORE = [
    [("system", " \tKeep\n"), ("user", "\n Hi \n"), ("assistant", "\n\nHello.\n"), ("user", "Bye"), ("assistant", "\n\n Bye.\n\n")],
    [("user", "One"), ("assistant", "\nTwo"), ("user", "Three"), ("assistant", "Four")],
    [("user", "\x1c\u00a0\u2003text\u0085"), ("assistant", "")],
]


def main():
    parser = arguments(__doc__, model=False)
    parser.add_argument("--templates", required=True, help="folder with gemma3.jinja and qwen3.jinja")
    options = parser.parse_args()
    chats = []
    for name in ["gemma3", "qwen3"]:
        with open(os.path.join(options.templates, name + ".jinja"), encoding="utf-8") as stream:
            template = chat_environment().from_string(stream.read())
        for chat in texts.CHATS + MORE:
            messages = [{"role": role, "content": content} for role, content in chat]
            for prompt in (True, False):
                text = template.render(messages=messages, add_generation_prompt=prompt, enable_thinking=False, bos_token="<bos>", eos_token="<eos>")
                chats.append({"model": name, "messages": messages, "addGenerationPrompt": prompt, "text": text})
    write_json(os.path.join(folder(options.out, "tokenizer"), "chat-families.json"), {"chats": chats}, per_line="chats")


if __name__ == "__main__":
    main()
