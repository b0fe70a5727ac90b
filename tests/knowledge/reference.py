"""all-MiniLM-L6-v2 in plain NumPy: what the ONNX graph has to agree with.

Written from the model's config.json and the BERT paper, one text at a time, so without padding,
mask, batches or fused operators. Slow, and easy to check by reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from scipy.special import erf, softmax
from tokenizers import Tokenizer

from bot.knowledge.adapter import NO_ADAPTER, Adapter

LAYERS, HEADS, HEAD_SIZE, MAX_TOKENS = 6, 12, 32, 256

Array = NDArray[np.float32]


class Reference:
    """The model of the files in `folder`, changed as `adapter` says."""

    def __init__(self, folder: Path, adapter: Adapter = NO_ADAPTER) -> None:
        self._weights: dict[str, Array] = load_file(folder / "model.safetensors")
        for name in adapter.down:
            self._weights[name] += np.einsum("rk,kc->rc", adapter.up[name], adapter.down[name])
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def encode(self, texts: Sequence[str]) -> Array:
        """Vectors of length 1, shape (len(texts), 384)."""
        return np.stack([self._encode(text) for text in texts])

    def tokens(self, text: str) -> list[int]:
        """The ids of all tokens, cut as the model's authors do: the last one stays [SEP]."""
        ids: list[int] = self._tokenizer.encode(text).ids
        return ids if len(ids) <= MAX_TOKENS else [*ids[: MAX_TOKENS - 1], ids[-1]]

    def _encode(self, text: str) -> Array:
        ids, w = self.tokens(text), self._weights
        x = (
            w["embeddings.word_embeddings.weight"][ids]
            + w["embeddings.position_embeddings.weight"][: len(ids)]
            + w["embeddings.token_type_embeddings.weight"][0]
        )
        x = self._norm(x, "embeddings")
        for number in range(LAYERS):
            layer = f"encoder.layer.{number}"
            attended = self._linear(self._attend(x, layer), f"{layer}.attention.output.dense")
            x = self._norm(x + attended, f"{layer}.attention.output")
            wide = self._linear(x, f"{layer}.intermediate.dense")
            gelu = wide * 0.5 * (1 + erf(wide / np.sqrt(2)))
            x = self._norm(x + self._linear(gelu, f"{layer}.output.dense"), f"{layer}.output")
        mean = x.mean(axis=0)
        vector: Array = mean / np.linalg.norm(mean)
        return vector

    def _attend(self, x: Array, layer: str) -> Array:
        query, key, value = (
            self._linear(x, f"{layer}.attention.self.{part}")
            .reshape(len(x), HEADS, HEAD_SIZE)
            .transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        share = softmax(query @ key.transpose(0, 2, 1) / np.sqrt(HEAD_SIZE), axis=-1)
        heads: Array = share @ value
        return heads.transpose(1, 0, 2).reshape(len(x), HEADS * HEAD_SIZE)

    def _linear(self, x: Array, name: str) -> Array:
        result: Array = x @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return result

    def _norm(self, x: Array, name: str) -> Array:
        centred = x - x.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-12)
        result: Array = scaled * self._weights[f"{name}.LayerNorm.weight"]
        return result + self._weights[f"{name}.LayerNorm.bias"]
