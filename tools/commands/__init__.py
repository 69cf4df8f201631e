"""What the Makefile's targets do. Each ``main`` returns the exit code."""
