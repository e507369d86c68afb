"""The words that an entry is given at every call: what stands first among the addresses that change.

Behind them come handles of inputs and results (`native.arrays.handle`).
"""

# The pool's function, the pool, the way back to Python, and a number that says at which call the program had
# to stop (0: nowhere).
PARALLEL, POOL, CALLBACK, STOPPED = range(4)

# When Python last looked for signals, how long it takes until it does so again, and a count of steps.
LOOKED, PATIENCE, COUNT = range(4, 7)

FIRST = 7

# A program's functions: what is run at each call, and what is run before it when something has changed.
ENTRY, PREPARE = "entry_", "prepare_"
