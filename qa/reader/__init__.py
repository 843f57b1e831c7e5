"""Reading: a question and its passages → candidate answers with scores comparable across passages.

The seam where readers plug in: anything with the `read` of `Reader`. `SpanReader` finds the exact words
that answer, with a small model that Footnote trained and ships (docs/reader.md).
"""

from qa.reader.candidate import Candidate, Reader, firsts
from qa.reader.span import Reach, SpanReader

__all__ = ["Candidate", "Reach", "Reader", "SpanReader", "firsts"]
