//! The geometry of a variant: the cropped region of the image, its transform, and its surroundings.

use super::measures::{Percent, Ratio, Shade};
use super::variant::{Corner, Crop, Edge, Edit, RightAngle, Side};

/// An interval in one direction, in pixels of the image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Span {
    pub(super) from: f64,
    pub(super) to: f64,
}

impl Span {
    pub(super) fn new(from: f64, to: f64) -> Self {
        Self { from, to }
    }

    pub(super) fn length(self) -> f64 {
        self.to - self.from
    }

    pub(super) fn intersect(self, other: Self) -> Self {
        Self { from: self.from.max(other.from), to: self.to.min(other.to) }
    }

    fn shift(self, by: f64) -> Self {
        Self { from: self.from + by, to: self.to + by }
    }

    /// Returns the central part of this length.
    fn middle(self, length: f64) -> Self {
        let cut = (self.length() - length) / 2.0;
        Self { from: self.from + cut, to: self.to - cut }
    }
}

/// A rectangle, in the image's pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rect {
    pub(super) x: Span,
    pub(super) y: Span,
}

impl Rect {
    pub(super) fn new(width: f64, height: f64) -> Self {
        Self { x: Span::new(0.0, width), y: Span::new(0.0, height) }
    }

    pub(super) fn is_empty(self) -> bool {
        self.x.from >= self.x.to || self.y.from >= self.y.to
    }

    fn shorter_length(self) -> f64 {
        self.x.length().min(self.y.length())
    }

    fn shift(self, right: f64, down: f64) -> Self {
        Self { x: self.x.shift(right), y: self.y.shift(down) }
    }
}

/// Returns `region` after a crop.
pub(super) fn crop(region: Rect, crop: Crop) -> Rect {
    let Rect { mut x, mut y } = region;
    let mut cut = |side, percent: Percent| match side {
        Side::Left => x.from += percent.of(region.x.length()),
        Side::Right => x.to -= percent.of(region.x.length()),
        Side::Top => y.from += percent.of(region.y.length()),
        Side::Bottom => y.to -= percent.of(region.y.length()),
    };
    match crop {
        Crop::All(percent) => {
            for side in [Side::Left, Side::Right, Side::Top, Side::Bottom] {
                cut(side, percent);
            }
        }
        Crop::Side(side, percent) => cut(side, percent),
        Crop::Rest(missing, percent) => {
            // What `crop:P` leaves of an image that has lost P % at one edge already.
            let of_whole = |length: f64| percent.of(percent.before_crop(length));
            let (width, height) = (x.length(), y.length());
            let is_across = matches!(missing, Side::Left | Side::Right);
            let (right, below) = if is_across {
                (of_whole(width), percent.of(height))
            } else {
                (percent.of(width), of_whole(height))
            };
            x.from += if missing == Side::Left { 0.0 } else { right };
            x.to -= if missing == Side::Right { 0.0 } else { right };
            y.from += if missing == Side::Top { 0.0 } else { below };
            y.to -= if missing == Side::Bottom { 0.0 } else { below };
        }
        Crop::Corner(corner, percent) => {
            let (side, other) = corner.sides();
            cut(side, percent);
            cut(other, percent);
        }
        Crop::Ratio(ratio) => {
            x = x.middle(x.length().min(ratio.width_of(y.length())));
            y = y.middle(y.length().min(ratio.height_of(region.x.length())));
        }
    }
    Rect { x, y }
}

impl Corner {
    fn sides(self) -> (Side, Side) {
        match self {
            Self::TopLeft => (Side::Left, Side::Top),
            Self::TopRight => (Side::Right, Side::Top),
            Self::BottomLeft => (Side::Left, Side::Bottom),
            Self::BottomRight => (Side::Right, Side::Bottom),
        }
    }
}

/// The transform of an image: transposed first, then mirrored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Transform {
    pub(super) transposed: bool,
    pub(super) flipped_x: bool,
    pub(super) flipped_y: bool,
}

impl Transform {
    pub(super) fn mirrored(self) -> Self {
        Self { flipped_x: !self.flipped_x, ..self }
    }

    /// Adds a clockwise rotation. A rotation by 90 degrees is a transposition, then a left-to-right
    /// mirror.
    pub(super) fn rotated(self, angle: RightAngle) -> Self {
        let Self { transposed, flipped_x, flipped_y } = self;
        match angle {
            RightAngle::Half => Self { flipped_x: !flipped_x, flipped_y: !flipped_y, ..self },
            RightAngle::Quarter => {
                Self { transposed: !transposed, flipped_x: !flipped_y, flipped_y: flipped_x }
            }
            RightAngle::ThreeQuarters => {
                Self { transposed: !transposed, flipped_x: flipped_y, flipped_y: !flipped_x }
            }
        }
    }
}

/// A canvas and its layers: grounds from the outermost to the innermost, the image, and covers.
#[derive(Debug, Clone)]
pub(super) struct Scene {
    pub(super) canvas: Rect,
    /// Rectangles with their luma; each lies within the one before, the first is the whole canvas.
    pub(super) grounds: Vec<(Rect, f32)>,
    /// Within the innermost ground.
    pub(super) image: Rect,
    /// Rectangles with their luma, without overlaps.
    pub(super) covers: Vec<(Rect, f32)>,
}

impl Scene {
    /// Creates a scene of an image of this size, without surroundings.
    pub(super) fn bare(width: f64, height: f64) -> Self {
        let whole = Rect::new(width, height);
        Self { canvas: whole, grounds: Vec::new(), image: whole, covers: Vec::new() }
    }

    /// Adds a frame or a cover; other edits change nothing.
    pub(super) fn frame(&mut self, edit: Edit) {
        let Rect { x, y } = self.canvas;
        let (width, height) = (x.length(), y.length());
        match edit {
            Edit::Border { thickness, shade } => {
                let thickness = thickness.of(self.canvas.shorter_length());
                self.surround([thickness; 2], [thickness; 2], shade);
            }
            Edit::Letterbox { ratio, shade } => self.fill_up(ratio, shade),
            Edit::Screenshot { ratio, shade } => {
                self.fill_up(ratio, shade);
                self.furnish(shade);
            }
            Edit::Caption { edge, height: percent, shade } => {
                let bar = percent.of(height);
                let down = if edge == Edge::Top { [bar, 0.0] } else { [0.0, bar] };
                self.surround([0.0; 2], down, shade);
            }
            Edit::Patch { corner, side, shade } => {
                let side = side.of(self.canvas.shorter_length());
                let (across, down) = corner.sides();
                let x = if across == Side::Left {
                    Span::new(0.0, side)
                } else {
                    Span::new(width - side, width)
                };
                let y = if down == Side::Top {
                    Span::new(0.0, side)
                } else {
                    Span::new(height - side, height)
                };
                self.covers = vec![(Rect { x, y }, shade.luma())];
            }
            _ => {}
        }
    }

    /// Adds the bars that produce a ratio.
    fn fill_up(&mut self, ratio: Ratio, shade: Shade) {
        let (width, height) = (self.canvas.x.length(), self.canvas.y.length());
        let across = (ratio.width_of(height) - width).max(0.0) / 2.0;
        let down = (ratio.height_of(width) - height).max(0.0) / 2.0;
        self.surround([across; 2], [down; 2], shade);
    }

    /// Adds ground at the left and right, top and bottom.
    fn surround(&mut self, [left, right]: [f64; 2], [above, below]: [f64; 2], shade: Shade) {
        for (rect, _) in self.grounds.iter_mut().chain(&mut self.covers) {
            *rect = rect.shift(left, above);
        }
        self.image = self.image.shift(left, above);
        let Rect { x, y } = self.canvas;
        self.canvas = Rect::new(x.length() + left + right, y.length() + above + below);
        self.grounds.insert(0, (self.canvas, shade.luma()));
    }

    /// Adds the controls that an app shows next to the image.
    fn furnish(&mut self, ground: Shade) {
        let (width, height) = (self.canvas.x.length(), self.canvas.y.length());
        let luma = match ground {
            Shade::Black | Shade::Grey => ground.luma() + FURNITURE_CONTRAST,
            Shade::White => ground.luma() - FURNITURE_CONTRAST,
        };
        self.covers = FURNITURE
            .iter()
            .map(|&[left, top, right, bottom]| {
                let x = Span::new(width * left / 1000.0, width * right / 1000.0);
                let y = Span::new(height * top / 1000.0, height * bottom / 1000.0);
                (Rect { x, y }, luma)
            })
            .collect();
    }
}

/// Left, top, right and bottom, in thousandths of a screen: clock, battery, name of the poster,
/// five buttons.
const FURNITURE: [[f64; 4]; 9] = [
    [50.0, 12.0, 170.0, 26.0],
    [830.0, 12.0, 950.0, 26.0],
    [40.0, 50.0, 120.0, 90.0],
    [150.0, 60.0, 450.0, 80.0],
    [70.0, 950.0, 130.0, 975.0],
    [270.0, 950.0, 330.0, 975.0],
    [470.0, 950.0, 530.0, 975.0],
    [670.0, 950.0, 730.0, 975.0],
    [870.0, 950.0, 930.0, 975.0],
];

/// Difference in luma from the ground: letters and lines fill half of their rectangles.
const FURNITURE_CONTRAST: f32 = 110.0;
