"""Speed of the bundled model: python -m tests.benchmarks.bench_embedder [--model NAME_OR_PATH]

One core (set TOKENIZERS_PARALLELISM=false and OMP_NUM_THREADS=1, as this does); best of five runs, in processor time, which what
else the machine does changes least. Prints the time to load the model and encode a first query in fresh processes (median, and best of
eleven): without a cache folder, with an empty one, with a filled one, and the whole process without one; then the first batch of
documents, for which the tokenizer library starts; queries one by one and in a batch, and chunks of 300 characters a second.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

os.environ |= {"TOKENIZERS_PARALLELISM": "false", "OMP_NUM_THREADS": "1"}

from embeddings.load import load

SENTENCES = (
    "对新引进的全日制博士研究生，签订三年以上劳动合同的，分期发放安家补贴三十万元，并协助解决配偶就业和子女入学。",
    "各乡镇党委要把基层党建工作摆在突出位置，定期研究，压实责任，推动党支部标准化规范化建设取得实效。",
    "县委组织部会同人社、财政、教育等部门建立联席会议制度，每季度通报一次人才项目进展情况，及时协调存在的困难。",
    "建立科技特派员选派机制，围绕茶叶、油茶、黄花菜等特色产业开展技术指导，培训农村实用人才两千余人次。",
    "完善村级后备力量培育储备，注重从致富能手、退役军人、返乡大学生中选拔，实行导师帮带和跟踪管理。",
)
QUERIES = (
    "祁东县提出了哪些人才政策?",
    "博士安家补贴是多少",
    "What talent policies did Qidong County propose?",
    "村级后备力量怎么培养",
)
_LOAD = """
import sys, time
from pathlib import Path
from embeddings.load import load
def taken(work):
    start = time.process_time()
    work()
    return time.process_time() - start
made = []
loaded = taken(lambda: made.append(load({model!r}, cache_dir={cache!r} and Path({cache!r}))))
first = taken(lambda: made[0].encode_query([{query!r}]))
print(loaded + first, time.process_time(), taken(lambda: made[0].encode_document([{query!r}] * 5_000)))
"""
_FRESH = 11


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model")
    model = parser.parse_args().model
    with tempfile.TemporaryDirectory() as folder:
        without = [_fresh(model, None) for _ in range(_FRESH)]
        empty = [_fresh(model, Path(folder, str(run))) for run in range(_FRESH)]
        filled = [_fresh(model, Path(folder, str(run))) for run in range(_FRESH)]
    for name, runs in (("no cache", without), ("empty cache", empty), ("cache", filled)):
        print(
            f"load, first query, {name:<14}{_median(runs, 0):6.0f} ms (best {1_000 * min(run[0] for run in runs):.0f})"
        )
    print(f"its process, no cache            {_median(without, 1):6.0f} ms")
    print(f"then 5,000 short documents       {_median(without, 2):6.0f} ms")
    embedder = load(model)
    text = "".join(SENTENCES)
    chunks = [(text[place % 150 :] + text)[:300] for place in range(2_000)]
    queries = [QUERIES[place % len(QUERIES)] for place in range(10_000)]
    single = min(_seconds(lambda: [embedder.encode_query([query]) for query in queries[:2_000]]) for _ in range(5))
    batch = min(_seconds(lambda: embedder.encode_query(queries)) for _ in range(5))
    documents = min(_seconds(lambda: embedder.encode_document(chunks)) for _ in range(5))
    print(f"one query                        {1_000_000 * single / 2_000:6.0f} µs")
    print(f"queries in a batch               {len(queries) / batch:6.0f} /s")
    print(f"chunks of 300                    {len(chunks) / documents:6.0f} /s")


def _fresh(model: str | None, cache: Path | None) -> tuple[float, ...]:
    """Processor seconds of a fresh process: loading and a first query, all of it until then, and a batch of documents after it."""
    code = _LOAD.format(model=model, cache=cache and str(cache), query=QUERIES[0])
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return tuple(map(float, run.stdout.split()))


def _median(runs: Sequence[tuple[float, ...]], place: int) -> float:
    return 1_000 * statistics.median(run[place] for run in runs)


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
