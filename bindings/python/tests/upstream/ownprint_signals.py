"""A plugin of pytest that puts the signal types of ownprint into python-threatexchange while its
own tests run."""

import sys
import types

# The extension for vPDQ imports a package that needs ffmpeg; its tests of the index use the type.
vpdq = types.ModuleType("vpdq")
vpdq.VpdqFeature = type("VpdqFeature", (), {})
sys.modules["vpdq"] = vpdq

from threatexchange.extensions.vpdq import vpdq_index  # noqa: E402
from threatexchange.signal_type import md5  # noqa: E402
from threatexchange.signal_type.pdq import pdq_index, signal  # noqa: E402

from ownprint import threatexchange as ours  # noqa: E402

pdq_index.PDQIndex = ours.PDQIndex
signal.PdqSignal = ours.PdqSignal
md5.VideoMD5Signal = ours.VideoMD5Signal
vpdq_index.VPDQIndex = ours.VPDQIndex
vpdq_index.VPDQSimilarityInfo = ours.VPDQSimilarityInfo
