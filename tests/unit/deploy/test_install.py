"""The bootstrap takes the wheel whose digest is written down, and no other."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

BOOTSTRAP = Path(__file__).parents[3] / "deploy" / "bootstrap"


@pytest.fixture
def install() -> ModuleType:
    spec = importlib.util.spec_from_file_location("install", BOOTSTRAP / "install.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_wheel_is_the_one_that_is_written_down(install: ModuleType) -> None:
    assert install._pip_wheel().parent == BOOTSTRAP


def test_another_wheel_is_refused(
    install: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest, name = (BOOTSTRAP / "SHA256SUMS").read_text().split()
    (tmp_path / "SHA256SUMS").write_text(f"{digest}  {name}\n")
    (tmp_path / name).write_bytes((BOOTSTRAP / name).read_bytes() + b"more")
    monkeypatch.setattr(install, "HERE", tmp_path)
    with pytest.raises(SystemExit, match="is not the file it should be"):
        install._pip_wheel()


def test_a_missing_wheel_is_told(
    install: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "SHA256SUMS").write_text("00  pip.whl\n")
    monkeypatch.setattr(install, "HERE", tmp_path)
    with pytest.raises(SystemExit, match="is missing: get the whole project again"):
        install._pip_wheel()


@pytest.mark.parametrize("arguments", [[], ["venv"], ["venv", "everything"]])
def test_a_wrong_command_line_is_refused(install: ModuleType, arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match="usage: "):
        install.main(arguments)


def test_an_old_python_is_told_which_one_is_needed(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "OLDEST", (99, 1))
    with pytest.raises(SystemExit, match=r"Python 99\.1 or newer is needed; this is 3\."):
        install.main(["venv", "dev"])
