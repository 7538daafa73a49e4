"""`python3 -m agent`."""

from __future__ import annotations

import sys

from agent.cli import main

sys.exit(main(sys.argv[1:]))
