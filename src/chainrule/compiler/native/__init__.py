"""The machine's side of the compiler: text of LLVM IR to code in memory, threads, arrays, a cache on disk."""
