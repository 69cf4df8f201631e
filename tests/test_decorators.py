"""What Odoo would take silently, and not as it reads."""

import ast
from collections import Counter

import pytest

from tools import places

#: Of two of one kind above a method Odoo keeps the upper one.
SINGLE = {"depends", "depends_context", "onchange", "constrains"}


def _twice(source):
    """Return the methods that have two decorators of one kind."""
    return [
        f"{node.name}, line {node.lineno}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
        for name, number in Counter(
            decorator.func.attr
            for decorator in node.decorator_list
            if isinstance(decorator, ast.Call)
            and isinstance(decorator.func, ast.Attribute)
        ).items()
        if name in SINGLE and number > 1
    ]


def test_two_decorators_are_found():
    source = "@api.depends('a')\n@api.depends('b')\ndef compute(self): pass"
    assert _twice(source) == ["compute, line 3"]


@pytest.mark.parametrize("addon", sorted(p.name for p in places.ADDONS.iterdir()))
def test_each_method_names_once_what_it_depends_on(addon):
    found = {
        str(path): twice
        for path in (places.ADDONS / addon).rglob("*.py")
        if (twice := _twice(path.read_text()))
    }
    assert not found
