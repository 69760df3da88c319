"""The `lianying` command: Django's commands under their own names, with `--data-dir` known before settings load."""

import os
import sys

from lianying.config.env import BadSettings


def _data_dir(arguments: list[str]) -> str | None:
    """The value of --data-dir, which must be in the environment before Django reads its settings."""
    for number, argument in enumerate(arguments):
        if argument == "--data-dir" and number + 1 < len(arguments):
            return arguments[number + 1]
        if argument.startswith("--data-dir="):
            return argument.partition("=")[2]
    return None


def main(argv: list[str] | None = None) -> None:
    arguments = list(sys.argv if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianying.config.settings")
    directory = _data_dir(arguments)
    if directory:
        os.environ["LIANYING_DATA_DIR"] = directory
    if len(arguments) > 1:
        arguments[1] = arguments[1].replace("-", "_") if not arguments[1].startswith("-") else arguments[1]
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(arguments)
    except BadSettings as problems:
        sys.exit(f"Settings that cannot be used:\n{problems}")


if __name__ == "__main__":
    main()
