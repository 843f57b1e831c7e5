"""The evaluation: a data set → predictions in a file → measures, each with its interval → a report."""
