"""`python -m generator` is `labhelm`."""

from generator.cli import main

main()
