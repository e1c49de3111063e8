//! Uses every object of the library from sixteen threads at once: all threads get the same results.

#![allow(clippy::unwrap_used)]

use std::sync::{Arc, Barrier};
use std::thread;

use ownprint_ffi::{
    CancelToken, Fingerprinter, FrameLayout, FramePlanes, HashIndex, ListReader, Options,
    OwnprintError, PixelFormat, PlaneLayout, VpdqHasher,
};

const THREADS: usize = 16;

/// Runs `work` on all threads at once, with the number of each thread, and returns the results.
fn on_all<T: Send>(work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let start = Barrier::new(THREADS);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|number| {
                let (start, work) = (&start, &work);
                scope.spawn(move || {
                    start.wait();
                    work(number)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// Repeats a call until no other call uses its object.
fn in_turn<T>(call: impl Fn() -> Result<T, OwnprintError>) -> T {
    loop {
        match call() {
            Ok(value) => return value,
            Err(OwnprintError::Failed { code, .. }) => assert_eq!(code, "io"),
        }
        thread::yield_now();
    }
}

/// The header of an image, and one of sixteen equal parts of its pixels.
fn pieces() -> (Vec<u8>, Vec<u8>) {
    (b"P5 64 64 255\n".to_vec(), (0..64 * 4).map(|at: u32| (at * at / 7) as u8).collect())
}

/// Returns a hash of 64 digits for a number.
fn hex(number: usize) -> String {
    format!("{number:064x}")
}

/// Returns a line of a list.
fn line(number: usize) -> Vec<u8> {
    format!("pdq {}\n", hex(number)).into_bytes()
}

/// Returns a list of that many hashes.
fn list(hashes: usize) -> Vec<u8> {
    (0..hashes).flat_map(line).collect()
}

fn fingerprinter() -> Arc<Fingerprinter> {
    Fingerprinter::new(&Options::default()).unwrap()
}

#[test]
fn sixteen_threads_share_a_fingerprinter() {
    let (fingerprinter, (head, piece)) = (fingerprinter(), pieces());
    let file = [head, piece.repeat(THREADS)].concat();
    let expected = fingerprinter.fingerprint_bytes(&file, None, None).unwrap();
    for result in on_all(|_| fingerprinter.fingerprint_bytes(&file, None, None).unwrap()) {
        assert_eq!(result, expected);
    }
}

#[test]
fn sixteen_threads_use_their_own_stream_and_share_one() {
    let (fingerprinter, (head, piece)) = (fingerprinter(), pieces());
    let file = [head.clone(), piece.repeat(THREADS)].concat();
    let expected = fingerprinter.fingerprint_bytes(&file, None, None).unwrap();
    let each = on_all(|_| {
        let stream = fingerprinter.stream(None, None);
        for piece in file.chunks(97) {
            stream.update(piece).unwrap();
        }
        stream.finalize().unwrap()
    });
    for result in each {
        assert_eq!(result, expected);
    }
    let shared = fingerprinter.stream(None, None);
    shared.update(&head).unwrap();
    on_all(|_| in_turn(|| shared.update(&piece)));
    assert_eq!(shared.finalize().unwrap(), expected);
    // Only one thread can end it.
    let shared = fingerprinter.stream(None, None);
    shared.update(&file).unwrap();
    let ends = on_all(|_| shared.finalize());
    assert_eq!(ends.iter().filter(|end| end.is_ok()).count(), 1);
    assert_eq!(ends.into_iter().find_map(Result::ok).unwrap(), expected);
}

#[test]
fn sixteen_threads_share_an_index() {
    let index = HashIndex::new("pdq").unwrap();
    let mut entries: Vec<_> = on_all(|number| {
        (0..8)
            .map(|at| index.insert(&hex(number * 8 + at), hex(number * 8 + at)).unwrap())
            .collect::<Vec<_>>()
    })
    .concat();
    entries.sort_unstable();
    assert_eq!(entries, (0..128).collect::<Vec<_>>());
    let alone = HashIndex::new("pdq").unwrap();
    for number in 0..128 {
        alone.insert(&hex(number), hex(number)).unwrap();
    }
    // The order of insertion differs, the entries do not.
    let near = |index: &HashIndex, number| {
        let hits = index.within(&hex(number), Some(2)).unwrap();
        let mut near: Vec<_> = hits.into_iter().map(|hit| (hit.distance, hit.payload)).collect();
        near.sort_unstable();
        near
    };
    let searches = on_all(|number| {
        let found = near(&index, number);
        let groups = index.groups(Some(1)).len();
        // An entry that none of these searches finds.
        let entry = index.insert(&"f".repeat(64), number.to_string()).unwrap();
        assert_eq!(index.remove(entry).as_deref(), Some(number.to_string().as_str()));
        (found, groups > 0, index.algorithm())
    });
    for (number, search) in searches.into_iter().enumerate() {
        assert_eq!(search, (near(&alone, number), true, "pdq".to_owned()));
    }
    assert_eq!(index.count(), 128);
}

#[test]
fn sixteen_threads_fill_a_reader_for_an_index() {
    let index = HashIndex::new("pdq").unwrap();
    let list = list(40);
    let counts = on_all(|_| {
        let stream = index.reader();
        for piece in list.chunks(31) {
            stream.update(piece).unwrap();
        }
        index.insert_reader(&stream).unwrap()
    });
    assert_eq!((counts, index.count()), (vec![40; THREADS], 40 * THREADS as u64));
    // All threads pass complete lines to one reader, which is inserted once.
    let shared = index.reader();
    on_all(|number| shared.update(&line(number)).unwrap());
    let mut taken: Vec<_> = on_all(|_| index.insert_reader(&shared).ok());
    taken.sort_unstable();
    assert_eq!((taken.pop(), taken.pop()), (Some(Some(THREADS as u64)), Some(None)));
    assert_eq!(index.count(), 41 * THREADS as u64);
}

#[test]
fn sixteen_threads_read_lists() {
    let list = list(40);
    let expected = ownprint_ffi::read_list(&list).unwrap();
    let each = on_all(|_| {
        let stream = ListReader::new();
        let mut hashes: Vec<_> =
            list.chunks(31).flat_map(|piece| stream.update(piece).unwrap()).collect();
        hashes.extend(stream.finalize().unwrap());
        hashes
    });
    for hashes in each {
        assert_eq!(hashes, expected);
    }
    let shared = ListReader::new();
    let pushed = on_all(|number| shared.update(&line(number)).unwrap());
    let mut hashes: Vec<_> =
        pushed.into_iter().flatten().chain(shared.finalize().unwrap()).map(|it| it.hex).collect();
    hashes.sort_unstable();
    assert_eq!(hashes, (0..THREADS).map(hex).collect::<Vec<_>>());
    assert!(on_all(|_| shared.finalize()).iter().all(Result::is_err));
}

#[test]
fn sixteen_threads_add_the_frames_of_a_video() {
    let plane = PlaneLayout { offset: 0, stride: 64 };
    let planes = FramePlanes::Packed { format: PixelFormat::L8, plane };
    let layout = FrameLayout { width: 64, height: 64, planes };
    let frame = |number: usize| -> Vec<u8> {
        (0..64 * 64).map(|at| (at * at / 11 + at * number) as u8).collect()
    };
    let push = |hasher: &VpdqHasher, number: usize| {
        assert!(hasher.wants(number as u64, number as f64).unwrap());
        hasher.update(number as u64, number as f64, &frame(number), &layout).unwrap();
    };
    let video = |hasher: &VpdqHasher| {
        for number in 0..THREADS {
            push(hasher, number);
        }
        hasher.finalize().unwrap()
    };
    let hasher = || VpdqHasher::by_frames(1.0, Some(0.0), None, None).unwrap();
    let expected = video(&hasher());
    assert_eq!(expected.len(), THREADS);
    assert!(on_all(|_| video(&hasher())).iter().all(|frames| *frames == expected));
    let shared = hasher();
    on_all(|number| push(&shared, number));
    assert_eq!(shared.finalize().unwrap(), expected);
}

#[test]
fn a_token_cancels_the_calls_of_all_threads() {
    let (cancel, fingerprinter) = (CancelToken::new(), fingerprinter());
    let codes = on_all(|number| {
        if number == 0 {
            cancel.cancel();
        }
        while !cancel.is_cancelled() {
            thread::yield_now();
        }
        let ended =
            fingerprinter.fingerprint_bytes(b"P5 1 1 255\n.", Some(Arc::clone(&cancel)), None);
        ended.err().map(|OwnprintError::Failed { code, .. }| code)
    });
    assert_eq!(codes, vec![Some("cancelled".to_owned()); THREADS]);
}
