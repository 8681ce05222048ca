//! Columns of Arrow's arrays as a table has them.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type,
    Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, Field, TimeUnit};
use arrow_select::take::take;
use nablab_data::DataError;
use nablab_data::table::{Categories, Column, Numbers, Reading, Values};

use crate::DAMAGED;
use crate::chunks::Chunks;

/// What pandas calls the labels of rows that it keeps.
pub fn is_index(field: &Field) -> bool {
    field.name().starts_with("__index_level_") && field.name().ends_with("__")
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Number,
    Category,
    Date,
}

fn kind(data: &DataType) -> Option<Kind> {
    Some(match data {
        DataType::Dictionary(_, values) if !matches!(**values, DataType::Dictionary(..)) => {
            return kind(values);
        }
        // Where every value is missing, too.
        DataType::Null => Kind::Number,
        data if data.is_numeric() => Kind::Number,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Boolean => Kind::Category,
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => Kind::Date,
        _ => return None,
    })
}

/// Refuse a column that no table has, before its values are read.
///
/// # Errors
/// [`DataError::Format`] with its name and type.
pub fn check(field: &Field, file: &str) -> Result<(), DataError> {
    if kind(field.data_type()).is_some() {
        return Ok(());
    }
    let (place, got) = (format!("column {}", field.name()), field.data_type().to_string());
    let hint = "leave the column out, or spread it over columns of one value each";
    Err(DataError::format(file, place, "numbers, texts, booleans or dates", got, hint))
}

/// The values of a column, which lie in several arrays.
pub(crate) fn values(
    field: &Field,
    arrays: &[ArrayRef],
    reading: &Reading,
    file: &str,
) -> Result<Values, DataError> {
    let fail = |got: &str| {
        let place = format!("column {}", field.name());
        DataError::format(file, place, field.data_type().to_string(), got, DAMAGED)
    };
    let dense = arrays.iter().map(dense).collect::<Result<Vec<_>, _>>().map_err(|error| fail(&error))?;
    let all = || dense.iter().map(AsRef::as_ref);
    match kind(field.data_type()) {
        Some(Kind::Number) => {
            let mut values = Vec::with_capacity(all().map(Array::len).sum());
            all().try_for_each(|array| numbers(array, &mut values)).ok_or_else(|| fail("another type"))?;
            let numbers: Numbers = values.into_iter().collect();
            let written = reading.written.contains(field.name()).then(|| written(&dense)).flatten();
            Ok(Values::Numbers(match written {
                Some(texts) => numbers.with_texts(texts),
                None => numbers,
            }))
        }
        Some(Kind::Category) => {
            let texts: Option<Vec<_>> = all().map(texts).collect();
            let texts = texts.ok_or_else(|| fail("another type"))?;
            Ok(Values::Categories(texts.into_iter().flatten().collect::<Categories>()))
        }
        Some(Kind::Date) => {
            let dates: Option<Vec<_>> = all().map(dates).collect();
            let dates = dates.ok_or_else(|| fail("a day outside the calendar"))?;
            Ok(Values::Dates(dates.iter().flatten().map(Option::as_deref).collect()))
        }
        None => Err(fail("no column of a table")),
    }
}

/// A column of arrays in memory, of which numbers are not copied: they stay where they are as long as the column is there. Numbers that
/// are too large for a double keep their digits, in case they are names.
///
/// ```
/// use arrow_array::{ArrayRef, Int64Array};
/// use arrow_schema::{DataType, Field};
/// use nablab_data::table::Values;
/// use std::sync::Arc;
/// let field = Field::new("age", DataType::Int64, true);
/// let arrays: [ArrayRef; 2] =
///     [Arc::new(Int64Array::from(vec![Some(7), None])), Arc::new(Int64Array::from(vec![30]))];
/// let column = nablab_arrow::column(&field, &arrays, "people")?;
/// assert_eq!(column.values, Values::Numbers([7.0, f64::NAN, 30.0].into_iter().collect()));
/// # Ok::<(), nablab_data::DataError>(())
/// ```
///
/// # Errors
/// [`DataError::Format`] for a type that no table has ([`check`]), and arrays that do not hold what their type says.
pub fn column(field: &Field, arrays: &[ArrayRef], table: &str) -> Result<Column, DataError> {
    check(field, table)?;
    for array in arrays {
        array.to_data().validate_full().map_err(|error| {
            let place = format!("column {}", field.name());
            DataError::format(
                table,
                place,
                field.data_type().to_string(),
                error.to_string(),
                "whoever made the array has made a mistake",
            )
        })?;
    }
    let values = match lent(arrays) {
        Some(numbers) => Values::Numbers(numbers),
        None => values(field, arrays, &Reading::default(), table)?,
    };
    let values = match values {
        Values::Numbers(numbers) if !field.data_type().is_floating() && has_large(&numbers) => {
            Values::Numbers(match written(arrays) {
                Some(texts) => numbers.with_texts(texts),
                None => numbers,
            })
        }
        values => values,
    };
    Ok(Column { name: field.name().clone(), values })
}

/// Whether there are numbers that a double may not hold.
fn has_large(numbers: &Numbers) -> bool {
    numbers.iter().any(|number| number.abs() > LARGEST_EXACT)
}

/// Whole numbers up to here are doubles, too.
const LARGEST_EXACT: f64 = (1_u64 << f64::MANTISSA_DIGITS) as f64;

/// An array by dictionary as one that holds its values.
fn dense(array: &ArrayRef) -> Result<ArrayRef, String> {
    match array.as_any_dictionary_opt() {
        Some(by) => take(by.values(), by.keys(), None).map_err(|error| error.to_string()),
        None => Ok(array.clone()),
    }
}

/// `$with!(type, way to a double)` of an array of plain numbers, by its type; `$other` of any other.
macro_rules! primitive {
    ($data:expr, $with:ident, $other:expr) => {
        match $data {
            DataType::Int8 => $with!(Int8Type, f64::from),
            DataType::Int16 => $with!(Int16Type, f64::from),
            DataType::Int32 => $with!(Int32Type, f64::from),
            DataType::Int64 => $with!(Int64Type, |v| v as f64),
            DataType::UInt8 => $with!(UInt8Type, f64::from),
            DataType::UInt16 => $with!(UInt16Type, f64::from),
            DataType::UInt32 => $with!(UInt32Type, f64::from),
            DataType::UInt64 => $with!(UInt64Type, |v| v as f64),
            DataType::Float16 => $with!(Float16Type, f64::from),
            DataType::Float32 => $with!(Float32Type, f64::from),
            DataType::Float64 => $with!(Float64Type, |v| v),
            _ => $other,
        }
    };
}

/// The numbers of arrays of one type, where they lie; none of those that are no plain numbers.
fn lent(arrays: &[ArrayRef]) -> Option<Numbers> {
    macro_rules! chunks {
        ($t:ty, $to_f64:expr) => {
            Some(Numbers::lent(Arc::new(Chunks::<$t, _>::of(arrays, $to_f64)?)))
        };
    }
    primitive!(arrays.first()?.data_type(), chunks, None)
}

/// Append the numbers of an array, not-a-number for a missing one; none if it holds something else.
fn numbers(array: &dyn Array, into: &mut Vec<f64>) -> Option<()> {
    macro_rules! plain {
        ($t:ty, $to_f64:expr) => {{
            let to_f64: fn(<$t as ArrowPrimitiveType>::Native) -> f64 = $to_f64;
            let values = array.as_primitive_opt::<$t>()?;
            into.extend(values.iter().map(|value| value.map_or(f64::NAN, to_f64)));
        }};
    }
    // By way of its digits: so it is the number next to the decimal.
    macro_rules! decimal {
        ($t:ty) => {{
            let values = array.as_primitive_opt::<$t>()?;
            let number = |row| values.value_as_string(row).parse().unwrap_or(f64::NAN);
            into.extend((0..array.len()).map(|row| if array.is_null(row) { f64::NAN } else { number(row) }));
        }};
    }
    match array.data_type() {
        DataType::Null => into.extend(std::iter::repeat_n(f64::NAN, array.len())),
        DataType::Decimal32(..) => decimal!(Decimal32Type),
        DataType::Decimal64(..) => decimal!(Decimal64Type),
        DataType::Decimal128(..) => decimal!(Decimal128Type),
        DataType::Decimal256(..) => decimal!(Decimal256Type),
        data => primitive!(data, plain, return None),
    }
    Some(())
}

/// The digits of all numbers, where a double may not hold them.
fn written(arrays: &[ArrayRef]) -> Option<Categories> {
    let digits: Option<Vec<_>> = arrays.iter().map(|array| digits(&dense(array).ok()?)).collect();
    Some(digits?.iter().flatten().map(Option::as_deref).collect())
}

/// The digits of an array of numbers that a double may not hold; none if it holds others.
fn digits(array: &dyn Array) -> Option<Vec<Option<String>>> {
    macro_rules! primitive {
        ($t:ty) => {
            Some(array.as_primitive_opt::<$t>()?.iter().map(|value| Some(value?.to_string())).collect())
        };
    }
    macro_rules! decimal {
        ($t:ty) => {{
            let values = array.as_primitive_opt::<$t>()?;
            let digits = |row| (!values.is_null(row)).then(|| values.value_as_string(row));
            Some((0..values.len()).map(digits).collect())
        }};
    }
    match array.data_type() {
        DataType::Int64 => primitive!(Int64Type),
        DataType::UInt64 => primitive!(UInt64Type),
        DataType::Decimal32(..) => decimal!(Decimal32Type),
        DataType::Decimal64(..) => decimal!(Decimal64Type),
        DataType::Decimal128(..) => decimal!(Decimal128Type),
        DataType::Decimal256(..) => decimal!(Decimal256Type),
        _ => None,
    }
}

/// The texts of an array; none if it holds something else.
fn texts(array: &dyn Array) -> Option<Box<dyn Iterator<Item = Option<&str>> + '_>> {
    let word = |value| if value { "True" } else { "False" };
    Some(match array.data_type() {
        DataType::Utf8 => Box::new(array.as_string_opt::<i32>()?.iter()),
        DataType::LargeUtf8 => Box::new(array.as_string_opt::<i64>()?.iter()),
        DataType::Utf8View => Box::new(array.as_string_view_opt()?.iter()),
        DataType::Boolean => Box::new(array.as_boolean_opt()?.iter().map(move |value| value.map(word))),
        _ => return None,
    })
}

/// The days or points in time of an array; none if it holds something else, or one that no calendar has.
fn dates(array: &dyn Array) -> Option<Vec<Option<String>>> {
    macro_rules! read_as {
        ($t:ty, $value:ident, $zone:expr) => {{
            let values = array.as_primitive_opt::<$t>()?;
            let date = |row| match values.is_null(row) {
                true => Some(None),
                false => values.$value(row).map(|date| Some(format!("{date}{}", $zone))),
            };
            (0..values.len()).map(date).collect()
        }};
    }
    match array.data_type() {
        DataType::Date32 => read_as!(Date32Type, value_as_date, ""),
        DataType::Date64 => read_as!(Date64Type, value_as_date, ""),
        DataType::Timestamp(unit, zone) => {
            let zone = if zone.is_some() { "+00:00" } else { "" };
            match unit {
                TimeUnit::Second => read_as!(TimestampSecondType, value_as_datetime, zone),
                TimeUnit::Millisecond => read_as!(TimestampMillisecondType, value_as_datetime, zone),
                TimeUnit::Microsecond => read_as!(TimestampMicrosecondType, value_as_datetime, zone),
                TimeUnit::Nanosecond => read_as!(TimestampNanosecondType, value_as_datetime, zone),
            }
        }
        _ => None,
    }
}
