"""`python -m tieout`."""

import sys

from tieout.cli import main

if __name__ == "__main__":
    sys.exit(main())
