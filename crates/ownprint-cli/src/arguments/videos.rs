//! Arguments about videos.

use clap::Args;
use ownprint::Quality;
use ownprint::hash::{VpdqOptions, VpdqThresholds};

/// How the frames of videos are hashed and compared.
#[derive(Debug, Args)]
#[command(next_help_heading = "Videos")]
pub(crate) struct VideoArguments {
    /// Seconds between hashed frames; 0 hashes every frame
    #[arg(long, value_name = "SECONDS", value_parser = parse_seconds,
        default_value_t = VpdqOptions::default().seconds_per_hash)]
    pub(crate) seconds_per_hash: f64,

    #[command(flatten)]
    pub(crate) frames: FrameArguments,

    /// Largest distance of two frames that match, in bits
    #[arg(long, value_name = "N", default_value_t = VpdqThresholds::default().distance)]
    pub(crate) frame_distance: u32,

    /// Percentage of the query's frames that must be in the compared video
    #[arg(long, value_name = "P", value_parser = parse_percent,
        default_value_t = VpdqThresholds::default().query_percent)]
    pub(crate) query_percent: f64,

    /// Percentage of the compared video's frames that must be in the query
    #[arg(long, value_name = "P", value_parser = parse_percent,
        default_value_t = VpdqThresholds::default().compared_percent)]
    pub(crate) compared_percent: f64,
}

/// Which frames are compared.
#[derive(Debug, Args)]
pub(crate) struct FrameArguments {
    /// Lowest quality of the frames that are compared
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(..=100),
        default_value_t = VpdqThresholds::default().quality.value())]
    pub(crate) frame_quality: u8,
}

impl FrameArguments {
    pub(crate) fn quality(&self) -> Quality {
        Quality::new(self.frame_quality)
    }
}

impl VideoArguments {
    /// Returns which frames are hashed.
    pub(crate) fn options(&self) -> VpdqOptions {
        let mut options = VpdqOptions::default();
        options.seconds_per_hash = self.seconds_per_hash;
        options
    }

    pub(crate) fn thresholds(&self) -> VpdqThresholds {
        VpdqThresholds {
            quality: self.frames.quality(),
            distance: self.frame_distance,
            query_percent: self.query_percent,
            compared_percent: self.compared_percent,
        }
    }
}

fn parse_seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse().ok().filter(|it: &f64| it.is_finite() && *it >= 0.0);
    seconds.ok_or_else(|| "expected a number of seconds, 0 or more".to_owned())
}

fn parse_percent(text: &str) -> Result<f64, String> {
    let percent = text.parse().ok().filter(|it| (0.0..=100.0).contains(it));
    percent.ok_or_else(|| "expected a percentage, 0 to 100".to_owned())
}
