//! What is to be written, or offered to be saved: names and bytes. Whoever has a disk, or a page, decides what becomes of it.

/// A file, not yet written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name; folders in it are separated by `/`.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl File {
    /// Of a text or of bytes.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: bytes.into() }
    }

    /// A table of texts, quoted where they need it (RFC 4180).
    ///
    /// ```
    /// use nablab_report::File;
    /// let file = File::csv("cells.csv", ["x", "what"], [["1".to_owned(), "a, b".to_owned()]]);
    /// assert_eq!(file.bytes, b"x,what\n1,\"a, b\"\n");
    /// ```
    pub fn csv<T: AsRef<[u8]>, Row: IntoIterator<Item = String>>(
        name: impl Into<String>,
        header: impl IntoIterator<Item = T>,
        rows: impl IntoIterator<Item = Row>,
    ) -> Self {
        const IN_MEMORY: &str = "rows of one width, into memory";
        let mut out = csv::Writer::from_writer(Vec::new());
        out.write_record(header).expect(IN_MEMORY);
        rows.into_iter().for_each(|row| out.write_record(row).expect(IN_MEMORY));
        Self::new(name, out.into_inner().expect(IN_MEMORY))
    }
}
