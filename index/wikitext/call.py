"""One use of a template: its name and its parameters, each with its place in the wikitext."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from index.article import Span
from index.wikitext.nodes import Code, Template, Text, parameter_names, parameters, reparse

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
#: Parser functions that show their argument.
_FUNCTIONS = frozenset({"formatnum", "lc", "uc", "ucfirst", "lcfirst"})


@dataclass(frozen=True, slots=True)
class Call:
    """One use of a template: its lower-case name and its parameters ("1", "2", … or named).

    `starts` says where in the source the names of the named ones begin.
    """

    name: str
    parameters: dict[str, Code]
    starts: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, template: Template, span: Span) -> Call:
        """A template node as a call; a parser function "formatnum:12" is read as {{formatnum|12}}."""
        written = str(template.name)
        function, colon, argument = written.partition(":")
        if colon and function.strip().lower() in _FUNCTIONS:
            start = span.start + 2 + len(function) + 1
            return cls(function.strip().lower(), {"1": reparse(Code((Text(argument),), start))})
        name = " ".join(_COMMENT.sub("", written).replace("_", " ").split()).lower()
        return cls(name.removeprefix("template:"), parameters(template, span), parameter_names(template, span))

    def get(self, *names: str) -> Code | None:
        """The first of the named parameters that is given and not blank; a comment alone is blank."""
        for name in names:
            code = self.parameters.get(name)
            if code is not None and code.words():
                return code
        return None

    def raw(self, *names: str) -> str:
        """The wikitext of that parameter, without comments and stripped; "" when there is none."""
        code = self.get(*names)
        return code.words() if code is not None else ""

    @property
    def positional(self) -> list[Code]:
        """The unnamed parameters that are not blank, in order."""
        found = []
        for number in range(1, len(self.parameters) + 1):
            code = self.get(str(number))
            if code is not None:
                found.append(code)
        return found
