"""Ctrl-C ends a command in a sentence and never in a fault, whatever a library makes of it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from provmap.commands.screen import changing, listen

AT_START = """
import builtins, runpy
real = builtins.__import__
def stop(name, *rest, **more):
    if name == "provmap" and len(rest) > 2 and rest[2] and "commands" in rest[2]:
        raise KeyboardInterrupt
    return real(name, *rest, **more)
builtins.__import__ = stop
runpy.run_module("provmap", run_name="__main__")
"""


def become_another_error() -> None:
    try:
        os.kill(os.getpid(), signal.SIGINT)
    except KeyboardInterrupt:
        raise ValueError("a conversion failed") from None


def test_an_error_that_ctrl_c_became_is_no_fault(data: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        listen()
        with pytest.raises(KeyboardInterrupt, match="nothing was changed"), changing(data):
            become_another_error()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        listen()
        # Without Ctrl-C a fault stays one.
        with pytest.raises(ValueError, match="conversion"), changing(data):
            raise ValueError("a conversion failed")
    finally:
        signal.signal(signal.SIGINT, before)


def test_ctrl_c_while_the_program_loads() -> None:
    ended = subprocess.run([sys.executable, "-c", AT_START], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (130, "provmap: Stopped.\n")
