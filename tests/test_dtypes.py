"""Element types: what meets in what, and what the narrow ones compute."""

from __future__ import annotations

import itertools
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest

import chainrule as cr
from chainrule import dtypes
from chainrule.errors import DTypeError, OutOfMemoryError

NAMES = (*map(str, dtypes.SUPPORTED), *dtypes.EXTENDED)
COMPUTED = [dtypes.canonical(name) for name in NAMES if not dtypes.is_stored_only(dtypes.canonical(name))]
PAIRS = list(itertools.product(COMPUTED, repeat=2))


def promoted(a, b):
    try:
        return dtypes.promote([a, b])
    except DTypeError:
        return None


@pytest.mark.parametrize(("a", "b"), PAIRS, ids=lambda dtype: str(dtype))
def test_promotion_is_symmetric_and_never_loses_a_kind(a, b):
    found = promoted(a, b)
    assert found == promoted(b, a)
    if found is not None:
        assert dtypes.kind(found) == max(dtypes.kind(a), dtypes.kind(b))


@pytest.mark.parametrize(("a", "b"), PAIRS, ids=lambda dtype: str(dtype))
def test_nothing_becomes_64_bit_by_itself(a, b):
    wide = ("float64", "complex128")
    assert str(promoted(a, b)) not in wide or str(a) in wide or str(b) in wide


def test_promotion_is_associative():
    for a, b, c in itertools.product(COMPUTED, repeat=3):
        ab, bc = promoted(a, b), promoted(b, c)
        # float16 with bfloat16 widens, and int8 with uint64 has no common type: only these orders differ.
        if ab is None or bc is None or {"float16", "bfloat16"} <= {str(a), str(b), str(c)}:
            continue
        assert promoted(ab, c) == promoted(a, bc), (a, b, c)


@pytest.mark.parametrize(("a", "b"), PAIRS, ids=lambda dtype: str(dtype))
def test_within_a_kind_numpys_rule_holds(a, b):
    mixed = {str(a), str(b)} == {"float16", "bfloat16"}
    if dtypes.kind(a) == dtypes.kind(b) and not mixed and promoted(a, b) is not None:
        assert promoted(a, b) == np.promote_types(a, b)


@pytest.mark.parametrize("name", NAMES)
def test_tensors_of_every_type_are_made_and_read(name):
    x = cr.tensor([[0, 1], [1, 0]], dtype=name)
    assert str(x.dtype) == name
    assert x.T[0].tolist() == [0, 1]
    assert cr.concatenate([x, x]).shape == (4, 2)
    assert str(cr.zeros((2,), dtype=name).dtype) == name
    assert name in repr(x) or name in ("bool", "int64", "float32")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("other", NAMES)
def test_every_type_is_cast_to_every_other_but_complex_to_real(name, other):
    x = cr.tensor([0, 1], dtype=name)
    if name.startswith("complex") and not other.startswith(("complex", "bool")):
        with pytest.raises(DTypeError, match=f"from {name} to {other} the imaginary parts would be lost"):
            x.astype(other)
        return
    x = x.astype(other)
    assert str(x.dtype) == other
    assert x.tolist() == [0, 1]


@pytest.mark.parametrize("name", ["float8_e4m3fn", "float8_e5m2", "int4", "uint4"])
def test_storage_types_are_not_computed_with(name):
    x = cr.tensor([1, 2], dtype=name)
    with pytest.raises(DTypeError, match="for storage alone"):
        cr.exp(x)
    with pytest.raises(DTypeError, match="for storage alone"):
        x + cr.tensor([1.0, 2.0])


def test_bfloat16_is_computed_in_float32_and_rounded_once():
    x = np.random.default_rng(0).standard_normal(4096).astype(ml_dtypes.bfloat16)
    exact = x.astype(np.float32).sum().astype(ml_dtypes.bfloat16)
    assert cr.sum(cr.tensor(x)).item() == float(exact)
    assert np.array_equal(
        cr.exp(cr.tensor(x)).numpy(), np.exp(x.astype(np.float32)).astype(ml_dtypes.bfloat16)
    )


@pytest.mark.parametrize("name", ["float16", "bfloat16"])
def test_gradients_have_the_type_of_their_tensor(name):
    x = cr.tensor([0.5, -1.5, 2.0], dtype=name)
    slope = cr.grad(lambda x: cr.sum(cr.tanh(x) * x))(x)
    exact = cr.grad(lambda x: cr.sum(cr.tanh(x) * x))(x.astype("float64"))
    assert str(slope.dtype) == name
    assert np.allclose(slope.numpy().astype(float), exact.numpy(), rtol=0.02)


def test_python_numbers_take_the_tensors_type():
    for name in ("float16", "bfloat16", "float32", "float64"):
        assert str((cr.tensor([1.0], dtype=name) * 2.5 + 1).dtype) == name
    assert (cr.tensor([1], dtype="int8") * 2).dtype == np.int8
    assert (cr.tensor([1], dtype="int8") * 2.0).dtype == np.float32
    assert (cr.tensor([1.0]) * 2j).dtype == np.complex64
    assert (cr.tensor([1.0], dtype="float64") * 2j).dtype == np.complex128


def test_gradient_of_a_real_function_of_a_complex_tensor_points_uphill():
    z = cr.tensor([3.0 + 4.0j], dtype="complex128")
    slope = cr.grad(lambda z: cr.sum(cr.abs(z)))(z)
    assert np.allclose(slope.numpy(), [0.6 + 0.8j])


def test_complex_results_have_no_single_gradient():
    with pytest.raises(cr.errors.GradientError, match="needs a real result"):
        cr.grad(lambda z: z * z)(1.0 + 2.0j)


def test_jacobian_of_a_holomorphic_function_is_its_derivative():
    z = np.array([1.0 + 2.0j, -0.5j])
    for mode in ("forward", "reverse"):
        found = cr.jacobian(lambda z: cr.exp(z) * z, mode=mode)(cr.tensor(z))
        assert np.allclose(found.numpy(), np.diag(np.exp(z) * (1 + z)))


@pytest.mark.parametrize(
    "call",
    [
        lambda: cr.zeros((10**7, 10**7, 10**6)),
        lambda: cr.ones((10**9, 10**9, 10**9)),
        lambda: cr.arange(10**15),
        lambda: cr.zeros((10**8, 1)) + cr.zeros((1, 10**8)),
    ],
)
def test_huge_shapes_are_errors_that_name_the_shape(call):
    with pytest.raises(OutOfMemoryError, match=r"shape \(10+,"):
        call()


def test_the_documented_table_is_generated():
    page = (Path(__file__).resolve().parent.parent / "docs" / "types.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in page for name in NAMES)
