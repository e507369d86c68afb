"""Functions of tensors under NumPy's names, and the composites of deep learning, all made of table rows."""
