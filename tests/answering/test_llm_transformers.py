"""The client against a real server, transformers' own, running a model made here that has learned one reply by heart."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic, sleep

import pytest

from rag.answering.compose import compose, messages
from rag.answering.support import Source
from rag.config import LlmServer
from rag.types import Dropped, Wording
from tests.answering.test_llm_compose import CITATIONS, DOCUMENT, EXTRACTED

pytestmark = [pytest.mark.models, pytest.mark.slow]

REPLY = "甲县建成人才公寓216套[2]。甲县给予博士50万元补贴[1]。甲县设立“候鸟计划”[3]。"
STEPS = 150
STARTED_WITHIN = 90.0
TEMPLATE = "{% for m in messages %}<s>{{ m['content'] }}{% endfor %}{% if add_generation_prompt %}<a>{% endif %}"


def _learned(folder: Path) -> None:
    """A two-layer Llama over single characters, trained until it answers the one prompt of this test with REPLY."""
    import torch
    from tokenizers import Regex, Tokenizer
    from tokenizers.decoders import Fuse
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Split
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    sources = {n: Source(c.quote, "乙市甲县", "甲县人才新政") for n, c in enumerate(CITATIONS, 1)}
    prompt = [dict(message) for message in messages(EXTRACTED.question, sources)]
    text = "".join(message["content"] for message in prompt) + REPLY
    vocabulary = {token: n for n, token in enumerate(["<unk>", "<e>", "<s>", "<a>", *sorted(set(text))])}
    characters = Tokenizer(WordLevel(vocabulary, unk_token="<unk>"))
    characters.pre_tokenizer = Split(Regex(r"[\s\S]"), "isolated")
    characters.decoder = Fuse()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=characters, unk_token="<unk>", eos_token="<e>", pad_token="<e>",
        additional_special_tokens=["<s>", "<a>"], clean_up_tokenization_spaces=False,
    )  # fmt: skip
    tokenizer.chat_template = TEMPLATE
    start = tokenizer.apply_chat_template(prompt, add_generation_prompt=True, return_dict=False)
    answer = [*tokenizer.encode(REPLY, add_special_tokens=False), vocabulary["<e>"]]
    torch.manual_seed(0)
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer), hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4,
            max_position_embeddings=2048, bos_token_id=2, eos_token_id=1, pad_token_id=1,
        )
    )  # fmt: skip
    ids = torch.tensor([start + answer])
    labels = torch.tensor([[-100] * len(start) + answer])
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(STEPS):
        optimiser.zero_grad()
        model(input_ids=ids, labels=labels).loss.backward()
        optimiser.step()
    model.generation_config.max_new_tokens = 200
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlmServer]:
    pytest.importorskip("torch")
    serving = pytest.importorskip("transformers.utils.import_utils")
    if not (serving.is_serve_available() and serving.is_accelerate_available()):
        pytest.skip("transformers serve needs packages that are not here: pip install '.[serving]'")
    folder = tmp_path_factory.mktemp("model")
    _learned(folder)
    program = Path(sys.executable).with_name("transformers")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [program, "serve", str(folder), "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"],
            stdout=output, stderr=subprocess.STDOUT, env=os.environ | {"HF_HUB_OFFLINE": "1", "NO_COLOR": "1"},
        )  # fmt: skip
        try:
            _wait(process, port, log)
            yield LlmServer(f"http://127.0.0.1:{port}/v1", str(folder), None, 60.0)
        finally:
            process.terminate()
            process.wait(20)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Until it answers."""
    end = monotonic() + STARTED_WITHIN
    while monotonic() < end:
        if process.poll() is not None:
            pytest.fail(f"transformers serve ended: {log.read_text('utf-8', 'replace')[-500:]}")
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/health")
            connection.getresponse().read()
            connection.close()
            return
        except (OSError, HTTPException):
            sleep(0.3)
    pytest.fail(f"transformers serve does not answer within {STARTED_WITHIN:g} s")


def test_a_real_server_words_the_answer_and_its_lie_is_dropped(served: LlmServer) -> None:
    released: list[str] = []
    answer = compose(EXTRACTED, {"d": DOCUMENT}, served, released.append)
    assert answer.llm == Wording(served.model, True, (Dropped("甲县给予博士50万元补贴[1]。", "number"),))
    assert released == ["甲县建成人才公寓216套[2]。", "甲县设立“候鸟计划”[3]。"]
    assert answer.text.splitlines()[:2] == [
        "甲县建成人才公寓216套[2]。甲县设立“候鸟计划”[3]。",
        "甲县给予博士30万元补贴。 [1]",
    ]


def test_a_model_that_the_server_does_not_have(served: LlmServer) -> None:
    nowhere = LlmServer(served.url, "no/such-model", None, 60.0)
    answer = compose(EXTRACTED, {"d": DOCUMENT}, nowhere)
    assert answer.text == EXTRACTED.text
    assert answer.llm == Wording(
        "no/such-model", used=False, error="the server refuses the request (HTTP 400): check RAG_LLM_MODEL"
    )
