//! What is read, and how much of it: sources that can be read twice, and that say how far they are.

use std::io::{self, Read, Seek, SeekFrom};

use flate2::read::MultiGzDecoder;

use super::decoded::NotOfEncoding;
use crate::{DataError, Wording};

/// Called now and then with the bytes read and their total; of a file that has to be read twice it becomes twice its bytes.
pub type Progress<'a> = dyn FnMut(u64, u64) + 'a;

/// A stream that can begin again.
pub(crate) trait Again: Read {
    /// Go back to the beginning.
    fn again(&mut self) -> io::Result<()>;
}

/// Bytes between two calls of a [`Progress`].
const STEP: u64 = 4 << 20;

/// A source that says how much of it is read.
pub(crate) struct Watched<'p, R> {
    source: R,
    length: u64,
    /// Bytes read in earlier passes, in this one, and those told of.
    earlier: u64,
    read: u64,
    told: u64,
    total: u64,
    progress: &'p mut Progress<'p>,
}

impl<'p, R: Read + Seek> Watched<'p, R> {
    /// The source, from its start.
    pub(crate) fn new(mut source: R, progress: &'p mut Progress<'p>) -> io::Result<Self> {
        let length = source.seek(SeekFrom::End(0))?;
        source.rewind()?;
        Ok(Self { source, length, earlier: 0, read: 0, told: 0, total: length, progress })
    }

    fn tell(&mut self) {
        self.told = self.earlier + self.read.min(self.length);
        (self.progress)(self.told, self.total);
    }
}

impl<R: Read + Seek> Read for Watched<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let bytes = self.source.read(into)?;
        self.read += bytes as u64;
        if self.earlier + self.read >= self.told + STEP || (bytes == 0 && !into.is_empty()) {
            self.tell();
        }
        Ok(bytes)
    }
}

/// For readers that go to and fro; what is read twice counts twice.
impl<R: Read + Seek> Seek for Watched<'_, R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.source.seek(to)
    }
}

impl<R: Read + Seek> Again for Watched<'_, R> {
    fn again(&mut self) -> io::Result<()> {
        self.source.rewind()?;
        self.earlier += self.length;
        self.total += self.length;
        self.read = 0;
        Ok(())
    }
}

/// What a gzip file holds.
pub(crate) struct Gunzip<R> {
    /// Always there but while it is exchanged.
    decoder: Option<MultiGzDecoder<R>>,
}

impl<R: Again> Gunzip<R> {
    pub(crate) fn new(source: R) -> Self {
        Self { decoder: Some(MultiGzDecoder::new(source)) }
    }
}

impl<R: Again> Read for Gunzip<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.decoder.as_mut().map_or(Ok(0), |decoder| decoder.read(into))
    }
}

impl<R: Again> Again for Gunzip<R> {
    fn again(&mut self) -> io::Result<()> {
        if let Some(decoder) = self.decoder.take() {
            let mut source = decoder.into_inner();
            source.again()?;
            self.decoder = Some(MultiGzDecoder::new(source));
        }
        Ok(())
    }
}

/// What a failed read means: that the file is damaged, or that it cannot be read.
pub(crate) fn unreadable(error: io::Error, file: &str) -> DataError {
    if let Some(NotOfEncoding(name)) = error.get_ref().and_then(|inner| inner.downcast_ref()) {
        let hint = Wording::with_settings("[encoding] names another one; or save the file as UTF-8");
        return DataError::format(file, "file", format!("text in {name}"), "bytes that are none", hint);
    }
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof => {
            let hint = "the file is damaged or cut short; fetch or save it again";
            DataError::format(file, "file", "whole compressed data", error.to_string(), hint)
        }
        _ => DataError::Read { path: file.into(), source: error },
    }
}
