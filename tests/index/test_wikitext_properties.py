"""Whatever wikitext is put together, broken or not: no crash, no markup shown, every equation holds."""

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from wikitext_checks import assert_equations, assert_no_residue

from index import parse_article
from index.article import Article
from index.errors import ArticleError
from index.wikitext.balance import APOSTROPHE, LESS, MASK, balanced_chunks
from index.wikitext.nodes import descend, parse

#: Pieces as editors write them; `%s` takes another piece.
WHOLE = r"""
'''%s'''
''%s''
[[%s]]
[[Town|%s]]
[[File:A.jpg|thumb|%s]]
[[de:%s]]
[[Category:%s]]
[https://example.org %s]
https://example.org/a
{{nowrap|%s}}
{{lang|fr|%s}}
{{convert|10|km|mi}}
{{convert|1|m}}
{{unknown|%s}}
{{citation needed|date=May 2020}}
{{efn|%s}}
{{sfn|Smith|2004|p=3}}
{{quote|%s|Ada}}
{{nbsp}}
{{As of|2019}}
{{circa}}
{{height|ft=%s|in=2}}
{{#if:%s|a|b}}
{{{%s|word}}}
<ref>%s</ref>
<ref name=a>{{cite web|title=%s|url=https://example.org|date=2020}}</ref>
<ref name=a />
<small>%s</small>
<b>%s</b>
<sup>2</sup>
<sub>%s</sub>
<nowiki>%s</nowiki>
<math>x^{2_{n}} %s</math>
<blockquote>%s</blockquote>
<div class="x">%s</div>
<gallery>\nA.jpg|%s\n</gallery>
<table><tr><th>%s</th><td>b</td></tr></table>
<!-- %s -->
<references>%s</references>
&nbsp;
&lt;b&gt;
&amp;
<br>
<script>%s</script>
<img src=x onerror=alert(1)>
\n\n
\n
\n* %s
\n# %s
\n: %s
\n; %s : %s
\n== %s ==\n
\n=== %s ===\n
\n{| class="wikitable"\n|+ %s\n! A !! B\n|-\n| %s || b\n|}\n
\n{|\n! rowspan=2 | A\n! colspan=2 | %s\n|-\n| rowspan=2 | c || d\n|-\n| e || f\n|}\n
{{Infobox company| name = A | founder = %s | image_caption = %s | leader_title = Mayor | leader_name = %s}}
word (%s) word
3.5 km. The U.S. army won. %s
"""
BROKEN = (
    "{{ }} [[ ]] {| |} |- || ! | ''' '' ''''' <ref> </ref> <ref name= <b> </b> <div </div> <!-- --> [http://x [// ] "
    "= == * : ; # { } [ ] < > & ' <nowiki> </nowiki> {{{ }}} <table> <td> |+ <b <y> __TOC__ ~~~~ "
    "{{cite|title= {{Infobox|a= \ue000"
)
WORDS = "word Tang Xiao'ou 2014 naïve 商汤科技 Shāngtāng é Ω 𝔘 U.S. end. Next \u00a0 \u200e ⟨a⟩ ½ ²"


TEMPLATES = [line.replace(r"\n", "\n") for line in WHOLE.strip().split("\n")]


def _nested(text: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Pieces around pieces around `text`, three deep, with and without spaces between them."""
    for _ in range(3):
        filled = st.builds(lambda template, inner: template.replace("%s", inner), st.sampled_from(TEMPLATES), text)
        several = st.lists(filled | text, min_size=1, max_size=4)
        text = st.builds(str.join, st.sampled_from(["", " ", "\n"]), several)
    return text


words = st.sampled_from(WORDS.split(" "))
#: Wikitext put together from whole pieces around words, and from broken pieces anywhere.
sound = _nested(words)
broken = _nested(words | st.sampled_from(BROKEN.split(" ")) | st.text(max_size=3))

thorough = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


def article_of(wikitext: str) -> Article | None:
    try:
        return parse_article(wikitext, "Test")
    except ArticleError:
        return None


@thorough
@given(sound | broken)
@example("{{sfn|Smith|2004}}\n\n{|\n|+ Table\n|-\n| a\n|}\n{{efn|b}}{{sfn|Smith|2004}}")
def test_every_equation_holds(wikitext: str) -> None:
    """Spans, order, alignment and footnotes are right in any article, and it is the same when parsed again."""
    article = article_of(wikitext)
    if article is not None:
        assert_equations(article)
        assert article_of(wikitext) == article


@thorough
@given(sound | broken)
def test_no_markup_is_shown(wikitext: str) -> None:
    """What is not closed is removed, and never shown."""
    article = article_of(wikitext.replace("&lt;", ""))
    if article is not None:
        assert_no_residue(article)


@thorough
@given(sound | broken)
def test_every_node_is_a_slice_of_the_source(wikitext: str) -> None:
    """`source[start : start + len(str(node))] == str(node)`, also deep inside, wherever nothing is masked."""
    masked = "".join(chunk for chunk, _ in balanced_chunks(wikitext))
    for node, span in descend(parse(wikitext)):
        assert masked[span.start : span.end] == str(node)


@thorough
@given(sound | broken)
def test_chunks_are_the_source_but_for_masks(wikitext: str) -> None:
    """Chunks follow each other without a gap; only masked markup and a table's indent differ from the source."""
    position = 0
    for chunk, start in balanced_chunks(wikitext):
        assert start == position
        for shown, written in zip(chunk, wikitext[start : start + len(chunk)], strict=True):
            assert shown in {written, MASK, LESS, APOSTROPHE} or (shown == " " and written == ":")
        position += len(chunk)
    assert position == len(wikitext)


@thorough
@given(sound)
def test_words_are_kept(wikitext: str) -> None:
    """A word at the end of sound wikitext, in a paragraph of its own, is in the text."""
    article = article_of(f"{wikitext}\n\nLast paragraph stands.")
    assert article is not None
    assert article.paragraphs[-1].text.endswith("Last paragraph stands.")


@thorough
@given(sound | broken)
def test_escaped_source_gives_the_same_text(wikitext: str) -> None:
    """Wikitext copied out of a dump with its XML escapes reads the same, with spans in the escaped source."""
    plain = "<ref>x</ref>" + wikitext.replace("&", "")
    escaped = plain.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    one, other = article_of(plain), article_of(escaped)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert one.text == other.text
        assert_equations(other)
