"""An ONNX graph → a session that reads one text at a time, on the thread that asks: encoders and the reader alike.

Left out: reading several side by side, which is the caller's (threads of its own).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnxruntime


def open_session(graph: Path | bytes, threads: int = 1) -> Any:
    """The session of a graph in a file or in bytes. Raises what onnxruntime raises, bare Exceptions of its own."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors only
    # Without VNNI, sums of two int8 products are cut off at 16 bits: half of what int8 costs, and other answers than
    # on a newer processor. Exact sums take an eighth longer there and nothing elsewhere.
    options.add_session_config_entry("session.x64quantprecision", "1")
    onnxruntime.disable_telemetry_events()
    return onnxruntime.InferenceSession(
        graph,
        options,
        providers=["CPUExecutionProvider"],
        # Its fused kernel is slower than the addition and the norm that it stands for: 15% of a reading.
        disabled_optimizers=["SkipLayerNormFusion"],
    )
