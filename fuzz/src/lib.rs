//! What the targets share: a limit of memory, archives whose checksums fit whatever they hold, and a folder to write in.

mod folder;

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::{Cursor, Write};
use std::process::abort;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

pub use folder::Folder;

/// The system's memory, counted. More than is allowed ends the program, which the fuzzer keeps as a finding.
struct Counted;

static USED: AtomicUsize = AtomicUsize::new(0);
static ALLOWED: AtomicUsize = AtomicUsize::new(usize::MAX);

#[global_allocator]
static MEMORY: Counted = Counted;

// SAFETY: all is left to the system; the counts are no part of what is returned.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let used = USED.fetch_add(layout.size(), Relaxed).saturating_add(layout.size());
        if used > ALLOWED.load(Relaxed) {
            // To say so takes memory, too.
            ALLOWED.store(usize::MAX, Relaxed);
            eprintln!("{} bytes more make {used}: far beyond the size of the input", layout.size());
            abort();
        }
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        USED.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(memory, layout) }
    }
}

/// Run a reader of an input of that many bytes. It may take a hundred times as much memory, and 64 MiB.
pub fn within<T>(input: usize, read: impl FnOnce() -> T) -> T {
    ALLOWED.store(USED.load(Relaxed) + 100 * input + (64 << 20), Relaxed);
    let result = read();
    ALLOWED.store(usize::MAX, Relaxed);
    result
}

/// A zip archive of these members, uncompressed.
pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in members {
        archive.start_file(*name, options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A gzip file.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A MATLAB file whose one variable is compressed: the header of `bytes`, and what follows it.
pub fn compressed_mat(bytes: &[u8]) -> Option<Vec<u8>> {
    let (header, variable) = bytes.split_at_checked(128)?;
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::none());
    encoder.write_all(variable).unwrap();
    let packed = encoder.finish().unwrap();
    let (kind, size) = (15_u32, packed.len() as u32);
    let tag = match header.ends_with(b"IM") {
        true => [kind.to_le_bytes(), size.to_le_bytes()],
        false => [kind.to_be_bytes(), size.to_be_bytes()],
    };
    Some([header, tag.as_flattened(), &packed].concat())
}

/// The arrays of NumPy's that lie one behind the other in `bytes`, at most three.
pub fn arrays(bytes: &[u8]) -> Vec<&[u8]> {
    const MAGIC: &[u8] = b"\x93NUMPY";
    let mut starts: Vec<usize> = bytes
        .windows(MAGIC.len())
        .enumerate()
        .filter(|(_, w)| *w == MAGIC)
        .map(|(at, _)| at)
        .take(3)
        .collect();
    starts.push(bytes.len());
    starts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect()
}
