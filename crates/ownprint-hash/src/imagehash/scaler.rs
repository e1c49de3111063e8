//! Several reductions of one image's luma, each as Pillow's `resize(size, LANCZOS)`, in one pass
//! over its rows.

use fearless_simd::{Level, Simd, dispatch};
use zeroize::Zeroize;

use ownprint_pixels::wipe::WipedBytes;

use super::columns::ColumnPass;
use super::kernel::Kernel;
use super::row_pass::{PADDING, RowPass};

/// The order of the two passes if both are needed; the image between them is rounded to bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PassOrder {
    /// Rows first; columns first if the height shrinks and exceeds a hundred times the width:
    /// Pillow 12 (`Image.resize`).
    Pillow12,
    /// Columns first if the height shrinks by more than twice the factor of the width: Pillow 13
    /// (`ImagingResampleInner`).
    Pillow13,
}

/// A requested reduction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Target {
    width: usize,
    height: usize,
    columns_first: bool,
}

impl Target {
    /// Creates a reduction of an image of `source` columns and rows to `width` and `height`, all
    /// above 0.
    pub(super) fn new(
        (columns, rows): (usize, usize),
        width: usize,
        height: usize,
        order: PassOrder,
    ) -> Self {
        let shrinks = |source: usize, target: usize| source as i64 - target as i64;
        let (fewer_columns, fewer_rows) = (shrinks(columns, width), shrinks(rows, height));
        let columns_first = fewer_rows > 0
            && match order {
                PassOrder::Pillow12 => rows > 100 * columns,
                PassOrder::Pillow13 => fewer_rows > 2 * fewer_columns,
            };
        Self { width, height, columns_first }
    }
}

/// Computes reductions from rows.
#[derive(Debug)]
pub(super) struct Scaler {
    level: Level,
    /// A row as 16-bit numbers.
    wide: Vec<i16>,
    rows_first: Vec<RowsFirst>,
    columns_first: Vec<ColumnsFirst>,
}

/// The reductions to one width.
#[derive(Debug)]
struct RowsFirst {
    width: usize,
    /// `None` if the width is unchanged.
    pass: Option<RowPass>,
    reduced: Vec<u8>,
    heights: Vec<(Option<ColumnPass>, Reduction)>,
}

#[derive(Debug)]
struct ColumnsFirst {
    columns: ColumnPass,
    pass: Option<RowPass>,
    wide: Vec<i16>,
    reduction: Reduction,
}

/// A partial reduction, overwritten with zeros on drop.
#[derive(Debug)]
struct Reduction {
    target: Target,
    pixels: WipedBytes,
    rows: usize,
}

impl Reduction {
    fn new(target: Target) -> Self {
        Self { target, pixels: WipedBytes::zeroed(target.width * target.height), rows: 0 }
    }

    fn next_row(&mut self) -> &mut [u8] {
        let start = self.rows * self.target.width;
        self.rows += 1;
        self.pixels.0.get_mut(start..start + self.target.width).unwrap_or_default()
    }

    fn push(&mut self, row: &[u8]) {
        let out = self.next_row();
        out.copy_from_slice(&row[..out.len()]);
    }
}

impl Scaler {
    /// Creates a scaler for the targets of an image of `columns` and `rows`, each once.
    pub(super) fn new((columns, rows): (usize, usize), targets: &[Target], level: Level) -> Self {
        let mut scaler = Self {
            level,
            wide: vec![0; columns + PADDING],
            rows_first: Vec::new(),
            columns_first: Vec::new(),
        };
        for (index, &target) in targets.iter().enumerate() {
            if targets[..index].contains(&target) {
                continue;
            }
            let pass = || {
                (target.width != columns).then(|| RowPass::new(&Kernel::new(columns, target.width)))
            };
            let column_pass = |width| ColumnPass::new(Kernel::new(rows, target.height), width);
            let reduction = Reduction::new(target);
            if target.columns_first {
                let wide = vec![0; columns + PADDING];
                let columns = column_pass(columns);
                scaler.columns_first.push(ColumnsFirst { columns, pass: pass(), wide, reduction });
                continue;
            }
            let height = ((target.height != rows).then(|| column_pass(target.width)), reduction);
            if let Some(same) = scaler.rows_first.iter_mut().find(|it| it.width == target.width) {
                same.heights.push(height);
            } else {
                let (width, reduced) = (target.width, vec![0; target.width]);
                scaler.rows_first.push(RowsFirst {
                    width,
                    pass: pass(),
                    reduced,
                    heights: vec![height],
                });
            }
        }
        scaler
    }

    /// Adds the next row of luma.
    pub(super) fn push(&mut self, row: &[u8]) {
        dispatch!(self.level, simd => self.push_row(simd, row));
    }

    #[inline(always)]
    fn push_row<S: Simd>(&mut self, simd: S, row: &[u8]) {
        widen(row, &mut self.wide);
        for group in &mut self.rows_first {
            let reduced = match &group.pass {
                Some(pass) => {
                    pass.run(simd, &self.wide, &mut group.reduced);
                    &group.reduced
                }
                None => row,
            };
            for (columns, reduction) in &mut group.heights {
                match columns {
                    Some(columns) => columns.push(reduced, |row| reduction.push(row)),
                    None => reduction.push(reduced),
                }
            }
        }
        for ColumnsFirst { columns, pass, wide, reduction } in &mut self.columns_first {
            columns.push(row, |row| match pass {
                Some(pass) => {
                    widen(row, wide);
                    pass.run(simd, wide, reduction.next_row());
                }
                None => reduction.push(row),
            });
        }
    }

    /// Returns the pixels of a target, after every row was added; empty if it is not a target.
    pub(super) fn pixels(&self, target: Target) -> &[u8] {
        let rows_first =
            self.rows_first.iter().flat_map(|group| group.heights.iter().map(|(_, it)| it));
        let columns_first = self.columns_first.iter().map(|it| &it.reduction);
        rows_first
            .chain(columns_first)
            .find(|reduction| reduction.target == target)
            .map(|reduction| reduction.pixels.0.as_slice())
            .unwrap_or_default()
    }
}

#[inline(always)]
fn widen(row: &[u8], wide: &mut [i16]) {
    for (wide, &pixel) in wide.iter_mut().zip(row) {
        *wide = i16::from(pixel);
    }
}

impl Drop for Scaler {
    fn drop(&mut self) {
        self.wide.zeroize();
        for group in &mut self.rows_first {
            group.reduced.zeroize();
        }
        for reduction in &mut self.columns_first {
            reduction.wide.zeroize();
        }
    }
}
