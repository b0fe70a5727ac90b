"""all-MiniLM-L6-v2 in PyTorch, with low-rank adaptation (LoRA, https://arxiv.org/abs/2106.09685)
of its layers: what `fit.py` and `fit_alarms.py` teach.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F

from bot.knowledge.adapter import NO_ADAPTER, Adapter

LAYERS, HEADS, EPSILON = 6, 12, 1e-12
RANK, SCALE, DROPOUT = 16, 2.0, 0.1
BATCH = 64
MOST_TOKENS = 128
HALF = torch.ops.mkldnn._is_mkldnn_bf16_supported()
"""Half precision is twice as fast where the processor can do it, and slower where it cannot."""


class Adapted(nn.Module):
    """A linear layer with frozen weights and a low-rank change beside them."""

    def __init__(self, weights: dict[str, Tensor], name: str) -> None:
        super().__init__()
        self.name = f"{name}.weight"
        self.register_buffer("matrix", weights[self.name])
        self.register_buffer("bias", weights[f"{name}.bias"])
        rows, columns = weights[self.name].shape
        self.down = nn.Parameter(torch.randn(RANK, columns) / math.sqrt(columns))
        self.up = nn.Parameter(torch.zeros(rows, RANK))

    def forward(self, x: Tensor) -> Tensor:
        """The layer's output with its change, which dropout spares at random in training."""
        change = F.linear(F.linear(F.dropout(x, DROPOUT, self.training), self.down), self.up)
        return F.linear(x, self.matrix, self.bias) + SCALE * change


class Layer(nn.Module):
    """One layer of BERT (https://arxiv.org/abs/1810.04805)."""

    def __init__(self, weights: dict[str, Tensor], number: int) -> None:
        super().__init__()
        self.weights, self.prefix = weights, f"encoder.layer.{number}"
        heads = ("query", "key", "value")
        self.heads = nn.ModuleList(self._linear(f"attention.self.{head}") for head in heads)
        self.attended = self._linear("attention.output.dense")
        self.wide = self._linear("intermediate.dense")
        self.narrow = self._linear("output.dense")

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Hidden states (texts, tokens, width) to hidden states; `mask` is True for real tokens."""
        texts, tokens, width = x.shape
        split = (texts, tokens, HEADS, width // HEADS)
        query, key, value = (head(x).view(split).transpose(1, 2) for head in self.heads)
        seen = F.scaled_dot_product_attention(query, key, value, attn_mask=mask[:, None, None, :])
        joined = seen.transpose(1, 2).reshape(texts, tokens, width)
        x = self._norm(x + self.attended(joined), "attention.output.LayerNorm")
        return self._norm(x + self.narrow(F.gelu(self.wide(x))), "output.LayerNorm")

    def _linear(self, name: str) -> Adapted:
        return Adapted(self.weights, f"{self.prefix}.{name}")

    def _norm(self, x: Tensor, name: str) -> Tensor:
        return norm(x, self.weights, f"{self.prefix}.{name}")


class Encoder(nn.Module):
    """The published encoder, changed as an adapter says and then adapted further.

    Args:
        first: the layer, counted from 0, from which on it is adapted; those before it stay.
    """

    def __init__(self, folder: Path, adapter: Adapter = NO_ADAPTER, first: int = 0) -> None:
        super().__init__()
        self.weights = load_file(folder / "model.safetensors")
        for name in adapter.down:
            self.weights[name] = torch.from_numpy(adapter.adapt(name, self.weights[name].numpy()))
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(MOST_TOKENS)
        self.layers = nn.ModuleList(Layer(self.weights, number) for number in range(LAYERS))
        for layer in islice(self.layers, first):
            layer.requires_grad_(False)

    def read(self, texts: Sequence[str]) -> list[Tensor]:
        """The tokens of the texts."""
        encodings = self.tokenizer.encode_batch(list(texts))
        return [torch.tensor(encoding.ids) for encoding in encodings]

    def forward(self, texts: Sequence[Tensor]) -> Tensor:
        """Vectors of length 1, (texts, width)."""
        x, mask = self.states(texts, LAYERS)
        return F.normalize((x * mask[..., None]).sum(1), dim=-1)

    def states(self, texts: Sequence[Tensor], layers: int) -> tuple[Tensor, Tensor]:
        """What the first layers make of each token, (texts, tokens, width), and which are real."""
        ids, mask = padded(texts)
        x = self._embedded(ids)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=HALF):
            for layer in islice(self.layers, layers):
                x = layer(x, mask)
        return x.float(), mask

    def taught(self) -> list[nn.Parameter]:
        """What of it is fitted."""
        return [parameter for parameter in self.parameters() if parameter.requires_grad]

    def adapter(self) -> Adapter:
        """What the product keeps of it: how the layers were changed that were fitted."""
        layers = [
            one for one in self.modules() if isinstance(one, Adapted) and one.up.requires_grad
        ]
        return Adapter(
            {layer.name: layer.down.detach().numpy() for layer in layers},
            {layer.name: (SCALE * layer.up).detach().numpy() for layer in layers},
        )

    @torch.no_grad()
    def vectors(self, texts: Sequence[Tensor]) -> Tensor:
        """`forward` for any number of texts, without dropout."""
        self.eval()
        found = torch.zeros(len(texts), self.weights["embeddings.LayerNorm.weight"].shape[0])
        for batch in batches([len(text) for text in texts]):
            found[batch] = self([texts[index] for index in batch])
        self.train()
        return found

    def _embedded(self, ids: Tensor) -> Tensor:
        of = {part: self.weights[f"embeddings.{part}_embeddings.weight"] for part in PARTS}
        x = of["word"][ids] + of["position"][: ids.shape[1]] + of["token_type"][0]
        return norm(x, self.weights, "embeddings.LayerNorm")


PARTS = ("word", "position", "token_type")


def norm(x: Tensor, weights: dict[str, Tensor], name: str) -> Tensor:
    """The layer norm of this name."""
    scale, shift = weights[f"{name}.weight"], weights[f"{name}.bias"]
    return F.layer_norm(x, x.shape[-1:], scale, shift, EPSILON)


def padded(rows: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """The rows at one length, and which places are real."""
    mask = nn.utils.rnn.pad_sequence([torch.ones(len(row), dtype=torch.bool) for row in rows], True)
    return nn.utils.rnn.pad_sequence(list(rows), batch_first=True), mask


def batches(lengths: Sequence[int], size: int = 2 * BATCH) -> Iterator[list[int]]:
    """Indexes, those of like length together."""
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    for start in range(0, len(order), size):
        yield order[start : start + size]


def shuffled(lengths: Sequence[int], random: np.random.Generator, size: int) -> Iterator[list[int]]:
    """Batches of one epoch: of like length, so that little is padded, and in no order."""
    order = random.permutation(len(lengths))
    found = []
    for start in range(0, len(order), 16 * size):
        chunk = order[start : start + 16 * size].tolist()
        inner = batches([lengths[index] for index in chunk], size)
        found += [[chunk[place] for place in batch] for batch in inner]
    random.shuffle(found)  # type: ignore[arg-type]  # a list is shuffled as well as an array
    yield from found
