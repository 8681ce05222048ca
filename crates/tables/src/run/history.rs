//! `history.csv`: a row for each epoch that the history has.

use std::fmt::Write;

use nablab_data::DataError;

use crate::Error;
use crate::epoch::Epoch;

/// The text of a history; a number that is not there is left empty.
pub(super) fn write(history: &[Epoch]) -> String {
    let mut text = String::from(
        "epoch,step,cost,train_loss,train_metric,validation_loss,validation_metric,learning_rate,seconds\n",
    );
    for epoch in history {
        let written = write!(text, "{},{},", epoch.epoch, epoch.step);
        let numbers = [
            epoch.cost,
            epoch.train_loss,
            epoch.train_metric,
            epoch.validation_loss,
            epoch.validation_metric,
            epoch.learning_rate,
        ];
        let written = numbers.into_iter().fold(written, |written, number| match number.is_nan() {
            true => written.and_then(|()| text.write_char(',')),
            false => written.and_then(|()| write!(text, "{number},")),
        });
        written.and_then(|()| writeln!(text, "{:.3}", epoch.seconds)).expect("a text takes everything");
    }
    text
}

/// Read it back.
pub(super) fn read(text: &str, file: &str) -> Result<Vec<Epoch>, Error> {
    let wrong = |line: usize, got: &str| {
        let hint = "the file is one that nablab train wrote";
        DataError::format(file, format!("line {line}"), "a row of the history", got, hint)
    };
    let row = |(i, line): (usize, &str)| {
        let number = |field: &str| match field {
            "" => Ok(f64::NAN),
            field => field.parse::<f64>().map_err(|_| wrong(i + 1, field)),
        };
        let fields = line.split(',').map(number).collect::<Result<Vec<_>, _>>()?;
        let numbers = <[f64; Epoch::NUMBERS]>::try_from(fields).map_err(|_| wrong(i + 1, line))?;
        Ok(Epoch::of_numbers(numbers))
    };
    text.lines().enumerate().skip(1).map(row).collect()
}
