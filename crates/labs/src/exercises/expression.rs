//! Numbers as people type them: `0.38`, `38 %`, `1e-3`, `ln 2`, `1 - 0.9^10`, `sqrt(2/10)`.

/// Longer than this is no answer; and no deeper nesting than the stack has room for.
const MOST_LETTERS: usize = 200;

/// The value of a text; `None` where it is no number.
pub(super) fn value(text: &str) -> Option<f64> {
    let plain = text.replace(['−', '–'], "-").replace(['×', '·'], "*").replace('÷', "/").replace('％', "%");
    let letters: Vec<char> = plain.chars().filter(|letter| !letter.is_whitespace()).collect();
    if letters.len() > MOST_LETTERS {
        return None;
    }
    let mut reader = Reader { letters: &letters, at: 0 };
    let value = reader.sum()?;
    (reader.at == letters.len() && !value.is_nan()).then_some(value)
}

/// Reads from the left; each method reads what binds tighter by the next.
struct Reader<'t> {
    letters: &'t [char],
    at: usize,
}

impl Reader<'_> {
    fn next(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn took(&mut self, letter: char) -> bool {
        let is_next = self.next() == Some(letter);
        self.at += usize::from(is_next);
        is_next
    }

    /// a + b − c
    fn sum(&mut self) -> Option<f64> {
        let mut value = self.product()?;
        loop {
            match self.next() {
                Some('+') if self.took('+') => value += self.product()?,
                Some('-') if self.took('-') => value -= self.product()?,
                _ => return Some(value),
            }
        }
    }

    /// a · b / c
    fn product(&mut self) -> Option<f64> {
        let mut value = self.signed()?;
        loop {
            match self.next() {
                Some('*') if self.took('*') => value *= self.signed()?,
                Some('/') if self.took('/') => value /= self.signed()?,
                _ => return Some(value),
            }
        }
    }

    /// −a, and √a without brackets.
    fn signed(&mut self) -> Option<f64> {
        match self.next()? {
            '-' if self.took('-') => Some(-self.signed()?),
            '+' if self.took('+') => self.signed(),
            '√' if self.took('√') => Some(self.power()?.sqrt()),
            _ => self.power(),
        }
    }

    /// a ^ b, a %
    fn power(&mut self) -> Option<f64> {
        let mut value = self.atom()?;
        while self.took('%') {
            value /= 100.0;
        }
        Some(if self.took('^') { value.powf(self.signed()?) } else { value })
    }

    /// A number, a function, something in brackets.
    fn atom(&mut self) -> Option<f64> {
        if self.took('(') {
            let value = self.sum()?;
            return self.took(')').then_some(value);
        }
        if self.took('∞') {
            return Some(f64::INFINITY);
        }
        match self.word().as_str() {
            "" => self.digits(),
            "ln" | "log" => Some(self.power()?.ln()),
            "sqrt" => Some(self.power()?.sqrt()),
            "exp" => Some(self.power()?.exp()),
            "inf" | "infinity" => Some(f64::INFINITY),
            _ => None,
        }
    }

    fn word(&mut self) -> String {
        let letters = self.letters[self.at..].iter().take_while(|letter| letter.is_ascii_alphabetic());
        let word: String = letters.map(char::to_ascii_lowercase).collect();
        self.at += word.len();
        word
    }

    /// Digits, a point, an exponent.
    fn digits(&mut self) -> Option<f64> {
        let start = self.at;
        while let Some(letter) = self.next() {
            let follows_exponent = self.at > start && matches!(self.letters[self.at - 1], 'e' | 'E');
            let is_exponent = self.at > start && matches!(letter, 'e' | 'E') && !follows_exponent;
            let is_sign = follows_exponent && matches!(letter, '+' | '-');
            if !(letter.is_ascii_digit() || letter == '.' || is_exponent || is_sign) {
                break;
            }
            self.at += 1;
        }
        self.letters[start..self.at].iter().collect::<String>().parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        let cases = [
            ("0.38", 0.38),
            (" 38 % ", 0.38),
            ("1e-3", 1e-3),
            ("2.5E+2", 250.0),
            ("ln 2", 2f64.ln()),
            ("ln(2)/2", 2f64.ln() / 2.0),
            ("1 - 0.9^2", 1.0 - 0.81),
            ("−0.5", -0.5),
            ("-2^2", -4.0),
            ("2^-1", 0.5),
            ("√(2/8)", 0.5),
            ("sqrt 16", 4.0),
            ("1/(1-0.9)", 1.0 / (1.0 - 0.9)),
            ("3·4", 12.0),
            ("∞", f64::INFINITY),
            ("-inf", f64::NEG_INFINITY),
        ];
        for (text, expected) in cases {
            assert_eq!(value(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        let deep = "(".repeat(100_000);
        for text in
            ["", " ", "a", "1,5", "1 2x", "(", "1)", "1/0*0", "e", "1e", "--", "sqrt", "ln", "%", &deep]
        {
            assert_eq!(value(text), None, "{text}");
        }
    }
}
