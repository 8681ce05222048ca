//! What somebody has to know who comes from elsewhere.

use std::fmt;
use std::hint::black_box;
use std::io;

use crate::ServeError;

/// A word that only those know who may come in.
#[derive(Clone)]
pub struct Token(String);

/// Fewer characters could be tried out.
const LEAST: usize = 16;
/// Bytes of one that is made here.
const BYTES: usize = 24;

impl Token {
    /// Somebody's own.
    ///
    /// # Errors
    /// [`ServeError::Token`] where it is short, or has characters that stand for something in an address.
    pub fn new(text: &str) -> Result<Self, ServeError> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if let Some(other) = text.chars().find(|&c| !is_plain(c)) {
            return Err(ServeError::Token { least: LEAST, got: format!("`{other}`") });
        }
        match text.len() {
            LEAST.. => Ok(Self(text.to_owned())),
            short => Err(ServeError::Token { least: LEAST, got: format!("{short} of them") }),
        }
    }

    /// One that nobody has seen.
    pub(crate) fn random() -> Result<Self, ServeError> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
        Ok(Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// The same word? It takes as long wherever they differ.
    pub(crate) fn is(&self, text: &str) -> bool {
        let pairs = self.0.bytes().zip(text.bytes());
        let differs = pairs.fold(0, |differs, (a, b)| black_box(differs | (a ^ b)));
        differs == 0 && self.0.len() == text.len()
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

/// Nobody reads it in a log.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_itself_alone() {
        let token = Token::new("sixteen-letters_").unwrap();
        assert!(token.is("sixteen-letters_"));
        for other in ["", "sixteen-letters", "sixteen-letters__", "Sixteen-letters_", "sixteen-letters-"] {
            assert!(!token.is(other), "{other}");
        }
    }

    #[test]
    fn what_can_be_guessed_is_none() {
        for (text, got) in [("short", "5 of them"), ("", "0 of them"), ("sixteen letters&more", "` `")] {
            let error = Token::new(text).unwrap_err().to_string();
            assert!(error.ends_with(&format!("got {got}")), "{error}");
        }
        let [one, other] = [(); 2].map(|()| Token::random().unwrap());
        assert!(!one.is(other.text()) && Token::new(one.text()).is_ok());
    }
}
