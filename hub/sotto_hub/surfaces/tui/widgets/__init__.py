"""The parts of the screen, one a file. Each shows frozen records that it is given and decides nothing."""
