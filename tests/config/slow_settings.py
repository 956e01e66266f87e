"""The settings of production, for a server that is told to end while it loads."""

import os
import time

from config.settings.production import *  # noqa: F403

with open(os.environ["NOTES"], "a") as notes:
    notes.write("begun\n")
    notes.flush()
    time.sleep(3)
    notes.write("loaded\n")
