"""A second opinion on architectures/: each model computed from its GGUF file alone, by llama.cpp's conventions, in float64.

Nothing of transformers is used: keys and tensor names are those of the file, and what a file leaves out has llama.cpp's default."""
import math
import torch
from common import gguf_field
from llama import permute, tensors

PEFT = {"attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj",
        "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj"}


class ByHand(torch.nn.Module):
    def __init__(self, path, adapter=None, scaling=2.0):
        """adapter: PEFT keys to tensors (A [rank, in], B [out, rank]), or nothing."""
        super().__init__()
        reader, stored = tensors(path)
        self.weights = {name: torch.tensor(value, dtype=torch.float64) for name, value in stored.items()}
        self.adapter = {key: value.double().requires_grad_() for key, value in (adapter or {}).items()}
        self.scaling = scaling
        self.architecture = gguf_field(reader, "general.architecture")
        self.get = lambda name, default=None: gguf_field(reader, f"{self.architecture}.{name}", default)
        self.heads, self.groups = self.get("attention.head_count"), self.get("attention.head_count_kv")
        self.head = self.get("attention.key_length", self.get("embedding_length") // self.heads)
        self.window = self.get("attention.sliding_window")

    def local(self, layer):
        return self.window is not None and (layer + 1) % self.get("attention.sliding_window_pattern", 6) != 0

    def norm(self, x, name):
        """x [..., C]; RMS, or for stablelm mean and variance; the weight may be [heads, C]."""
        if self.architecture == "stablelm":
            x = x - x.mean(-1, keepdim=True)
            y = x / torch.sqrt((x * x).mean(-1, keepdim=True) + self.get("attention.layer_norm_epsilon"))
        else:
            y = x / torch.sqrt((x * x).mean(-1, keepdim=True) + self.get("attention.layer_norm_rms_epsilon"))
        return y * self.weights[name + ".weight"] + self.weights.get(name + ".bias", 0)

    def linear(self, x, layer, name):
        y = x @ self.weights[f"blk.{layer}.{name}.weight"].T + self.weights.get(f"blk.{layer}.{name}.bias", 0)
        key = f"base_model.model.model.layers.{layer}.{PEFT[name]}.lora_"
        if key + "A.weight" in self.adapter:
            b = self.adapter[key + "B.weight"]
            if self.architecture == "llama" and name in ("attn_q", "attn_k"):
                b = permute(b, self.heads if name == "attn_q" else self.groups)   # the file's rows are permuted, so B's must be
            y = y + self.scaling * (x @ self.adapter[key + "A.weight"].T) @ b.T
        return y

    def rotate(self, x, layer):
        """x [T, heads, head]; neighbours form a pair in llama, elements half the rotary size apart in all others."""
        size = self.get("rope.dimension_count", self.head)
        base, divisor = self.get("rope.freq_base", 10000.0), self.weights.get("rope_freqs.weight", 1.0)
        if self.local(layer):
            base = self.get("rope.freq_base_swa", 10000.0)
        elif self.get("rope.scaling.type") == "linear":
            divisor = self.get("rope.scaling.factor")
        frequency = base ** (-torch.arange(0, size, 2, dtype=torch.float64) / size) / divisor
        angle = torch.arange(len(x), dtype=torch.float64)[:, None] * frequency
        cos, sin = torch.cos(angle)[:, None], torch.sin(angle)[:, None]
        turned, rest = x[..., :size], x[..., size:]
        if self.architecture == "llama":
            first, second = turned[..., 0::2], turned[..., 1::2]
            turned = torch.stack([first * cos - second * sin, first * sin + second * cos], -1).reshape(turned.shape)
        else:
            first, second = turned[..., :size // 2], turned[..., size // 2:]
            turned = torch.cat([first * cos - second * sin, first * sin + second * cos], -1)
        return torch.cat([turned, rest], -1)

    def attention(self, h, layer):
        length = len(h)
        q = self.linear(h, layer, "attn_q").reshape(length, self.heads, self.head)
        k = self.linear(h, layer, "attn_k").reshape(length, self.groups, self.head)
        v = self.linear(h, layer, "attn_v").reshape(length, self.groups, self.head)
        if f"blk.{layer}.attn_q_norm.weight" in self.weights:
            q, k = self.norm(q, f"blk.{layer}.attn_q_norm"), self.norm(k, f"blk.{layer}.attn_k_norm")
        q, k = self.rotate(q, layer), self.rotate(k, layer)
        k, v = (value.repeat_interleave(self.heads // self.groups, 1) for value in (k, v))
        back = torch.arange(length)[:, None] - torch.arange(length)[None]
        hidden = (back < 0) | (back >= self.window if self.local(layer) else torch.tensor(False))
        score = torch.einsum("ihd,jhd->hij", q, k) / math.sqrt(self.head)
        share = score.masked_fill(hidden, -math.inf).softmax(-1)
        return self.linear(torch.einsum("hij,jhd->ihd", share, v).reshape(length, -1), layer, "attn_output")

    def feed_forward(self, h, layer):
        gate = self.linear(h, layer, "ffn_gate")
        if self.architecture == "gemma3":
            gate = 0.5 * gate * (1 + torch.tanh(math.sqrt(2 / math.pi) * (gate + 0.044715 * gate ** 3)))
        else:
            gate = gate / (1 + torch.exp(-gate))
        return self.linear(gate * self.linear(h, layer, "ffn_up"), layer, "ffn_down")

    def forward(self, ids):
        """Logits [T, V] of one sequence."""
        gemma = self.architecture == "gemma3"
        x = self.weights["token_embd.weight"][ids]
        if gemma:
            x = x * math.sqrt(x.shape[1])
        for layer in range(self.get("block_count")):
            part = f"blk.{layer}."
            h = self.norm(x, part + "attn_norm")
            attended = self.attention(h, layer)
            if gemma:
                attended = self.norm(attended, part + "post_attention_norm")
            x = x + attended
            if part + "ffn_norm.weight" in self.weights:
                h = self.norm(x, part + "ffn_norm")          # otherwise the feed-forward takes what the attention took
            fed = self.feed_forward(h, layer)
            if gemma:
                fed = self.norm(fed, part + "post_ffw_norm")
            x = x + fed
        return self.norm(x, "output_norm") @ self.weights.get("output.weight", self.weights["token_embd.weight"]).T
