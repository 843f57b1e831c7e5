"""Makes the weights that `qa.reader.span` reads with: data → training → int8 ONNX → measures.

    python -m qa.reader.train fit      --data FOLDER --out runs/reader     # an hour on 2 cores
    python -m qa.reader.train export   --data FOLDER --out runs/reader     # → qa/reader/weights
    python -m qa.reader.train evaluate --data FILE

Needs torch, onnx and onnxscript, which answering questions does not. docs/reader.md is the model card.
"""
