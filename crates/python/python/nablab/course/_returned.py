"""What a student's function returned, as arrays with names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np

from ._arrays import LAYERS, Matrix, array
from ._call import Refused
from ._words import Words

Given: TypeAlias = Mapping[str, Matrix]
Handed: TypeAlias = dict[str, Matrix]

W_AND_B = [f"{letter}{n}" for n in range(1, LAYERS + 1) for letter in "Wb"]


def from_dictionary(returned: object, required: Sequence[str], optional: Sequence[str] = (), name: str = "") -> Handed:
    """What a dictionary has that was returned, under a name if it is one of several."""
    names = ", ".join(required)
    what = Words(f"a dictionary {name}".rstrip() + f" with {names}", f"字典 {name}".rstrip() + f"，其中有 {names}")
    if not isinstance(returned, Mapping):
        kind = kind_of(returned)
        raise Refused(f"it returned {kind.en}; expected {what.en}", f"返回的是{kind.zh}；应为{what.zh}")
    missing = ", ".join(name for name in required if name not in returned)
    if missing:
        has = ", ".join(map(str, returned))
        raise Refused(
            f"{missing} missing in what it returned: expected {what.en}, got {has or 'nothing'}",
            f"返回值中缺少 {missing}：应为{what.zh}；得到 {has or '空字典'}",
        )
    present = [*required, *(name for name in optional if name in returned)]
    return {name: numbers(returned[name], name) for name in present}


def numbers(value: object, name: str) -> Matrix:
    """An array that was returned."""
    if value is None:
        raise Refused(
            f"{name} is None, as what a function without return gives; expected numbers",
            f"{name} 是 None，没有 return 的函数返回的就是它；应为数",
        )
    try:
        return array(value, name)
    except (TypeError, ValueError) as error:
        zh = f"{name}：应为由实数组成的数组，得到{kind_of(value).zh}；各行的长度要相同，元素要是数"
        raise Refused(str(error), zh) from error


def parts(returned: object, *names: str) -> list[object]:
    """The things that a function returns together; more of them, as in a later edition of the course, are left aside."""
    if not isinstance(returned, (tuple, list)) or len(returned) < len(names):
        en, zh = kind_of(returned)
        if isinstance(returned, (tuple, list)):
            en, zh = f"{en} of {len(returned)}", f"{zh}，长度为 {len(returned)}"
        raise Refused(f"it returned {en}; expected {', '.join(names)}", f"返回的是{zh}；应为 {', '.join(names)}")
    return list(returned[: len(names)])


def kind_of(value: object) -> Words:
    """What something is."""
    if value is None:
        return Words("None, as a function without return does", " None，没有 return 的函数返回的就是它")
    if isinstance(value, np.ndarray):
        return Words("an array", "数组")
    return Words(f"a {type(value).__name__}", f" {type(value).__name__}")


def from_cache(cache: object, given: Given, names: Sequence[str]) -> Handed:
    """Z, A and masks of a cache whose entries stand in this order."""
    expected = f"({', '.join(names)})"
    if not isinstance(cache, (tuple, list)):
        kind = kind_of(cache)
        raise Refused(f"the cache is {kind.en}; expected a tuple {expected}", f"cache 是{kind.zh}；应为元组 {expected}")
    if len(cache) != len(names):
        raise Refused(
            f"the cache has {len(cache)} entries; expected {len(names)}: {expected}",
            f"cache 有 {len(cache)} 项；应有 {len(names)} 项：{expected}",
        )
    arrays = {name: numbers(value, f"cache[{k}]") for k, (name, value) in enumerate(zip(names, cache))}
    for k, name in enumerate(names):
        if name in W_AND_B and not np.array_equal(arrays[name], given[name]):
            raise Refused(f"cache[{k}] is not {name}; expected {expected}", f"cache[{k}] 不是 {name}；应为 {expected}")
    return {name: value for name, value in arrays.items() if name not in W_AND_B}
