"""Batches → weights: AdamW over the stages of the recipe, in a given time, with checkpoints to resume from.

Each stage warms up and then falls linearly to nothing, over its steps or over its share of the minutes,
whichever ends first: however slow the machine, the last step is a small one. Word and position embeddings
stay as they were: half of the parameters, hardly moved by so few steps, and what they know of rare words
is kept. On a CPU with bf16 instructions, or a GPU, a bf16 copy of the model is run, and its gradients move
the fp32 weights that it is a copy of.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import torch

from index.digest import file_sha256
from qa.reader.train.loss import Batch
from qa.reader.train.model import pretrained
from qa.reader.train.stages import STAGES, Feature, Stage, batches
from qa.reader.train.weights import mean, weights

DROPOUT: Final = 0.1
WARM_UP: Final = 0.06
WEIGHT_DECAY: Final = 0.01
CLIP: Final = 1.0
CHECKPOINT_SECONDS: Final = 180


@dataclass
class Progress:
    """Where training stands: the stage and its run, the batches of it that are learnt, and its seconds so far."""

    stage: int = 0
    run: int = 0
    step: int = 0
    seconds: float = 0.0
    log: list[dict[str, Any]] = field(default_factory=list)


class Trainer:
    """Model, optimizer and progress; all of it goes into a checkpoint."""

    def __init__(self, base: Path, out: Path, seed: int) -> None:
        torch.manual_seed(seed)
        self.out, self.seed = out, seed
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.model = pretrained(base, DROPOUT).to(self.device)
        for part in (self.model.words, self.model.positions):
            part.requires_grad_(False)
        self.parameters = [p for p in self.model.parameters() if p.requires_grad]
        self.optimizer = self._optimizer()
        self.progress = Progress()
        self.computed = self.model
        if self.device == "cuda" or torch.cpu.get_capabilities().get("avx512_bf16"):
            self.computed = deepcopy(self.model).to(torch.bfloat16)
        self.copies = [p for p in self.computed.parameters() if p.requires_grad]

    def _optimizer(self) -> torch.optim.Optimizer:
        decayed = [p for p in self.parameters if p.dim() > 1]
        others = [p for p in self.parameters if p.dim() <= 1]
        return torch.optim.AdamW(
            [{"params": decayed, "weight_decay": WEIGHT_DECAY}, {"params": others, "weight_decay": 0.0}], fused=True
        )

    def run(self, stage: Stage, learnt: Sequence[list[Feature]], seconds: float | None) -> None:
        """Learns from `learnt` batches, from where progress stands, within `seconds` of computing (None: no limit).

        Ends with the weights in `<stage>-<run>.pt`; after the stage's last run, with their mean in `<stage>.pt`.
        """
        if self.progress.step == 0:
            self.optimizer = self._optimizer()
        self.computed.train()
        self._copy()
        saved = time.monotonic()
        while self.progress.step < len(learnt):
            began = time.monotonic()
            done = self.progress.step / len(learnt)
            if seconds:
                done = max(done, self.progress.seconds / seconds)
            if done >= 1:
                break
            rate = stage.rate * min(done / WARM_UP, (1 - done) / (1 - WARM_UP), 1.0)
            for group in self.optimizer.param_groups:
                group["lr"] = max(rate, stage.rate * 0.002)
            # Dropout depends on the step alone, so that a resumed run is the run itself.
            torch.manual_seed(hash((self.seed, self.progress.stage, self.progress.run, self.progress.step)))
            loss = self._step(learnt[self.progress.step])
            self.progress.step += 1
            self.progress.seconds += time.monotonic() - began
            if self.progress.step % 20 == 0:
                self._note(stage, loss, done, rate)
            if time.monotonic() - saved > CHECKPOINT_SECONDS:
                self.save()
                saved = time.monotonic()
        self._end(stage, len(learnt))

    def _end(self, stage: Stage, steps: int) -> None:
        p = self.progress
        p.log.append({"stage": stage.name, "run": p.run, "steps": p.step, "of": steps, "seconds": p.seconds})
        torch.save(self.model.state_dict(), self.out / f"{stage.name}-{p.run}.pt")
        p.run, p.step, p.seconds = p.run + 1, 0, 0.0
        if p.run < stage.runs:
            self.model.load_state_dict(weights(self.out / "start.pt"))
        else:
            self.model.load_state_dict(
                mean([weights(self.out / f"{stage.name}-{run}.pt") for run in range(stage.runs)])
            )
            torch.save(self.model.state_dict(), self.out / f"{stage.name}.pt")
            torch.save(self.model.state_dict(), self.out / "start.pt")
            p.stage, p.run = p.stage + 1, 0
        self.save()

    def _step(self, batch: Sequence[Feature]) -> float:
        read = Batch.of(batch, self.device)
        start, end = self.computed(read.ids, read.types, read.mask)
        loss = read.loss(start.float(), end.float())
        loss.backward()  # type: ignore[no-untyped-call]
        if self.computed is not self.model:
            for parameter, copy in zip(self.parameters, self.copies, strict=True):
                parameter.grad, copy.grad = copy.grad.float(), None  # type: ignore[union-attr]
        torch.nn.utils.clip_grad_norm_(self.parameters, CLIP)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self._copy()
        return float(loss.detach())

    def _copy(self) -> None:
        """Takes the weights over into the bf16 copy that is run, where there is one."""
        if self.computed is not self.model:
            torch._foreach_copy_([c.data for c in self.copies], [p.data for p in self.parameters])

    def _note(self, stage: Stage, loss: float, done: float, rate: float) -> None:
        p = self.progress
        each = p.step * stage.batch / max(p.seconds, 1e-9)
        line = (
            f"{stage.name} run {p.run} step {p.step} {done:.1%} loss {loss:.3f} rate {rate:.1e} {each:.1f} examples/s"
        )
        print(time.strftime("%H:%M:%S"), line, flush=True)

    def save(self) -> None:
        """Writes the checkpoint in one step: a killed run leaves the last one whole."""
        state = {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "progress": asdict(self.progress),
        }
        torch.save(state, self.out / "checkpoint.new")
        (self.out / "checkpoint.new").replace(self.out / "checkpoint.pt")

    def resume(self) -> None:
        """Takes up the checkpoint in `out`. Raises OSError when there is none."""
        state = torch.load(self.out / "checkpoint.pt", map_location=self.device, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.progress = Progress(**state["progress"])


def fit(  # noqa: PLR0913 - each is one choice of the caller's, given by name
    folder: Path,
    base: Path,
    out: Path,
    *,
    seed: int,
    minutes: float | None,
    resume: bool,
    threads: int,
    start: Sequence[Path] = (),
    first: str | None = None,
) -> None:
    """Trains on the files in `folder`, from the MiniLM in `base`; weights and checkpoints go to `out`.

    With `start`, weights of earlier runs (`.pt`, or a shipped `.onnx`), training begins at their mean; with `first`,
    at the stage of that name.
    """
    out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(threads)
    random.seed(seed)
    trainer = Trainer(base, out, seed)
    begin = [stage.name for stage in STAGES].index(first) if first else 0
    if resume and (out / "checkpoint.pt").is_file():
        trainer.resume()
    else:
        if start:
            trainer.model.load_state_dict(mean([weights(path) for path in start]))
            trainer.progress.log.append({"start": {path.name: file_sha256(path) for path in start}})
        trainer.progress.stage = begin
    if not trainer.progress.step:
        torch.save(trainer.model.state_dict(), out / "start.pt")
    parts = sum(stage.part for stage in STAGES[begin:])
    for number, stage in enumerate(STAGES):
        if number < trainer.progress.stage:
            continue
        for run in range(trainer.progress.run, stage.runs):
            learnt = batches(stage, folder, base, seed, run)
            count = sum(map(len, learnt))
            length = sum(len(f.ids) for b in learnt for f in b) / count
            print(f"{stage.name} run {run}: {count} readings of {length:.0f} tokens, {len(learnt)} steps", flush=True)
            trainer.run(stage, learnt, minutes * 60 * stage.part / parts / stage.runs if minutes else None)
    (out / "log.json").write_text(json.dumps(trainer.progress.log, indent=1) + "\n", "utf-8")
