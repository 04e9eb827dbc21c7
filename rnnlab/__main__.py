"""`python -m rnnlab`."""

import sys

# Worker processes import this file under another name.
if __name__ == "__main__":
    from rnnlab.cli import main

    sys.exit(main())
