/**
 * The fingerprints of videos of fuzz/corpus/video, one of each codec: the lines at whole seconds in
 * crates/ownprint/tests/video_codecs.rs, which are pdqhash's for the frames that ffmpeg decodes.
 */

export const KNOWN_VIDEOS = {
  "h264.mkv": [
    "0,100,c0f2e0f787c3f401017a2f01d0f409f0ff98c63efef88383e6b8ef520187d2ad,0.000",
    "12,100,190a18f3cf3863c1341e8ff1733a3fc364f8ce1003c97c3a8ef9f6520b4783ad,1.000",
  ],
  "hevc.mov": [
    "0,100,d65895f84c0b5bd6d2f89703a4f0a9b3afda301e52786bc3ce383b52118738ad,0.000",
    "12,100,0f84f0781e29e1f33c3c87e1e03c1f83e8f8cf1103c97c1ac6e9f2522b478ded,1.000",
  ],
  "vp9.webm": [
    "0,100,07f8f0f39f013c7cf03887831d787972ce098c3e78f807c38638fb521187aead,0.000",
    "12,100,078df8780e39e1c33c1c86e3e13c1fc3f078ce3363c93c3a8ee9f2520b0785ed,1.000",
  ],
  "vp8.webm": [
    "0,100,0af8f0e36f893c7ef038878318f87972ef09803e78f807c3ce38fb52118726ad,0.000",
    "12,100,0e8df0e90e2de1c73c0c87e3f01e0f83f8784e3263c9fc3a8ee9f2520b0785ed,1.000",
  ],
  "av1.mp4": [
    "0,100,65fcb8716ea1f03e887897c370e971f28f0b8c3eb8788fc386381b521187f0ad,0.000",
    "12,100,33cbf0780f09e373789c87e3e43c0bc3f8fc4e3281c9383ac6f97652090785ed,1.000",
  ],
};

/** Returns the lines of a record's video. */
export const linesOf = ({ video }) =>
  video.vpdq.map(({ frame, quality, hex, seconds }) =>
    [frame, quality, hex, seconds.toFixed(3)].join(),
  );
