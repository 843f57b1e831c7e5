"""Reading: a question and its passages → candidate answers with scores comparable across passages.

The seam where readers plug in: anything with the `read` of `Reader`. Today `SentenceReader` picks the
sentence that supports an answer best.
"""

from qa.reader.candidate import Candidate, Reader
from qa.reader.sentence import SentenceReader

__all__ = ["Candidate", "Reader", "SentenceReader"]
