//! `history.csv`: a row for each epoch.

use nablab_data::DataError;

use crate::Error;
use crate::epoch::Epoch;

/// The text of a history; a number that is not there is left empty.
pub(super) fn write(history: &[Epoch]) -> String {
    let mut text = String::from(
        "epoch,step,cost,train_loss,train_metric,validation_loss,validation_metric,learning_rate,seconds\n",
    );
    for epoch in history {
        let number = |v: f64| if v.is_nan() { String::new() } else { v.to_string() };
        let numbers = [
            epoch.cost,
            epoch.train_loss,
            epoch.train_metric,
            epoch.validation_loss,
            epoch.validation_metric,
            epoch.learning_rate,
        ];
        let numbers = numbers.map(number).join(",");
        text += &format!("{},{},{numbers},{:.3}\n", epoch.epoch, epoch.step, epoch.seconds);
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
