"""The recording is run by hand, where PyTorch is installed."""

collect_ignore = ["record_torch.py"]
