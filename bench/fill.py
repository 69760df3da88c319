"""Fills an empty database: `python -m bench.fill CASES`; prints the seconds it took."""

import gc
import os
import sys
import time

import django


def main(cases: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianying.config.settings")
    django.setup()
    from django.core.management import call_command

    from bench.county import Filling
    from lianying.common.clock import now

    call_command("migrate", verbosity=0, interactive=False)
    # Half a million rows are made and written; none of them is in a cycle.
    gc.disable()
    start = time.monotonic()
    Filling(cases, until=now()).run()
    print(f"{time.monotonic() - start:.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]))
