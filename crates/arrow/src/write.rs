//! Tables as Parquet, for predictions.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use nablab_data::table::{Numbers, Table, Values};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

/// Write a table as a Parquet file, packed with Snappy as pandas does. Numbers become 64-bit integers where all are whole,
/// else doubles; categories, dates and what keeps its texts become texts; missing values become null.
///
/// ```
/// use nablab_data::table::csv;
/// let table = csv::read(b"label,probability\n3,0.1\n,0.9\n", "t.csv")?;
/// let bytes = nablab_arrow::write_parquet(&table);
/// assert_eq!(nablab_arrow::read_parquet(bytes, "t.parquet")?, table);
/// # Ok::<(), nablab_data::DataError>(())
/// ```
pub fn write(table: &Table) -> Vec<u8> {
    write_columns(table).expect("columns of one length can be written to memory")
}

fn write_columns(table: &Table) -> Result<Vec<u8>, ParquetError> {
    let columns = table.columns().iter().map(|column| (column.name.as_str(), array(&column.values), true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns)?;
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties))?;
    writer.write(&batch)?;
    writer.close()?;
    Ok(bytes)
}

fn array(values: &Values) -> ArrayRef {
    let given = |numbers: &Numbers| {
        numbers.iter().map(|number| (!number.is_nan()).then_some(number)).collect::<Vec<_>>()
    };
    match values {
        Values::Numbers(numbers) if numbers.written().is_some() => {
            Arc::new((0..numbers.len()).map(|row| numbers.text(row)).collect::<StringArray>())
        }
        Values::Numbers(numbers) if numbers.iter().all(is_integer_or_missing) => Arc::new(
            given(numbers).into_iter().map(|number| number.map(|n| n as i64)).collect::<Int64Array>(),
        ),
        Values::Numbers(numbers) => Arc::new(given(numbers).into_iter().collect::<Float64Array>()),
        Values::Categories(texts) | Values::Dates(texts) => Arc::new(texts.texts().collect::<StringArray>()),
    }
}

/// Beyond 2⁵³ a double is whole, but stands for its neighbours as well; and -0 would lose its sign.
fn is_integer_or_missing(number: f64) -> bool {
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    number.is_nan() || (number.abs() <= LARGEST && (number as i64 as f64).to_bits() == number.to_bits())
}
