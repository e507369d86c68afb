"""Memory: addresses, loads and stores of numbers and vectors, under masks, and scratch space."""

from __future__ import annotations

from collections.abc import Sequence

from chainrule.compiler.llvm.core import Core, Index
from chainrule.compiler.llvm.types import BOOL, INDEX, UINT8, Pointer, Value, memory_type
from chainrule.dtypes import DType

_CACHE_LINE = 64


class Memory(Core):
    """What reads and writes memory."""

    def element(self, base: Pointer, index: Index, dtype: DType) -> Pointer:
        """The address of an element of an array."""
        if isinstance(index, int) and index == 0:
            return base
        at = index.text if isinstance(index, Value) else index
        return self.define_pointer(f"getelementptr inbounds {memory_type(dtype)}, {base}, i64 {at}")

    def affine(self, constant: Index, terms: Sequence[tuple[Index, Index]]) -> Index:
        """The index constant + Σ index · stride; what is known is added up beforehand."""
        total: Index = constant
        for index, stride in terms:
            total = self.plus(total, self.times(index, stride))
        return total

    def plus(self, x: Index, y: Index) -> Index:
        """Sum of two indices."""
        if isinstance(x, int) and isinstance(y, int):
            return x + y
        if isinstance(x, int):
            x, y = y, x
        if isinstance(y, int) and y == 0:
            return x
        return self.define(f"add nsw {self.number(x)}, {self.number(y).text}", INDEX)

    def times(self, x: Index, y: Index) -> Index:
        """Product of two indices."""
        if isinstance(x, int) and isinstance(y, int):
            return x * y
        if isinstance(x, int):
            x, y = y, x
        if isinstance(y, int) and y in (0, 1):
            return x if y else 0
        return self.define(f"mul nsw {self.number(x)}, {self.number(y).text}", INDEX)

    def halved(self, x: Index, times: int) -> Index:
        """An index that is not negative, divided by two so many times."""
        if isinstance(x, int):
            return x >> times
        return self.define(f"lshr {x}, {times}", INDEX) if times else x

    def modulo(self, x: Index, n: int) -> Index:
        """The remainder of an index that is not negative."""
        if isinstance(x, int):
            return x % n
        return self.define(f"urem {x}, {n}", INDEX)

    def unravel(self, x: Index, extents: Sequence[int]) -> list[Index]:
        """The place along each axis of element number x of a nest."""
        places: list[Index] = []
        for i, n in enumerate(reversed(extents)):
            if i == len(extents) - 1:
                places.append(x)
            elif isinstance(x, int):
                places.append(x % n)
                x = x // n
            elif n == 1:
                places.append(0)
            else:
                places.append(self.modulo(x, n))
                x = self.define(f"udiv {x}, {n}", INDEX)
        return places[::-1]

    def pointer_in(self, array: str, place: int) -> Pointer:
        """One of the addresses in an argument that is an array of addresses."""
        at = self.define_pointer(f"getelementptr inbounds ptr, ptr %{array}, i64 {place}")
        return self.define_pointer(f"load ptr, {at}, align 8")

    def store_pointer(self, x: Pointer, place: Pointer) -> None:
        """Write an address to memory."""
        self.line(f"store {x}, {place}, align 8")

    def load(
        self,
        place: Pointer,
        dtype: DType,
        lanes: int = 1,
        mask: Value | None = None,
        align: int | None = None,
    ) -> Value:
        """Elements at an address, one after the other; 0 in lanes that are masked out."""
        element = memory_type(dtype)
        kind = element if lanes == 1 else f"<{lanes} x {element}>"
        align = dtype.itemsize if align is None else align
        if mask is None:
            text = f"load {kind}, {place}, align {align}"
        else:
            name = f"llvm.masked.load.v{lanes}{_short(element)}.p0"
            self.module.declare(name, kind, ["ptr", f"<{lanes} x i1>", kind])
            text = f"call {kind} @{name}(ptr align {align} {place.text}, {mask}, {kind} zeroinitializer)"
        if dtype != BOOL:
            return self.define(text, dtype, lanes)
        byte = self.fresh()
        self.line(f"{byte} = {text}")
        zero = "0" if lanes == 1 else "zeroinitializer"
        return self.define(f"icmp ne {kind} {byte}, {zero}", BOOL, lanes)

    def prefetch(self, base: Pointer, index: Index, dtype: DType, level: int = 1) -> None:
        """Have the cache line of an element that is read soon fetched into a cache; it need not exist."""
        at = index.text if isinstance(index, Value) else index
        place = self.define_pointer(f"getelementptr {memory_type(dtype)}, {base}, i64 {at}")
        self.module.declare("llvm.prefetch.p0", "void", ["ptr", "i32", "i32", "i32"])
        self.line(f"call void @llvm.prefetch.p0({place}, i32 0, i32 {4 - level}, i32 1)")

    def store(self, x: Value, place: Pointer, mask: Value | None = None, align: int | None = None) -> None:
        """Write elements to an address, one after the other, but for lanes that are masked out."""
        x = self._as_stored(x)
        element = memory_type(x.dtype)
        kind = element if x.lanes == 1 else f"<{x.lanes} x {element}>"
        align = x.dtype.itemsize if align is None else align
        if mask is None:
            self.line(f"store {kind} {x.text}, {place}, align {align}")
            return
        if _is_first_lane(mask):
            # LLVM 22 narrows a vector and then stores one lane of it in its old width, over what lies behind.
            self.store(self.lane(x, 0), place, align=align)
            return
        name = f"llvm.masked.store.v{x.lanes}{_short(element)}.p0"
        self.module.declare(name, "void", [kind, "ptr", f"<{x.lanes} x i1>"])
        self.line(f"call void @{name}({kind} {x.text}, ptr align {align} {place.text}, {mask})")

    def store_past_caches(self, x: Value, place: Pointer) -> None:
        """Write a whole vector without fetching the line first.

        The address is a multiple of the vector's size or, if this is larger, of a cache line.

        Other threads see it after a `fence`.
        """
        note, align = self.module.note("!{i32 1}"), min(x.lanes * x.dtype.itemsize, _CACHE_LINE)
        kind = f"<{x.lanes} x {memory_type(x.dtype)}>"
        self.line(f"store {kind} {x.text}, {place}, align {align}, !nontemporal {note}")

    def fence(self) -> None:
        """Have all that was written seen by other threads before what is written from here on."""
        self.line("fence seq_cst")

    def _as_stored(self, x: Value) -> Value:
        """A bool as a byte."""
        if x.dtype != BOOL:
            return x
        byte = "i8" if x.lanes == 1 else f"<{x.lanes} x i8>"
        return self.define(f"zext {x} to {byte}", UINT8, x.lanes)

    def gather(self, base: Pointer, indices: Value, dtype: DType, mask: Value | None = None) -> Value:
        """Elements of an array at a vector of indices (``int64``)."""
        lanes, element = indices.lanes, memory_type(dtype)
        kind = f"<{lanes} x {element}>"
        places = self.fresh("p")
        self.line(f"{places} = getelementptr {element}, {base}, {indices}")
        name = f"llvm.masked.gather.v{lanes}{_short(element)}.v{lanes}p0"
        given = Value("splat (i1 true)", BOOL, lanes) if mask is None else mask
        self.module.declare(name, kind, [f"<{lanes} x ptr>", f"<{lanes} x i1>", kind])
        where = f"<{lanes} x ptr> align {dtype.itemsize} {places}"
        text = f"call {kind} @{name}({where}, {given}, {kind} zeroinitializer)"
        if dtype != BOOL:
            return self.define(text, dtype, lanes)
        byte = self.fresh()
        self.line(f"{byte} = {text}")
        return self.define(f"icmp ne {kind} {byte}, zeroinitializer", BOOL, lanes)

    def scatter(self, x: Value, base: Pointer, indices: Value, mask: Value | None = None) -> None:
        """Write a vector to an array at a vector of indices (``int64``); the last of equal ones stays."""
        x = self._as_stored(x)
        lanes, element = indices.lanes, memory_type(x.dtype)
        kind = f"<{lanes} x {element}>"
        places = self.fresh("p")
        self.line(f"{places} = getelementptr {element}, {base}, {indices}")
        name = f"llvm.masked.scatter.v{lanes}{_short(element)}.v{lanes}p0"
        given = Value("splat (i1 true)", BOOL, lanes) if mask is None else mask
        self.module.declare(name, "void", [kind, f"<{lanes} x ptr>", f"<{lanes} x i1>"])
        where = f"<{lanes} x ptr> align {x.dtype.itemsize} {places}"
        self.line(f"call void @{name}({kind} {x.text}, {where}, {given})")

    def first_lanes(self, count: Index, lanes: int) -> Value:
        """A mask of the first ``count`` lanes."""
        if isinstance(count, int):
            return self.constants([i < count for i in range(lanes)], BOOL)
        numbers = self.constants(range(lanes), INDEX)
        return self.define(f"icmp slt {numbers}, {self.splat(count, lanes).text}", BOOL, lanes)

    def scratch(self, dtype: DType, count: int) -> Pointer:
        """Space on the stack for some elements, aligned for vectors; keep it small."""
        name = self.fresh("s")
        self._stack.append(f"  {name} = alloca {memory_type(dtype)}, i64 {count}, align 64")
        return Pointer(name)

    def copy_bytes(self, target: Pointer, source: Pointer, count: Index) -> None:
        """Copy memory that does not overlap."""
        name = "llvm.memcpy.p0.p0.i64"
        self.module.declare(name, "void", ["ptr", "ptr", "i64", "i1"])
        self.line(f"call void @{name}({target}, {source}, {self.number(count)}, i1 false)")

    def fill_bytes(self, target: Pointer, byte: int, count: Index) -> None:
        """Set memory to a byte."""
        name = "llvm.memset.p0.i64"
        self.module.declare(name, "void", ["ptr", "i8", "i64", "i1"])
        self.line(f"call void @{name}({target}, i8 {byte}, {self.number(count)}, i1 false)")


def _is_first_lane(mask: Value) -> bool:
    """Whether a mask is known to let the first lane through, and no other."""
    return mask.text.startswith("<i1 true") and mask.text.count("true") == 1


def _short(element: str) -> str:
    """An element type as it stands in the name of an intrinsic."""
    return {"half": "f16", "bfloat": "bf16", "float": "f32", "double": "f64"}.get(element, element)
