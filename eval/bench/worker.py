"""One system in a process of its own: a command a line on standard input, a reply a line on standard output.

Commands are JSON: {"do": "prepare" | "build" | "save" | "open" | "ask" | "answer" | "memory", …}; a reply has
"seconds", what was found, or "error". Imports little by itself, so that a cold start is the system's own.
"""

from __future__ import annotations

import json
import os
import re
import resource
import sys
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from typing import Any


def main(name: str, folder: Path) -> None:
    """Carries out commands until there are no more. `folder` is where the index of system `name` lies."""
    # Libraries print what they like; replies get through a descriptor of their own.
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    from eval.bench.systems import SYSTEMS

    system = SYSTEMS[name]()
    for line in sys.stdin:
        command = json.loads(line)
        started = perf_counter()
        try:
            reply = _do(system, command, folder)
        except Exception as error:  # whatever a peer raises is for the benchmark to report
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps({"seconds": perf_counter() - started, **reply}), file=replies, flush=True)


def _do(system: Any, command: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    match command["do"]:
        case "prepare":
            system.prepare()
        case "build":
            from eval.bench.corpus import Corpus

            articles = Corpus.read(Path(command["corpus"])).articles
            started = perf_counter()
            system.build(articles)
            return {"seconds": perf_counter() - started}
        case "save":
            system.save(folder)
        case "open":
            system.open(folder)
        case "ask":
            return {"rows": system.retrieve(command["question"], command["k"])}
        case "answer":
            system.answer(command["question"])
        case "memory":
            return {"bytes": _peak()}
    return {}


def _peak() -> int:
    """The most memory that this program has held, in bytes.

    On Linux `getrusage` counts what its parent held too, up to the moment that it was started.
    """
    status = Path("/proc/self/status")
    if status.exists():
        [kilobytes] = re.findall(r"^VmHWM:\s+(\d+) kB$", status.read_text("utf-8"), re.MULTILINE)
        return int(kilobytes) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # macOS, in bytes


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
