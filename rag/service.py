"""The one composition root: settings in, a working service out. Every door calls this and nothing below it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Lock
from time import perf_counter
from typing import TYPE_CHECKING

from embeddings.static import Origin, StaticEmbedder
from rag.analysis import ChineseAnalyzer
from rag.answer import answer, depth
from rag.answering.extract import ExtractiveGenerator
from rag.bundled import seed_engine
from rag.checks import check_question, check_text
from rag.config import DEFAULT_K, LlmServer, Settings
from rag.errors import StoreError, UsageError
from rag.index.engine import FORMAT_VERSION, EmbeddedEngine, holds_index
from rag.inquiry import inquire
from rag.models import load_embedder, load_reranker
from rag.narrowing import narrowed
from rag.outcomes import Answered, Found, Page, Progress, Report, Status
from rag.protocols import Embedder, Engine, Reranker, Snapshot
from rag.question import Question, understand
from rag.retrieve import Retrieved, Retriever
from rag.types import Answer, Chunk, Document

if TYPE_CHECKING:
    from rag.ingest import Outcome
    from rag.intake.watch import Changes

MAX_PAGE = 1_000


class Service:
    """Questions and changes over one index. Reading methods may be called from several threads; writing is serialised."""

    def __init__(
        self,
        engine: Engine,
        embedder: Embedder,
        *,
        directory: Path,
        bundled: bool,
        writable: bool,
        llm: LlmServer | None = None,
        reranker: Reranker | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        """`today` is the clock by which questions are read (去年)."""
        self._today = today
        self._engine = engine
        self._embedder = embedder
        self._directory = directory
        self._bundled = bundled
        self._writable = writable
        self._llm = llm
        self._retriever = Retriever(embedder, reranker=reranker)
        self._generator = ExtractiveGenerator(embedder)
        self._write = Lock()

    @classmethod
    def open(
        cls,
        settings: Settings,
        *,
        write: bool = False,
        rebuild: bool = False,
        today: Callable[[], date] = date.today,
    ) -> Service:
        """Opens the index that the settings name. With `write`, a named or default directory is made when missing.

        For reading, with no directory named and none at the default place, the bundled seeds are used. With `write` and
        `rebuild` an index made with another model or analyzer is opened as well: call `rebuild()` next. `today` is the clock by which
        questions are read (去年).
        Raises StoreError (named but empty or unreadable), FormatError, MismatchError, ModelError.
        """
        embedder, reranker = load_embedder(settings), load_reranker(settings)
        directory = settings.index_dir
        there = write or holds_index(directory)
        bundled = not there and settings.data_dir is None
        if bundled:
            engine = seed_engine(settings.cache_dir, embedder)
        elif not there:
            raise StoreError(f"there is no index in {str(directory)!r}: make one with `rag --data-dir DIR index PATH…`")
        else:
            analyzer = ChineseAnalyzer()
            engine = EmbeddedEngine.open(directory, embedder=embedder, analyzer=analyzer, write=write, rebuild=rebuild)
        return cls(
            engine,
            embedder,
            directory=directory,
            bundled=bundled,
            writable=write,
            llm=settings.llm,
            reranker=reranker,
            today=today,
        )

    def ask(
        self,
        question: str,
        *,
        k: int = DEFAULT_K,
        place: str | None = None,
        since: str | None = None,
        until: str | None = None,
        history: Sequence[str] = (),
        release: Callable[[str], None] | None = None,
    ) -> Answered:
        """A cited answer or a refusal, worded by the LLM where one is configured: then `release` gets each sentence once it
        is checked. Raises UsageError: empty question, more than 2,000 characters, k outside 1–100, bad date.

        `history` are the earlier questions of a conversation, oldest first, as asked or as answered: a follow-up is made
        self-contained by them, and the answer's `question` says what was understood.
        """
        started = perf_counter()
        check_question(question, k, since, until)
        for earlier in history:
            check_text(earlier)
        asked = _in_context(question, history)
        snapshot = self._engine.snapshot()
        corpus = self._retriever.corpus(snapshot)
        retrieving = 0.0

        def ask(understood: Question) -> Answer:
            nonlocal retrieving
            begun = perf_counter()
            understood = self._retriever.placed(snapshot, understood)
            retrieved = self._retrieve(snapshot, understood, depth(understood, k), place, since, until)
            retrieving += perf_counter() - begun
            return answer(retrieved, corpus.document, corpus.documents, self._generator, corpus.chunks)

        given = inquire(asked, self._today(), ask, corpus.documents)
        timings = {
            "retrieve": round(1000 * retrieving, 3),
            "answer": _milliseconds(started + retrieving, perf_counter()),
        }
        ids = dict.fromkeys([c.document_id for c in given.citations] + [h.chunk.document_id for h in given.nearest])
        documents = {i: corpus.document(i) for i in ids}
        if self._llm is not None:
            # Here, since only an installation with an LLM pays for it at every start.
            from rag.answering.compose import compose

            extracted = perf_counter()
            given = compose(given, documents, self._llm, release)
            timings["llm"] = _milliseconds(extracted, perf_counter())
        given = replace(given, question=asked, timings=timings)
        return Answered(given, documents, self._embedder.name, snapshot.store.generation)

    def search(
        self,
        query: str,
        *,
        k: int = DEFAULT_K,
        place: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> Found:
        """The best k passages. Raises UsageError as `ask` does."""
        check_question(query, k, since, until)
        snapshot = self._engine.snapshot()
        hits = self._retrieve(snapshot, understand(query), k, place, since, until).hits
        document = self._retriever.corpus(snapshot).document
        return Found(query, hits, {i: document(i) for i in dict.fromkeys(hit.chunk.document_id for hit in hits)})

    def documents(self, *, limit: int = 50, offset: int = 0) -> Page:
        """Documents in order of (source, position). Raises UsageError for limit outside 1–1000 or offset below 0."""
        if not 1 <= limit <= MAX_PAGE or offset < 0:
            raise UsageError(f"limit {limit} and offset {offset} are no page: limit is 1–{MAX_PAGE}, offset 0 or more")
        store = self._engine.snapshot().store
        return Page(tuple(store.documents(limit, offset)), store.count())

    def document(self, document_id: str) -> Document:
        """One document. Raises NotFoundError."""
        return self._engine.snapshot().store.document(document_id)

    def chunks(self, document_id: str) -> Sequence[Chunk]:
        """A document's passages in order. Raises NotFoundError."""
        return self._engine.snapshot().store.document_chunks(document_id)

    def index(
        self, paths: Sequence[Path], *, prune: bool = False, progress: Callable[[Progress], None] | None = None
    ) -> Report:
        """Adds or refreshes files and folders. Raises NotFoundError for a path that is not there, StoreError."""
        # Here, since only a run that reads files needs workers and readers.
        from rag.ingest import ingest

        self._require_writable()

        def tell(done: int, total: int, chunks: int) -> None:
            if progress is not None:
                progress(Progress(done, total, chunks))

        with self._write:
            outcome = ingest(paths, self._engine, prune=prune, progress=tell, model=self._static_model())
        return self._report(outcome)

    def index_changes(self, changes: Changes) -> Report:
        """Adds or refreshes the files that changed and takes out the sources that are gone. Raises StoreError."""
        self._require_writable()
        from rag.ingest import ingest_files

        with self._write:
            outcome = ingest_files(changes.files, self._engine, gone=changes.gone, model=self._static_model())
        return self._report(outcome)

    def _report(self, outcome: Outcome) -> Report:
        store = self._engine.snapshot().store
        taken = outcome.added, outcome.refreshed, outcome.unchanged, outcome.folded
        return Report(*taken, outcome.refused, outcome.missing, store.generation, store.count(), store.chunk_count())

    def add(self, source: str, data: bytes) -> tuple[Document, ...]:
        """Takes one file's bytes as `index` takes a file, replacing what had that source, and returns the documents that have it
        then: those of the members of a zip, and of a repost the document that it repeats.

        Raises DocumentError when nothing in it can be read.
        """
        from rag.ingest import ingest_bytes

        self._require_writable()
        with self._write:
            return ingest_bytes(source, data, self._engine, model=self._static_model())

    def _static_model(self) -> Origin | None:
        """Where the model comes from, if worker processes can load it in no time and make the same vectors."""
        return self._embedder.origin if isinstance(self._embedder, StaticEmbedder) else None

    def correct(self, document_id: str, fields: Mapping[str, str | None]) -> Document:
        """The document with these fields set by hand: place, title, published, author, doc_number, issuer. `-` says that
        there is none; None or nothing takes the correction back. It stays through reading, indexing and rebuilding again.

        Raises NotFoundError, and UsageError for a field or value that cannot be; then nothing changes.
        """
        # Here, since a service that only answers corrects nothing.
        from rag.corrections import all_checked

        self._require_writable()
        changes, back = all_checked(fields)
        with self._write:
            self._engine.correct(document_id, changes, back)
        return self.document(document_id)

    def remove(self, document_ids: Sequence[str]) -> None:
        """Removes documents. Raises NotFoundError, then nothing changes. Raises UsageError on the bundled seeds."""
        self._require_writable()
        with self._write:
            self._engine.remove(document_ids)

    def rebuild(self) -> None:
        """Makes the derived indexes anew from the store with the present model and analyzer."""
        self._require_writable()
        with self._write:
            self._engine.rebuild()

    def status(self) -> Status:
        """Counts, generation and fingerprints."""
        store = self._engine.snapshot().store
        return Status(
            data_dir=str(self._directory),
            bundled=self._bundled,
            generation=store.generation,
            documents=store.count(),
            chunks=store.chunk_count(),
            model=self._embedder.name,
            model_fingerprint=self._embedder.fingerprint,
            analyzer_fingerprint=ChineseAnalyzer().fingerprint,
            format_version=FORMAT_VERSION,
            writable=self._writable and os.access(self._directory, os.W_OK),
        )

    def snapshot(self) -> Snapshot:
        """The present generation, as one question sees it: for measuring and learning."""
        return self._engine.snapshot()

    @property
    def embedder(self) -> Embedder:
        """The model of the index."""
        return self._embedder

    @property
    def retriever(self) -> Retriever:
        """What ranks the passages of a snapshot for a question."""
        return self._retriever

    def close(self) -> None:
        """Releases the index."""
        self._engine.close()

    def _require_writable(self) -> None:
        if self._bundled:
            raise UsageError("the bundled seeds cannot be changed: index files of your own first (`rag index PATH…`)")
        if not self._writable:
            raise UsageError("this index is open for reading only")

    def _retrieve(
        self, snapshot: Snapshot, question: Question, k: int, place: str | None, since: str | None, until: str | None
    ) -> Retrieved:
        corpus = self._retriever.corpus(snapshot)
        allowed = narrowed(corpus.documents.values(), place, since, until)
        return self._retriever.search(snapshot, question, k, allowed)


def _in_context(question: str, history: Sequence[str]) -> str:
    if not history:
        return question
    # Here, since its word lists are read for conversations only.
    from rag.conversation.follow_up import follow_up

    return follow_up(history, question)


def _milliseconds(start: float, end: float) -> float:
    return round(1000 * (end - start), 3)
