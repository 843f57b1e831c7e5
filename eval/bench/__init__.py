"""Speed and memory, beside what people would pick instead: `python -m eval bench`.

The peers are libraries of the optional group `bench`; each system runs in a process of its own, over the same
texts, with the same embedding weights, in turns. Left out: how good answers are (`eval.metrics`).
"""
