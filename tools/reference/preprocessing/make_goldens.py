"""Golden outputs of SimpleITK, MONAI and scikit-image for libs/preprocessing.

    python tools/reference/preprocessing/make_goldens.py

Run it on x86-64: rounding in ITK's nearest neighbour differs elsewhere.
"""

import chain
import prediction
import resample
import resample_random
import steps

if __name__ == "__main__":
    resample.make()
    resample_random.make()
    steps.make()
    chain.make()
    prediction.make()
