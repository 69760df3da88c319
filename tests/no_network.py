"""Pytest plugin: a test that reaches beyond this machine fails."""

import socket
import sys
from typing import Any

LOCAL = {"localhost", "127.0.0.1", "::1", "", None}
WATCHED = {"socket.connect": 1, "socket.sendto": 1, "socket.getaddrinfo": 0}


class NetworkUsed(RuntimeError):
    """A test tried to reach another machine."""


def refuse_others(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in WATCHED:
        return
    target = arguments[WATCHED[event]]
    if isinstance(arguments[0], socket.socket) and arguments[0].family not in {socket.AF_INET, socket.AF_INET6}:
        return
    host = target[0] if isinstance(target, tuple) else target
    if (host.decode() if isinstance(host, bytes) else host) not in LOCAL:
        raise NetworkUsed(f"{event} {host}")


def pytest_configure() -> None:
    # An audit hook cannot be taken away again, by a test or by a library.
    sys.addaudithook(refuse_others)
