"""The web page: an Article and the Answers to questions about it → HTML, with its template, style and script.

`markup` escapes; `article`, `tables` and `notes` typeset the article; `answer` and `why` write an answer,
`export` writes it as Markdown; `asking` is a question's way through; `shelf` keeps the articles that
browsers bring; `pieces` are what Gradio puts together; `routes` and `guard` are the HTTP around it;
`starters` proposes first questions. `app.py` makes the Gradio page of it, and serves it.

An answer is a `gr.HTML` pane's and not a chatbot's: that reads quotes as Markdown, so `*` or `$` in a
quoted sentence would not be shown verbatim. Here every string is escaped.
Left out: how answers are found (`qa`), and any server round trip when a citation is followed (`script.js`).
"""
