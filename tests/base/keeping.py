"""Eyes on servers and their processes, for the tests of the keeper and the supervisor."""

import time
from collections.abc import Callable
from pathlib import Path


def wait_until(reached: Callable[[], bool], what: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(0.02)


def processes_of(folder: Path) -> list[str]:
    """Command lines of living processes that name `folder` (or its cluster), keepers included."""
    names = {str(folder), str((folder / "postgres").resolve())}
    return [
        line
        for _, line in command_lines()
        if any(name in line for name in names)
        # pytest's own folders are named after it, so its processes are told by their program.
        and not any(word.endswith("pytest") for word in line.split("\0"))
    ]


def keeper_pid(data_dir: Path) -> int:
    wanted = f"thudo.base.keeper\0{data_dir.resolve()}"
    return next(pid for pid, line in command_lines() if wanted in line)


def postmaster_pid(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "data" / "postmaster.pid").read_text("utf-8").split()[0])


def command_lines() -> list[tuple[int, str]]:
    lines = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                lines.append((int(entry.name), (entry / "cmdline").read_bytes().decode()))
            except (FileNotFoundError, ProcessLookupError):
                continue
    return lines


def living_in_group(group: int) -> list[int]:
    """Processes of a process group that are not mere zombies awaiting their reaper."""
    found = []
    for pid, _ in command_lines():
        try:
            fields = (
                (Path("/proc") / str(pid) / "stat").read_text("utf-8").rsplit(")", 1)[1].split()
            )
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[2]) == group and fields[0] not in "ZX":
            found.append(pid)
    return found
