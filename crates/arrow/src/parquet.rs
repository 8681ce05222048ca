//! Parquet: columns of several compressions and encodings, described at the end of the file.

use std::io;

use bytes::Bytes;
use nablab_data::DataError;
use nablab_data::table::{Column, Progress, Reading, Table};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::file::reader::ChunkReader;

use crate::{DAMAGED, column, guarded};

/// Rows that are unpacked at once.
const BATCH: usize = 1 << 16;

/// Read a table from the bytes of a Parquet file.
///
/// # Errors
/// [`DataError::Format`] for anything else, or with the column that no table has.
pub fn read(bytes: Vec<u8>, file: &str) -> Result<Table, DataError> {
    let bytes = Bytes::from(bytes);
    read_from(&|| Ok(bytes.clone()), file, &Reading::default(), &mut |_, _| ())
}

/// Read a table column by column: only one at a time is in memory as the file has it.
pub(crate) fn read_from<T: ChunkReader + 'static>(
    open: &dyn Fn() -> io::Result<T>,
    file: &str,
    reading: &Reading,
    progress: &mut Progress<'_>,
) -> Result<Table, DataError> {
    guarded(file, "Parquet", || {
        let open = || open().map_err(|source| DataError::Read { path: file.into(), source });
        let damaged = |place: &str, error: &dyn std::fmt::Display| {
            DataError::format(file, place, "whole Parquet data", error.to_string(), DAMAGED)
        };
        let metadata = ArrowReaderMetadata::load(&open()?, ArrowReaderOptions::new())
            .map_err(|error| damaged("file", &error))?;
        let (rows, sizes) = sizes(&metadata);
        let (mut columns, mut done, total) = (Vec::new(), 0, sizes.iter().sum());
        for (i, field) in metadata.schema().fields().iter().enumerate() {
            if !column::is_index(field) {
                column::check(field, file)?;
                let place = format!("column {}", field.name());
                let mask = ProjectionMask::roots(metadata.parquet_schema(), [i]);
                let batches = ParquetRecordBatchReaderBuilder::new_with_metadata(open()?, metadata.clone())
                    .with_projection(mask)
                    .with_batch_size(BATCH)
                    .build()
                    .map_err(|error| damaged(&place, &error))?;
                let arrays = batches.map(|batch| batch.map(|batch| batch.column(0).clone()));
                let arrays: Vec<_> =
                    arrays.collect::<Result<_, _>>().map_err(|error| damaged(&place, &error))?;
                let values = column::values(field, &arrays, reading, file)?;
                if values.len() as u64 != rows {
                    return Err(damaged(&place, &format!("{} of {rows} values", values.len())));
                }
                columns.push(Column { name: field.name().clone(), values });
            }
            done += sizes[i];
            progress(done, total);
        }
        Table::new(columns, file)
    })
}

/// The number of rows, and the bytes of each column of the table.
fn sizes(metadata: &ArrowReaderMetadata) -> (u64, Vec<u64>) {
    let (mut rows, mut sizes) = (0_u64, vec![0_u64; metadata.schema().fields().len()]);
    for group in metadata.metadata().row_groups() {
        rows = rows.saturating_add(group.num_rows().max(0) as u64);
        for (leaf, chunk) in group.columns().iter().enumerate() {
            let root = metadata.parquet_schema().get_column_root_idx(leaf);
            if let Some(size) = sizes.get_mut(root) {
                // A damaged file may say anything, and their sum must exist.
                *size += chunk.compressed_size().clamp(0, 1 << 40) as u64;
            }
        }
    }
    (rows, sizes)
}
