"""`python -m thudo` is the program `thudo`."""

import sys

from thudo.cli import main

sys.exit(main())
