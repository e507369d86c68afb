"""Kernels as LLVM: loop nests, folds, contractions, and what is irregular."""
