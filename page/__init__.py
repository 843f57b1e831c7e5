"""The web page's HTML: an Article and a conversation of Answers → escaped markup, with its style and script.

`markup` escapes, `article` typesets the article, `conversation` writes the questions and answers,
`starters` proposes first questions, `guard` adds security headers. `app.py` puts them into Gradio.

The conversation is plain HTML and not `gr.Chatbot`: a chatbot reads quotes as Markdown, so `*` or `$`
in a quoted sentence would not be shown verbatim, and its sanitizer removes the labels that screen
readers need while it lets remote images and forms through. Here every string is escaped instead.
Left out: how answers are found (`qa`), and any server round trip when a citation is followed (`script.js`).
"""
