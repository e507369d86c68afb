"""Data: sources of any kind, splits, preprocessing, augmentation and batches, in plain NumPy.

>>> from chainrule import data
>>> train, validation, test = data.load("digits")
>>> normalize = data.Normalize().fit(train)
>>> x, y = next(iter(data.Loader(train, batch_size=64, seed=0, transform=normalize)))
>>> x.shape, str(x.dtype), y.shape, str(y.dtype)
((64, 1, 8, 8), 'float32', (64,), 'int64')
"""

from chainrule.data import messages as messages
from chainrule.data.augment import Augmentation, RandomCrop, RandomFlip, RandomShift
from chainrule.data.dataset import ArrayDataset, Dataset, Subset
from chainrule.data.image import read_image
from chainrule.data.image_files import ImageFiles
from chainrule.data.inputs import Inputs, read_inputs
from chainrule.data.load import SOURCES, Source, load, load_like
from chainrule.data.loader import Loader
from chainrule.data.sources.idx import read_idx
from chainrule.data.spec import Column, InputSpec
from chainrule.data.splits import Splits
from chainrule.data.transforms import Normalize, Pipeline, Transform

__all__ = [
    "SOURCES",
    "ArrayDataset",
    "Augmentation",
    "Column",
    "Dataset",
    "ImageFiles",
    "InputSpec",
    "Inputs",
    "Loader",
    "Normalize",
    "Pipeline",
    "RandomCrop",
    "RandomFlip",
    "RandomShift",
    "Source",
    "Splits",
    "Subset",
    "Transform",
    "load",
    "load_like",
    "read_idx",
    "read_image",
    "read_inputs",
]
