"""The web page: an Article and the Answers to questions about it → HTML, with its template, style and script.

`markup` escapes; `article`, `tables` and `notes` typeset the article; `answer` and `why` write an answer,
`export` writes it as Markdown; `shelf` keeps the articles that browsers bring; `routes` and `guard` are
the HTTP around it; `starters` proposes first questions. `app.py` serves it.

The page is its own HTML and not Gradio's components: a chatbot reads quotes as Markdown, so `*` or `$`
in a quoted sentence would not be shown verbatim; and what Gradio draws needs inline scripts, so nothing
could forbid an article's. Here every string is escaped, and the policy allows the page's own files only.
Left out: how answers are found (`qa`), and any server round trip when a citation is followed (`script.js`).
"""
