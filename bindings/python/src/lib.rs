//! The interface of the core for Python. It converts values and computes nothing; the Python code
//! of the package builds its types from the results.
//!
//! Every computation releases the GIL. A panic, which would be a defect, is raised as the error
//! `internal`.

#![allow(clippy::needless_pass_by_value, reason = "PyO3 extracts arguments as values")]

mod capabilities;
mod comparison;
mod digests;
mod error;
mod fingerprinter;
mod hash;
mod index;
mod input;
mod lists;
mod observer;
mod options;
mod pixels;
mod records;
mod video;

use zeroizing_alloc::ZeroAlloc;

/// Overwrites freed memory: decoders free buffers that held pixels.
#[global_allocator]
static WIPING_ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

#[pyo3::pymodule(gil_used = false)]
mod _ownprint {
    /// The version of the package.
    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "the name that Python packages give their version")]
    const __version__: &str = env!("CARGO_PKG_VERSION");

    #[pymodule_export]
    use crate::capabilities::{capabilities, hash_info};
    #[pymodule_export]
    use crate::comparison::{compare, compare_regions, compare_variants, distance};
    #[pymodule_export]
    use crate::digests::DigestStream;
    #[pymodule_export]
    use crate::fingerprinter::{
        FingerprintStream, Fingerprinter, pdq_array, pdq_coefficients, pdq_pixels,
    };
    #[pymodule_export]
    use crate::index::Index;
    #[pymodule_export]
    use crate::lists::{ListReader, read_list, read_list_tolerant, threatexchange_line};
    #[pymodule_export]
    use crate::observer::CancelToken;
    #[pymodule_export]
    use crate::records::{
        csv_header, csv_row, read_csv, read_record, read_stopncii_page, write_stopncii_page,
    };
    #[pymodule_export]
    use crate::video::{
        VpdqHasher, compare_videos, read_vpdq_features, read_vpdq_frame, vpdq_thresholds,
        write_vpdq_features, write_vpdq_frame,
    };
}
