/* The page's one script: follows citations, shows answers, keeps conversations, brings articles.

   Gradio makes the page (`app.py`), this script begins when its panes are there. Asking is Gradio's: the
   event of the question box takes what is sent from `footnote.asked`, and gives the reply to
   `footnote.answered`.

   Citations are followed on the page itself, without the server. A link that can be followed has
   data-article (the place of its article), data-sha (that article's wikitext), data-target (ids of
   sentences), and may have data-short (code points of the exact answer), data-live, data-preview.
   Conversations are kept in this browser (IndexedDB), each message with its answer as HTML, as
   Markdown and as a record, so that they come back as they were. HTML is only ever taken from this
   page's own server, which escapes everything in it; all else is put in as text.
   Keys: "/" question box, "[" and "]" previous and next citation, Escape clears. */
(async () => {
  "use strict";

  await new Promise((made) => {
    const wanted = ["#conversation", "#question textarea", "#question .submit-button", "#evidence", "#find"];
    const look = () => wanted.every((selector) => document.querySelector(selector)) && (observer.disconnect(), made());
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true, subtree: true });
    look();
  });

  const narrow = matchMedia("(max-width: 860px)");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const first = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const chat = first("#conversation");
  const reader = first("#reader");
  const evidence = first("#evidence");
  const box = first("#question textarea");
  const notice = first("#notice");
  const card = first("#card");
  const finder = first("#find");

  function element(tag, className, ...content) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...content);
    return made;
  }

  function button(label, action, className = "") {
    const made = element("button", className, label);
    made.type = "button";
    made.addEventListener("click", action);
    return made;
  }

  const cut = (words, most) => (words.length > most ? words.slice(0, most) + " …" : words);

  /* Gives the focus to what is no control: the order of the Tab key leaves it out. */
  function focusOn(target) {
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
  }

  /* What the server wrote, as nodes; it is never made of anything that a user or an article said. */
  function nodes(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content;
  }

  const SILENT = "Footnote is not responding. Is the program still running? This page goes on by itself once it is.";

  /* The server's JSON; what went wrong becomes an Error whose message can be shown. */
  async function call(address, options = {}) {
    let response;
    try {
      response = await fetch(address, options);
    } catch {
      throw new Error(SILENT);
    }
    const body = response.status === 204 ? null : await response.json().catch(() => ({}));
    if (!response.ok) throw new Error(body.error || `Footnote answered ${response.status}: reload the page`);
    return body;
  }

  const json = (method, body) => ({ method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const nextFrame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

  /* How long something took from `start` until it could be seen; scripts/page_timings.py reads these. */
  function measure(name, start) {
    performance.measure(name, { start, end: performance.now() });
    nextFrame().then(() => performance.measure(`${name}-painted`, { start, end: performance.now() }));
  }

  /* ---- the article that is open ---- */

  let place = reader.dataset.place;
  let starters = first(".starters", first("#welcome").content).innerHTML;
  let flat = null; // the article's text for searching, made when it is first needed
  let lastTicket = 0; // of the article that was wanted last

  const SLOW = 300; // milliseconds until a reader who waits for an article is told so
  const OPENING = "Opening …";

  /* Opens the article at `wanted`, which may be open already. Replies can come in another order than they were asked
     for: one that is no longer wanted is dropped, and false is returned for it. */
  async function openArticle(wanted) {
    const ticket = (lastTicket += 1);
    const isLast = () => ticket === lastTicket;
    const slow = setTimeout(() => isLast() && (shelf.open ? shelfSays : say)(OPENING), SLOW);
    reader.setAttribute("aria-busy", "true");
    try {
      const got = wanted === place ? null : await call(`article?place=${encodeURIComponent(wanted)}`);
      if (got && isLast()) showArticle(got);
    } catch (error) {
      if (isLast()) throw error;
    } finally {
      clearTimeout(slow);
      if (isLast()) {
        reader.removeAttribute("aria-busy");
        for (const said of all(".notice")) if (said.textContent === OPENING) said.textContent = "";
      }
    }
    return isLast();
  }

  function showArticle(got) {
    clear();
    reader.replaceChildren(nodes(got.html));
    reader.scrollTop = 0;
    flat = null;
    place = got.place;
    starters = got.starters;
    first("#article-title").textContent = got.title;
    document.title = `${got.title} – Footnote`;
    history.replaceState(null, "", `?article=${place}`);
  }

  const book = (of) => of.split("/")[0];

  /* ---- following a citation: marks, scrolling, the footnotes of its sentence ---- */

  const hint = evidence.firstElementChild.cloneNode(true); // what is said while nothing is cited
  let active = null; // the link that was followed last

  function clear() {
    for (const name of ["cited", "cited-paragraph", "followed"]) {
      for (const marked of all("." + name)) marked.classList.remove(name);
    }
    active?.removeAttribute("aria-current");
    active = null;
    unmark("short-answer");
    unmark("found");
    evidence.replaceChildren(hint.cloneNode(true));
    hideCard();
    count();
  }

  const unmark = (name) => window.CSS?.highlights?.delete(name);
  function mark(name, ranges) {
    if (window.Highlight && CSS.highlights) CSS.highlights.set(name, new Highlight(...ranges));
  }

  /* Opens the article that a link of the conversation leads into. False is returned where it cannot be opened, which is
     said, and where another was wanted since or the conversation was left. */
  async function openOf(link) {
    try {
      return (await openArticle(link.dataset.article || place)) && link.isConnected;
    } catch (error) {
      say(error.message);
      return false;
    }
  }

  /* In a narrow window the link is out of sight afterwards, so that the sentence has the focus. */
  async function follow(link, { focus = narrow.matches, start = performance.now() } = {}) {
    if (!(await openOf(link))) return;
    clear();
    active = link;
    link.classList.add("followed");
    link.setAttribute("aria-current", "true");
    count();
    show("article");
    const same = !link.dataset.sha || link.dataset.sha === first(".article", reader).dataset.sha;
    const sentences = same ? (link.dataset.target || "").split(" ").map((id) => document.getElementById(id)).filter(Boolean) : [];
    if (!sentences.length) {
      const back = element("div", "evidence-bar", element("h3", "", "The article has changed since this was answered"), closing(link));
      return evidence.replaceChildren(back, element("p", "", "The sentence is quoted in the answer as it stood. Ask again to find it in the article as it is."));
    }
    for (const sentence of sentences) {
      sentence.classList.add("cited");
      sentence.closest("[id^='para-']")?.classList.add("cited-paragraph");
    }
    const short = markShort(sentences, link.dataset.short);
    evidence.replaceChildren(...notesOf(link, sentences));
    evidence.scrollTop = 0;
    bringIntoView(sentences[0], short);
    if (focus) focusOn(sentences[0]);
    measure("footnote:follow", start);
  }

  /* Marks the exact answer, counted in code points over the sentence's text without its markers; its range is returned. */
  function markShort(sentences, span) {
    if (!span) return null;
    const [from, to] = span.split(" ").map(Number);
    for (const sentence of sentences) {
      let at = Number(sentence.id.split("-")[1]);
      const range = new Range();
      let begun = false;
      for (const node of textNodes(sentence)) {
        let unit = 0;
        for (const character of node.data) {
          if (at === from) {
            range.setStart(node, unit);
            begun = true;
          }
          at += 1;
          unit += character.length;
          if (at === to && begun) {
            range.setEnd(node, unit);
            mark("short-answer", [range]);
            return range;
          }
        }
      }
    }
    return null;
  }

  function* textNodes(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.parentElement.closest(".marker")) yield node;
    }
  }

  /* The article is scrolled to `target`, and a table that is wider than its place to the `words` in it. */
  function bringIntoView(target, words = null) {
    const pane = reader.getBoundingClientRect();
    const at = target.getBoundingClientRect();
    const above = Math.max((pane.height - at.height) / 3, 24);
    reader.scrollTo({ top: reader.scrollTop + at.top - pane.top - above, behavior: calm.matches ? "auto" : "smooth" });
    const table = words?.startContainer.parentElement.closest(".table");
    if (!table) return;
    const [whole, part] = [table.getBoundingClientRect(), words.getBoundingClientRect()];
    if (part.left < whole.left || part.right > whole.right) {
      table.scrollLeft += part.left - whole.left - Math.max((whole.width - part.width) / 2, 0);
    }
  }

  /* The focus goes back to `link`, without the preview that it would bring. */
  function closing(link) {
    return button(narrow.matches ? "Back to the answer" : "Clear", () => {
      clear();
      if (narrow.matches) show("chat");
      link?.focus();
      hideCard();
    }, "plain");
  }

  function notesOf(link, sentences) {
    const numbers = [...new Set(sentences.flatMap((s) => (s.dataset.notes || "").split(" ").filter(Boolean)))];
    const marks = [...new Set(sentences.flatMap((s) => JSON.parse(s.dataset.marks || "[]")))];
    const these = sentences.length > 1 ? "these sentences" : "this sentence";
    const bar = element("div", "evidence-bar", element("h3", "", numbers.length ? `Footnotes of ${these}` : `No footnote on ${these}`));
    if (link.dataset.live) {
      const live = element("a", "outside", "Live article");
      Object.assign(live, { href: link.dataset.live, target: "_blank", rel: "noopener noreferrer nofollow" });
      bar.append(live);
    }
    bar.append(closing(link));
    const content = [bar];
    if (marks.length) {
      const line = element("p", "evidence-marks", "Marked by editors: ");
      marks.forEach((label, i) => line.append(i ? ", " : "", element("bdi", "trust-mark", label)));
      content.push(line);
    }
    const notes = numbers.map(note).filter(Boolean);
    if (notes.length) content.push(element("ol", "evidence-notes", ...notes));
    return content;
  }

  /* Footnote `number`, copied from the list at the end of the article. */
  function note(number) {
    const copy = document.getElementById("note-" + number)?.cloneNode(true);
    copy?.removeAttribute("id");
    return copy;
  }

  const citations = () => all("a.cite[data-target]", chat);

  function count() {
    const links = citations();
    const at = links.indexOf(active);
    first("#position").textContent = !links.length ? "no citations" : at < 0 ? `${links.length} cited` : `${at + 1} of ${links.length}`;
    first("#previous").disabled = first("#next").disabled = !links.length;
  }

  function step(by, options) {
    const links = citations();
    if (!links.length) return;
    const at = links.indexOf(active);
    const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : (at + by + links.length) % links.length];
    follow(next, options);
    next.scrollIntoView({ block: "nearest" });
  }

  /* ---- the small card: a footnote at its marker, a sentence at its chip ---- */

  let carded = null; // the link that the card stands at
  let cardedTop = 0; // and where that link was on the screen

  function showCard(link, content, role) {
    hideCard();
    carded = link;
    card.setAttribute("role", role);
    card.className = role;
    if (role === "dialog") card.setAttribute("aria-label", link.getAttribute("aria-label"));
    else card.removeAttribute("aria-label");
    card.replaceChildren(...content);
    card.hidden = false;
    const at = link.getBoundingClientRect();
    const size = card.getBoundingClientRect();
    cardedTop = at.top;
    const below = at.bottom + 6 + size.height < innerHeight;
    card.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8))}px`;
    card.style.top = `${Math.max(8, below ? at.bottom + 6 : at.top - size.height - 6)}px`;
    if (role === "tooltip") link.setAttribute("aria-describedby", "card");
    else link.setAttribute("aria-expanded", "true");
  }

  function hideCard() {
    if (card.contains(document.activeElement)) carded?.focus({ preventScroll: true });
    carded?.removeAttribute("aria-describedby");
    carded?.removeAttribute("aria-expanded");
    carded = null;
    card.hidden = true;
  }

  function noteCard(link, { focus }) {
    const number = link.hash.split("-")[1];
    const found = note(number);
    if (!found) return;
    const sentence = document.getElementById(link.dataset.sentence || "");
    const marks = JSON.parse(sentence?.dataset.marks || "[]");
    const content = [element("div", "note", ...found.childNodes)];
    for (const label of marks) content.push(element("p", "evidence-marks", "Its sentence is marked: ", element("bdi", "trust-mark", label)));
    content.push(button("Close", () => (hideCard(), link.focus()), "plain"));
    showCard(link, content, "dialog");
    if (focus) first("a, button", card).focus();
  }

  function preview(event) {
    const link = event.target instanceof Element && event.target.closest("a.cite[data-preview]");
    if (link && carded !== link) showCard(link, [element("bdi", "", link.dataset.preview)], "tooltip");
    else if (!link && card.className === "tooltip" && !card.contains(event.target)) hideCard();
  }

  document.addEventListener("pointerover", preview);
  document.addEventListener("focusin", preview);
  for (const pane of [reader, chat]) {
    // The report of a scroll that ended before the card was shown comes after it: only a link that moved counts.
    const moved = () => carded && Math.abs(carded.getBoundingClientRect().top - cardedTop) > 2;
    pane.addEventListener("scroll", () => moved() && hideCard(), { passive: true });
  }

  /* ---- text selected in an answer: found in the article ---- */

  let selected = null; // { words, link: to the sentence that they were selected from }

  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    const words = String(selection).trim();
    const from = selection.rangeCount && words.length > 1 ? selection.getRangeAt(0) : null;
    const inside = from && chat.contains(from.commonAncestorContainer) && !from.collapsed;
    if (!inside) {
      finder.hidden = true;
      return;
    }
    const origin = from.startContainer.parentElement.closest("blockquote, li, .turn");
    selected = { words, link: first("a[data-target]", origin || chat) };
    const at = from.getBoundingClientRect();
    finder.hidden = false;
    finder.style.left = `${Math.max(8, Math.min(at.left, innerWidth - finder.offsetWidth - 8))}px`;
    finder.style.top = `${Math.min(at.bottom + 6, innerHeight - finder.offsetHeight - 8)}px`;
  });

  finder.addEventListener("pointerdown", (event) => event.preventDefault()); // the selection stays
  finder.addEventListener("click", () => {
    finder.hidden = true;
    if (selected) find(selected.words, selected.link);
  });

  /* The article's text in small letters with every blank one space, and where each letter stands. */
  function flatten() {
    const letters = [];
    const places = [];
    for (const node of textNodes(first(".article", reader))) {
      for (let i = 0; i < node.data.length; i += 1) {
        const letter = /\s/.test(node.data[i]) ? " " : node.data[i];
        if (letter === " " && letters[letters.length - 1] === " ") continue;
        const small = letter.toLowerCase();
        letters.push(small.length === 1 ? small : letter);
        places.push([node, i]);
      }
    }
    return { text: letters.join(""), places };
  }

  async function find(words, link) {
    if (link && !(await openOf(link))) return;
    const within = (link?.dataset.target || "").split(" ");
    flat = flat || flatten();
    const wanted = words.replace(/\[\d+\]/g, " ").replace(/\s+/g, " ").trim();
    const small = [...wanted].map((c) => (c.toLowerCase().length === c.length ? c.toLowerCase() : c)).join("");
    const ranges = [];
    for (let at = flat.text.indexOf(small); small && at >= 0 && ranges.length < 500; at = flat.text.indexOf(small, at + small.length)) {
      const range = new Range();
      range.setStart(...flat.places[at]);
      const [node, unit] = flat.places[at + small.length - 1];
      range.setEnd(node, unit + 1);
      ranges.push(range);
    }
    clear();
    show("article");
    const quoted = element("bdi", "", `“${cut(wanted, 80)}”`);
    if (!ranges.length) {
      const bar = element("div", "evidence-bar", element("h3", "", quoted, " is not in this article"), closing(link));
      return evidence.replaceChildren(bar);
    }
    const own = ranges.findIndex((range) => within.includes(range.startContainer.parentElement.closest(".sentence")?.id));
    let at = Math.max(own, 0);
    const heading = element("h3", "");
    const go = (by) => {
      at = (at + by + ranges.length) % ranges.length;
      heading.replaceChildren(quoted, ranges.length > 1 ? ` stands ${ranges.length} times in the article; this is ${at + 1}` : " stands once in the article");
      mark("short-answer", [ranges[at]]);
      bringIntoView(ranges[at], ranges[at]);
    };
    const bar = element("div", "evidence-bar", heading);
    if (ranges.length > 1) bar.append(button("Previous place", () => go(-1), "plain"), button("Next place", () => go(1), "plain"));
    bar.append(closing(link));
    evidence.replaceChildren(bar);
    mark("found", ranges);
    go(0);
  }

  /* ---- what is kept: one record for each conversation, in this browser ---- */

  const openStore = () => new Promise((done, failed) => {
    const request = indexedDB.open("footnote", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("conversations", { keyPath: "id" });
    request.onsuccess = () => {
      request.result.onclose = () => (opened = null); // the browser closes it, where its data are cleared
      done(request.result);
    };
    request.onerror = () => failed(request.error);
  });
  let opened = openStore();
  const unkept = opened.then(() => "", () => "This browser blocks storage, so conversations are lost when the page is closed.");

  let tab = null; // what this tab remembers over a reload
  try {
    tab = sessionStorage;
  } catch {
    // The browser keeps nothing for this page: the tab remembers nothing either.
  }

  async function kept(mode, work) {
    const transaction = (await (opened ??= openStore())).transaction("conversations", mode);
    const request = work(transaction.objectStore("conversations"));
    await new Promise((done, failed) => {
      transaction.oncomplete = done;
      transaction.onabort = () => failed(transaction.error); // while a request's own error is told it has none yet
    });
    return request.result;
  }

  const FULL = "This browser's storage is full: delete a conversation to keep new ones.";

  /* Reads, edits and writes in one transaction, so that two tabs never lose each other's messages. */
  function edit(id, change) {
    const write = kept("readwrite", (store) => {
      const request = store.get(id);
      request.onsuccess = () => {
        const changed = change(request.result);
        if (changed) store.put(changed);
      };
      return request;
    });
    return write.catch(async (error) => {
      if (await unkept) return; // that has been said
      const full = error?.name === "QuotaExceededError";
      (talks.open ? talksSay : say)(full ? FULL : "This could not be kept: save the conversation as Markdown.");
    });
  }

  /* ---- the conversation ---- */

  const newId = () => crypto.getRandomValues(new Uint32Array(3)).reduce((id, n) => id + n.toString(36), "");
  const oneLine = (words) => words.replace(/\s+/g, " ").trim();

  let talk = { id: newId(), title: "", place, turns: [] };

  /* Said beside the question and beside the article: in a narrow window only one of them is seen. */
  function say(message) {
    for (const line of all("#panes .notice")) line.textContent = message || "";
  }

  function begin(conversation = null) {
    talk = conversation || { id: newId(), title: "", place, turns: [] };
    chat.setAttribute("aria-live", "off"); // what was said before is no news
    chat.replaceChildren();
    if (talk.turns.length) talk.turns.forEach((turn) => chat.append(turnNode(turn)));
    else welcome();
    if (waiting?.into.id === talk.id) {
      waiting.into = talk;
      chat.append(waiting.pending);
    }
    clear();
    say("");
    title();
    tab?.setItem("conversation", talk.id);
    const last = chat.lastElementChild;
    if (last) chat.scrollTop = last.offsetTop - chat.offsetTop;
    nextFrame().then(() => chat.setAttribute("aria-live", "polite"));
  }

  function title() {
    first("#conversation-title").textContent = talk.title;
  }

  function welcome() {
    const shown = first("#welcome").content.cloneNode(true);
    first(".subject", shown).textContent = first("#article-title").textContent;
    first(".starters", shown).replaceChildren(nodes(starters));
    chat.replaceChildren(shown);
    offer();
  }

  function turnNode(turn) {
    const shown = nodes(turn.html).firstElementChild;
    shown.dataset.message = turn.id;
    showVerdict(shown, turn);
    return shown;
  }

  function showVerdict(shown, turn) {
    for (const act of ["up", "down"]) {
      first(`[data-act=${act}]`, shown)?.setAttribute("aria-pressed", String(turn.verdict?.value === act));
    }
    const before = first(".correction", shown);
    const focused = before?.contains(document.activeElement);
    before?.remove();
    if (turn.verdict?.value === "down") first(".actions", shown).after(correction(turn));
    if (focused) first(".correction [aria-pressed=true]", shown).focus();
  }

  /* What would have been right: only then is a wrong answer a question to evaluate with. */
  function correction(turn) {
    if (!turn.record.answers.length) return element("p", "correction", "Noted: the article does answer this.");
    const choices = turn.record.answers.slice(1).map((candidate, i) => [candidate.answer, i + 1]);
    choices.push(["The article does not say", "none"], ["Something else", "unknown"]);
    const group = element("p", "correction", "Right would be: ");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", "What would be right");
    for (const [label, right] of choices) {
      const choice = button(cut(label, 60), () => judge(turn.id, { value: "down", right }));
      choice.setAttribute("aria-pressed", String((turn.verdict.right ?? "unknown") === right));
      group.append(choice);
    }
    return group;
  }

  async function judge(id, verdict) {
    const turn = talk.turns.find((t) => t.id === id);
    turn.verdict = verdict.value ? { ...verdict, at: new Date().toISOString() } : null;
    showVerdict(first(`[data-message="${id}"]`, chat), turn);
    await edit(talk.id, (stored) => {
      const same = stored?.turns.find((t) => t.id === id);
      if (same) same.verdict = turn.verdict;
      return stored;
    });
  }

  /* ---- asking: through the event of Gradio's question box ---- */

  const PULSE = 2000; // milliseconds between looks at whether the program is still there
  let starting = true; // until the article and the conversation that the page was opened with are there
  let waiting = null; // what is being answered

  /* Until the answer is there nothing else can be asked, and what asks shows it. */
  function offer() {
    for (const asks of all("#question .submit-button, .starter")) asks.setAttribute("aria-disabled", String(Boolean(starting || waiting)));
  }

  const probe = () => fetch("script.js", { method: "HEAD", cache: "no-store" });

  /* What the box holds, told to Gradio as if it had been typed. */
  function fill(words) {
    box.value = words;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /* Asks as if it had been typed and sent. */
  function ask(question) {
    if (starting || waiting) return;
    fill(question);
    first("#question .submit-button").click();
  }

  /* Gradio's event begins: shows that the question is being read, and gives what is sent. */
  function asked(typed) {
    const start = performance.now();
    say("");
    const question = typed.trim();
    // A conversation is about one article or export: where its own is gone, another is open beside it.
    if (question && book(talk.place) !== book(place)) begin();
    const pending = element("section", "turn", element("h2", "question", element("bdi", "", cut(question, 400))));
    pending.dataset.state = "pending";
    pending.append(element("p", "pending", "Reading the article…"));
    if (question) {
      if (!talk.turns.length) chat.replaceChildren();
      chat.append(pending);
      chat.scrollTop = pending.offsetTop - chat.offsetTop;
    }
    fill("");
    tab?.removeItem("draft");
    const id = newId();
    const before = talk.turns.filter((turn) => book(turn.place) === book(place)).at(-1)?.standalone ?? null;
    // Another conversation or article may be opened while this is answered.
    waiting = { id, start, typed, question, pending, into: talk, place, about: first("#article-title").textContent };
    offer();
    // Gradio waits for a program that is gone, and goes on waiting: the reader is told.
    const gone = () => waiting?.id === id && answered(null);
    waiting.pulse = setInterval(() => probe().catch(gone), PULSE);
    return [typed, { id, place, before }];
  }

  /* Gradio's event has ended; a reply that does not belong to the question means that none came. */
  async function answered(reply) {
    if (!waiting) return;
    clearInterval(waiting.pulse);
    const { id, start, typed, question, pending, into, about, dropped, ...at } = waiting;
    waiting = null;
    offer();
    if (dropped) return;
    try {
      if (reply?.id !== id) throw new Error(SILENT);
      const { error, ...got } = JSON.parse(JSON.stringify(reply)); // Gradio watches its own; what is kept is plain
      if (error) throw new Error(error);
      const turn = { ...got, at: new Date().toISOString(), question, place: at.place };
      keep(into, turn, about);
      if (into !== talk) return;
      const shown = turnNode(turn);
      pending.replaceWith(shown);
      title();
      clear();
      const cite = first("a.cite[data-target]", shown);
      // An article that the reader chose meanwhile goes before.
      if (cite && !narrow.matches && !reader.hasAttribute("aria-busy")) await follow(cite);
      measure("footnote:answer", start);
    } catch (error) {
      pending.remove();
      if (!chat.firstElementChild) welcome();
      if (!box.value) fill(typed);
      say(error.message);
      if (error.message === SILENT) awaitProgram();
    }
  }

  let awaited = null;

  /* Gradio's session ends with its program: once one answers here again, the page begins anew, by Gradio's doing or
     by this; what was typed is kept for its box. */
  function awaitProgram() {
    tab?.setItem("draft", box.value);
    box.addEventListener("input", () => tab?.setItem("draft", box.value));
    awaited ??= setInterval(async () => {
      const back = await probe().then((r) => r.ok, () => false);
      if (back && !waiting) location.reload();
    }, PULSE);
  }

  /* Until the answer is there, nothing else can be sent. Enter pressed twice may come after it, to a box that it has
     emptied: only where nothing was asked yet does an empty box get a word. */
  const spent = () => starting || waiting || (!box.value && talk.turns.length);
  for (const kind of ["keydown", "click"]) {
    first("#question").addEventListener(kind, (event) => {
      if (!spent() || !(event.key === "Enter" || event.target.closest(".submit-button"))) return;
      event.preventDefault();
      event.stopPropagation();
    }, true);
  }

  Object.assign(first("#chat"), { role: "region", ariaLabel: "Questions and answers" });
  window.footnote = { asked, answered };

  function keep(into, turn, about) {
    into.turns.push(turn);
    into.title = into.title || oneLine(turn.question).slice(0, 120);
    edit(into.id, (stored) => {
      const record = stored || { id: into.id, title: into.title, turns: [], created: turn.at };
      record.turns.push(turn);
      return { ...record, place: turn.place, about, updated: turn.at };
    });
  }

  /* ---- taking away: the clipboard, files, links ---- */

  /* `more` is what else is to be said of it, or a promise of that: only in the click itself may a page copy. */
  async function copy(words, done, more = "") {
    try {
      await navigator.clipboard.writeText(words);
      done.textContent = "Copied" + (await more);
    } catch {
      done.textContent = "The browser did not allow copying";
    }
    setTimeout(() => (done.textContent = ""), 2500 + 60 * done.textContent.length);
  }

  function save(name, kind, words) {
    const link = element("a", "");
    link.href = URL.createObjectURL(new Blob([words], { type: kind }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  const fileName = (words) => words.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").slice(0, 60) || "footnote";
  const linkTo = (at, question) => `${location.origin}${location.pathname}?article=${at}${question ? `&q=${encodeURIComponent(question)}` : ""}`;

  /* Says it where a link to the article at `of` leads nobody else to it. */
  async function reach(of) {
    const own = (await call("articles").catch(() => [])).find((entry) => entry.id === book(of) && entry.yours);
    return own && !own.shared ? "; only this browser can open it until you share the article (Articles → Share)" : "";
  }

  /* As `escaped` of page/export.py, in a heading: nothing there is read as the number of a list. */
  const escaped = (words) => oneLine(words).replace(/([\\`*_{}[\]<>#|~$&!+-])/g, "\\$1");
  const talkMarkdown = () => `## ${escaped(talk.title)}\n\n${talk.turns.map((turn) => turn.markdown).join("\n")}`;

  /* The verdicts on one article, in the format of `eval/sets`: a line for each question whose right answer is known. */
  async function verdictLines() {
    const sha = first(".article", reader).dataset.sha;
    const stored = await kept("readonly", (store) => store.getAll()).catch(() => [talk]);
    const turns = stored.flatMap((conversation) => conversation.turns);
    const judged = turns.filter((turn) => turn.verdict && turn.record.article?.sha256 === sha);
    const lines = [];
    for (const { id, record, verdict } of judged) {
      const right = verdict.value === "up" ? (record.answers.length ? 0 : "none") : verdict.right;
      if (right === undefined || right === "unknown") continue;
      const gold = right === "none" ? [] : [record.answers[right]];
      lines.push(JSON.stringify({
        id: `verdict-${id}`, question: record.question, kind: "verdict", split: "dev",
        answers: gold.map((g) => g.answer), sentences: gold.map((g) => g.sentence),
        article: record.article, settings: record.settings, verdict: verdict.value, at: verdict.at,
      }));
    }
    return { lines, left: judged.length - lines.length };
  }

  chat.addEventListener("click", (event) => {
    const act = event.target.closest?.("[data-act]");
    if (act) {
      const turn = talk.turns.find((t) => t.id === act.closest(".turn").dataset.message);
      const done = first(".done", act.parentElement);
      if (act.dataset.act === "copy") copy(turn.markdown, done);
      else if (act.dataset.act === "link") copy(linkTo(turn.place, turn.standalone), done, reach(turn.place));
      else judge(turn.id, { value: turn.verdict?.value === act.dataset.act ? null : act.dataset.act });
    }
    const starter = event.target.closest?.(".starter");
    if (starter) ask(starter.textContent);
  });

  /* ---- dialogs: conversations and articles ---- */

  const talks = first("#conversations");
  const shelf = first("#articles");

  const talksSay = (message) => (first(".notice", talks).textContent = message);
  const shelfSays = (message) => (first(".notice", shelf).textContent = message);

  /* A button that wants to be pressed twice, and acts once. A double click is one press, a key that is held is one too. */
  function twice(label, action) {
    const made = button(label, (event) => {
      if (event.detail > 1 || made.getAttribute("aria-disabled")) return;
      if (made.textContent === label) {
        made.textContent = "Really delete?";
        setTimeout(() => (made.textContent = label), 4000);
      } else {
        made.setAttribute("aria-disabled", "true"); // `disabled` would lose the focus
        action();
      }
    });
    made.addEventListener("keydown", (event) => event.repeat && event.preventDefault());
    return made;
  }

  /* Puts a list in the place of the one before. The focus stays where it was in its row; the heading has it where that
     row is gone. What is done to a row is described by its name. */
  function relist(dialog, items) {
    for (const item of items.filter((made) => made.dataset.of)) {
      first(".name", item).id = `name-${item.dataset.of}`;
      for (const act of all("button:not(.open)", item)) act.setAttribute("aria-describedby", `name-${item.dataset.of}`);
    }
    const row = document.activeElement.closest(".entries li");
    const at = row ? [...row.children].indexOf(document.activeElement) : -1;
    first(".entries", dialog).replaceChildren(...items);
    if (!row) return;
    const same = items.find((item) => item.dataset.of === row.dataset.of)?.children[at];
    if (same) same.focus();
    else focusOn(first("h2", dialog));
  }

  async function listTalks() {
    const stored = (await kept("readonly", (store) => store.getAll()).catch(() => [])).sort((a, b) => (a.updated < b.updated ? 1 : -1));
    const items = stored.map((conversation) => {
      const open = button("", () => reopen(conversation), "open");
      open.append(element("bdi", "name", conversation.title), element("span", "about", `${conversation.about} · ${new Date(conversation.updated).toLocaleDateString()}`));
      if (conversation.id === talk.id) open.setAttribute("aria-current", "true");
      const item = element("li", "", open);
      item.dataset.of = conversation.id;
      item.append(
        button("Rename", () => rename(item, conversation)),
        twice("Delete", () => forget(conversation)),
      );
      return item;
    });
    relist(talks, items.length ? items : [element("li", "hint", "None yet.")]);
    first(".subject", talks).textContent = cut(first("#article-title").textContent, 60);
    for (const action of all("[data-do]", talks)) action.disabled = action.dataset.do !== "verdicts" && !talk.turns.length;
  }

  async function forget(conversation) {
    // An answer that it waits for would bring it back.
    const pending = waiting?.into.id === conversation.id ? waiting : {};
    pending.dropped = true;
    try {
      await kept("readwrite", (store) => store.delete(conversation.id));
      if (conversation.id === talk.id) begin();
    } catch {
      pending.dropped = false;
      talksSay("It could not be deleted: reload the page, and try again.");
    }
    listTalks();
  }

  function rename(item, conversation) {
    const field = element("input", "");
    field.value = conversation.title;
    field.maxLength = 120;
    field.setAttribute("aria-label", "Name of the conversation");
    const done = async () => {
      const name = oneLine(field.value) || conversation.title;
      await edit(conversation.id, (stored) => stored && { ...stored, title: name });
      if (conversation.id === talk.id) {
        talk.title = name;
        title();
      }
      listTalks();
    };
    field.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Enter") done();
      if (event.key === "Escape") {
        event.preventDefault(); // it would close the dialog
        listTalks();
      }
    });
    item.firstElementChild.replaceWith(field);
    item.children[1].replaceWith(button("Save name", done));
    field.focus();
    field.select();
  }

  async function reopen(conversation) {
    talks.close();
    let problem = "";
    try {
      if (!(await openArticle(conversation.place))) return;
    } catch (error) {
      problem = error.message;
    }
    // Read again: an answer may have come since it was listed.
    const stored = await kept("readonly", (store) => store.get(conversation.id)).catch(() => null);
    begin(stored || conversation);
    say(problem);
  }

  talks.addEventListener("click", async (event) => {
    const action = event.target.closest("[data-do]")?.dataset.do;
    const done = first(".done", talks);
    if (action === "copy") copy(talkMarkdown(), done);
    if (action === "save") save(`${fileName(talk.title)}.md`, "text/markdown", talkMarkdown());
    if (action === "verdicts") {
      const { lines, left } = await verdictLines();
      if (lines.length) save(`${fileName(first("#article-title").textContent)}-verdicts.jsonl`, "application/jsonl", lines.join("\n") + "\n");
      done.textContent = `${lines.length} saved` + (left ? `; ${left} marked wrong without a right answer left out` : "");
    }
  });

  async function listArticles() {
    const entries = await call("articles").catch((error) => (shelfSays(error.message), []));
    const items = entries.flatMap((entry) => {
      const own = entry.titles.map((name, i) => {
        const at = `${entry.id}/${i}`;
        const open = button("", () => choose(at), "open");
        open.append(element("bdi", "name", name), element("span", "about", entry.yours ? entry.name : "comes with this page"));
        if (at === place) open.setAttribute("aria-current", "true");
        const item = element("li", "", open);
        item.dataset.of = at;
        return item;
      });
      if (entry.yours) {
        const whole = own.length > 1 ? ` all ${own.length} articles of this file` : "";
        own[0].append(
          button((entry.shared ? "Stop sharing" : "Share") + whole, async () => {
            await call(`articles/${entry.id}`, json("PATCH", { shared: !entry.shared })).catch((error) => shelfSays(error.message));
            listArticles();
          }),
          twice("Delete" + whole, () => remove(entry)),
        );
        if (entry.shared) {
          const done = element("span", "done", "");
          done.setAttribute("role", "status");
          own[0].append(button("Copy link", () => copy(linkTo(`${entry.id}/0`), done)), done);
        }
      }
      return own;
    });
    relist(shelf, items);
  }

  async function remove(entry) {
    try {
      await call(`articles/${entry.id}`, { method: "DELETE" });
      if (book(place) === entry.id && (await openArticle(""))) begin();
    } catch (error) {
      shelfSays(error.message);
    }
    listArticles();
  }

  async function choose(at) {
    try {
      if (!(await openArticle(at))) return;
      shelf.close();
      if (talk.turns.length || at !== talk.place || !chat.firstElementChild) begin();
      box.focus();
    } catch (error) {
      shelfSays(error.message);
    }
  }

  /* Sends a file or a title, and tells of each step: first how much was sent, then what the server says it does. */
  function bring(address, body, type = "") {
    const progress = first(".progress", shelf);
    const report = (step, done, total) => {
      first("span", progress).textContent = step;
      const barElement = first("progress", progress);
      if (total > 1) Object.assign(barElement, { max: total, value: done });
      else barElement.removeAttribute("value");
    };
    const used = document.activeElement;
    const allow = (more) => all("#file, #fetch button").forEach((control) => (control.disabled = !more));
    shelfSays("");
    allow(false);
    progress.hidden = false;
    report("Sending", 0, 1);
    const request = new XMLHttpRequest();
    request.open("POST", address);
    if (type) request.setRequestHeader("Content-Type", type);
    request.upload.onprogress = (event) => report("Sending", event.loaded, event.total);
    const last = () => JSON.parse(request.responseText.trim().split("\n").at(-1) || "{}");
    request.onprogress = () => {
      if (!request.responseText.endsWith("\n")) return; // in the middle of a line
      const { stage, done, total } = last();
      if (stage) report(stage, done, total);
    };
    request.onloadend = () => {
      progress.hidden = true;
      allow(true);
      if (shelf.open && document.activeElement === document.body) used.focus(); // it was lost to a disabled control
      let end = {};
      try {
        end = last();
      } catch {
        end = {};
      }
      if (end.entry && shelf.open) choose(`${end.entry.id}/0`);
      else if (end.entry) say(`“${end.entry.titles[0]}” can be opened now.`);
      else (shelf.open ? shelfSays : say)(end.error || "The article did not arrive: is the program still running?");
      listArticles();
    };
    request.send(body);
  }

  first("#file").addEventListener("change", (event) => {
    const file = event.target.files[0];
    if (file) bring(`articles?name=${encodeURIComponent(file.name)}`, file);
    event.target.value = "";
  });
  first("#bring").addEventListener("submit", (event) => event.preventDefault());
  first("#fetch").addEventListener("submit", (event) => {
    event.preventDefault();
    bring("articles/fetch", JSON.stringify({ title: first("#wanted").value }), "application/json");
  });
  if (shelf.dataset.wiki) {
    first("#fetch").hidden = false;
    first("#wiki").textContent = shelf.dataset.wiki;
  }

  /* Listed before it is shown: what is pressed in a list of before would be gone when the new one comes. */
  async function openDialog(dialog, list) {
    await list();
    if (!dialog.open) dialog.showModal();
  }
  first("#open-conversations").addEventListener("click", () => (talksSay(""), openDialog(talks, listTalks)));
  first("#open-articles").addEventListener("click", () => (shelfSays(""), openDialog(shelf, listArticles)));
  first("#new-conversation").addEventListener("click", () => (begin(), box.focus()));
  first("#previous").addEventListener("click", () => step(-1, { focus: false }));
  first("#next").addEventListener("click", () => step(1, { focus: false }));
  for (const dialog of [talks, shelf]) {
    const isBeside = (event) => {
      const { left, right, top, bottom } = dialog.getBoundingClientRect();
      return event.clientX < left || event.clientX > right || event.clientY < top || event.clientY > bottom;
    };
    let pressed = false; // beside it: text that is selected may be let go there
    dialog.addEventListener("pointerdown", (event) => (pressed = isBeside(event)));
    dialog.addEventListener("click", (event) => {
      const beside = event.target === dialog && pressed && isBeside(event);
      if (beside || event.target.closest(".close")) dialog.close();
    });
  }

  /* ---- views, links, keys ---- */

  function show(view) {
    document.body.dataset.view = view;
    for (const tab of all(".views button")) tab.setAttribute("aria-pressed", String(tab.dataset.view === view));
  }

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    const link = target.closest("a[href^='#']");
    const tab = target.closest(".views button");
    if (!card.hidden && !card.contains(target) && link !== carded) hideCard();
    if (tab) show(tab.dataset.view);
    if (!link) return;
    event.preventDefault();
    if (link.classList.contains("skip")) {
      show("chat");
      box.focus();
    } else if (link.classList.contains("note-link")) noteCard(link, { focus: event.detail === 0 });
    else if (link.dataset.target) follow(link, { start: event.timeStamp, focus: narrow.matches || event.detail === 0 });
    else {
      const heading = document.getElementById(link.hash.slice(1));
      if (!heading) return;
      bringIntoView(heading);
      focusOn(heading);
    }
  });

  document.addEventListener("keydown", (event) => {
    const steps = event.key === "[" || event.key === "]"; // on some keyboards they are typed with Option
    if (event.ctrlKey || event.metaKey || (event.altKey && !steps) || event.isComposing || first("dialog[open]")) return;
    const field = event.target instanceof Element && event.target.closest("input, textarea");
    const typing = field && field.value !== ""; // the keys also work from an empty question box
    if (event.key === "Escape") {
      const inside = reader.contains(document.activeElement);
      const link = card.hidden ? inside && active : card.className === "dialog" && carded;
      if (card.hidden) clear();
      else hideCard();
      field?.blur();
      // The focus goes back to where the reader came from, without the preview that it would bring.
      if (link && chat.contains(link)) show("chat");
      if (link) link.focus();
      if (link) hideCard();
    } else if (!field && event.key === "/") {
      event.preventDefault();
      show("chat");
      box.focus();
    } else if (!typing && steps) {
      event.preventDefault();
      step(event.key === "[" ? -1 : 1);
    }
  });

  /* ---- the start: the conversation of this tab, or the question of a link ---- */

  async function start() {
    const link = new URLSearchParams(location.search);
    const [at, question] = [link.get("article"), link.get("q")];
    const slow = setTimeout(() => (document.body.dataset.slow = "true"), SLOW); // who waits is told, and can see it
    let problem = "";
    let wanted = true; // until the reader, who sees the page meanwhile, chooses another article
    offer();
    try {
      if (at) wanted = await openArticle(at).catch((error) => (problem = error.message));
      const id = tab?.getItem("conversation");
      const stored = id && !question ? await kept("readonly", (store) => store.get(id)).catch(() => null) : null;
      if (wanted) begin(stored && book(stored.place) === book(place) ? stored : null);
    } finally {
      clearTimeout(slow);
      starting = false;
      offer();
      document.body.dataset.ready = "true"; // whatever went wrong: without it nothing is shown
    }
    if (problem) say(problem);
    unkept.then((message) => message && say(`${notice.textContent} ${message}`.trim()));
    const draft = problem && question ? question : tab?.getItem("draft");
    if (draft && !box.value) fill(draft);
    if (!narrow.matches && document.activeElement === document.body) box.focus();
    if (question && wanted && !problem) {
      history.replaceState(null, "", `?article=${place}`); // asked once, not at every reload
      ask(question);
    }
  }
  start();
})();
