/* Follows citations on the page itself, without the server: marks the cited sentence in the article,
   scrolls to it, and shows its footnotes. Everything is built with DOM calls, never from strings.

   A link that can be followed has data-target (ids of sentences) and may have data-short (code points
   of the exact answer in the article's text) and data-live (address in the live article).
   Keys: "/" question box, "[" and "]" previous and next citation, Escape clears. */
(() => {
  "use strict";

  const narrow = matchMedia("(max-width: 860px)");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const first = (selector) => document.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];
  let hint = null; // what the card says while nothing is cited
  let active = null; // the link that was followed last

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  /* ---- the article: marks and scrolling ---- */

  function clear() {
    for (const name of ["cited", "cited-paragraph", "followed"]) {
      for (const marked of all("." + name)) marked.classList.remove(name);
    }
    if (active) active.removeAttribute("aria-current");
    active = null;
    if (window.CSS && CSS.highlights) CSS.highlights.delete("short-answer");
    const card = first(".evidence");
    if (card && hint) card.replaceChildren(...hint.map((node) => node.cloneNode(true)));
  }

  function follow(link, { focus = false } = {}) {
    const sentences = (link.dataset.target || "").split(" ").map((id) => document.getElementById(id)).filter(Boolean);
    if (!sentences.length) return false;
    const card = first(".evidence");
    hint = hint || [...card.childNodes].map((node) => node.cloneNode(true));
    clear();
    active = link;
    link.classList.add("followed");
    link.setAttribute("aria-current", "true");
    for (const sentence of sentences) {
      sentence.classList.add("cited");
      if (sentence.parentElement.id.startsWith("para-")) sentence.parentElement.classList.add("cited-paragraph");
    }
    markShort(sentences, link.dataset.short);
    show("article");
    fill(card, link, sentences);
    scrollTo(sentences[0]);
    if (focus || narrow.matches) {
      sentences[0].tabIndex = -1;
      sentences[0].focus({ preventScroll: true });
    }
    return true;
  }

  /* The range of the exact answer, counted in code points over the sentence's text without its markers. */
  function markShort(sentences, span) {
    if (!span || !window.Highlight || !CSS.highlights) return;
    const [from, to] = span.split(" ").map(Number);
    for (const sentence of sentences) {
      let at = Number(sentence.id.split("-")[1]);
      const range = new Range();
      let begun = false;
      const walker = document.createTreeWalker(sentence, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (node.parentElement.closest(".marker")) continue;
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
            CSS.highlights.set("short-answer", new Highlight(range));
            return;
          }
        }
      }
    }
  }

  function scrollTo(target) {
    const pane = target.closest(".reader-scroll");
    const room = pane.clientHeight;
    const box = target.getBoundingClientRect();
    const above = Math.max((room - box.height) / 3, 24);
    const top = pane.scrollTop + box.top - pane.getBoundingClientRect().top - above;
    pane.scrollTo({ top, behavior: calm.matches ? "auto" : "smooth" });
  }

  /* ---- the card: the footnotes of the cited sentence ---- */

  function fill(card, link, sentences) {
    const numbers = [...new Set(sentences.flatMap((s) => (s.dataset.notes || "").split(" ").filter(Boolean)))];
    const marks = [...new Set(sentences.flatMap((s) => JSON.parse(s.dataset.marks || "[]")))];
    const these = sentences.length > 1 ? "these sentences" : "this sentence";

    const bar = element("div", "evidence-bar");
    bar.append(element("h3", "", numbers.length ? `Footnotes of ${these}` : `No footnote on ${these}`));
    if (link.dataset.live) {
      const live = element("a", "outside", "Live article");
      live.href = link.dataset.live;
      live.target = "_blank";
      live.rel = "noopener noreferrer nofollow";
      bar.append(live);
    }
    const back = element("button", "evidence-close");
    back.type = "button";
    back.append(element("span", "wide-only", "Clear"), element("span", "narrow-only", "Back to the answer"));
    bar.append(back);

    const content = [bar];
    if (marks.length) {
      const line = element("p", "evidence-marks", "Marked by editors: ");
      marks.forEach((mark, i) => line.append(i ? ", " : "", element("bdi", "trust-mark", mark)));
      content.push(line);
    }
    if (numbers.length) {
      const list = element("ol", "evidence-notes");
      for (const number of numbers) {
        const note = document.getElementById("note-" + number);
        if (!note) continue;
        const copy = note.cloneNode(true);
        copy.removeAttribute("id");
        list.append(copy);
      }
      content.push(list);
    }
    card.replaceChildren(...content);
    card.scrollTop = 0;
  }

  /* ---- views, keys, clicks ---- */

  function show(view) {
    document.body.dataset.view = view;
    for (const button of all(".views button")) button.setAttribute("aria-pressed", String(button.dataset.view === view));
  }

  function step(by) {
    const links = all("#conversation a.cite[data-target]");
    if (!links.length) return;
    const at = links.indexOf(active);
    const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : (at + by + links.length) % links.length;
    follow(links[next]);
    links[next].scrollIntoView({ block: "nearest" });
  }

  document.addEventListener(
    "click",
    (event) => {
      const target = event.target instanceof Element ? event.target : null;
      if (!target) return;
      const link = target.closest("a[href^='#']");
      if (link && link.closest("#conversation, #reader")) {
        // Never let the browser follow "#…": with a query string it would load the page anew.
        event.preventDefault();
        const place = document.getElementById(link.hash.slice(1));
        if (!follow(link) && place) scrollTo(place);
        return;
      }
      const view = target.closest(".views button");
      if (view) show(view.dataset.view);
      if (target.closest(".evidence-close")) {
        const link = active;
        clear();
        if (narrow.matches) {
          show("chat");
          if (link) link.focus();
        }
      }
    },
    true,
  );

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const box = event.target instanceof Element && event.target.closest("input, textarea, [contenteditable]");
    const typing = box && box.value !== ""; // the keys also work from an empty question box
    if (event.key === "Escape") {
      clear();
      if (box) box.blur();
    } else if (!box && event.key === "/") {
      event.preventDefault();
      show("chat");
      first("#question textarea, #question input")?.focus();
    } else if (!typing && (event.key === "[" || event.key === "]")) {
      event.preventDefault();
      step(event.key === "[" ? -1 : 1);
    }
  });

  /* ---- a new answer: bring it into view, and on a wide screen show its first sentence in the article ---- */

  let seen = 0;

  function noticeTurns() {
    const turns = all("#conversation .turn:not([data-state=pending])");
    if (active && !active.isConnected) clear();
    else if (active) active.classList.add("followed");
    if (turns.length > seen) {
      const turn = turns[turns.length - 1];
      const pane = turn.closest(".turns");
      pane.scrollTop += turn.getBoundingClientRect().top - pane.getBoundingClientRect().top - 12;
      const cite = turn.querySelector("a.cite[data-target]");
      if (cite && !narrow.matches) follow(cite);
      else if (turn.dataset.state === "abstained") clear();
    }
    seen = turns.length;
  }

  // Gradio patches the conversation in place, so an answer may arrive as changed text or a changed state alone.
  new MutationObserver(noticeTurns).observe(document.documentElement, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ["data-state"],
  });
})();
