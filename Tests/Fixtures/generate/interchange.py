"""interchange/: adapters on their way between Braid, PEFT and llama.cpp.
  <name>-peft/          folders that PEFT wrote: uneven ranks and alphas, rank-stabilised; biases
  <name>-braid/         what `braid merge <name>-peft -o <name>-braid` makes of them
  <name>-logits.json    PEFT's logits with Braid's folder, after it gave the same ones with its own
  llama-cpp/<model>.gguf   what llama.cpp's convert_lora_to_gguf.py makes of tiny/lora (also in half precision) and architectures/*-lora
  uneven-braid.gguf     what `braid merge uneven-peft -o uneven-braid.gguf` writes
  greedy.json           llama.cpp's greedy tokens, and logits of the prompt's end, in float32 with adapter files that Braid wrote
Needs tiny/ and architectures/, a built braid (--braid), llama.cpp's source tree (--llama-cpp) and llama-cpp-python built from it."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import numpy
from adapters import TARGETS, attach, configuration, save_folder, tiny_tokenizer
from common import arguments, f32s, folder, gguf_field, one_thread_pair, report, write_json
import llama
import variants

CHAT = "<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n"
PROMPTS = [CHAT.format("Water the basil daily."), CHAT.format("The bread is 12 cents."), "Once the rain", "A"]
NEW_TOKENS = 24
MODELS = {"tiny": ("tiny/tiny-llama.gguf", "tiny/lora"), **{
    name: (f"architectures/{name}.gguf", f"architectures/{name}-lora") for name in ("llama3", "qwen2", "qwen3", "stablelm", "gemma3")}}


def uneven():
    from peft import LoraConfig
    return LoraConfig(
        r=4, lora_alpha=6, target_modules=TARGETS, exclude_modules=["model.layers.0.self_attn.o_proj"], use_rslora=True,
        rank_pattern={"q_proj": 2, "layers.1.mlp.down_proj": 6, "^model.layers.0.mlp.up_proj": 3}, alpha_pattern={"k_proj": 3, "v_proj": 5.5},
        bias="none", task_type="CAUSAL_LM")


def biased():
    config = configuration(3, 7, ["q_proj", "v_proj", "down_proj"])
    config.lora_bias = True
    return config


def attach_with_biases(model, config, seed):
    import torch
    model = attach(model, config, seed=seed, zero_b=False).eval()
    rng = numpy.random.default_rng(seed + 1)
    for key, parameter in sorted(model.named_parameters()):
        if ".lora_B." in key and key.endswith(".bias"):
            parameter.data = torch.tensor((rng.standard_normal(parameter.shape) * 0.2).astype(numpy.float32))
    return model


def logits(model, ids):
    import torch
    with torch.no_grad():
        return model(torch.tensor([ids])).logits[0].numpy()


def peft_folders(options, out, tokenizer):
    from peft import PeftModel
    path = os.path.join(options.out, "tiny", "tiny-llama.gguf")
    for name, config, seed in (("uneven", uneven(), 71), ("biased", biased(), 73)):
        model = attach_with_biases(llama.load(path), config, seed)
        theirs, ours = os.path.join(out, f"{name}-peft"), os.path.join(out, f"{name}-braid")
        targets = config.target_modules
        save_folder(model, theirs, "tiny-llama")
        with open(os.path.join(theirs, "adapter_config.json")) as stream:
            settings = json.load(stream)
        settings["target_modules"] = sorted(targets)
        with open(os.path.join(theirs, "adapter_config.json"), "w") as stream:
            stream.write(json.dumps(settings, indent=2, sort_keys=True) + "\n")
        subprocess.run([options.braid, "merge", theirs, "-o", ours, "--force"], check=True)
        loaded = PeftModel.from_pretrained(llama.load(path), ours).eval()
        rows, worst, moved = [], 0, 0
        base = llama.load(path)
        for prompt in PROMPTS:
            ids = tokenizer.encode(prompt).ids
            values = logits(loaded, ids)
            worst = max(worst, float(numpy.abs(values - logits(model, ids)).max()))
            moved = max(moved, float(numpy.abs(values - logits(base, ids)).max()))
            kept = sorted({0, len(ids) - 1})
            rows.append({"tokens": ids, "positions": kept, "logits": [f32s(values[position]) for position in kept]})
        print(f"{name}: PEFT's folder and Braid's differ by {worst:.2g} in a logit; the adapter moves one by {moved:.2g}")
        assert worst < 1e-4 and moved > 0.5
        write_json(os.path.join(out, f"{name}-logits.json"),
                   {"model": "tiny-llama.gguf", "adapter": f"{name}-braid", "vocabulary": 300, "sequences": rows}, per_line="sequences")


def converted(options, out):
    """llama.cpp's own converter, which reads the base model's sizes from its Hugging Face configuration."""
    script = os.path.join(options.llama_cpp, "convert_lora_to_gguf.py")
    for name, (path, adapter) in MODELS.items():
        path = os.path.join(options.out, path)
        model = llama.load(path) if name == "tiny" else variants.load(path, variants.VARIANTS[name])
        with tempfile.TemporaryDirectory() as base:
            model.config.architectures = [type(model).__name__]
            model.config.save_pretrained(base)
            # the converter names the result after the folder
            work = os.path.join(base, f"{name}-lora")
            shutil.copytree(os.path.join(options.out, adapter), work)
            target = os.path.join(out, f"{name}.gguf")
            command = [sys.executable, script, "--base", base, work, "--outfile"]
            subprocess.run([*command, target], check=True, stderr=subprocess.DEVNULL)
            if name == "tiny":
                half = os.path.join(out, f"{name}-f16.gguf")
                subprocess.run([*command, half, "--outtype", "f16"], check=True, stderr=subprocess.DEVNULL)
        report(target)


def braid_files(options, out, scratch):
    """Adapter files by model, written by Braid: of the folders above, and of the uneven one for the tiny model."""
    files = {}
    for name, (model, adapter) in MODELS.items():
        files[name] = (model, os.path.join(scratch, f"{name}.gguf"))
        subprocess.run([options.braid, "merge", os.path.join(options.out, adapter), "-o", files[name][1],
                        "--model", os.path.join(options.out, model)], check=True, stdout=subprocess.DEVNULL)
    files["uneven"] = (MODELS["tiny"][0], os.path.join(out, "uneven-braid.gguf"))
    subprocess.run([options.braid, "merge", os.path.join(out, "uneven-peft"), "-o", files["uneven"][1], "--force",
                    "--model", os.path.join(options.out, files["uneven"][0])], check=True, stdout=subprocess.DEVNULL)
    report(files["uneven"][1])
    return files


def in_float32(source, target):
    """The model with float32 weights: llama.cpp rounds activations to the precision of half-precision weights."""
    from gguf import GGUFReader, GGUFValueType, GGUFWriter
    from gguf.quants import dequantize
    reader = GGUFReader(source)
    writer = GGUFWriter(target, gguf_field(reader, "general.architecture"))
    for name, field in reader.fields.items():
        if not name.startswith("GGUF.") and name not in ("general.architecture", "general.file_type"):
            kind = field.types[0]
            writer.add_key_value(name, field.contents(), kind, field.types[-1] if kind == GGUFValueType.ARRAY else None)
    for tensor in reader.tensors:
        shape = [int(size) for size in tensor.shape][::-1]
        writer.add_tensor(tensor.name, numpy.array(dequantize(tensor.data, tensor.tensor_type), dtype=numpy.float32).reshape(shape))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def greedy(options, out, tokenizer):
    from llama_cpp import GGML_TYPE_F32, Llama
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        for name, (path, adapter) in braid_files(options, out, scratch).items():
            whole = os.path.join(scratch, "model.gguf")
            in_float32(os.path.join(options.out, path), whole)
            run = lambda lora: Llama(whole, lora_path=lora, n_ctx=256, n_threads=2, logits_all=True, type_k=GGML_TYPE_F32, type_v=GGML_TYPE_F32,
                                     verbose=False)
            model, base = run(adapter), run(None)
            for prompt in PROMPTS:
                ids, tokens, end = tokenizer.encode(prompt).ids, [], None
                model.reset()
                model.eval(ids)
                base.reset()
                base.eval(ids)
                for step in range(NEW_TOKENS):
                    values = model.scores[model.n_tokens - 1]
                    if end is None:
                        end = values.copy()
                        moved = float(numpy.abs(end - base.scores[base.n_tokens - 1]).max())
                    tokens.append(int(numpy.argmax(values)))
                    model.eval(tokens[-1:])
                rows.append({"model": path, "adapter": name, "prompt": ids, "tokens": tokens, "moved": round(moved, 3), "logits": f32s(end)})
            print(name, "llama.cpp's adapter moves a logit by", moved)
    write_json(os.path.join(out, "greedy.json"), {"newTokens": NEW_TOKENS, "rows": rows}, per_line="rows")


def main():
    parser = arguments(__doc__, model=False)
    parser.add_argument("--braid", required=True, help="path of the built program")
    parser.add_argument("--llama-cpp", required=True, help="llama.cpp's source tree, that of llama-cpp-python's release")
    options = parser.parse_args()
    one_thread_pair()
    out = folder(options.out, "interchange")
    tokenizer = tiny_tokenizer(os.path.join(options.out, "tiny"))
    peft_folders(options, out, tokenizer)
    converted(options, folder(out, "llama-cpp"))
    greedy(options, out, tokenizer)


main()
