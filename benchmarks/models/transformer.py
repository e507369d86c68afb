"""Attention."""

from __future__ import annotations

from typing import Any


def transformer(nn: Any, tokens: int, layers: int, width: int, heads: int, length: int) -> Any:
    """A causal language model: pre-norm blocks of attention and a GELU layer four times as wide.

    Parameters
    ----------
    tokens
        Different tokens, read and predicted.
    length
        Tokens of a text; each place has an embedding.
    """

    class Block(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
            self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
            wide, narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
            self.feed = nn.Sequential(wide, nn.GELU(), narrow)

        def forward(self, x: Any) -> Any:
            x = x + self.attention(self.norm1(x))
            return x + self.feed(self.norm2(x))

        def attention(self, x: Any) -> Any:
            n = x.shape[0]
            parts = self.qkv(x).reshape((n, length, 3, heads, width // heads))
            q, k, v = (parts[:, :, i].swapaxes(1, 2) for i in range(3))
            y = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
            return self.out(y.swapaxes(1, 2).reshape((n, length, width)))

    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.token, self.place = nn.Embedding(tokens, width), nn.Embedding(length, width)
            self.blocks = nn.Sequential(*[Block() for _ in range(layers)])
            self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, tokens)

        def forward(self, x: Any) -> Any:
            y = self.token(x) + self.place.weight
            return self.head(self.norm(self.blocks(y)))

    return Model()
