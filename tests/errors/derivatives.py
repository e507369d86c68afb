"""Mistakes with derivatives and recordings: call, kind of error, message in English and in Chinese."""

from __future__ import annotations

import numpy as np

import chainrule as cr
from chainrule.errors import ConfigError, DTypeError, GradientError, GraphError, OutOfRangeError, ShapeError

V = cr.tensor([1.0, 2.0, 3.0])
I = cr.tensor([1, 2, 3])  # noqa: E741
LEAF = cr.tensor([1.0, 2.0], requires_grad=True)


def leaked():
    kept = []
    cr.record(lambda x: kept.append(x) or x, V)
    return kept[0] + 1


def backward_twice():
    loss = (LEAF * LEAF).sum()
    loss.backward()
    loss.backward()


def state_of_an_earlier_step():
    state = LEAF * 1.0
    state.sum().backward()
    (state * 2.0).sum().backward()


def custom(backward):
    f = cr.custom_derivative(backward=backward)(lambda x: x * 2)
    return cr.grad(lambda x: f(x).sum())(V)


ROWS = [
    (
        lambda: V.backward(),
        GradientError,
        "backward() was called on a tensor that was not computed from anything that requires a gradient. "
        "Set requires_grad on the inputs, and check that nothing on the way is detached or under "
        "no_grad()",
        "对一个与任何需要梯度的张量都无关的结果调用了 backward()。请给输入设置 requires_grad，并检查途中"
        "没有 detach() 或 no_grad()",
    ),
    (
        lambda: LEAF.backward(),
        ShapeError,
        "backward() needs a result of one element, got shape (2,). Reduce it, for example with .sum() or "
        ".mean(); to start from a gradient of that shape, use y.backward(gradient) or cr.vjp",
        "backward() 需要只有一个元素的结果，实际形状为 (2,)。请先归约，例如 .sum() 或 .mean()；要从该形状"
        "的梯度出发，请用 y.backward(gradient) 或 cr.vjp",
    ),
    (
        lambda: (LEAF * LEAF).backward(cr.ones(3)),
        ShapeError,
        "backward(): the given gradient has shape (3,), the result has shape (2,); they must be equal",
        "backward()：给出的梯度形状为 (3,)，结果的形状为 (2,)；两者必须相等",
    ),
    (
        lambda: backward_twice(),
        GradientError,
        "backward() was already called on this result, and what it needs was freed. Compute the result "
        "again, or call backward(retain_graph=True) the first time",
        "这个结果已经调用过 backward()，所需的中间值已被释放。请重新计算结果，或第一次用 "
        "backward(retain_graph=True)",
    ),
    (
        lambda: state_of_an_earlier_step(),
        GradientError,
        "this result was computed from a tensor of an earlier step (multiply), whose graph an earlier "
        "backward() has freed. If it is a state carried from step to step, detach the state: state = "
        "state.detach()",
        "这个结果用到了更早一步算出的张量（multiply），其计算图已被之前的 backward() 释放。如果它是逐步传"
        "递的状态，请断开它：state = state.detach()",
    ),
    (
        lambda: I.requires_grad_(),
        DTypeError,
        "a derivative by a tensor of type int64 does not exist; only floating-point tensors have one. "
        "Cast it: x.astype('float32')",
        "类型为 int64 的张量没有导数；只有浮点张量才有。请转换：x.astype('float32')",
    ),
    (
        lambda: (LEAF * LEAF).requires_grad_(),
        GradientError,
        "requires_grad can be set only on tensors that were given, not on computed ones; use x.detach() "
        "first",
        "requires_grad 只能设置在直接给出的张量上，不能设置在计算结果上；请先 x.detach()",
    ),
    (
        lambda: cr.grad(V),
        DTypeError,
        "grad takes a function, got Tensor. Give the function itself, f, not its value f(x)",
        "grad 需要一个函数，实际为 Tensor。请给出函数本身 f，而不是它的值 f(x)",
    ),
    (
        lambda: cr.grad(lambda x: x * x)(V),
        ShapeError,
        "grad needs a result of one element, got shape (3,). Reduce it, for example with .sum() or "
        ".mean(); to start from a gradient of that shape, use y.backward(gradient) or cr.vjp",
        "grad 需要只有一个元素的结果，实际形状为 (3,)。请先归约，例如 .sum() 或 .mean()；要从该形状的梯度"
        "出发，请用 y.backward(gradient) 或 cr.vjp",
    ),
    (
        lambda: cr.grad(lambda x: x.sum())(I),
        DTypeError,
        "a derivative by a tensor of type int64 does not exist; only floating-point tensors have one. "
        "Cast it: x.astype('float32')",
        "类型为 int64 的张量没有导数；只有浮点张量才有。请转换：x.astype('float32')",
    ),
    (
        lambda: cr.grad(lambda x: None)(V),
        DTypeError,
        "grad: the function gave None; is its return statement missing?",
        "grad：函数的结果是 None；是否漏写了 return？",
    ),
    (
        lambda: cr.grad(lambda x: (x.sum(), x))(V),
        DTypeError,
        "grad: the function gave a tuple; expected one tensor. With grad and value_and_grad, "
        "has_aux=True lets it return a pair (loss, anything else)",
        "grad：函数的结果是 tuple；应为一个张量。grad 和 value_and_grad 可用 has_aux=True 让函数返回二元"
        "组（损失，其他任意内容）",
    ),
    (
        lambda: cr.grad(lambda x: x.sum(), has_aux=True)(V),
        DTypeError,
        "grad: with has_aux=True the function must return a pair (result, anything else), got Tensor",
        "grad：has_aux=True 时函数必须返回二元组（结果，其他任意内容），实际为 Tensor",
    ),
    (
        lambda: cr.grad(lambda x: x.sum(), argnums=1)(V),
        OutOfRangeError,
        "grad: argnums names argument 1, but the function was called with 1 positional arguments "
        "(counted from 0)",
        "grad：argnums 指定第 1 个参数，但调用时只给出 1 个位置参数（从 0 计数）",
    ),
    (
        lambda: cr.grad(lambda x: x.sum())("x"),
        DTypeError,
        "grad: argument 0 is a str; expected a floating-point tensor, or a list, tuple or dict of them",
        "grad：第 0 个参数是 str；应为浮点张量，或由其组成的列表、元组、字典",
    ),
    (
        lambda: cr.vjp(lambda x: (x, x), V)[1](V),
        ShapeError,
        "vjp: 1 cotangents for 2 results; give one for each, in the form of the result",
        "vjp：2 个结果却给出 1 个余切；请按结果的形式各给一个",
    ),
    (
        lambda: cr.jvp(lambda x: x, V, V),
        DTypeError,
        "jvp takes arguments and tangents as tuples, for example cr.jvp(f, (x,), (t,))",
        "jvp 的参数和切向量要写成元组，例如 cr.jvp(f, (x,), (t,))",
    ),
    (
        lambda: cr.jvp(lambda x: x, (V,), (cr.ones(4),)),
        ShapeError,
        "jvp: tangent 0 has shape (4,), expected that of its argument, (3,)",
        "jvp：tangent 0 的形状为 (4,)，应与其参数一致：(3,)",
    ),
    (
        lambda: cr.jacobian(lambda x: x, mode="both"),
        ConfigError,
        "jacobian: mode must be one of 'auto', 'forward', 'reverse', got 'both'",
        "jacobian：mode 必须是 'auto', 'forward', 'reverse' 之一，实际为 'both'",
    ),
    (
        lambda: custom(lambda g, y, x: (g, g)),
        GradientError,
        "<lambda>: its backward rule gave 2 cotangents for 1 arguments; return a tuple with one each, "
        "None where there is none",
        "<lambda>：其反向规则为 1 个参数给出 2 个余切；请返回元组，每个参数一个，没有的写 None",
    ),
    (
        lambda: custom(lambda g, y, x: g.sum()),
        ShapeError,
        "<lambda>: its backward rule gave shape () for argument 0, expected (3,)",
        "<lambda>：其反向规则为第 0 个参数给出形状 ()，应为 (3,)",
    ),
    (
        lambda: np.trapezoid(LEAF),
        GradientError,
        "np.trapezoid has no counterpart here, so the derivative of its result would be lost. Use functions "
        "of chainrule, or give it x.detach() if no derivative is wanted",
        "np.trapezoid 在此没有对应的函数，其结果会丢失导数。请改用 chainrule 的函数；若不需要导数，请传入 "
        "x.detach()",
    ),
    (
        lambda: cr.record(lambda x: x[x > 0], V),
        GraphError,
        "how many elements a mask (bool[3]) picks is not known while a function is recorded. Use "
        "cr.where(mask, x, other), which keeps the shape, or x.at[mask].set(value) to write",
        "录制函数时不知道掩码（bool[3]）会选出多少个元素。请用保持形状的 cr.where(mask, x, other)，"
        "写入请用 x.at[mask].set(value)",
    ),
    (
        lambda: cr.record(V),
        DTypeError,
        "record takes a function, got Tensor. Give the function itself, f, not its value f(x)",
        "record 需要一个函数，实际为 Tensor。请给出函数本身 f，而不是它的值 f(x)",
    ),
    (
        lambda: leaked(),
        GraphError,
        "add was given a symbolic tensor whose recording is over. A tensor made inside a recorded "
        "function was kept outside of it; return it from the function instead",
        "add 收到一个录制已结束的符号张量。它在被录制的函数内产生却保存到了函数外；请改为由函数返回",
    ),
    (
        lambda: cr.record(lambda x: x, V)(cr.ones(4)),
        GraphError,
        "graph lambda: input x0 was recorded as f32[3], got f32[4]. Record the function again for other "
        "shapes or types",
        "图 lambda：输入 x0 录制时为 f32[3]，实际为 f32[4]。形状或类型不同时请重新录制",
    ),
    (
        lambda: cr.record(lambda x: x, V)(),
        GraphError,
        "graph lambda: expected 1 inputs, got 0",
        "图 lambda：应有 1 个输入，实际为 0 个",
    ),
    (
        lambda: cr.scan(lambda s, x: s + x, cr.tensor(0.0), V),
        DTypeError,
        "scan: the body must return a pair (new state, result of the step), got Tensor. A step without a "
        "result returns (new state, None)",
        "scan：循环体必须返回二元组（新状态，本步结果），实际为 Tensor。没有结果的步返回（新状态，None）",
    ),
    (
        lambda: cr.scan(lambda s, x: (s.reshape(1), s), cr.tensor(0.0), V),
        ShapeError,
        "scan: the body must give back its state with the same shapes and types; part 0 came in as f32[] "
        "and went out as f32[1]",
        "scan：循环体必须以相同的形状和类型返回状态；第 0 部分输入为 f32[]，输出为 f32[1]",
    ),
    (
        lambda: cr.scan(lambda s, x: (s, x), cr.tensor(0.0), (V, LEAF)),
        ShapeError,
        "scan: xs1 has 2 steps along axis 0, the others have 3 (xs0 (3,), xs1 (2,))",
        "scan：xs1 沿轴 0 有 2 步，其余为 3 步（xs0 (3,), xs1 (2,)）",
    ),
    (
        lambda: cr.scan(lambda s, x: (s, x), cr.tensor(0.0), cr.tensor(1.0)),
        ShapeError,
        "scan: xs must hold at least one tensor, each with its steps along axis 0 (xs0 ())",
        "scan：xs 至少要有一个张量，且每个都沿轴 0 排列各步（xs0 ()）",
    ),
]
