"""The script that records PyTorch's values is not a test."""

collect_ignore = ["record_torch.py"]
