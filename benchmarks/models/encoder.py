"""An encoder of text."""

from __future__ import annotations

from typing import Any


def encoder(nn: Any, layers: int, width: int, heads: int, length: int) -> Any:
    """Post-norm blocks of attention and a GELU layer four times as wide, on one text of embeddings.

    The shape of a small BERT (Devlin et al. 2018): every token sees every other.
    """

    class Block(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
            self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
            self.out = nn.Linear(width, width)
            self.wide, self.narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
            self.gelu = nn.GELU()

        def forward(self, x: Any) -> Any:
            x = self.norm1(x + self.attention(x))
            return self.norm2(x + self.narrow(self.gelu(self.wide(x))))

        def attention(self, x: Any) -> Any:
            shape = (1, length, heads, width // heads)
            q, k, v = (part(x).reshape(shape).swapaxes(1, 2) for part in (self.query, self.key, self.value))
            y = nn.functional.scaled_dot_product_attention(q, k, v)
            return self.out(y.swapaxes(1, 2).reshape((1, length, width)))

    return nn.Sequential(*[Block() for _ in range(layers)])
