//! Replacing the file of a saved index.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

/// Replaces the file at `path` by what `write` writes, or creates it.
///
/// The file is never incomplete, and is not changed in place: another process may have it open as
/// an index. A temporary file in the same folder, with `.part` added to its name, is renamed when
/// it is complete. An existing temporary file is never overwritten. If `path` is a symbolic link,
/// its target is replaced. The new file has the permissions of any new file.
///
/// # Errors
///
/// Those of [`file_to_replace`] and of `write`. [`io::ErrorKind::AlreadyExists`] if the temporary
/// file exists: another call writes it, or was interrupted.
pub fn replace_file<E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<(), E>,
) -> Result<(), E> {
    let target = file_to_replace(path)?;
    let mut name = target.clone().into_os_string();
    name.push(".part");
    let temporary = PathBuf::from(name);
    let file = File::create_new(&temporary).map_err(|error| created(error, &temporary))?;
    let mut file = BufWriter::new(file);
    let written = write(&mut file).and_then(|()| {
        file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        Ok(fs::rename(&temporary, &target)?)
    });
    if written.is_err() {
        // The first error says more than a failed removal would.
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// Returns the file that [`replace_file`] replaces: `path`, or its target if it is a symbolic link.
///
/// # Errors
///
/// [`io::ErrorKind::InvalidInput`] if the file exists and is not regular. A broken link is an
/// error, because its target may be on a disk that is not mounted.
pub fn file_to_replace(path: &Path) -> io::Result<PathBuf> {
    let target = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(path.to_owned()),
        Ok(metadata) if metadata.is_symlink() => fs::canonicalize(path)?,
        _ => path.to_owned(),
    };
    if fs::metadata(&target)?.is_file() {
        return Ok(target);
    }
    let detail = "it is not a regular file; pass the path of a new file";
    Err(io::Error::new(io::ErrorKind::InvalidInput, detail))
}

fn created(error: io::Error, temporary: &Path) -> io::Error {
    if error.kind() != io::ErrorKind::AlreadyExists {
        return error;
    }
    let name = temporary.file_name().unwrap_or_default().to_string_lossy();
    let detail = format!(
        "{} already exists: another program writes it, or was interrupted; remove it if none does",
        name.escape_debug()
    );
    io::Error::new(io::ErrorKind::AlreadyExists, detail)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    /// A folder in the one for temporary files, which is removed at the end.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("ownprint-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir(&path).unwrap();
            Self(path)
        }

        fn names(&self) -> Vec<String> {
            let entries = fs::read_dir(&self.0).unwrap();
            let mut names: Vec<_> =
                entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn write(path: &Path, text: &str) -> io::Result<()> {
        replace_file(path, |file| file.write_all(text.as_bytes()))
    }

    #[test]
    fn a_file_is_replaced_as_a_whole_or_not_at_all() {
        let folder = Folder::new("replaced");
        let path = folder.0.join("known.index");
        write(&path, "old").unwrap();
        let mut open = File::open(&path).unwrap();
        let failed: io::Result<()> = replace_file(&path, |file| {
            file.write_all(b"half")?;
            Err(io::Error::other("the index is damaged"))
        });
        assert_eq!(failed.unwrap_err().to_string(), "the index is damaged");
        assert_eq!((fs::read(&path).unwrap(), folder.names().len()), (b"old".to_vec(), 1));
        write(&path, "new").unwrap();
        assert_eq!((fs::read(&path).unwrap(), folder.names().len()), (b"new".to_vec(), 1));
        // Those who have the file open keep what they opened.
        assert_eq!(io::read_to_string(&mut open).unwrap(), "old");
    }

    #[test]
    fn only_one_call_writes_a_file() {
        let folder = Folder::new("once");
        let path = folder.0.join("known.index");
        let mut second = None;
        replace_file(&path, |file| {
            second = Some(write(&path, "second"));
            file.write_all(b"first")
        })
        .unwrap();
        let error = second.unwrap().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert!(error.to_string().starts_with("known.index.part already exists"), "{error}");
        assert_eq!((fs::read(&path).unwrap(), folder.names().len()), (b"first".to_vec(), 1));
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_and_other_files_are_refused() {
        use std::os::unix::fs::symlink;
        let folder = Folder::new("links");
        let [real, link, broken] = ["real", "link", "broken"].map(|name| folder.0.join(name));
        fs::write(&real, "old").unwrap();
        symlink("real", &link).unwrap();
        symlink("nothing", &broken).unwrap();
        write(&link, "new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read(&real).unwrap(), b"new");
        assert_eq!(write(&broken, "new").unwrap_err().kind(), io::ErrorKind::NotFound);
        for other in [folder.0.as_path(), Path::new("/dev/null")] {
            assert_eq!(write(other, "new").unwrap_err().kind(), io::ErrorKind::InvalidInput);
        }
        assert_eq!(folder.names(), ["broken", "link", "real"]);
    }
}
