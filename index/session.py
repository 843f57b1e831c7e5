"""An ONNX graph → a session that reads one text at a time: encoders and the reader alike.

On the thread that asks, or on several that share the work of each step. Left out: reading several texts side by side,
which is the caller's (threads of its own).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime

#: The graph c = MatMulInteger(a, b) of an unsigned and a signed matrix, as onnx writes it, which asking does not
#: need (tests/index/test_session.py).
PRODUCT: Final = (
    b'\x08\t:P\n\x18\n\x01a\n\x01b\x12\x01c"\rMatMulInteger\x12\x01gZ\x0f\n\x01a\x12\n\n\x08\x08\x02\x12\x04\n\x00\n\x00'
    b"Z\x0f\n\x01b\x12\n\n\x08\x08\x03\x12\x04\n\x00\n\x00b\x0f\n\x01c\x12\n\n\x08\x08\x06\x12\x04\n\x00\n\x00B\x04\n\x00\x10\n"
)


#: Microseconds for which a thread that shares a reading stays awake for its next step. Asleep between two steps, it
#: gains nothing; by default it stays awake long after the last, on a processor that others need.
AWAKE: Final = 200


def open_session(graph: Path | bytes, threads: int = 1) -> Any:
    """The session of a graph in a file or in bytes, `threads` of them on each text.

    What it computes does not depend on how many they are. Raises what onnxruntime raises, bare Exceptions of its own.
    """
    options = _options(threads)
    if threads > 1:
        options.add_session_config_entry("session.intra_op.spin_duration_us", str(AWAKE))
    if _cuts_sums():
        # Exact sums by other kernels: an eighth slower there, and half as fast where nothing is cut off.
        options.add_session_config_entry("session.x64quantprecision", "1")
    return onnxruntime.InferenceSession(
        graph,
        options,
        providers=["CPUExecutionProvider"],
        # Its fused kernel is slower than the addition and the norm that it stands for: 15% of a reading.
        disabled_optimizers=["SkipLayerNormFusion"],
    )


def _options(threads: int) -> Any:
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors only
    return options


@cache
def _cuts_sums() -> bool:
    """Whether this processor's kernels cut sums of two int8 products off at 16 bits, as those without VNNI do.

    That is half of what int8 costs, and gives other answers than a newer processor. It is asked of the kernels
    themselves, since which of them a processor gets is onnxruntime's to say.
    """
    session = onnxruntime.InferenceSession(PRODUCT, _options(1), providers=["CPUExecutionProvider"])
    a, b = np.full((2, 64), 255, np.uint8), np.full((64, 16), 127, np.int8)
    [c] = session.run(None, {"a": a, "b": b})
    return bool((c != a.astype(np.int32) @ b.astype(np.int32)).any())
