"""What is said, and what follows from it: pure functions, no I/O, no clock, no database."""
