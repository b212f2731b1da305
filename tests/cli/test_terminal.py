from __future__ import annotations

import io
import time

import pytest

from skill.cli.terminal import Terminal, watching


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_off_a_terminal_lines_are_lines() -> None:
    out, err = io.StringIO(), io.StringIO()
    terminal = Terminal(out=out, err=err)
    terminal.line("⏳ Rendering")
    terminal.progress("rendering", 0.5)
    terminal.piece("Done.")
    terminal.piece(" More.")
    terminal.end()
    assert (out.getvalue(), err.getvalue()) == ("Done. More.\n", "⏳ Rendering\n")


def test_json_keeps_the_answer_back() -> None:
    out = io.StringIO()
    terminal = Terminal(stream=False, out=out, err=io.StringIO())
    terminal.piece("Done.")
    terminal.end()
    assert out.getvalue() == ""


def test_on_a_terminal_a_bar_moves_and_leaves_nothing() -> None:
    out, err = Screen(), Screen()
    terminal = Terminal(out=out, err=err)
    terminal.line("⏳ Rendering")
    terminal.progress("rendering", 0.5)
    end = time.monotonic() + 5
    while "50%" not in err.getvalue() and time.monotonic() < end:
        time.sleep(0.02)
    terminal.piece("Done.")
    terminal.end()
    assert "████████████░░░░░░░░░░░░  50% ⏳ Rendering 0:00" in err.getvalue()
    assert err.getvalue().endswith("\r\x1b[2K")
    assert out.getvalue() == "Done.\n"


def test_a_line_in_the_middle_of_an_answer_breaks_no_word() -> None:
    out, err = Screen(), Screen()
    terminal = Terminal(out=out, err=err)
    terminal.piece("One.")
    terminal.line("⏳ Still working...")
    terminal.piece(" Two.")
    terminal.end()
    assert out.getvalue() == "One.\nTwo.\n"


def test_watching_closes_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    with watching() as terminal:
        terminal.piece("One.")
    assert capsys.readouterr().out == "One.\n"
