"""The LLM's settings come from the environment; what cannot work is refused at once, and no message holds a secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.config import LlmServer, settings
from rag.errors import UsageError

URL = "http://127.0.0.1:8000/v1"
KEY = "sk-secret-0123456789"


def _llm(**environ: str) -> LlmServer | None:
    return settings(environ={"HOME": "/nowhere", **environ}).llm


def test_nothing_named_is_no_llm() -> None:
    assert _llm() is None
    assert _llm(RAG_LLM_MODEL="m", RAG_LLM_KEY=KEY, RAG_LLM_TIMEOUT="x") is None
    assert _llm(RAG_LLM_URL="") is None


def test_all_settings() -> None:
    found = _llm(RAG_LLM_URL=URL + "/", RAG_LLM_MODEL="qwen", RAG_LLM_KEY=KEY, RAG_LLM_TIMEOUT="2.5")
    assert found == LlmServer(URL, "qwen", KEY, 2.5)
    assert _llm(RAG_LLM_URL=URL, RAG_LLM_MODEL="qwen") == LlmServer(URL, "qwen", None, 30.0)


def test_a_key_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"  {KEY}\n")
    assert _llm(RAG_LLM_URL=URL, RAG_LLM_MODEL="m", RAG_LLM_KEY_FILE=str(file)) == LlmServer(URL, "m", KEY)
    named = _llm(RAG_LLM_URL=URL, RAG_LLM_MODEL="m", RAG_LLM_KEY_FILE=str(file), RAG_LLM_KEY="direct")
    assert named == LlmServer(URL, "m", "direct")


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({"RAG_LLM_MODEL": ""}, "RAG_LLM_MODEL is not"),
        ({"RAG_LLM_URL": "127.0.0.1:8000"}, "RAG_LLM_URL"),
        ({"RAG_LLM_URL": "file:///etc/passwd"}, "http or https"),
        ({"RAG_LLM_URL": "http://"}, "http or https"),
        ({"RAG_LLM_URL": "http://[::1"}, "is not a URL"),
        ({"RAG_LLM_URL": "http://host:99999/"}, "is not a URL"),
        ({"RAG_LLM_URL": "http://host/ v1"}, "http or https"),
        ({"RAG_LLM_URL": f"http://user:{KEY}@host/v1"}, "put the key into RAG_LLM_KEY"),
        ({"RAG_LLM_KEY": KEY + "\r\nX-Evil: 1"}, "RAG_LLM_KEY holds no key"),
        ({"RAG_LLM_KEY": "钥" + KEY}, "RAG_LLM_KEY holds no key"),
        ({"RAG_LLM_KEY": KEY * 1000}, "RAG_LLM_KEY holds no key"),
        ({"RAG_LLM_TIMEOUT": "soon"}, "RAG_LLM_TIMEOUT is 'soon'"),
        ({"RAG_LLM_TIMEOUT": "0"}, "RAG_LLM_TIMEOUT is '0'"),
        ({"RAG_LLM_TIMEOUT": "nan"}, "RAG_LLM_TIMEOUT is 'nan'"),
        ({"RAG_LLM_TIMEOUT": "601"}, "RAG_LLM_TIMEOUT is '601'"),
    ],
)
def test_what_cannot_work_is_said_in_one_line_without_the_secret(environ: dict[str, str], says: str) -> None:
    with pytest.raises(UsageError) as caught:
        _llm(**({"RAG_LLM_URL": URL, "RAG_LLM_MODEL": "m"} | environ))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\n", b"a\nb", b"\xff\xfe", b"x" * 5_000])
def test_a_file_that_holds_no_key(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(content)
    with pytest.raises(UsageError, match=r"RAG_LLM_KEY_FILE .* holds no key"):
        _llm(RAG_LLM_URL=URL, RAG_LLM_MODEL="m", RAG_LLM_KEY_FILE=str(file))


def test_a_key_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        _llm(RAG_LLM_URL=URL, RAG_LLM_MODEL="m", RAG_LLM_KEY_FILE=str(tmp_path / "none"))


def test_the_key_is_in_no_representation() -> None:
    chosen = settings(environ={"HOME": "/nowhere", "RAG_LLM_URL": URL, "RAG_LLM_MODEL": "m", "RAG_LLM_KEY": KEY})
    assert KEY not in repr(chosen)
    assert KEY not in str(chosen)
