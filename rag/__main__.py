"""`python -m rag`: the same as the command `rag`."""

from __future__ import annotations

import sys

from rag.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
