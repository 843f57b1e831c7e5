"""Makes the weights that `qa.reader.model` reads with: data → training → int8 ONNX.

    python -m qa.reader.train fit    --data FOLDER --out runs/reader                  # two hours and a half on 2 cores
    python -m qa.reader.train export --data FOLDER --weights runs/reader/asked.pt      # → qa/reader/weights

Needs torch, onnx and onnxscript, which answering questions does not. docs/reader.md is the model card.
"""
