"""Retrieval: question → ranked passages, with every signal that ranked them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock

from embeddings.protocol import TokenTable
from rag.analysis import fold, is_han, runs, simplified
from rag.coverage import Weighted, weigh
from rag.index.nearness import Nearness
from rag.protocols import Embedder, Reranker, Snapshot, Vector
from rag.question import Question, placed
from rag.ranking.features import Candidate, signals
from rag.ranking.passages import Passage, PassageCache
from rag.ranking.places import MENTIONED, AskedPlace, PlaceIndex, groups, short_name
from rag.ranking.ranker import LinearRanker, weights
from rag.types import Chunk, Document, Hit, Intent, Language

LEXICAL_DEPTH = 60
DENSE_DEPTH = 40
PLACE_DEPTH = 30
CONTEXT_WEIGHT = 0.3
PLACE_WEIGHT = 0.6
MENTION_DEPTH = 20
RANKED = 24
# With what single precision may add to the cosine of unit vectors, and more.
GREATEST_COSINE = 1.001
RERANKED = 20
# Articles of some 5,000 characters: 10 to 20 MB.
REMEMBERED = 1_000
RERANKER_WEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Hits in order with what was understood on the way. `places` are in the order of the question; `passages` maps a
    chunk id to its prepared text; `weighted` holds the content words with their idf weights."""

    question: Question
    hits: tuple[Hit, ...]
    places: tuple[AskedPlace, ...]
    weighted: tuple[Weighted, ...]
    passages: Mapping[int, Passage]

    def answered_by(self, place: AskedPlace, hit: Hit) -> bool:
        """Whether a hit may answer for a place."""
        return answered_by(place, hit, self.passages)

    @property
    def missing(self) -> tuple[AskedPlace, ...]:
        """The places of the question that no document speaks for or names."""
        return tuple(place for place in self.places if not place.held)


@dataclass(frozen=True, slots=True)
class Corpus:
    """What is kept in memory of one generation: its catalogue by id, its places, and the documents that name a place which was
    asked about. `document` and `chunks` read a document with its text and its chunks from the store; the last ones are kept, since
    ranking and answers ask for the same ones again and again."""

    snapshot: Snapshot
    documents: Mapping[str, Document]
    places: PlaceIndex
    document: Callable[[str], Document]
    chunks: Callable[[str], Sequence[Chunk]]
    naming: dict[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, snapshot: Snapshot) -> Corpus:
        """The corpus of a snapshot, with its catalogue read."""
        store, kept = snapshot.store, lru_cache(maxsize=REMEMBERED)
        catalogue = store.catalogue()
        documents = {document.id: document for document in catalogue}
        return cls(snapshot, documents, PlaceIndex(catalogue), kept(store.document), kept(store.document_chunks))


class Retriever:
    """Ranks passages of a snapshot. One may serve several threads."""

    def __init__(
        self,
        embedder: Embedder,
        rankers: Mapping[str, LinearRanker] | None = None,
        *,
        reranker: Reranker | None = None,
        places: bool = True,
    ) -> None:
        """`places` False leaves the places of questions unread (for ablations)."""
        self._embedder = embedder
        self._reranker = reranker
        self._reads_places = places
        self._rankers = rankers or {kind: LinearRanker(table) for kind, table in weights().items()}
        self._passages = PassageCache()
        self._nearness = Nearness(embedder) if isinstance(embedder, TokenTable) else None
        self._corpus: Corpus | None = None
        self._lock = Lock()

    def corpus(self, snapshot: Snapshot) -> Corpus:
        """The catalogue of a snapshot, read once."""
        with self._lock:
            if self._corpus is None or self._corpus.snapshot is not snapshot:
                self._corpus = Corpus.of(snapshot)
            return self._corpus

    def placed(self, snapshot: Snapshot, question: Question) -> Question:
        """The question with the places that this corpus knows and no table does; the same once it has them."""
        if not self._reads_places or question.language is Language.ENGLISH:
            return question
        return placed(question, self.corpus(snapshot).places.named(question.folded, question.places))

    def search(
        self, snapshot: Snapshot, question: Question, k: int, allowed: Collection[str] | None = None
    ) -> Retrieved:
        """The best k passages (k ≥ 1), only of the documents `allowed` when given; order by (−score, chunk id)."""
        corpus = self.corpus(snapshot)
        question = self.placed(snapshot, question)
        places = self._places(corpus, question) if self._reads_places else ()
        weighted = tuple(weigh(question, snapshot.lexical.document_frequency, snapshot.store.chunk_count()))
        vector = self._embedder.encode_query([simplified(question.text)])[0]
        candidates = self._candidates(corpus, question, places, vector, k, allowed)
        rows = signals(question, weighted, candidates)
        scored = list(self._scored(question, candidates, rows))
        scored.sort(key=lambda hit: (-hit.score, hit.chunk.id))
        passages = {candidate.passage.chunk.id: candidate.passage for candidate in candidates}
        if self._reranker is not None:
            scored = _reranked(self._reranker, question, scored, passages)
        hits = tuple(_share_among(scored, places, passages, k))
        return Retrieved(question, hits, places, weighted, passages)

    def _scored(
        self, question: Question, candidates: Sequence[Candidate], rows: Sequence[Mapping[str, float]]
    ) -> Iterator[Hit]:
        """The candidates as hits, each with the weights for the languages of question and passage."""
        crossed = [crosses(question, candidate.passage) for candidate in candidates]
        for kind, wanted in (("native", False), ("crossing", True)):
            chosen = [i for i, crossing in enumerate(crossed) if crossing is wanted]
            for i, score in zip(chosen, self._rankers[kind].rank([rows[i] for i in chosen]), strict=True):
                yield Hit(candidates[i].passage.chunk, score, rows[i])

    def _places(self, corpus: Corpus, question: Question) -> tuple[AskedPlace, ...]:
        found: list[AskedPlace] = []
        english = question.language is Language.ENGLISH
        find = corpus.places.spelt if english else corpus.places.named
        more = find(question.text if english else question.folded, question.places)
        if english and not more and any(map(is_han, question.folded)):
            more = corpus.places.named(question.folded, ())
        mentions = sorted((*question.places, *more), key=lambda mention: mention.start)
        for group in groups(mentions):
            place = corpus.places.find(group)
            if not place.held or question.intent is Intent.COMPARE:
                place = self._mentioned(corpus, place)
            if not any(place.documents == other.documents and place.held for other in found):
                found.append(place)
        return tuple(found)

    def _mentioned(self, corpus: Corpus, place: AskedPlace) -> AskedPlace:
        """The place with the documents whose text names it and that speak for another one or for none."""
        name = place.written
        if len(name) < 2 or not is_han(name):
            return place
        named = corpus.naming.get(name)
        if named is None:
            named = corpus.naming[name] = self._naming(corpus, name)
        further = {d: MENTIONED for d in named if place.documents.get(d, 0.0) < MENTIONED}
        if not further:
            return place
        return AskedPlace(place.name, {**place.documents, **further}, True, place.written)

    def _naming(self, corpus: Corpus, name: str) -> frozenset[str]:
        query = dict.fromkeys(_bigrams(name), 1.0)
        scored = corpus.snapshot.lexical.search({"text": query, "context": query}, MENTION_DEPTH)
        return frozenset(
            passage.chunk.document_id
            for passage in self._prepared(corpus, [s.chunk_id for s in scored])
            if name in passage.folded or name in passage.context
        )

    def _candidates(
        self,
        corpus: Corpus,
        question: Question,
        places: Sequence[AskedPlace],
        vector: Vector,
        k: int,
        allowed: Collection[str] | None,
    ) -> Sequence[Candidate]:
        snapshot = corpus.snapshot
        lexical, within = self._by_words(corpus, question, places, k, allowed)
        dense = dict(zip(lexical, snapshot.vectors.scores(vector, list(lexical)), strict=True))
        best = max(lexical.values(), default=0.0) or 1.0
        rated = sorted((-(score / best + dense[i] + (i in within)), i) for i, score in lexical.items())
        wanted = max(RANKED, 2 * k)
        # What no word finds is rated by its cosine alone. Where enough stands above any cosine, the vectors need no search: so
        # for 85 % of the questions of `bench_search`, and for few over a small corpus.
        if allowed is None and not (len(rated) >= wanted and -rated[wanted - 1][0] > GREATEST_COSINE):
            further = {s.chunk_id: s.score for s in snapshot.vectors.search(vector, DENSE_DEPTH)}
            rated = sorted([*rated, *((-near, i) for i, near in further.items() if i not in dense)])
            dense = further | dense
        passages = self._prepared(corpus, [i for _, i in rated[:wanted]])
        near = self._near(corpus, question, passages, dense)
        return [
            Candidate(
                passage,
                lexical.get(passage.chunk.id, 0.0),
                dense[passage.chunk.id],
                _strength(passage, places),
                corpus.documents[passage.chunk.document_id].published,
                near.get(passage.chunk.id, 0.0),
            )
            for passage in passages
        ]

    def _prepared(self, corpus: Corpus, chunk_ids: Sequence[int]) -> Sequence[Passage]:
        return self._passages.get(chunk_ids, corpus.snapshot.store.chunks, corpus.document)

    def _by_words(
        self,
        corpus: Corpus,
        question: Question,
        places: Sequence[AskedPlace],
        k: int,
        allowed: Collection[str] | None,
    ) -> tuple[Mapping[int, float], Collection[int]]:
        """The chunks that the lexical index finds, everywhere and for each place, with their scores; and which of them are of a
        place."""
        search, query = corpus.snapshot.lexical.search, lexical_query(question)
        lexical = {s.chunk_id: s.score for s in search(query, max(LEXICAL_DEPTH, 2 * k), allowed)}
        within: set[int] = set()
        for place in places:
            own = [d for d, s in place.documents.items() if s >= MENTIONED and (allowed is None or d in allowed)]
            if own:
                found = {s.chunk_id: s.score for s in search(query, PLACE_DEPTH, own)}
                lexical |= found
                within |= found.keys()
        return lexical, within

    def _near(
        self, corpus: Corpus, question: Question, passages: Sequence[Passage], dense: Mapping[int, float]
    ) -> Mapping[int, float]:
        """How near the tokens of the passages in another language come to the question's, by chunk id; the cosines of the vectors
        where the model has no table. Within one language it was measured to gain little, and it costs a fifth of a search."""
        chunks = [passage.chunk for passage in passages if crosses(question, passage)]
        if self._nearness is None or not chunks:
            return {chunk.id: dense[chunk.id] for chunk in chunks}
        near = self._nearness(question.text, chunks, corpus.document)
        return dict(zip((chunk.id for chunk in chunks), near, strict=True))


def _strength(passage: Passage, places: Sequence[AskedPlace]) -> float:
    """The greatest strength of a passage for one of the places."""
    document = passage.chunk.document_id
    strongest = max((place.documents.get(document, 0.0) for place in places), default=0.0)
    # Only of a document that speaks for none of them it matters what the passage names.
    if not places or strongest > MENTIONED:
        return strongest
    text = passage.folded + passage.context
    return max(place.strength(document, text) for place in places)


def _reranked(
    reranker: Reranker, question: Question, scored: Sequence[Hit], passages: Mapping[int, Passage]
) -> list[Hit]:
    """The hits with what the reranker says of the best of them added to their score, in the new order."""
    best, rest = scored[:RERANKED], scored[RERANKED:]
    texts = [f"{passages[hit.chunk.id].context}\n{passages[hit.chunk.id].folded}" for hit in best]
    again = [
        Hit(hit.chunk, hit.score + RERANKER_WEIGHT * value, {**hit.signals, "reranker": value})
        for hit, value in zip(best, reranker.relevance(question.text, texts), strict=True)
    ]
    return sorted([*again, *rest], key=lambda hit: (-hit.score, hit.chunk.id))


def lexical_query(question: Question) -> Mapping[str, Mapping[str, float]]:
    """Weights of index terms by field: the topic in text and context, the places mostly in the context."""
    context = {term: CONTEXT_WEIGHT * weight for term, weight in question.terms.items()}
    text = dict(question.terms)
    for mention in question.places:
        name = fold(mention.text).text
        for term in (*_bigrams(name), *_bigrams(short_name(name))):
            context[term] = max(context.get(term, 0.0), PLACE_WEIGHT)
            text[term] = max(text.get(term, 0.0), 0.5 * PLACE_WEIGHT)
    return {"text": text, "context": context}


def _bigrams(name: str) -> Sequence[str]:
    return [run[i : i + 2] for run in runs(name) if is_han(run) for i in range(len(run) - 1)] or [
        run for run in runs(name) if run
    ]


def crosses(question: Question, passage: Passage) -> bool:
    """Whether the words of a question say little of a passage and vectors more: a Chinese question and a passage that is not, and
    English questions always, since their words are weighed by the glossary (xquad-en hybrid .95 so, .91 the other way)."""
    if question.language is Language.ENGLISH:
        return True
    return not passage.chinese and any(map(is_han, question.folded))


def answered_by(place: AskedPlace, hit: Hit, passages: Mapping[int, Passage]) -> bool:
    """Whether a hit may answer for a place; of one that was not ranked only its document is known."""
    if place.documents.get(hit.chunk.document_id, 0.0) > MENTIONED:
        return True
    passage = passages.get(hit.chunk.id)
    return place.answered_by(hit.chunk.document_id, passage.folded + passage.context if passage else "")


def _share_among(
    scored: Sequence[Hit], places: Sequence[AskedPlace], passages: Mapping[int, Passage], k: int
) -> Sequence[Hit]:
    """The best k hits; when several places are asked about, each gets its turn while its hits last."""
    held = [place for place in places if place.held]
    if len(held) < 2:
        return scored[:k]
    queues = [[hit for hit in scored if answered_by(place, hit, passages)] for place in held]
    taken: dict[int, Hit] = {}
    for depth in range(max(map(len, queues), default=0)):
        for queue in queues:
            if depth < len(queue):
                taken.setdefault(queue[depth].chunk.id, queue[depth])
    for hit in scored:
        taken.setdefault(hit.chunk.id, hit)
    order = list(taken.values())[:k]
    return _descending(order)


def _descending(hits: Sequence[Hit]) -> Sequence[Hit]:
    """The hits in this order with scores that never rise, as an order of rank promises."""
    result: list[Hit] = []
    ceiling = float("inf")
    for hit in hits:
        ceiling = min(ceiling, hit.score)
        result.append(Hit(hit.chunk, ceiling, hit.signals))
    return result
