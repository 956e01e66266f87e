"""From which Python the environment is made, and what is said where it can't be."""

import sys
import sysconfig

import pytest

from config import installing


@pytest.fixture(params=["", "'--prefix=/usr/local' '--enable-optimizations'"])
def is_optimised(request, monkeypatch) -> bool:
    monkeypatch.setattr(sysconfig, "get_config_var", {"CONFIG_ARGS": request.param}.get)
    return bool(request.param)


@pytest.mark.parametrize("is_there", [True, False])
def test_the_systems_python_is_taken_instead_of_one_that_is_not_optimised(is_there, is_optimised, monkeypatch):
    monkeypatch.setattr(installing, "SYSTEMS", sys.executable + ("" if is_there else "-that-is-not-there"))
    monkeypatch.setattr(sys, "executable", "ours")

    assert (installing.best_python() != "ours") == (is_there and not is_optimised)


def test_a_python_that_is_too_old_will_not_do(tmp_path, is_optimised, monkeypatch):
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    monkeypatch.setattr(installing, "SYSTEMS", str(old))

    assert installing.best_python() == sys.executable


def test_an_environment_needs_no_pip_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(installing, "FOLDER", tmp_path / "made")
    monkeypatch.setattr(installing, "runs", lambda python, code: "ensurepip" not in code)

    installing.make_folder(sys.executable)

    assert (tmp_path / "made/bin/python").exists()
    assert not (tmp_path / "made/bin/pip").exists()


def test_a_python_that_can_make_none_is_told_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(installing, "FOLDER", tmp_path / "made")
    monkeypatch.setattr(installing, "runs", lambda python, code: "pip" not in code)

    with pytest.raises(SystemExit, match="apt install python3-venv"):
        installing.make_folder(sys.executable)


def test_what_pip_says_last_is_shown_where_it_fails(tmp_path, monkeypatch):
    pip = tmp_path / "python"
    pip.write_text("#!/bin/sh\nseq 20\necho 'No matching distribution'\nexit 1\n")
    pip.chmod(0o755)
    monkeypatch.setattr(installing, "ITS_PYTHON", str(pip))
    monkeypatch.setattr(installing, "LOG", tmp_path / "log")
    monkeypatch.setattr(installing, "runs", lambda python, code: True)

    with pytest.raises(SystemExit, match=r"^\n7\n8\n(.+\n)+No matching distribution\n$"):
        installing.install()
    assert (tmp_path / "log").read_text().startswith("1\n2\n")
