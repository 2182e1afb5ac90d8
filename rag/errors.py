"""Errors of the library.

    RagError
    ├── UsageError            a question, option or path that cannot be used as given
    ├── DocumentError         a file that cannot be read as a document
    ├── NotFoundError         a document id or path that is not there
    ├── StoreError            the data directory cannot be read or written
    │   ├── FormatError       an index of another format version
    │   └── MismatchError     an index made with another model or analyzer
    ├── ModelError            an embedding model that cannot be loaded or run
    └── LlmError              the optional LLM server gave no usable reply; never leaves `compose`

Every message is one line: what is wrong, where, and what to do.
"""


class RagError(Exception):
    """Base of every error that the library raises on purpose."""


class UsageError(RagError):
    """A question, option or argument is not usable as given (exit status 2, HTTP 422)."""


class DocumentError(RagError):
    """A file cannot be read as a document: binary, empty, undecodable, encrypted, too large."""


class NotFoundError(RagError):
    """A path or a document id does not exist (exit status 1, HTTP 404)."""


class StoreError(RagError):
    """The data directory cannot be read or written, or its content is damaged."""


class FormatError(StoreError):
    """The index was written in another format version; `rag rebuild` makes it anew."""


class MismatchError(StoreError):
    """The index was made with another embedding model or analyzer; the message names the command that mends it."""


class ModelError(RagError):
    """The embedding model cannot be loaded or run."""


class LlmError(RagError):
    """The optional LLM server cannot be reached, refuses, breaks off or sends what is no reply. `passing` says that the
    same request may succeed in a moment. The message holds nothing that the server sent and no key."""

    def __init__(self, message: str, *, passing: bool = False) -> None:
        super().__init__(message)
        self.passing = passing
