"""A data file → questions, the articles they are asked of, and what a right answer is.

Five formats, told apart by what is in the file: the project's own JSONL (`project`), SQuAD 1.1 and 2.0
(`squad`), SelQA, where an answer is whole sentences (`selqa`), questions of which only the relevant
paragraphs are known (`ranking`), and articles that we invented (`invented`). What we wrote on the articles
of such a file is in a sheet of its own (`written`). Left out: asking (`eval.predict`) and scoring
(`eval.metrics`).
"""

from eval.datasets.load import SETS, load, select
from eval.datasets.question import DataSet, DataSetError, Draw, Question, question_word
from eval.datasets.written import written

__all__ = ["SETS", "DataSet", "DataSetError", "Draw", "Question", "load", "question_word", "select", "written"]
