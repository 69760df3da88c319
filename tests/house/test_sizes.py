"""Forbids long files, long functions and long argument lists."""

import ast

from tests.house.tree import files, functions, named

LINES_OF_FILE = 500
LINES_OF_FUNCTION = 50
ARGUMENTS = 5
FREE = {"self", "cls", "request", "by", "at"}


def arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    given = function.args.posonlyargs + function.args.args + function.args.kwonlyargs
    return [argument.arg for argument in given if argument.arg not in FREE]


def test_no_file_is_long() -> None:
    # A migration is written by the machine, and as long as the models are.
    written = [path for path in files(".py", ".html") if path.parent.name != "migrations"]
    lines = {named(path): len(path.read_text("utf-8").splitlines()) for path in written}

    assert {name: count for name, count in lines.items() if count > LINES_OF_FILE} == {}


def test_no_function_is_long() -> None:
    lines = {
        f"{named(path, function.lineno)} {function.name}": (function.end_lineno or 0) - function.lineno + 1
        for path in files(".py")
        for function in functions(path)
    }

    assert {name: count for name, count in lines.items() if count > LINES_OF_FUNCTION} == {}


def test_no_function_takes_many_arguments() -> None:
    counts = {
        f"{named(path, function.lineno)} {function.name}": len(arguments(function))
        for path in files(".py")
        for function in functions(path)
        if not function.name.startswith("test_")  # a test takes the people it is about
    }

    assert {name: count for name, count in counts.items() if count > ARGUMENTS} == {}
