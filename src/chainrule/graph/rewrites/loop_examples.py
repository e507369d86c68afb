"""Loops and branches on which the rows about them are tried, as text: control flow is of a layer above."""

from __future__ import annotations

from chainrule.graph.rewrites.row import Example, example


def _scan(body: str, given: str, results: str, returned: str, **parts: int) -> Example:
    """A graph with one scan of 4 steps over inputs a, b (states), x, y (sequences) and w."""
    counts = ", ".join(f"{name}={count}" for name, count in parts.items())
    return example(f"""
        graph example(a: f32[2], b: f32[2], x: f32[4, 2], y: f32[4, 2], w: f32[2], v: f32[2]):
          const one: f32[] = 1.0
          const half: f32[] = 0.5
          {results} = scan({given}, length=4, body=<body>, {counts}, reverse=False)
            body = graph body{body}
          return {returned}
    """)


def _cond(true: str, false: str, given: str, results: str, returned: str, **parts: int) -> Example:
    """A graph with one branch."""
    counts = ", ".join(f"{name}={count}" for name, count in parts.items())
    return example(f"""
        graph example(p: bool[], a: f32[2], b: f32[2]):
          const yes: bool[] = True
          const half: f32[] = 0.5
          {results} = cond({given}, true=<true>, false=<false>, {counts})
            true = graph true{true}
            false = graph false{false}
          return {returned}
    """)


def _while(going: str, body: str, given: str, results: str, returned: str, **parts: int) -> Example:
    """A graph with one loop."""
    counts = ", ".join(f"{name}={count}" for name, count in parts.items())
    return example(f"""
        graph example(a: f32[], b: f32[]):
          const most: f32[] = 3.0
          const half: f32[] = 0.5
          {results} = while_loop({given}, going=<going>, body=<body>, {counts})
            going = graph going{going}
            body = graph body{body}
          return {returned}
    """)


_SUMS = """(s: f32[2], x: f32[2], c: f32[2]):
              t: f32[2] = multiply(s, c)
              u: f32[2] = add(t, x)
              return u, t"""
_ADD = """(x: f32[2], c: f32[2]):
              t: f32[2] = add(x, c)
              return t"""
_SUBTRACT = """(x: f32[2], c: f32[2]):
              t: f32[2] = subtract(x, c)
              return t"""
_BELOW = """(s: f32[], c: f32[]):
              t: bool[] = less(s, c)
              return t"""
_STEP = """(s: f32[], c: f32[]):
              t: f32[] = square(s)
              u: f32[] = add(t, c)
              return u"""

PLAIN = (
    _scan(_SUMS, "a, x, w", "r: f32[2], z: f32[4, 2]", "r, z", carries=1, sequences=1),
    _cond(_ADD, _SUBTRACT, "p, a, b", "r: f32[2]", "r", operands=2, true_captures=0),
    _while(_BELOW, _STEP, "a, b, b", "r: f32[]", "r", carries=1, cond_captures=1),
)

BODIES = (
    _scan(
        """(s: f32[2], x: f32[2]):
              t: f32[2] = negative(s)
              u: f32[2] = negative(t)
              v: f32[2] = add(u, x)
              return v""",
        *("a, x", "r: f32[2]", "r"),
        carries=1,
        sequences=1,
    ),
)

KNOWN_BRANCH = (_cond(_ADD, _SUBTRACT, "yes, a, b", "r: f32[2]", "r", operands=2, true_captures=0),)

CONSTANTS = (
    _scan(
        """(s: f32[2], x: f32[2], c: f32[]):
              t: f32[2] = multiply(s, c)
              u: f32[2] = add(t, x)
              return u""",
        *("a, x, half", "r: f32[2]", "r"),
        carries=1,
        sequences=1,
    ),
    _cond(
        """(x: f32[2], c: f32[]):
              t: f32[2] = add(x, c)
              return t""",
        """(x: f32[2]):
              return x""",
        *("p, a, half", "r: f32[2]", "r"),
        operands=1,
        true_captures=1,
    ),
    _while(_BELOW, _STEP, "a, most, half", "r: f32[]", "r", carries=1, cond_captures=1),
)

TWICE = (
    _scan(
        """(s: f32[2], x: f32[2], y: f32[2], c: f32[2], d: f32[2]):
              t: f32[2] = multiply(s, c)
              u: f32[2] = add(x, y)
              v: f32[2] = subtract(u, d)
              z: f32[2] = add(t, v)
              return z""",
        *("a, x, x, w, w", "r: f32[2]", "r"),
        carries=1,
        sequences=2,
    ),
    _cond(
        _ADD,
        """(x: f32[2], c: f32[2]):
              t: f32[2] = multiply(x, c)
              return t""",
        *("p, a, a", "r: f32[2]", "r"),
        operands=2,
        true_captures=0,
    ),
)

UNUSED_INPUTS = (
    _scan(
        """(s: f32[2], x: f32[2], y: f32[2], c: f32[2]):
              u: f32[2] = add(s, y)
              return u""",
        *("a, x, y, w", "r: f32[2]", "r"),
        carries=1,
        sequences=2,
    ),
    _cond(
        """(x: f32[2], c: f32[2]):
              return x""",
        """(x: f32[2], c: f32[2]):
              t: f32[2] = negative(x)
              return t""",
        *("p, a, b", "r: f32[2]", "r"),
        operands=2,
        true_captures=0,
    ),
)

UNUSED_RESULTS = (
    _scan(_SUMS, "a, x, w", "r: f32[2], z: f32[4, 2]", "r", carries=1, sequences=1),
    _cond(
        """(x: f32[2]):
              t: f32[2] = negative(x)
              return t, x""",
        """(x: f32[2]):
              t: f32[2] = exp(x)
              return x, t""",
        *("p, a", "r: f32[2], q: f32[2]", "q"),
        operands=1,
        true_captures=0,
    ),
)

RESULTS_TWICE = (
    _scan(
        """(s: f32[2], x: f32[2]):
              t: f32[2] = add(s, x)
              u: f32[2] = exp(t)
              return t, u, u""",
        *("a, x", "r: f32[2], z: f32[4, 2], q: f32[4, 2]", "r, z, q"),
        carries=1,
        sequences=1,
    ),
)

DEAD_STATES = (
    _scan(
        """(s: f32[2], d: f32[2], x: f32[2]):
              t: f32[2] = add(s, x)
              u: f32[2] = multiply(d, s)
              return t, u""",
        *("a, b, x", "r: f32[2], q: f32[2]", "r"),
        carries=2,
        sequences=1,
    ),
    _while(
        """(s: f32[], d: f32[], c: f32[]):
              t: bool[] = less(s, c)
              return t""",
        """(s: f32[], d: f32[], c: f32[]):
              r: f32[] = square(s)
              t: f32[] = add(r, c)
              u: f32[] = multiply(d, c)
              return t, u""",
        *("a, b, most, half", "r: f32[], q: f32[]", "r"),
        carries=2,
        cond_captures=1,
    ),
)

CONSTANT_STATES = (
    _scan(
        """(s: f32[2], d: f32[2], x: f32[2]):
              t: f32[2] = multiply(s, d)
              u: f32[2] = add(t, x)
              return u, d""",
        *("a, b, x", "r: f32[2], q: f32[2]", "r, q"),
        carries=2,
        sequences=1,
    ),
)


_FOUR_STEPS = "length=4, body=<body>, carries=1, sequences=1, reverse=False"
_FOUR_STEPS_OF_TWO = _FOUR_STEPS.replace("carries=1", "carries=2")


def _two_scans(second: str, results: str) -> Example:
    return example(f"""
        graph example(a: f32[2], x: f32[4, 2], w: f32[2]):
          r: f32[2], z: f32[4, 2] = scan(a, x, w, {_FOUR_STEPS})
            body = graph body{_SUMS}
          {results} = scan(a, x, w, {_FOUR_STEPS})
            body = graph body{second}
          return r, z, q, y
    """)


MERGED = (
    _two_scans(
        """(s: f32[2], x: f32[2], c: f32[2]):
              t: f32[2] = multiply(s, c)
              u: f32[2] = add(t, x)
              return u, s""",
        "q: f32[2], y: f32[4, 2]",
    ),
    _two_scans(_SUMS, "q: f32[2], y: f32[4, 2]"),
)

NOT_MERGED = (
    _two_scans(
        """(s: f32[2], x: f32[2], c: f32[2]):
              t: f32[2] = multiply(s, c)
              u: f32[2] = subtract(t, x)
              return u, s""",
        "q: f32[2], y: f32[4, 2]",
    ),
)

PRODUCTS_OF_SEQUENCES = (
    example(f"""
        graph example(h: f32[3, 2], x: f32[4, 3, 5], w: f32[5, 2], v: f32[2, 2]):
          r: f32[3, 2], z: f32[4, 3, 2] = scan(h, x, w, v, {_FOUR_STEPS})
            body = graph body(s: f32[3, 2], x: f32[3, 5], w: f32[5, 2], v: f32[2, 2]):
              p: f32[3, 2] = contract(x, w, spec='bi,io->bo')
              q: f32[3, 2] = contract(s, v, spec='bi,io->bo')
              t: f32[3, 2] = add(p, q)
              u: f32[3, 2] = tanh(t)
              return u, p
          return r, z
    """),
)

SUMMED_PRODUCTS = (
    example(f"""
        graph example(g: f32[2, 5], h: f32[3, 2], x: f32[4, 3, 5]):
          r: f32[2, 5], q: f32[3, 2] = scan(g, h, x, {_FOUR_STEPS_OF_TWO})
            body = graph body(s: f32[2, 5], h: f32[3, 2], x: f32[3, 5]):
              u: f32[3, 2] = tanh(h)
              p: f32[2, 5] = contract(u, x, spec='bo,bi->oi')
              t: f32[2, 5] = add(s, p)
              return t, u
          return r, q
    """),
)


def _sum_of_steps(given: str) -> Example:
    """A scan that adds up a column sum of what each step makes."""
    return example(f"""
        graph example(g: f32[5], h: f32[3, 5], x: f32[4, 3, 5]):
          r: f32[5], q: f32[3, 5], z: f32[4, 3, 5] = scan(g, h, x, {_FOUR_STEPS_OF_TWO})
            body = graph body(s: f32[5], h: f32[3, 5], x: f32[3, 5]):
              u: f32[3, 5] = multiply(h, x)
              v: f32[3, 5] = tanh(u)
              p: f32[5] = sum(u, axis=(0,), keepdims=False)
              t: f32[5] = add(s, p)
              return {given}
          return r, q, z
    """)


SUMS_BY_STEPS = (_sum_of_steps("t, v, u"),)
SUMS_OF_WHAT_IS_NOT_KEPT = (_sum_of_steps("t, v, v"),)

REMEMBERED = (
    example(f"""
        graph example(h: f32[2], x: f32[4, 2], g: f32[2], v: f32[2]):
          const one: f32[] = 1.0
          r: f32[2], z: f32[4, 2] = scan(h, x, v, {_FOUR_STEPS})
            body = graph body(s: f32[2], x: f32[2], v: f32[2]):
              p: f32[2] = multiply(s, v)
              q: f32[2] = add(p, x)
              u: f32[2] = tanh(q)
              return u, s
          d: f32[2] = scan(g, z, x, v, one, length=4, body=<body>, carries=1, sequences=2, reverse=True)
            body = graph body(s: f32[2], z: f32[2], x: f32[2], v: f32[2], one: f32[]):
              p: f32[2] = multiply(z, v)
              q: f32[2] = add(p, x)
              u: f32[2] = tanh(q)
              a: f32[2] = square(u)
              b: f32[2] = subtract(one, a)
              c: f32[2] = multiply(s, b)
              return c
          return r, d
    """),
)
