#!/usr/bin/env python
import sys

from networkcrm.command_line import main

if __name__ == "__main__":
    sys.exit(main(sys.argv))
