"""What turns photos and PDFs into facts, and facts into slips and bundles."""

import os

# Read by the libraries when they are first imported. Two documents are worked on side by side, not one on two cores.
for _name, _value in {
    "OMP_THREAD_LIMIT": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OPENCV_IO_MAX_IMAGE_PIXELS": "60000000",  # as picture.MAX_PIXELS
    "OPENCV_LOG_LEVEL": "SILENT",  # what is wrong with a file is told in one word
}.items():
    os.environ.setdefault(_name, _value)
