"""Speed of the bundled model: python -m tests.benchmarks.bench_embedder [--model NAME_OR_PATH]

One core (set TOKENIZERS_PARALLELISM=false and OMP_NUM_THREADS=1, as this does); best of five runs, in processor time, which what
else the machine does changes least. Prints load time in a fresh process without and with imports, queries a second one by one and
in a batch, and chunks of 300 characters a second.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

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
_LOAD = "import time; from embeddings.load import load; start = time.process_time(); load({model!r}); print(time.process_time() - start, time.process_time())"


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model")
    model = parser.parse_args().model
    command = [sys.executable, "-c", _LOAD.format(model=model)]
    runs = [subprocess.run(command, check=True, capture_output=True, text=True).stdout.split() for _ in range(5)]
    loads, wholes = ([float(run[place]) for run in runs] for place in (0, 1))
    embedder = load(model)
    text = "".join(SENTENCES)
    chunks = [(text[place % 150 :] + text)[:300] for place in range(2_000)]
    queries = [QUERIES[place % len(QUERIES)] for place in range(10_000)]
    single = min(_seconds(lambda: [embedder.encode_query([query]) for query in queries[:2_000]]) for _ in range(5))
    batch = min(_seconds(lambda: embedder.encode_query(queries)) for _ in range(5))
    documents = min(_seconds(lambda: embedder.encode_document(chunks)) for _ in range(5))
    print(f"load                {1_000 * statistics.median(loads):8.0f} ms (best {1_000 * min(loads):.0f})")
    print(f"process with load   {1_000 * statistics.median(wholes):8.0f} ms")
    print(f"one query           {1_000_000 * single / 2_000:8.0f} µs")
    print(f"queries in a batch  {len(queries) / batch:8.0f} /s")
    print(f"chunks of 300       {len(chunks) / documents:8.0f} /s")


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
