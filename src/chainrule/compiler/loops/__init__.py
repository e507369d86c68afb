"""The middle form: expressions over axes, definitions of buffers by them, and their fusion into kernels."""
