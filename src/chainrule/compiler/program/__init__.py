"""Programs: kernels in order over one planned arena, behind a single native entry."""
