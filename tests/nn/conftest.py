"""What pytest leaves out here: the script that needs PyTorch."""

collect_ignore = ["record_torch.py"]
