"""Trains the weights that `index.query_encoder` holds: questions → near the sentences that answer them.

    python -m qa.query_encoder --data FOLDER        # a quarter of an hour on 2 cores → index/weights

Needs torch, which answering questions does not. docs/query_encoder.md is the model card.
"""
